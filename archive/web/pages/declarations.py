"""Pages of self-declared records: the worker's own, and those that an organisation confirms."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.dossiers import declaration_views as views
from archive.dossiers import declarations, declarations_found
from archive.dossiers.certificate_numbers import (
    CertificateLevelDiffersError,
    CertificateLevelNotAllowedError,
    CertificateNumberFormError,
    CertificateNumberRoundedError,
)
from archive.dossiers.correction_steps import Sent
from archive.dossiers.declaration_refusals import DeclarationsTooManyError
from archive.dossiers.errors import DayInFutureError
from archive.files import EvidenceEmptyError, UploadTooLargeError
from archive.people import organisations
from archive.scans import ScanTooLargeError, ScanUnreadableError
from archive.web.audiences import DeclarationConfirmer, Declarer
from archive.web.declaration_form import FIELDS, WrittenDeclaration, typed_of
from archive.web.deps import At, HouseDep, ReadingDep, SessionDep
from archive.web.documents import evidence_handed_over
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.pages.corrections import Code, Said
from archive.web.pages.trainer import own_organisation
from archive.web.pages.worker import own_id
from archive.web.statuses import status_of_form
from archive.web.uploading import read_upload
from schemas.contracts import Bilingual
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.vocabulary import DECLARABLE, RecordKind

router = APIRouter(include_in_schema=False)

_OWN = "/me/declarations"
_DESK = "/declarations"
_SHOWN_AGAIN = (
    DayInFutureError,
    DeclarationsTooManyError,
    CertificateNumberRoundedError,
    CertificateNumberFormError,
    CertificateLevelNotAllowedError,
    CertificateLevelDiffersError,
    ScanTooLargeError,
    ScanUnreadableError,
    EvidenceEmptyError,
    UploadTooLargeError,
)
Written = Annotated[WrittenDeclaration, Form()]


@router.get(_OWN)
def mine(page: PageDep, me: Declarer, session: ReadingDep) -> Response:
    """Show what I declared of myself."""
    found = views.of_worker(session, own_id(me))
    return page("declarations/mine.html", declarations=found, kinds=DECLARABLE)


@router.get(_OWN + "/new")
def form(
    page: PageDep,
    me: Declarer,
    kind: Annotated[RecordKind, Query()] = RecordKind.TRAINING,
) -> Response:
    """Show the form for a record of one kind."""
    own_id(me)
    return _form(page, kind if kind in DECLARABLE else RecordKind.TRAINING, {}, _OWN + "/new")


@router.post(_OWN + "/new")
def declare(
    page: PageDep, me: Declarer, session: SessionDep, house: HouseDep, at: At, written: Written
) -> Response:
    """Declare a record of mine."""

    def done(record: AnyRecord, sent: Sent | None) -> UUID:
        return declarations.declare(session, own_id(me), record, sent=sent, by=me.actor, at=at)

    try:
        record, wrong = written.read()
        if record is None:
            return _form(page, written.kind, written.typed(), _OWN + "/new", wrong=wrong)
        own = done(record, _sent(written.file, house))
    except _SHOWN_AGAIN as refusal:
        return _form(page, written.kind, written.typed(), _OWN + "/new", refusal)
    return RedirectResponse(f"{_OWN}/{own}", status.HTTP_303_SEE_OTHER)


@router.get(_OWN + "/{declaration_id}")
def own(declaration_id: UUID, page: PageDep, me: Declarer, session: ReadingDep) -> Response:
    """Show one of my self-declared records."""
    return page(
        "declarations/one.html",
        one=views.own_view(session, declaration_id, by=me.actor),
        looks="worker",
        here=f"{_OWN}/{declaration_id}",
        bodies=organisations.listed(session),
    )


@router.post(_OWN + "/{declaration_id}")
def go_on(
    declaration_id: UUID,
    me: Declarer,
    session: SessionDep,
    at: At,
    act: Annotated[Literal["send", "withdraw"], Form()],
    organisation: Code = "",
    text: Said = "",
) -> Response:
    """Ask an organisation to confirm one of mine, or withdraw it."""
    if act == "send":
        declarations.send(session, declaration_id, organisation, text, by=me.actor, at=at)
    else:
        declarations.withdraw(session, declaration_id, by=me.actor, at=at)
    return RedirectResponse(f"{_OWN}/{declaration_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OWN + "/{declaration_id}/change")
def change_form(declaration_id: UUID, page: PageDep, me: Declarer, session: ReadingDep) -> Response:
    """Show the form with what I declared, to be changed."""
    one = views.own_view(session, declaration_id, by=me.actor)
    return _form(page, one.kind, typed_of(one.record), f"{_OWN}/{declaration_id}/change")


@router.post(_OWN + "/{declaration_id}/change")
def change(
    declaration_id: UUID,
    page: PageDep,
    me: Declarer,
    session: SessionDep,
    house: HouseDep,
    at: At,
    written: Written,
) -> Response:
    """Change one of mine; whoever was asked is not asked any more."""
    address = f"{_OWN}/{declaration_id}/change"
    declarations_found.own(session, declaration_id, by=me.actor)
    try:
        record, wrong = written.read()
        if record is None:
            return _form(page, written.kind, written.typed(), address, wrong=wrong)
        sent = _sent(written.file, house)
        declarations.change(session, declaration_id, record, sent=sent, by=me.actor, at=at)
    except _SHOWN_AGAIN as refusal:
        return _form(page, written.kind, written.typed(), address, refusal)
    return RedirectResponse(f"{_OWN}/{declaration_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OWN + "/{declaration_id}/evidence")
def own_evidence(
    declaration_id: UUID, me: Declarer, session: ReadingDep, house: HouseDep
) -> Response:
    """Hand over the file that I sent along."""
    one = declarations_found.own(session, declaration_id, by=me.actor)
    return evidence_handed_over(declaration_id, views.evidence_of(session, one, house.evidence))


@router.get(_DESK)
def desk(page: PageDep, me: DeclarationConfirmer, session: ReadingDep) -> Response:
    """Show what workers ask the own organisation to confirm."""
    found = views.sent_to(session, own_organisation(me).id)
    return page("declarations/desk.html", declarations=found)


@router.get(_DESK + "/{declaration_id}")
def addressed(
    declaration_id: UUID, page: PageDep, me: DeclarationConfirmer, session: ReadingDep
) -> Response:
    """Show one that the own organisation is asked to confirm."""
    one = views.addressed_view(session, declaration_id, by=me.actor)
    here = f"{_DESK}/{declaration_id}"
    return page("declarations/one.html", one=one, looks="issuer", here=here, bodies=())


@router.post(_DESK + "/{declaration_id}")
def answer(
    declaration_id: UUID,
    me: DeclarationConfirmer,
    session: SessionDep,
    at: At,
    act: Annotated[Literal["confirm", "decline"], Form()],
    text: Said = "",
) -> Response:
    """Confirm it, so that it becomes a record of the own organisation, or decline."""
    if act == "confirm":
        declarations.confirm(session, declaration_id, by=me.actor, at=at)
    else:
        declarations.decline(session, declaration_id, text, by=me.actor, at=at)
    return RedirectResponse(f"{_DESK}/{declaration_id}", status.HTTP_303_SEE_OTHER)


@router.get(_DESK + "/{declaration_id}/evidence")
def evidence(
    declaration_id: UUID, me: DeclarationConfirmer, session: ReadingDep, house: HouseDep
) -> Response:
    """Hand over the file that the worker sent along."""
    one = declarations_found.addressed(session, declaration_id, by=me.actor)
    return evidence_handed_over(declaration_id, views.evidence_of(session, one, house.evidence))


def _sent(file: UploadFile | None, house: House) -> Sent | None:
    if file is None or not file.filename:
        return None
    return Sent(read_upload(file)[1], house.evidence)


def _form(
    page: Page,
    kind: RecordKind,
    typed: dict[str, str],
    address: str,
    refusal: Refusal | None = None,
    *,
    wrong: dict[str, Bilingual] | None = None,
) -> Response:
    return page(
        "declarations/form.html",
        status_of_form(refusal, wrong or ()),
        kind=kind,
        kinds=DECLARABLE,
        fields=FIELDS[kind],
        typed=typed,
        wrong=wrong or {},
        refusal=refusal,
        address=address,
        is_new=address.endswith("/new"),
    )
