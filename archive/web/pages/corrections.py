"""Pages of workers on what is wrong or missing: which way is for what, requests, their answers."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import correction_views as views
from archive.dossiers import corrections, corrections_found, reading
from archive.dossiers.correction_clock import clock_on
from archive.dossiers.correction_refusals import (
    CorrectionEmptyError,
    CorrectionsTooManyError,
    CorrectionWaitingError,
)
from archive.dossiers.correction_steps import Sent
from archive.errors import UnknownOrganisationError, UnknownRecordError
from archive.files import EvidenceEmptyError, UploadTooLargeError
from archive.people import organisations
from archive.scans import ScanTooLargeError, ScanUnreadableError
from archive.web.audiences import CorrectionAsker, Reader
from archive.web.deps import At, HouseDep, ReadingDep, SessionDep, Today
from archive.web.documents import evidence_handed_over
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.pages.worker import own_id
from archive.web.statuses import status_of_form
from archive.web.uploading import read_upload
from schemas.corrections import CorrectionTold
from schemas.dossiers import RecordView
from schemas.refusals import Refusal

router = APIRouter(include_in_schema=False)

_OWN = "/me/corrections"
_OF_RECORD = "/me/records/{record_id}/correction"
SHOWN_AGAIN = (
    CorrectionEmptyError,
    CorrectionWaitingError,
    CorrectionsTooManyError,
    UnknownOrganisationError,
    ScanTooLargeError,
    ScanUnreadableError,
    EvidenceEmptyError,
    UploadTooLargeError,
)
"""What is said on the form itself, which then keeps what was typed."""

Said = Annotated[str, Form(max_length=1000)]
Code = Annotated[str, Form(max_length=40)]
Scan = Annotated[UploadFile | None, File()]


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form: about a record, or to an organisation."""

    told: CorrectionTold
    view: RecordView | None = None
    organisation: str = ""


@router.get("/ways")
def ways(page: PageDep, _anyone: Reader, today: Today) -> Response:
    """Tell which way is for what: corrections, additions, declarations, appeals, rights."""
    return page("corrections/ways.html", clock=clock_on(today))


@router.get("/me/missing")
def missing(page: PageDep, _me: CorrectionAsker) -> Response:
    """Tell why a record may not be there, and what to do about each cause."""
    return page("corrections/missing.html")


@router.get(_OWN)
def mine(page: PageDep, me: CorrectionAsker, session: ReadingDep, today: Today) -> Response:
    """Show my requests for correction and addition."""
    return page("corrections/mine.html", cases=views.of_worker(session, own_id(me), today=today))


@router.get(_OWN + "/new")
def addition_form(
    page: PageDep,
    me: CorrectionAsker,
    session: ReadingDep,
    today: Today,
    organisation: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form by which a missing record is asked for."""
    own_id(me)
    filled = Filled(CorrectionTold(), organisation=organisation)
    return _form(page, session, today, filled)


@router.post(_OWN + "/new")
def ask_addition(
    page: PageDep,
    me: CorrectionAsker,
    session: SessionDep,
    house: HouseDep,
    at: At,
    organisation: Code = "",
    text: Said = "",
    file: Scan = None,
) -> Response:
    """Ask an organisation to add a record."""
    told = CorrectionTold(text=text)
    try:
        told, sent = with_file(told, file, house)
        case_id = corrections.ask_addition(
            session, own_id(me), organisation, told, sent=sent, by=me.actor, at=at
        )
    except SHOWN_AGAIN as refusal:
        filled = Filled(told, organisation=organisation)
        return _form(page, session, at.today, filled, refusal)
    return RedirectResponse(f"{_OWN}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OF_RECORD)
def correction_form(
    record_id: UUID, page: PageDep, me: CorrectionAsker, session: ReadingDep, today: Today
) -> Response:
    """Show the form by which a correction of one of my records is asked for."""
    filled = Filled(CorrectionTold(), _record(session, own_id(me), record_id, today))
    return _form(page, session, today, filled)


@router.post(_OF_RECORD)
def ask_correction(  # About which, what, by what proof.
    *,
    record_id: UUID,
    page: PageDep,
    me: CorrectionAsker,
    session: SessionDep,
    house: HouseDep,
    at: At,
    text: Said = "",
    right: Said = "",
    file: Scan = None,
) -> Response:
    """Ask the organisation that posted a record to correct it."""
    told = CorrectionTold(text=text, right=right)
    try:
        told, sent = with_file(told, file, house)
        case_id = corrections.ask_correction(
            session, own_id(me), record_id, told, sent=sent, by=me.actor, at=at
        )
    except SHOWN_AGAIN as refusal:
        filled = Filled(told, _record(session, own_id(me), record_id, at.today))
        return _form(page, session, at.today, filled, refusal)
    return RedirectResponse(f"{_OWN}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OWN + "/{case_id}")
def own(
    case_id: UUID, page: PageDep, me: CorrectionAsker, session: ReadingDep, today: Today
) -> Response:
    """Show one of my requests, with all that happened to it."""
    one = views.own_view(session, case_id, by=me.actor, today=today)
    return page(
        "corrections/case.html",
        one=one,
        looks="worker",
        here=f"{_OWN}/{case_id}",
        back=_OWN,
        records_at="/me/records",
    )


@router.post(_OWN + "/{case_id}")
def go_on(
    case_id: UUID,
    me: CorrectionAsker,
    session: SessionDep,
    at: At,
    act: Annotated[Literal["escalate", "withdraw"], Form()],
    text: Said = "",
) -> Response:
    """Take a request that was declined to the bureau, or withdraw it."""
    if act == "escalate":
        corrections.go_on(session, case_id, CorrectionTold(text=text), by=me.actor, at=at)
    else:
        corrections.withdraw(session, case_id, by=me.actor, at=at)
    return RedirectResponse(f"{_OWN}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OWN + "/{case_id}/evidence")
def own_evidence(
    case_id: UUID, me: CorrectionAsker, session: ReadingDep, house: HouseDep, today: Today
) -> Response:
    """Hand over the file that I sent along."""
    case = corrections_found.own(session, case_id, by=me.actor, today=today)
    return evidence_handed_over(case_id, views.evidence_of(session, case, house.evidence))


def with_file(
    told: CorrectionTold, file: UploadFile | None, house: House
) -> tuple[CorrectionTold, Sent | None]:
    """Return what was told with the file that was sent along, if any.

    Raises UploadTooLargeError.
    """
    if file is None or not file.filename:
        return told, None
    name, content = read_upload(file)
    return told.model_copy(update={"file_name": name}), Sent(content, house.evidence)


def _record(session: Session, worker_id: UUID, record_id: UUID, today: Today) -> RecordView:
    view = reading.dossier(session, worker_id, today=today).record(record_id)
    if view is None:
        raise UnknownRecordError
    return view


def _form(
    page: Page, session: Session, today: Today, filled: Filled, refusal: Refusal | None = None
) -> Response:
    return page(
        "corrections/form.html",
        status_of_form(refusal),
        told=filled.told,
        view=filled.view,
        organisation=filled.organisation,
        bodies=[] if filled.view else organisations.listed(session),
        refusal=refusal,
        clock=clock_on(today),
    )
