"""Undoing a batch: its records are withdrawn, its corrections taken back, all with one reason.

Possible for some days after it was written, and only as a whole: while anything rests on one of
its records nothing is changed. What a batch wrote and undid stays in the dossiers' chains.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from archive.dossiers.classes.models import ClassPosting
from archive.dossiers.intake.kept_files import kept_files
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.intake.run_refusals import (
    UndoBlockedError,
    UndoOverError,
    UndoReasonMissingError,
)
from archive.dossiers.intake.runs import UNDO_DAYS, found, locked
from archive.dossiers.models import Record
from archive.dossiers.sealing import Source, unseal
from archive.dossiers.writing import DossierWriter, Posting, writing
from archive.people.actors import Actor
from archive.people.models import Merger
from archive.people.privacy import PersonKey, vault_of
from credit_bank.models import CaseEvent, Entry
from credit_bank.models import Posting as Units
from schemas.vocabulary import LEARNING_KINDS, Account, Act, RunState, Way

STEP_RECORDS = 500
_SHOWN_ROWS = 8
_REASON = "intake.undo"
_USED = (Account.REDEEMED, Account.PENDING)
_DONE = (RunState.DONE, RunState.CANCELLED)


def begin(session: Session, run_id: UUID, reason: str, *, by: Actor, now: datetime) -> IntakeRun:
    """Begin to undo what a run wrote.

    Raises RunUnknownError, UndoReasonMissingError, UndoOverError, UndoBlockedError.
    """
    found(session, run_id, by=by)
    run = locked(session, run_id)
    if not reason.strip():
        raise UndoReasonMissingError
    if not may_be_undone(run, now=now):
        raise UndoOverError(days=UNDO_DAYS)
    if blocked := blocking_rows(session, run.id):
        shown = "、".join(map(str, blocked[:_SHOWN_ROWS]))
        more = "…" if len(blocked) > _SHOWN_ROWS else ""
        raise UndoBlockedError(count=len(blocked), rows=shown + more)
    files = kept_files(session)
    file = files.find(session, run.file_id, organisation_id=run.organisation_id, now=now)
    run.state, run.undone_by, run.undo_begun_at, run.moved_at = RunState.UNDOING, by.id, now, now
    run.sealed_reason = file.key.seal(_REASON, reason.strip().encode())
    session.add(run)
    session.flush()
    return run


def may_be_undone(run: IntakeRun, *, now: datetime) -> bool:
    """Whether a run has ended, wrote something, and did so lately."""
    if run.state not in _DONE or run.ended_at is None or not run.written:
        return False
    return now < run.ended_at + timedelta(days=UNDO_DAYS)


def take_step(session: Session, run_id: UUID, *, now: datetime) -> IntakeRun:
    """Take back the next records of a batch that is being undone."""
    run = locked(session, run_id)
    if run.state is not RunState.UNDOING or run.undone_by is None:
        return run
    rows = session.exec(_next(run)).all()
    if rows:
        run.undone += _take_back(session, run, run.undone_by, rows, now)
        run.undone_upto = rows[-1].id
    run.moved_at = now
    if len(rows) < STEP_RECORDS:
        run.state, run.undone_at = RunState.UNDONE, now
    session.add(run)
    session.flush()
    return run


def blocking_rows(session: Session, batch_id: UUID) -> list[int]:
    """Return the rows of a batch on whose records something rests, in the order of the file."""
    mine = select(Record.row).where(_of_batch(batch_id))
    found = set(session.exec(mine.where(_is_rested_on(batch_id))))
    closed_upon = (col(ClassPosting.worker_id) == col(Record.worker_id)) & (
        col(ClassPosting.record_id) == col(Record.original_id)
    )
    found |= set(session.exec(mine.join(ClassPosting, closed_upon)))
    return sorted(row for row in found if row is not None)


def _is_rested_on(batch_id: UUID) -> ColumnElement[bool]:
    later = aliased(Record)
    changed = exists().where(
        col(later.worker_id) == col(Record.worker_id),
        col(later.target_id) == col(Record.id),
        col(later.batch_id).is_distinct_from(batch_id),
    )
    return changed | _is_needed()


def _is_needed() -> ColumnElement[bool]:
    """Choose records whose dossier was merged, that are in dispute, or whose credits are used."""
    granted = aliased(Units)
    merged = exists().where(col(Merger.worker_id) == col(Record.worker_id))
    disputed = exists().where(
        col(CaseEvent.worker_id) == col(Record.worker_id),
        col(CaseEvent.outcome_id) == col(Record.original_id),
    )
    used = exists().where(
        col(Units.worker_id) == col(Record.worker_id),
        col(Units.account).in_(_USED),
        col(granted.worker_id) == col(Units.worker_id),
        col(granted.id) == col(Units.lot_id),
        col(Entry.worker_id) == col(granted.worker_id),
        col(Entry.id) == col(granted.entry_id),
        col(Entry.outcome_id) == col(Record.original_id),
    )
    return merged | disputed | used


def _next(run: IntakeRun) -> SelectOfScalar[Record]:
    """Select the next records of a batch on which nothing has come to rest since it began."""
    later = aliased(Record)
    followed = exists().where(
        col(later.worker_id) == col(Record.worker_id), col(later.target_id) == col(Record.id)
    )
    query = select(Record).where(_of_batch(run.id), ~followed, ~_is_needed())
    if run.undone_upto is not None:
        query = query.where(col(Record.id) > run.undone_upto)
    return query.order_by(col(Record.id)).limit(STEP_RECORDS)


def _of_batch(batch_id: UUID) -> ColumnElement[bool]:
    """Choose what a file wrote of learning; who somebody is stays, for others may build on it."""
    return and_(
        col(Record.batch_id) == batch_id,
        col(Record.act) != Act.WITHDRAW,
        col(Record.kind).in_(LEARNING_KINDS),
    )


def _take_back(
    session: Session, run: IntakeRun, by: UUID, rows: Sequence[Record], now: datetime
) -> int:
    """Withdraw or take back records; return how many.

    An erased person's stay as they are, and so does what somebody changed a moment before.
    """
    file = kept_files(session).of_run(session, run.file_id)
    reason = file.key.open(_REASON, run.sealed_reason or b"").decode()
    keys = vault_of(session).keys_of({row.worker_id for row in rows})
    open_rows = [row for row in rows if row.worker_id in keys]
    posting = Posting(run.organisation_id, by, now)
    with writing(session, dict.fromkeys(row.worker_id for row in open_rows)) as writer:
        undoing = _Undoing(writer, run, file.name, posting, reason)
        return sum(
            undoing.undo(row, _former(session, row), keys[row.worker_id]) for row in open_rows
        )


def _former(session: Session, row: Record) -> Record | None:
    """Return what a correction replaced; None for a record that was new.

    Also one that an earlier undoing had withdrawn was new when it came again.
    """
    if row.target_id is None:
        return None
    former = session.get_one(Record, (row.worker_id, row.target_id))
    return None if former.act is Act.WITHDRAW else former


@dataclass(frozen=True, slots=True)
class _Undoing:
    """Takes rows of a batch back, while their dossiers are held."""

    writer: DossierWriter
    run: IntakeRun
    file_name: str
    posting: Posting
    reason: str

    def undo(self, row: Record, former: Record | None, key: PersonKey) -> bool:
        """Take a row back, unless another has followed it; tell whether it was."""
        standing = self.writer.shelves[row.worker_id].record(row.original_id)
        if standing is None or standing.id != row.id:
            return False
        if former is None:
            told = replace(self.posting, source=self._of_file(row))
            content = unseal(key, row.sealed).content
            self.writer.withdraw(row.worker_id, row.original_id, content, told, self.reason)
        else:
            of_undo = Source(way=Way.UNDO, reference=str(self.run.id))
            told = replace(self.posting, source=of_undo)
            content = unseal(key, former.sealed).content
            self.writer.restore(row.worker_id, row.original_id, content, told, self.reason)
        return True

    def _of_file(self, row: Record) -> Source:
        """Return by what a withdrawn record is known that may come again."""
        return Source(
            way=Way.FILE,
            digest=self.run.digest.hex(),
            batch_id=self.run.id,
            file_name=self.file_name,
            row=row.row,
        )
