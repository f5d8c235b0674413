"""Writing the steps of requests for correction and addition: sealed, in order, marked and told."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.correction_cases import Case
from archive.dossiers.correction_models import CorrectionStep
from archive.dossiers.correction_refusals import (
    CorrectionActRefusedError,
    CorrectionEmptyError,
)
from archive.dossiers.redemptions import Moment
from archive.files import Evidence
from archive.notices.messages import Notice
from archive.people import tidings
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.closing import closed
from archive.people.mergers import goes_on_in
from archive.people.privacy import PersonKey, vault_of
from archive.people.workers import take_turn
from schemas.corrections import CorrectionTold
from schemas.ids import new_id
from schemas.vocabulary import CorrectionAct, CorrectionKind, CorrectionState, Permission, Role

COLUMN = "correction_step.sealed"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that is sent along, and the folder that keeps it."""

    content: bytes
    kept_in: Evidence


@dataclass(frozen=True, slots=True)
class Opening:
    """Who asks for what from whom."""

    worker_id: UUID
    kind: CorrectionKind
    organisation_id: UUID


@dataclass(frozen=True, slots=True)
class Done:
    """What a step does; what it does not name stays as it was."""

    act: CorrectionAct
    record_id: UUID | None = None
    due_on: date | None = None
    organisation_id: UUID | None = None


def begin(
    session: Session,
    opening: Opening,
    done: Done,
    told: CorrectionTold,
    *,
    sent: Sent | None,
    by: Actor,
    at: datetime,
    today: date,
) -> UUID:
    """Write the first step of a request; the file is kept when nothing else is wrong.

    Raises FrozenError, ErasedError, and what ``Evidence.keep`` raises.
    """
    key = key_of(session, opening.worker_id)
    evidence = sent.kept_in.keep(sent.content, opening.worker_id, key) if sent else None
    own = new_id()
    row = CorrectionStep(
        worker_id=opening.worker_id,
        id=own,
        case_id=own,
        number=1,
        kind=opening.kind,
        act=done.act,
        organisation_id=opening.organisation_id,
        record_id=done.record_id,
        effective_on=today,
        due_on=done.due_on,
        sealed=_sealed(key, told),
        evidence=evidence,
        recorded_at=at,
        recorded_by=by.id,
    )
    _keep(session, row, opening.worker_id, by=by, at=at)
    return own


def take(
    session: Session,
    case: Case,
    done: Done,
    told: CorrectionTold,
    *,
    by: Actor,
    at: datetime,
    today: date,
) -> None:
    """Write the next step of a request; the worker is told of what others did.

    Raises FrozenError, ErasedError.
    """
    key = key_of(session, case.opening.worker_id)
    row = _next(case, done, today, at)
    row.sealed, row.recorded_by = _sealed(key, told), by.id
    _keep(session, row, goes_on_in(session, row.worker_id), by=by, at=at)


def write_down(session: Session, case: Case, *, now: datetime) -> CorrectionAct | None:
    """Write down what the clock has done to a request, as of its day, and return it."""
    if case.turn is None:
        return None
    done = Done(case.turn.act, due_on=case.turn.due_on)
    row = _next(case, done, case.turn.effective_on, now)
    _keep(session, row, goes_on_in(session, row.worker_id), by=None, at=now)
    return done.act


def in_turn(session: Session, case: Case, at: Moment, again: Callable[[], Case]) -> Case:
    """Return a request as it stands when everyone who acts on it just now has done so.

    What the clock has done is written down first.
    """
    take_turn(session, case.opening.worker_id)
    case = again()
    if case.turn is None:
        return case
    write_down(session, case, now=at.now)
    return again()


def refuse_unless(case: Case, states: tuple[CorrectionState, ...]) -> None:
    """Raise CorrectionActRefusedError unless a request stands in one of these ways."""
    if case.state not in states:
        raise CorrectionActRefusedError


def said(told: CorrectionTold) -> CorrectionTold:
    """Return what was said; raises CorrectionEmptyError when it is nothing."""
    if not told.text:
        raise CorrectionEmptyError
    return told


def told_in(key: PersonKey | None, row: CorrectionStep) -> CorrectionTold | None:
    """Return what a step says; None when nothing was said or the key is destroyed."""
    if key is None or row.sealed is None:
        return None
    return CorrectionTold.model_validate(json.loads(key.open(COLUMN, row.sealed)))


def key_of(session: Session, worker_id: UUID) -> PersonKey:
    """Return a person's key; raises FrozenError, ErasedError."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def _sealed(key: PersonKey, told: CorrectionTold) -> bytes | None:
    if told == CorrectionTold():
        return None
    return key.seal(COLUMN, told.model_dump_json().encode())


def _next(case: Case, done: Done, day: date, at: datetime) -> CorrectionStep:
    last = case.last
    return CorrectionStep(
        worker_id=last.worker_id,
        id=new_id(),
        case_id=last.case_id,
        number=last.number + 1,
        kind=last.kind,
        act=done.act,
        organisation_id=done.organisation_id or last.organisation_id,
        record_id=done.record_id,
        effective_on=day,
        due_on=done.due_on,
        recorded_at=at,
    )


def _keep(
    session: Session, row: CorrectionStep, holder: UUID, *, by: Actor | None, at: datetime
) -> None:
    session.add(row)
    session.flush()
    if by is not None and by.role in (Role.WORKER, Role.CONSOLE):
        mark(session, Permission.ASK_CORRECTION, row.id, worker_id=holder, by=by, now=at)
    else:
        key = f"correction/{row.id.hex}"
        tidings.note(session, holder, Notice.CORRECTION_MOVED, key, now=at)
