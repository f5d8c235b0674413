"""Documents for many: finding a batch, stopping it, having it gone on with, forgetting it.

How one is asked for stands in batch_orders.py, how it is worked off in batch_job.py.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, or_, select

from archive.db import Database
from archive.jobs import desk
from archive.people.access import may_all, reaches_organisation
from archive.people.actors import Actor
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batch_refusals import (
    BatchOverError,
    BatchStoppedError,
    BatchUnknownError,
)
from schemas.vocabulary import DocumentState, Permission, RunState

KIND = "documents"
"""The job that works a batch off."""
KEPT = timedelta(days=7)
"""So long a batch's documents can be had together."""
REST = timedelta(minutes=10)
"""So long a job that gave up rests until it is tried again."""
OPEN = (RunState.WAITING, RunState.RUNNING)
MAY = Permission.ISSUE_FOR_MANY


def found(session: Session, batch_id: UUID, *, by: Actor, now: datetime) -> DocumentBatch:
    """Return a batch of the asker's organisation; raises BatchUnknownError."""
    batch = session.exec(select(DocumentBatch).where(col(DocumentBatch.id) == batch_id)).first()
    if batch is None or batch.kept_until <= now or not _is_theirs(batch, by):
        raise BatchUnknownError(days=KEPT.days)
    return batch


def of_asker(session: Session, *, by: Actor, now: datetime) -> list[DocumentBatch]:
    """Return the batches for the asker's organisation, or asked for by it, the newest first."""
    query = (
        select(DocumentBatch)
        .where(
            or_(
                col(DocumentBatch.organisation_id) == by.organisation_id,
                col(DocumentBatch.asked_by) == by.id,
            ),
            col(DocumentBatch.kept_until) > now,
        )
        .order_by(col(DocumentBatch.asked_at).desc())
        .limit(50)
    )
    return list(session.exec(query))


def cancel(session: Session, batch_id: UUID, *, by: Actor, now: datetime) -> None:
    """Stop a batch between two steps; what was issued stays. BatchUnknownError, BatchOverError."""
    found(session, batch_id, by=by, now=now)
    batch = locked(session, batch_id)
    if batch.state not in OPEN:
        raise BatchOverError
    batch.state, batch.ended_at, batch.ended_by = RunState.CANCELLED, now, by.id
    session.add(batch)
    session.flush()


def locked(session: Session, batch_id: UUID) -> DocumentBatch:
    """Return a batch as it stands now, and let nobody else move it before this commits."""
    query = select(DocumentBatch).where(col(DocumentBatch.id) == batch_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def items_of(
    session: Session,
    batch_id: UUID,
    *,
    after: int = 0,
    most: int | None = None,
    state: DocumentState | None = None,
) -> list[DocumentBatchItem]:
    """Return documents of a batch in their order: those after a place, in a state, so many."""
    mine = (col(DocumentBatchItem.batch_id) == batch_id, col(DocumentBatchItem.position) > after)
    query = select(DocumentBatchItem).where(*mine).order_by(col(DocumentBatchItem.position))
    if state is not None:
        query = query.where(col(DocumentBatchItem.state) == state)
    return list(session.exec(query if most is None else query.limit(most)))


def told_of(batch: DocumentBatch, item: DocumentBatchItem) -> tuple[DocumentState, str | None]:
    """Return how far a document is, and its fault: of a stopped batch the rest is not made."""
    is_open = item.state not in (DocumentState.READY, DocumentState.FAILED)
    if is_open and batch.state is RunState.CANCELLED:
        return DocumentState.FAILED, BatchStoppedError.code
    return item.state, item.fault


def take_up(archive: Database, *, now: datetime) -> int:
    """Have batches gone on with whose job gave up; return how many there were."""

    def is_wanted(session: Session, key: str) -> bool:
        return locked(session, UUID(key)).state in OPEN

    return desk.take_up(archive, KIND, before=now - REST, is_wanted=is_wanted)


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget whose documents the batches held whose time is over; return how many those were."""
    late = select(DocumentBatch.id).where(
        col(DocumentBatch.kept_until) <= now, col(DocumentBatch.state).not_in(OPEN)
    )
    over = delete(DocumentBatchItem).where(col(DocumentBatchItem.batch_id).in_(late))
    return session.connection().execute(over).rowcount


def _is_theirs(batch: DocumentBatch, by: Actor) -> bool:
    return reaches_organisation(by, MAY, batch.organisation_id) and (
        batch.organisation_id == by.organisation_id or may_all(by, MAY)
    )
