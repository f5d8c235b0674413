"""Documents for many: asked for, looked at line by line, fetched together, stopped."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from archive.transcripts import batch_asking, batch_views, batches
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import IssuerForMany
from archive.web.batch_body import IdempotencyKey
from archive.web.deps import At, HouseDep, LanguageDep, Now, ReadingDep, SessionDep, Today
from archive.web.many_documents import ZIP, batch_together
from schemas.documents import BatchAsked, BatchLines, BatchList, BatchView

router = APIRouter(prefix="/api/v1/document-lists", tags=["Transcripts"], responses=PROBLEMS)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {ZIP: {}}, "description": "Signed PDFs, and index.csv with all lines."}
}
_MOST_LINES = 500


@router.post("", status_code=status.HTTP_202_ACCEPTED)
def begin(
    asked: BatchAsked,
    asker: IssuerForMany,
    session: SessionDep,
    now: Now,
    today: Today,
    response: Response,
    key: IdempotencyKey = None,
) -> BatchView:
    """Have documents made for many: of a closed class, of archive numbers, or by consent.

    They are made by a job that goes on by itself; look at the list to see how far it is. Sent
    again with the same Idempotency-Key the same list is answered.
    """
    batch, is_again = batch_asking.begin(session, asked, key=key, by=asker.actor, now=now)
    response.headers["Location"] = f"{router.prefix}/{batch.id}"
    if is_again:
        response.headers["Idempotent-Replayed"] = "true"
    return batch_views.view_of(session, batch, today=today)


@router.get("")
def listed(asker: IssuerForMany, session: ReadingDep, now: Now, today: Today) -> BatchList:
    """Return what the own organisation asked for lately, the newest first."""
    found = batches.of_asker(session, by=asker.actor, now=now)
    return BatchList(lists=tuple(batch_views.view_of(session, one, today=today) for one in found))


@router.get("/{many_id}")
def one(
    many_id: UUID, asker: IssuerForMany, session: ReadingDep, now: Now, today: Today
) -> BatchView:
    """Return how far documents for many are, what they wait for, and the first that failed."""
    batch = batches.found(session, many_id, by=asker.actor, now=now)
    return batch_views.view_of(session, batch, today=today)


@router.get("/{many_id}/lines")
def lines(
    many_id: UUID,
    asker: IssuerForMany,
    session: ReadingDep,
    now: Now,
    today: Today,
    after: Annotated[int, Query(ge=0, description="The place before the first line.")] = 0,
    most: Annotated[int, Query(ge=1, le=_MOST_LINES)] = 100,
) -> BatchLines:
    """Return the lines, each with what became of it and why; ``next`` tells where to go on."""
    batch = batches.found(session, many_id, by=asker.actor, now=now)
    return batch_views.page_of(session, batch, after=after, most=most, today=today)


@router.get("/{many_id}/file", response_class=Response, responses=_FILE)
def file(
    many_id: UUID, asker: IssuerForMany, house: HouseDep, at: At, language: LanguageDep
) -> Response:
    """Return the documents that are ready as one ZIP, with a table of all lines."""
    return batch_together(house, many_id, by=asker, at=at, language=language)


@router.post("/{many_id}/stop")
def stop(
    many_id: UUID, asker: IssuerForMany, session: SessionDep, now: Now, today: Today
) -> BatchView:
    """Stop between two steps; what was issued stays."""
    batches.cancel(session, many_id, by=asker.actor, now=now)
    batch = batches.found(session, many_id, by=asker.actor, now=now)
    return batch_views.view_of(session, batch, today=today)
