"""Documents for many: a closed class, or a list of archive numbers of the bureau's.

An organisation proves what it posted itself, and nothing besides: of each member of its class
the one record of that completion. The bureau may have any document made of any dossier. How a
batch is worked off stands in batch_job.py.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, exists
from sqlmodel import Session, col, select

from archive.db import Database
from archive.dossiers.classes.models import ClassPosting, TrainingClass
from archive.dossiers.classes.refusals import UnknownClassError
from archive.dossiers.models import Record
from archive.errors import ArchiveError, NotAllowedError, UnknownWorkerError
from archive.jobs import desk
from archive.people import look_ups
from archive.people.access import may_all, reaches_organisation
from archive.people.actors import Actor
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from schemas.vocabulary import (
    DocumentLanguage,
    DocumentScope,
    DocumentState,
    Permission,
    RunState,
)

KIND = "documents"
"""The job that works a batch off."""
MOST = 300
"""Documents of one batch: sixty megabytes together."""
KEPT = timedelta(days=7)
"""So long a batch's documents can be had together."""
REST = timedelta(minutes=10)
"""So long a job that gave up rests until it is tried again."""
OPEN = (RunState.WAITING, RunState.RUNNING)
MAY = Permission.ISSUE_FOR_MANY
_SEPARATORS = re.compile(r"[\s,;，；、]+")


class BatchUnknownError(ArchiveError):
    """There is no such batch, or not for whoever asks; or its time is over."""

    code: ClassVar[str] = "document_batch_unknown"
    template: ClassVar[str] = (
        "There is no such list of documents any more. Documents are kept together for {days} "
        "days; ask for them again."
    )


class BatchEmptyError(ArchiveError):
    """Nobody is meant by a batch."""

    code: ClassVar[str] = "document_batch_empty"
    template: ClassVar[str] = (
        "There is nothing to issue: no completion was posted from this class, or the list is empty."
    )


class BatchTooManyError(ArchiveError):
    """A batch would hold more documents than one may."""

    code: ClassVar[str] = "document_batch_too_many"
    template: ClassVar[str] = "At most {most} documents are made at once. Split the list."


class BatchNumbersUnknownError(ArchiveError):
    """Some of the archive numbers are nobody's."""

    code: ClassVar[str] = "document_batch_numbers_unknown"
    template: ClassVar[str] = (
        "Not known as archive numbers: number {places} of the list. "
        "Correct them; nothing was begun."
    )


class BatchOverError(ArchiveError):
    """A batch has ended already."""

    code: ClassVar[str] = "document_batch_over"
    template: ClassVar[str] = "These documents are finished, or were stopped before."


def begin_for_class(
    session: Session, class_id: UUID, language: DocumentLanguage, *, by: Actor, now: datetime
) -> DocumentBatch:
    """Begin the documents about the completions of a class; one under way is returned.

    Raises UnknownClassError, BatchEmptyError, BatchTooManyError.
    """
    held = session.exec(
        select(TrainingClass).where(col(TrainingClass.id) == class_id).with_for_update()
    ).first()
    if held is None or not reaches_organisation(by, MAY, held.organisation_id):
        raise UnknownClassError
    mine = col(DocumentBatch.class_id) == class_id, col(DocumentBatch.state).in_(OPEN)
    under_way = session.exec(select(DocumentBatch).where(*mine)).first()
    if under_way is not None:
        return under_way
    query = (
        select(ClassPosting.worker_id, ClassPosting.record_id)
        .where(
            col(ClassPosting.class_id) == class_id,
            exists().where(  # Theirs, whatever the class found on file.
                col(Record.worker_id) == col(ClassPosting.worker_id),
                col(Record.id) == col(ClassPosting.record_id),
                col(Record.organisation_id) == held.organisation_id,
            ),
        )
        .order_by(col(ClassPosting.member_id))
    )
    whose = [(worker, record) for worker, record in session.exec(query) if worker and record]
    batch = DocumentBatch(
        organisation_id=held.organisation_id,
        class_id=class_id,
        scope=DocumentScope.RECORDS,
        language=language,
        state=RunState.WAITING,
        total=len(whose),
        asked_by=by.id,
        asked_at=now,
        moved_at=now,
        kept_until=now + KEPT,
    )
    return _begin(session, batch, whose, now)


def begin_for_numbers(  # For whom, of what, in which language.
    session: Session,
    numbers: str,
    scope: DocumentScope,
    language: DocumentLanguage,
    *,
    by: Actor,
    now: datetime,
) -> DocumentBatch:
    """Begin documents about the dossiers of a list of archive numbers: the bureau's only.

    Raises NotAllowedError, BatchEmptyError, BatchTooManyError, BatchNumbersUnknownError.
    """
    if not may_all(by, MAY) or by.organisation_id is None:
        raise NotAllowedError
    told = list(dict.fromkeys(one for one in _SEPARATORS.split(numbers.strip()) if one))
    if len(told) > MOST:
        raise BatchTooManyError(most=MOST)
    whose, unknown = [], []
    for place, number in enumerate(told, 1):
        try:
            whose.append((look_ups.worker_numbered(session, number).worker_id, None))
        except UnknownWorkerError:
            unknown.append(place)
    if unknown:
        raise BatchNumbersUnknownError(places=", ".join(map(str, unknown[:20])))
    batch = DocumentBatch(
        organisation_id=by.organisation_id,
        scope=scope,
        language=language,
        state=RunState.WAITING,
        total=len(whose),
        asked_by=by.id,
        asked_at=now,
        moved_at=now,
        kept_until=now + KEPT,
    )
    return _begin(session, batch, whose, now)


def found(session: Session, batch_id: UUID, *, by: Actor, now: datetime) -> DocumentBatch:
    """Return a batch of the asker's organisation; raises BatchUnknownError."""
    batch = session.exec(select(DocumentBatch).where(col(DocumentBatch.id) == batch_id)).first()
    if batch is None or batch.kept_until <= now or not _is_theirs(batch, by):
        raise BatchUnknownError(days=KEPT.days)
    return batch


def of_asker(session: Session, *, by: Actor, now: datetime) -> list[DocumentBatch]:
    """Return the batches of the asker's organisation, the newest first."""
    query = (
        select(DocumentBatch)
        .where(
            col(DocumentBatch.organisation_id) == by.organisation_id,
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


def items_of(session: Session, batch_id: UUID) -> list[DocumentBatchItem]:
    """Return the documents of a batch in their order."""
    mine = col(DocumentBatchItem.batch_id) == batch_id
    query = select(DocumentBatchItem).where(mine).order_by(col(DocumentBatchItem.position))
    return list(session.exec(query))


def take_up(archive: Database, *, now: datetime) -> int:
    """Have batches gone on with whose job gave up; return how many there were."""
    with archive.reading() as session:
        keys = desk.given_up(session, KIND, before=now - REST)
    if keys:
        with archive.transaction() as session:
            for key in keys:
                if locked(session, UUID(key)).state in OPEN:
                    desk.revive(session, KIND, key)
    return len(keys)


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget whose documents the batches held whose time is over; return how many those were."""
    late = select(DocumentBatch.id).where(
        col(DocumentBatch.kept_until) <= now, col(DocumentBatch.state).not_in(OPEN)
    )
    over = delete(DocumentBatchItem).where(col(DocumentBatchItem.batch_id).in_(late))
    return session.connection().execute(over).rowcount


def _begin(
    session: Session,
    batch: DocumentBatch,
    whose: Iterable[tuple[UUID, UUID | None]],
    now: datetime,
) -> DocumentBatch:
    if not batch.total:
        raise BatchEmptyError
    if batch.total > MOST:
        raise BatchTooManyError(most=MOST)
    session.add(batch)
    session.flush()
    session.add_all(
        DocumentBatchItem(
            batch_id=batch.id,
            position=position,
            worker_id=worker_id,
            record_id=record_id,
            state=DocumentState.AWAITED,
        )
        for position, (worker_id, record_id) in enumerate(whose, 1)
    )
    desk.ask(session, KIND, str(batch.id), now=now)
    session.flush()
    return batch


def _is_theirs(batch: DocumentBatch, by: Actor) -> bool:
    return reaches_organisation(by, MAY, batch.organisation_id) and (
        batch.organisation_id == by.organisation_id or may_all(by, MAY)
    )
