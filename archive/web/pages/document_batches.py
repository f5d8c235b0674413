"""Pages of documents for many: a closed class, archive numbers, or a company's people."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.errors import UnknownOrganisationError
from archive.people.access import may, may_all
from archive.people.sessions import SignedIn
from archive.transcripts import batch_orders, batch_views, batches
from archive.transcripts.batch_refusals import BatchNotBegunError
from archive.transcripts.batches import MAY
from archive.web.audiences import IssuerForMany
from archive.web.deps import At, HouseDep, LanguageDep, Now, ReadingDep, SessionDep, Today
from archive.web.many_documents import batch_together
from archive.web.page import Page, PageDep
from archive.web.statuses import status_of_form
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentLanguage, DocumentScope, Permission

router = APIRouter(include_in_schema=False)

_HERE = "/organisation/documents"
_REFRESH_SECONDS = "2"
"""How soon a browser asks again how far it is; without scripts, too."""
_BUREAU_SCOPES = (DocumentScope.DOSSIER, DocumentScope.CREDITS)
_LONGEST = 100_000
"""Characters of a list that is typed or pasted: five thousand numbers."""
_ON_THE_FORM = (BatchNotBegunError, UnknownOrganisationError)


@dataclass(frozen=True)
class _Written:
    """What was typed, to be shown again."""

    numbers: str = ""
    scope: DocumentScope = DocumentScope.DOSSIER
    references: str = ""
    organisation: str = ""


@router.get(_HERE)
def listed(page: PageDep, me: IssuerForMany, session: ReadingDep, now: At) -> Response:
    """List what the organisation asked for; a list is begun here, that of a class at the class."""
    return _list(page, session, me, now, _Written())


@router.post(_HERE)
def begin(
    page: PageDep,
    me: IssuerForMany,
    session: SessionDep,
    at: At,
    numbers: Annotated[str, Form(max_length=_LONGEST)] = "",
    scope: Annotated[DocumentScope, Form()] = DocumentScope.DOSSIER,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Begin documents about the dossiers of a list."""
    known = scope if scope in _BUREAU_SCOPES else DocumentScope.DOSSIER
    try:
        batch = batch_orders.begin_for_numbers(
            session, numbers, known, language, by=me.actor, now=at.now
        )
    except _ON_THE_FORM as refusal:
        return _list(page, session, me, at, _Written(numbers, known), refusal=refusal)
    return _see(batch.id)


@router.post(_HERE + "/consents")
def begin_for_consents(
    page: PageDep,
    me: IssuerForMany,
    session: SessionDep,
    at: At,
    organisation: Annotated[str, Form(max_length=40)] = "",
    references: Annotated[str, Form(max_length=_LONGEST)] = "",
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Begin documents about those who consented to them, for the organisation they named."""
    try:
        batch = batch_orders.begin_for_consents(
            session, organisation or None, references, language, by=me.actor, now=at.now
        )
    except _ON_THE_FORM as refusal:
        written = _Written(references=references, organisation=organisation)
        return _list(page, session, me, at, written, refusal=refusal)
    return _see(batch.id)


@router.post("/trainer/classes/{class_id}/documents")
def begin_for_class(
    class_id: UUID,
    me: IssuerForMany,
    session: SessionDep,
    now: Now,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Begin documents about the completions of a class that is closed."""
    batch = batch_orders.begin_for_class(session, class_id, language, by=me.actor, now=now)
    return _see(batch.id)


@router.get(_HERE + "/{many_id}")
def one(
    many_id: UUID, page: PageDep, me: IssuerForMany, session: ReadingDep, now: Now, today: Today
) -> Response:
    """Show how far documents for many are, and what was not issued."""
    batch = batches.found(session, many_id, by=me.actor, now=now)
    view = batch_views.view_of(session, batch, today=today)
    shown = page("organisation/document_batch.html", batch=view)
    if view.is_under_way:
        shown.headers["Refresh"] = _REFRESH_SECONDS
    return shown


@router.get(_HERE + "/{many_id}/zip")
def file(many_id: UUID, me: IssuerForMany, house: HouseDep, at: At, of: LanguageDep) -> Response:
    """Hand the documents over together, with a table of all, while they are read."""
    return batch_together(house, many_id, by=me, at=at, language=of)


@router.post(_HERE + "/{many_id}/cancel")
def cancel(many_id: UUID, me: IssuerForMany, session: SessionDep, now: Now) -> Response:
    """Stop between two steps; what was issued stays."""
    batches.cancel(session, many_id, by=me.actor, now=now)
    return _see(many_id)


def _list(  # Which page, for whom, what was typed, why not.
    page: Page,
    session: Session,
    me: SignedIn,
    at: At,
    written: "_Written",
    *,
    refusal: Refusal | None = None,
) -> Response:
    return page(
        "organisation/document_batches.html",
        status_of_form(refusal),
        batches=batches.of_asker(session, by=me.actor, now=at.now),
        may_list=may_all(me.actor, MAY),
        has_classes=may(me.actor, Permission.READ_CLASS),
        written=written,
        consents=batch_orders.consents_for(session, by=me.actor, now=at.now),
        scopes=_BUREAU_SCOPES,
        languages=DocumentLanguage,
        most=batch_orders.MOST,
        refusal=refusal,
    )


def _see(batch_id: UUID) -> Response:
    return RedirectResponse(f"{_HERE}/{batch_id}", status.HTTP_303_SEE_OTHER)
