"""Pages of documents for many: a closed class, or a list of the bureau's archive numbers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.people.access import may_all
from archive.people.sessions import SignedIn
from archive.transcripts import batch_views, batches
from archive.transcripts.batches import (
    MAY,
    BatchEmptyError,
    BatchNumbersUnknownError,
    BatchTooManyError,
)
from archive.web.audiences import IssuerForMany
from archive.web.deps import At, LanguageDep, Now, ReadingDep, SessionDep, Today
from archive.web.downloads import handed_over
from archive.web.page import Page, PageDep
from archive.web.statuses import status_of_form
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentLanguage, DocumentScope

router = APIRouter(include_in_schema=False)

_HERE = "/organisation/documents"
_REFRESH_SECONDS = "2"
"""How soon a browser asks again how far it is; without scripts, too."""
_BUREAU_SCOPES = (DocumentScope.DOSSIER, DocumentScope.CREDITS)


@router.get(_HERE)
def listed(page: PageDep, me: IssuerForMany, session: ReadingDep, now: At) -> Response:
    """List what the organisation asked for; the bureau may begin a list of archive numbers."""
    return _list(page, session, me, now, "", DocumentScope.DOSSIER)


@router.post(_HERE)
def begin(
    page: PageDep,
    me: IssuerForMany,
    session: SessionDep,
    at: At,
    numbers: Annotated[str, Form(max_length=20_000)] = "",
    scope: Annotated[DocumentScope, Form()] = DocumentScope.DOSSIER,
    language: Annotated[DocumentLanguage, Form()] = DocumentLanguage.CHINESE,
) -> Response:
    """Begin documents about the dossiers of a list."""
    known = scope if scope in _BUREAU_SCOPES else DocumentScope.DOSSIER
    try:
        batch = batches.begin_for_numbers(
            session, numbers, known, language, by=me.actor, now=at.now
        )
    except (BatchEmptyError, BatchTooManyError, BatchNumbersUnknownError) as refusal:
        return _list(page, session, me, at, numbers, known, refusal=refusal)
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
    batch = batches.begin_for_class(session, class_id, language, by=me.actor, now=now)
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
def file(
    many_id: UUID, me: IssuerForMany, session: ReadingDep, at: At, today: Today, of: LanguageDep
) -> Response:
    """Hand the documents over together, with a table of all."""
    batch = batches.found(session, many_id, by=me.actor, now=at.now)
    moment = at.now.astimezone(at.zone)
    content = batch_views.zipped(session, batch, of, today=today, moment=moment)
    return handed_over(f"documents-{batch.id.hex[-12:]}.zip", content, "application/zip")


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
    numbers: str,
    scope: DocumentScope,
    *,
    refusal: Refusal | None = None,
) -> Response:
    return page(
        "organisation/document_batches.html",
        status_of_form(refusal),
        batches=batches.of_asker(session, by=me.actor, now=at.now),
        may_list=may_all(me.actor, MAY),
        numbers=numbers,
        scope=scope,
        scopes=_BUREAU_SCOPES,
        languages=DocumentLanguage,
        most=batches.MOST,
        refusal=refusal,
    )


def _see(batch_id: UUID) -> Response:
    return RedirectResponse(f"{_HERE}/{batch_id}", status.HTTP_303_SEE_OTHER)
