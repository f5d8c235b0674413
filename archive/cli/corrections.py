"""``correction list | show``: requests for correction and addition, as the bureau sees them."""

from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)
CaseId = Annotated[UUID, typer.Argument(metavar="REQUEST", help="The request's identifier.")]
OneWorker = Annotated[
    str | None, typer.Argument(metavar="[WORKER]", help="Only this worker's; all without it.")
]


@app.command("list")
@plainly
def list_corrections(worker: OneWorker = None, *, as_json: Json = False) -> None:
    """List requests for correction and addition, what is due soonest first."""
    from archive.cli.answers import answer
    from archive.cli.correction_sheet import show_corrections
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.dossiers import correction_views
    from schemas.corrections import CorrectionList

    with reading() as opened:
        session, today = opened.session, opened.today
        if worker is None:
            found = correction_views.in_hand(session, None, today=today)
        else:
            whose = worker_named(opened, worker).worker_id
            found = correction_views.of_worker(session, whose, today=today)
    listed = CorrectionList(requests=found)
    answer(listed, opened.settings, lambda voice: show_corrections(voice, listed), as_json=as_json)


@app.command("show")
@plainly
def show(request: CaseId, *, as_json: Json = False) -> None:
    """Show one request with everything that was said."""
    from archive.cli.answers import answer
    from archive.cli.correction_sheet import show_correction
    from archive.cli.opened import acting_on
    from archive.cli.options import CONSOLE
    from archive.dossiers import correction_views

    with acting_on(CONSOLE) as acting, acting.archive.reading() as session:
        by, today = acting.by, acting.today
        view = correction_views.addressed_view(session, request, by=by, today=today)
    answer(view, acting.settings, lambda voice: show_correction(voice, view), as_json=as_json)
