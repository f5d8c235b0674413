"""Documents about a dossier: issued, listed, and fetched once more."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response, status
from fastapi.responses import JSONResponse

from archive.transcripts import own_documents
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import DossierReader, TranscriptIssuer
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.documents import PDF, document_handed_over, issued
from schemas.documents import DocumentAsked, DocumentList, DocumentView
from schemas.vocabulary import Permission

router = APIRouter(
    prefix="/api/v1/workers/{number}/transcripts", tags=["Transcripts"], responses=PROBLEMS
)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {PDF: {}}, "description": "The signed PDF."}
}
_LATER: dict[int | str, dict[str, Any]] = {
    202: {"model": DocumentView, "description": "Accepted; it is signed later."}
}


@router.post("", response_class=Response, responses={**_FILE, **_LATER})
def transcript(
    number: str,
    asked: DocumentAsked,
    asker: TranscriptIssuer,
    house: HouseDep,
    now: Now,
    today: Today,
) -> Response:
    """Issue a document about a dossier or a part of it.

    Its code is also in the header X-Transcript-Code. The same request returns the same bytes
    until something that they state changes; X-Transcript-Same-As tells since when. While
    nothing can be signed the answer is 202, and the document is there later.
    """
    from archive.transcripts.issuing import Issued  # noqa: PLC0415  # Takes a moment to load.

    with house.archive.reading() as session:
        worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    made = issued(house, worker.worker_id, asked, by=asker, now=now)
    if isinstance(made, Issued):
        return document_handed_over(made.transcript, made.pdf, is_again=made.is_again)
    with house.archive.reading() as session:
        view = own_documents.one(
            session, worker.worker_id, made.transcript.id, by=asker.actor, today=today
        )
    address = f"{router.prefix.format(number=number)}/{view.id}"
    told = view.model_dump(mode="json")
    return JSONResponse(told, status.HTTP_202_ACCEPTED, headers={"Location": address})


@router.get("")
def transcripts(
    number: str, asker: DossierReader, session: ReadingDep, today: Today
) -> DocumentList:
    """Return the documents about a dossier, the newest first: how each stands."""
    worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    return own_documents.listed(session, worker.worker_id, by=asker.actor, today=today)


@router.get("/{document_id}")
def one(
    number: str, document_id: UUID, asker: DossierReader, session: ReadingDep, today: Today
) -> DocumentView:
    """Return how one document stands; of one that was replaced the one in its place."""
    worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    return own_documents.one(session, worker.worker_id, document_id, by=asker.actor, today=today)


@router.get("/{document_id}/file", response_class=Response, responses=_FILE)
def file(number: str, document_id: UUID, asker: TranscriptIssuer, session: ReadingDep) -> Response:
    """Return the file of a document once more: the same bytes."""
    worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    found = own_documents.fetched(session, worker.worker_id, document_id, by=asker.actor)
    return document_handed_over(found.transcript, found.pdf, is_again=True)
