"""``access matrix | log``: who may do what, and who looked at a dossier."""

from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import Json, Worker
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)
Before = Annotated[
    UUID | None,
    typer.Option("--before", metavar="LOOK", help="What was before the last look shown."),
]


@app.command("matrix")
@plainly
def matrix(*, as_json: Json = False) -> None:
    """Print the table of permissions: how far each role reaches with each."""
    from archive.cli.access_sheet import show_matrix
    from archive.cli.answers import answer
    from archive.people.permissions import matrix
    from archive.settings import load_settings

    found = matrix()
    answer(found, load_settings(), lambda voice: show_matrix(voice, found), as_json=as_json)


@app.command("log")
@plainly
def log(worker: Worker, *, before: Before = None, as_json: Json = False) -> None:
    """Show who looked at a worker's dossier, fifty looks at a time."""
    from archive.cli.access_sheet import show_looks
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.people.access_log import looks_at

    with reading() as opened:
        holder = worker_named(opened, worker)
        found = looks_at(opened.session, holder, zone=opened.settings.zone, before=before)
    answer(found, opened.settings, lambda voice: show_looks(voice, found), as_json=as_json)
