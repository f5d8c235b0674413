"""``statement``: what is known of one worker's credits."""

import typer

from archive.cli.options import AsOf, Json, KnownOn, Worker
from archive.cli.plainly import plainly

app = typer.Typer()


@app.command("statement")
@plainly
def statement(
    worker: Worker, *, as_of: AsOf = None, known_on: KnownOn = None, as_json: Json = False
) -> None:
    """Show a worker's credit account, as of a day and as known on a day."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.cli.statements import show_statement, statement_of

    with reading() as opened:
        holder = worker_named(opened, worker)
        view = statement_of(opened, holder, as_of=as_of, known_on=known_on)
    answer(view, opened.settings, lambda voice: show_statement(voice, view), as_json=as_json)
