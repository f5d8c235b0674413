"""Pages on which workers have documents made of their dossier, and fetch them again."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.occupation_refusals import OccupationError
from archive.errors import UnknownRecordError
from archive.people.sessions import SignedIn
from archive.transcripts import own_documents
from archive.transcripts.refusals import DocumentRefusedError
from archive.web.audiences import TranscriptIssuer, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.document_form import WrittenDocument, document_in
from archive.web.documents import document_handed_over, issued
from archive.web.page import Page, PageDep
from archive.web.pages.worker import own_id
from archive.web.statuses import status_of_form
from schemas.documents import DocumentAsked
from schemas.dossiers import DossierView
from schemas.outputs import FieldFault
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentLanguage, DocumentScope, RecordKind

router = APIRouter(include_in_schema=False)

_DOCUMENTS = "/me/documents"


@router.get(_DOCUMENTS)
def home(page: PageDep, me: Worker, session: ReadingDep, today: Today) -> Response:
    """Show the form of a document, and those that were asked for."""
    written = WrittenDocument(language=DocumentLanguage(page.language))
    return _form(page, session, me, written, today)


@router.post(_DOCUMENTS)
def make(
    page: PageDep,
    me: TranscriptIssuer,
    house: HouseDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenDocument, Form()],
) -> Response:
    """Have a document made, and show it; or say why there can be none."""
    asked, faults = document_in(written)
    refusal: Refusal | None = None
    if asked is not None:
        try:
            made = issued(house, own_id(me), asked, by=me, now=now)
        except (DocumentRefusedError, OccupationError, UnknownRecordError) as refused:
            refusal = refused
        else:
            again = "?again=yes" if getattr(made, "is_again", False) else ""
            return _see(made.transcript.id, again)
    with house.archive.reading() as session:
        return _form(page, session, me, written, today, refusal=refusal, faults=faults)


@router.post("/me/transcript")
def transcript(
    house: HouseDep,
    me: TranscriptIssuer,
    now: Now,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Issue the own dossier as a signed PDF and hand it over, or say that it comes later."""
    from archive.transcripts.issuing import Issued  # noqa: PLC0415  # Takes a moment to load.

    made = issued(house, own_id(me), DocumentAsked(language=language), by=me, now=now)
    if isinstance(made, Issued):
        return document_handed_over(made.transcript, made.pdf, is_again=made.is_again)
    return _see(made.transcript.id)


@router.get(_DOCUMENTS + "/{document_id}")
def one(
    document_id: UUID,
    page: PageDep,
    me: Worker,
    session: ReadingDep,
    today: Today,
    again: str = "",
) -> Response:
    """Show one document: how it stands, and where its file is."""
    view = own_documents.one(session, own_id(me), document_id, by=me.actor, today=today)
    return page("worker/document.html", document=view, is_again=bool(again))


@router.get(_DOCUMENTS + "/{document_id}/file")
def file(document_id: UUID, me: TranscriptIssuer, session: ReadingDep) -> Response:
    """Hand the file of a document over once more: the same bytes."""
    found = own_documents.fetched(session, own_id(me), document_id, by=me.actor)
    return document_handed_over(found.transcript, found.pdf, is_again=True)


def _form(
    page: Page,
    session: Session,
    me: SignedIn,
    written: WrittenDocument,
    today: date,
    *,
    refusal: Refusal | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    dossier = reading.dossier(session, own_id(me), today=today)
    return page(
        "worker/documents.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        records=[one for one in dossier.records if not one.is_withdrawn],
        certificates=_certificates(dossier),
        occupations=_occupations(dossier),
        scopes=DocumentScope,
        languages=DocumentLanguage,
        listed=own_documents.listed(session, own_id(me), by=me.actor, today=today).documents,
    )


def _certificates(dossier: DossierView) -> list[object]:
    return [
        one
        for one in dossier.records
        if one.record.kind is RecordKind.CERTIFICATE and not one.is_withdrawn
    ]


def _occupations(dossier: DossierView) -> dict[str, object]:
    """Return the occupations of the records by code."""
    return {
        one.record.occupation: one.occupation_name
        for one in dossier.records
        if one.record.occupation and not one.is_withdrawn
    }


def _see(document_id: UUID, query: str = "") -> Response:
    return RedirectResponse(f"{_DOCUMENTS}/{document_id}{query}", status.HTTP_303_SEE_OTHER)
