"""``worker list | street``: which dossiers there are, and to which street office one belongs."""

from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json, Worker
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


@app.command("street")
@plainly
def street(
    worker: Worker,
    office: Annotated[
        str | None, typer.Argument(metavar="CODE", help="The street office; left out: none.")
    ] = None,
    *,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Let a dossier belong to a street office, whose clerks see it then; or to none."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.voice import Voice
    from archive.dossiers.titles import organisation_view
    from archive.people import organisations, streets
    from schemas.streets import StreetView

    with writing(account) as opened:
        whose = worker_named(opened, worker)
        told = organisations.coded(opened.session, office) if office else None
        streets.assign(opened.session, whose.worker_id, told, by=opened.by, now=opened.now)
        view = StreetView(
            archive_number=whose.archive_number, office=organisation_view(told) if told else None
        )

    def show(voice: Voice) -> None:
        if view.office:
            voice.say("The dossier belongs to {office} now.", office=voice.pick(view.office.name))
        else:
            voice.say("The dossier belongs to no street office now.")

    answer(view, opened.settings, show, as_json=as_json)
