"""Pages of the counter: a visit begins and ends; the visits of a dossier, with their scans."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import RedirectResponse
from sqlalchemy import ColumnElement
from sqlmodel import Session

from archive.dossiers.at_counter_views import visits_of
from archive.errors import ClosedError, NotAllowedError, UnknownWorkerError
from archive.people import counter, look_ups
from archive.people.access import within_reach
from archive.people.counter import Seen, VisitOpenError
from archive.people.identity import read_document
from archive.people.identity_refusals import IdentityError
from archive.people.sessions import SignedIn
from archive.scans import ScanTooLargeError, ScanUnreadableError
from archive.texts import in_language
from archive.web.api.asked import worker_for
from archive.web.audiences import CounterClerk, DossierFinder, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.downloads import handed_over
from archive.web.house import House
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from archive.web.refusals import NoFileError
from archive.web.statuses import status_of_form
from archive.web.uploading import read_upload
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentType, Permission, VisitPurpose

router = APIRouter(include_in_schema=False)

_HERE = "/counter"
_OWN = "/me/visits"
_EXTENSIONS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_SHOWN_AGAIN = (
    UnknownWorkerError,
    IdentityError,
    NoFileError,
    ScanTooLargeError,
    ScanUnreadableError,
    ClosedError,
)


@router.get(_HERE)
def form(page: PageDep, me: CounterClerk) -> Response:
    """Show how a visit begins, or the one that goes on."""
    return _form(page, me, None)


@router.post(_HERE)
def begin(
    *,
    page: PageDep,
    me: CounterClerk,
    house: HouseDep,
    session: SessionDep,
    now: Now,
    today: Today,
    document_seen: Annotated[DocumentType, Form()],
    purpose: Annotated[VisitPurpose, Form()],
    archive_number: Annotated[str, Form(max_length=40)] = "",
    document_number: Annotated[str, Form(max_length=40)] = "",
    authorisation: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Begin a visit: from now on this session acts for the worker who is present.

    A refusal shows the form again; nothing was written.
    """
    if me.is_bearer:
        raise NotAllowedError
    if me.visit is not None:
        raise VisitOpenError
    try:
        _, scan = read_upload(authorisation)
        if document_number.strip():
            told = read_document(document_number, today=today, type_given=document_seen)
            worker = look_ups.worker_with_document(session, told, within=_reach(me))
        else:
            worker = look_ups.worker_numbered(session, archive_number, within=_reach(me))
        seen = Seen(document_seen, purpose, scan)
        visit = counter.begin(session, worker, seen, scans=house.scans, by=me.account, now=now)
    except _SHOWN_AGAIN as refusal:
        return _form(page, me, refusal)
    counter.stand_at(session, me.token_digest, visit, now=now)
    return RedirectResponse("/me", status.HTTP_303_SEE_OTHER)


@router.post(_HERE + "/end")
def end(me: CounterClerk, session: SessionDep, now: Now) -> Response:
    """End the visit; what ended already is no fault."""
    if me.visit is not None:
        counter.end(session, me.token_digest, me.visit, now=now)
    return RedirectResponse(_HERE, status.HTTP_303_SEE_OTHER)


@router.get(_OWN)
def own(page: PageDep, me: Worker, session: ReadingDep) -> Response:
    """Show what was done for the worker at the counter."""
    return page(
        "counter/visits.html",
        visits=visits_of(session, own_id(me)),
        address=_OWN,
        back="/me",
        back_words=in_language("My dossier", page.language),
    )


@router.get(_OWN + "/{visit_id}/authorisation")
def own_scan(visit_id: UUID, me: Worker, session: ReadingDep, house: HouseDep) -> Response:
    """Hand over the authorisation that was scanned at one of the own visits."""
    return _scan(session, own_id(me), visit_id, house)


@router.get("/bureau/records/{number}/visits")
def of_dossier(number: str, page: PageDep, me: DossierFinder, session: ReadingDep) -> Response:
    """Show what was done for a worker at the counter."""
    worker = worker_for(session, number, me)
    back = f"/bureau/records/{worker.archive_number}"
    return page(
        "counter/visits.html",
        visits=visits_of(session, worker.worker_id),
        address=f"{back}/visits",
        back=back,
        back_words=in_language("The dossier", page.language),
    )


@router.get("/bureau/records/{number}/visits/{visit_id}/authorisation")
def scan(
    number: str, visit_id: UUID, me: DossierFinder, session: ReadingDep, house: HouseDep
) -> Response:
    """Hand over the authorisation that was scanned at a visit."""
    return _scan(session, worker_for(session, number, me).worker_id, visit_id, house)


def _scan(session: Session, worker_id: UUID, visit_id: UUID, house: House) -> Response:
    kind, content = counter.authorisation(session, worker_id, visit_id, scans=house.scans)
    name = f"authorisation-{visit_id.hex[-12:]}.{_EXTENSIONS[kind]}"
    return handed_over(name, content, kind)


def _reach(me: SignedIn) -> ColumnElement[bool]:
    return within_reach(me.account, Permission.SERVE_AT_COUNTER)


def _form(page: PageDep, me: SignedIn, refusal: Refusal | None) -> Response:
    return page(
        "counter/begin.html",
        status_of_form(refusal),
        refusal=refusal,
        types=tuple(DocumentType),
        purposes=tuple(VisitPurpose),
        visit=me.visit,
    )
