"""Pages of the bureau on near relatives of a dead person: take a request, look at it, hand over."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.bureau import relatives
from archive.bureau.dossier_closures import ClosureActRefusedError, KeepingRequiredError
from archive.bureau.relative_refusals import (
    RelativeArrangedError,
    RelativeArrangementUnseenError,
    RelativeIncompleteError,
)
from archive.bureau.relatives import Asked
from archive.files import EvidenceEmptyError, UploadTooLargeError
from archive.people.models import Worker
from archive.people.sessions import SignedIn
from archive.web.api.asked import worker_for
from archive.web.audiences import RelativesServer
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.documents import exported
from archive.web.downloads import handed_over
from archive.web.page import Page, PageDep
from archive.web.refusals import NoFileError
from archive.web.statuses import status_of_form
from archive.web.uploading import read_upload
from schemas.refusals import Refusal
from schemas.vocabulary import (
    Arrangement,
    DocumentLanguage,
    Kinship,
    Permission,
    RelativeRight,
)

router = APIRouter(include_in_schema=False)

_DOSSIER = "/bureau/records/{number}/relatives"
_CASE = "/bureau/relatives/{proposal_id}"
_SHOWN_AGAIN = (
    RelativeIncompleteError,
    RelativeArrangedError,
    RelativeArrangementUnseenError,
    KeepingRequiredError,
    ClosureActRefusedError,
    NoFileError,
    EvidenceEmptyError,
    UploadTooLargeError,
)
_Line = Annotated[str, Form(max_length=100)]


@router.get(_DOSSIER)
def form(number: str, page: PageDep, me: RelativesServer, session: ReadingDep) -> Response:
    """Show how a request is taken, and those that were made about this person."""
    worker = worker_for(session, number, me, Permission.SERVE_RELATIVES)
    return _form(page, session, worker, me)


@router.post(_DOSSIER)
def propose(
    *,
    number: str,
    page: PageDep,
    me: RelativesServer,
    session: SessionDep,
    now: Now,
    today: Today,
    house: HouseDep,
    kinship: Annotated[Kinship, Form()],
    right: Annotated[RelativeRight, Form()],
    arrangement: Annotated[Arrangement, Form()],
    name: _Line = "",
    document: _Line = "",
    purpose: Annotated[str, Form(max_length=500)] = "",
    died_on: Annotated[str, Form(max_length=10)] = "",
    evidence: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Keep the scan, and put the request before a second person."""
    worker = worker_for(session, number, me, Permission.SERVE_RELATIVES)
    asked = Asked(name, document, kinship, right, purpose, _day(died_on), arrangement)
    try:
        _, scan = read_upload(evidence)
        proposal = relatives.propose(
            session,
            worker,
            asked,
            scan=scan,
            evidence=house.evidence,
            by=me.actor,
            now=now,
            today=today,
        )
    except _SHOWN_AGAIN as refusal:
        return _form(page, session, worker, me, refusal, asked)
    return RedirectResponse(f"/bureau/relatives/{proposal.id}", status.HTTP_303_SEE_OTHER)


@router.get(_CASE)
def case(
    proposal_id: UUID, page: PageDep, me: RelativesServer, session: ReadingDep, now: Now
) -> Response:
    """Show who asks for what, the proof, what was decided and what was handed over."""
    found = relatives.shown(session, proposal_id, by=me.actor)
    return page("bureau/relative.html", case=found, is_open=found.is_open(now))


@router.get(_CASE + "/evidence")
def evidence_of(
    proposal_id: UUID, me: RelativesServer, session: ReadingDep, house: HouseDep
) -> Response:
    """Hand out the scan that proves the kinship."""
    name, content = relatives.scan_of(session, proposal_id, house.evidence, by=me.actor)
    return handed_over(name, content)


@router.post(_CASE + "/handover")
def hand_over(
    proposal_id: UUID,
    me: RelativesServer,
    house: HouseDep,
    now: Now,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Note the handover; then give a copy as a file, or lead to the dossier that is shown."""
    with house.archive.transaction() as session:
        found = relatives.hand_over(session, proposal_id, by=me.actor, now=now)
    if found.right is RelativeRight.VIEW:
        return RedirectResponse(f"/bureau/records/{found.number}", status.HTTP_303_SEE_OTHER)
    whose = UUID(found.proposal.payload["worker"])
    return exported(house, whose, by=me, now=now, language=language)


def _day(text: str) -> date | None:
    """Return a day as a form writes it; None for what is none."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _form(
    page: Page,
    session: Session,
    worker: Worker,
    me: SignedIn,
    refusal: Refusal | None = None,
    told: Asked | None = None,
) -> Response:
    return page(
        "bureau/relatives.html",
        status_of_form(refusal),
        number=worker.archive_number,
        cases=relatives.of_worker(session, worker.worker_id, by=me.actor),
        arranged=relatives.arranged(session, worker.worker_id),
        kinships=tuple(Kinship),
        rights=tuple(RelativeRight),
        arrangements=tuple(Arrangement),
        refusal=refusal,
        told=told,
    )
