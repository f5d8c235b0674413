"""Pages of posted files: how far one is written, what became of its rows, undoing it."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers.intake import driving, errands, posted_files, runs, undoing
from archive.dossiers.intake.list_templates import list_template
from archive.dossiers.intake.result_book import MEDIA_TYPE
from archive.dossiers.intake.undoing import STEP_RECORDS
from archive.texts import term
from archive.web.audiences import IntakePoster
from archive.web.deps import HouseDep, LanguageDep, Now, ReadingDep, SessionDep
from archive.web.downloads import handed_over
from archive.web.page import PageDep
from archive.web.pages.trainer import HERE, own_organisation
from schemas.vocabulary import LearningKind

router = APIRouter(include_in_schema=False)

_REFRESH_SECONDS = "2"
"""How soon a browser asks again how far a file is; without scripts, too."""
_RUN = HERE + "/runs/{run_id}"


@router.get(HERE + "/runs")
def listed(
    page: PageDep,
    me: IntakePoster,
    session: ReadingDep,
    now: Now,
    after: UUID | None = None,
) -> Response:
    """List the files that the organisation posted, page by page."""
    files = posted_files.listed(session, own_organisation(me).id, now=now, after=after)
    return page("trainer/runs.html", files=files.files, next=files.next, after=after)


@router.get(HERE + "/templates/{kind}")
def template(kind: LearningKind, me: IntakePoster, language: LanguageDep) -> Response:
    """Hand over an empty list of a kind."""
    own_organisation(me)
    name = f"{term(f'kind.{kind}', language)}.xlsx"
    return handed_over(name, list_template(kind, language), MEDIA_TYPE)


@router.get(_RUN)
def shown(
    run_id: UUID,
    page: PageDep,
    me: IntakePoster,
    session: ReadingDep,
    now: Now,
    again: str = "",
) -> Response:
    """Show how far a file is written, and what became of its rows."""
    run = runs.found(session, run_id, by=me.actor)
    file = posted_files.shown(session, run, now=now)
    is_given_up = driving.is_given_up(session, run)
    shown_page = page(
        "trainer/run.html",
        run=file,
        file_id=run.file_id,
        findings=() if file.is_under_way else posted_files.first_findings(session, run),
        is_again=bool(again),
        is_given_up=is_given_up,
    )
    if file.is_under_way and not is_given_up:
        shown_page.headers["Refresh"] = _REFRESH_SECONDS
    return shown_page


@router.get(_RUN + "/workbook")
def workbook(run_id: UUID, me: IntakePoster, house: HouseDep, language: LanguageDep) -> Response:
    """Hand over the rows with what became of each."""
    with house.archive.reading() as session:
        size = posted_files.size(session, runs.found(session, run_id, by=me.actor))
    name, content = house.hands.do(
        size, partial(errands.workbook, run_id=run_id, language=language)
    )
    return handed_over(name, content, MEDIA_TYPE)


@router.post(_RUN + "/cancel")
def cancel(run_id: UUID, me: IntakePoster, session: SessionDep, now: Now) -> Response:
    """Stop writing a file between two steps."""
    runs.cancel(session, run_id, by=me.actor, now=now)
    return _to_run(run_id)


@router.post(_RUN + "/go-on")
def go_on(run_id: UUID, me: IntakePoster, session: SessionDep, now: Now) -> Response:
    """Go on with a file whose writing met too many faults."""
    driving.go_on(session, runs.found(session, run_id, by=me.actor), now=now)
    return _to_run(run_id)


@router.post(_RUN + "/undo")
def undo(
    run_id: UUID,
    me: IntakePoster,
    session: SessionDep,
    now: Now,
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Take back what a file wrote; a short one at once, a long one by the job."""
    run = undoing.begin(session, run_id, reason, by=me.actor, now=now)
    if run.written < STEP_RECORDS:
        undoing.take_step(session, run.id, now=now)
    else:
        driving.ask(session, run, now=now)
    return _to_run(run_id)


def _to_run(run_id: UUID) -> Response:
    return RedirectResponse(f"{HERE}/runs/{run_id}", status.HTTP_303_SEE_OTHER)
