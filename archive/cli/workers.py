"""``worker list``: which dossiers there are."""

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@plainly
def list_workers(*, as_json: Json = False) -> None:
    """List the archive numbers of all workers, a line each."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.voice import Voice
    from archive.people import workers
    from schemas.outputs import WorkerLine, WorkerList

    with reading() as opened:
        found = WorkerList(
            workers=tuple(
                WorkerLine(
                    archive_number=worker.archive_number,
                    is_demo=worker.is_demo,
                    created_at=worker.created_at,
                )
                for worker in workers.listed(opened.session)
            )
        )

    def show(voice: Voice) -> None:
        for worker in found.workers:
            voice.line(worker.archive_number)

    answer(found, opened.settings, show, as_json=as_json)
