"""Pages on levels: what a worker can apply for, for the worker and for the bureau."""

from fastapi import APIRouter, Response, status

from archive.people import look_ups
from archive.texts import in_language
from archive.web.api.asked import worker_for
from archive.web.asked_levels import LevelsDep, shown
from archive.web.audiences import DossierFinder, Worker
from archive.web.deps import ReadingDep
from archive.web.page import PageDep
from archive.web.pages.worker import own_id

router = APIRouter(include_in_schema=False)


@router.get("/me/eligibility")
def own(page: PageDep, me: Worker, session: ReadingDep, asked: LevelsDep) -> Response:
    """Show which levels the worker can apply for."""
    worker = look_ups.worker_known_as(session, own_id(me))
    found = shown(session, worker, asked)
    return page(
        "dossier/eligibility.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if found.refusal else status.HTTP_200_OK,
        shown=found,
        address="/me/eligibility",
        records="/me/records",
        back="/me",
        back_words=in_language("My dossier", page.language),
    )


@router.get("/bureau/records/{number}/eligibility")
def anyone(
    number: str, page: PageDep, me: DossierFinder, session: ReadingDep, asked: LevelsDep
) -> Response:
    """Show which levels a worker can apply for."""
    worker = worker_for(session, number, me)
    found = shown(session, worker, asked)
    records = f"/bureau/records/{worker.archive_number}"
    return page(
        "dossier/eligibility.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if found.refusal else status.HTTP_200_OK,
        shown=found,
        address=f"{records}/eligibility",
        records=records,
        back=records,
        back_words=in_language("The dossier", page.language),
    )
