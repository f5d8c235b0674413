"""Self-declared records (自主申报): declared, changed, sent, confirmed, declined, withdrawn.

They stand apart from the dossier. Confirming one posts a record of the organisation by the one
way into a dossier, with all its checks; what is told of them stands in declaration_views.py.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import records
from archive.dossiers.correction_steps import Sent, key_of
from archive.dossiers.corrections_found import who_answers
from archive.dossiers.declaration_models import DeclarationStep
from archive.dossiers.declaration_refusals import (
    DeclarationActRefusedError,
    DeclarationReasonMissingError,
    DeclarationsTooManyError,
)
from archive.dossiers.declarations_found import COLUMN, Declaration, addressed, of_worker, own
from archive.dossiers.redemptions import Moment
from archive.dossiers.sealing import source_of, told_by
from archive.dossiers.writing import Added
from archive.notices.messages import Notice
from archive.people import organisations, tidings
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.mergers import goes_on_in
from archive.people.privacy import PersonKey
from archive.people.workers import take_turn
from schemas.declarations import DeclarationTold
from schemas.ids import new_id
from schemas.records import Record as AnyRecord
from schemas.vocabulary import DeclarationAct, DeclarationState, Permission, Way

MOST = 100
"""Declarations that nobody has confirmed; a proposal of this project."""
_OVER = (DeclarationState.CONFIRMED, DeclarationState.WITHDRAWN)


def declare(
    session: Session,
    worker_id: UUID,
    record: AnyRecord,
    *,
    sent: Sent | None = None,
    by: Actor,
    at: Moment,
) -> UUID:
    """Declare a record of one's own; return the id of the declaration.

    Raises NotAllowedError, UnknownWorkerError, DeclarationsTooManyError, DayInFutureError,
    FrozenError, ErasedError, and what ``as_kept`` and ``Evidence.keep`` raise.
    """
    refuse(by, Permission.DECLARE)
    refuse_reading(session, by, worker_id, Permission.DECLARE)
    told = _checked(record, at)
    take_turn(session, worker_id)
    waiting = [one for one in of_worker(session, worker_id) if one.state not in _OVER]
    if len(waiting) >= MOST:
        raise DeclarationsTooManyError(most=MOST)
    key, own = key_of(session, worker_id), new_id()
    row = DeclarationStep(
        worker_id=worker_id,
        id=own,
        declaration_id=own,
        number=1,
        kind=record.kind,
        act=DeclarationAct.DECLARE,
        sealed=_sealed(key, DeclarationTold(record=told)),
        evidence=sent.kept_in.keep(sent.content, worker_id, key) if sent else None,
        recorded_at=at.now,
        recorded_by=by.id,
    )
    _keep(session, row, by=by, now=at.now)
    return own


def change(
    session: Session,
    declaration_id: UUID,
    record: AnyRecord,
    *,
    sent: Sent | None = None,
    by: Actor,
    at: Moment,
) -> None:
    """Change what is declared; whoever was asked to confirm it is not asked any more.

    Raises UnknownDeclarationError, DeclarationActRefusedError, DayInFutureError, FrozenError,
    ErasedError, and what ``as_kept`` and ``Evidence.keep`` raise.
    """
    one = _own_in_turn(session, declaration_id, by)
    told, key = _checked(record, at), key_of(session, one.first.worker_id)
    if record.kind is not one.first.kind:
        raise DeclarationActRefusedError
    row = _next(one, DeclarationAct.CHANGE, by, at.now)
    row.sealed = _sealed(key, DeclarationTold(record=told))
    row.evidence = sent.kept_in.keep(sent.content, row.worker_id, key) if sent else None
    _keep(session, row, by=by, now=at.now)


def send(
    session: Session,
    declaration_id: UUID,
    organisation: str,
    text: str = "",
    *,
    by: Actor,
    at: Moment,
) -> None:
    """Ask the organisation of a code to confirm; of two that are asked only the last one is.

    What an employer could confirm goes to the bureau, which posts for those who post nothing.
    Raises UnknownDeclarationError, DeclarationActRefusedError, UnknownOrganisationError,
    FrozenError, ErasedError.
    """
    one = _own_in_turn(session, declaration_id, by)
    body = who_answers(session, organisations.coded(session, organisation))
    row = _next(one, DeclarationAct.SEND, by, at.now)
    row.organisation_id = body.id
    key = key_of(session, row.worker_id)
    row.sealed = _sealed(key, DeclarationTold(text=text)) if text.strip() else None
    _keep(session, row, by=by, now=at.now)


def withdraw(session: Session, declaration_id: UUID, *, by: Actor, at: Moment) -> None:
    """Take a declaration back.

    Raises UnknownDeclarationError, DeclarationActRefusedError, FrozenError, ErasedError.
    """
    one = _own_in_turn(session, declaration_id, by)
    key_of(session, one.first.worker_id)
    _keep(session, _next(one, DeclarationAct.WITHDRAW, by, at.now), by=by, now=at.now)


def confirm(session: Session, declaration_id: UUID, *, by: Actor, at: Moment) -> Added:
    """Post what is declared as a record of the own organisation.

    Raises UnknownDeclarationError, DeclarationActRefusedError, FrozenError, ErasedError, and
    what ``records.add`` raises.
    """
    one = _addressed_in_turn(session, declaration_id, by)
    holder, body = goes_on_in(session, one.first.worker_id), one.last.organisation_id
    if body is None:
        raise DeclarationActRefusedError
    record = one.record(key_of(session, one.first.worker_id))
    source = source_of(Way.CASE, told_by(record), reference=str(declaration_id))
    added = records.add(
        session,
        holder,
        record,
        organisation_id=body,
        by=by,
        now=at.now,
        today=at.today,
        source=source,
    )
    row = _next(one, DeclarationAct.CONFIRM, by, at.now)
    row.organisation_id, row.record_id = body, added.record_id
    _answered(session, row, holder, now=at.now)
    return added


def decline(session: Session, declaration_id: UUID, text: str, *, by: Actor, at: Moment) -> None:
    """Decline to confirm, with a reason; the worker can change it or ask another organisation.

    Raises UnknownDeclarationError, DeclarationActRefusedError, DeclarationReasonMissingError,
    FrozenError, ErasedError.
    """
    one = _addressed_in_turn(session, declaration_id, by)
    if not text.strip():
        raise DeclarationReasonMissingError
    row = _next(one, DeclarationAct.DECLINE, by, at.now)
    row.organisation_id = one.last.organisation_id
    row.sealed = _sealed(key_of(session, row.worker_id), DeclarationTold(text=text))
    _answered(session, row, goes_on_in(session, row.worker_id), now=at.now)


def _checked(record: AnyRecord, at: Moment) -> dict[str, object]:
    """Return what a record tells, once it is one that could be posted."""
    records.refuse_future(record, at.today)
    return told_by(records.as_kept(record))


def _own_in_turn(session: Session, declaration_id: UUID, by: Actor) -> Declaration:
    refuse(by, Permission.DECLARE)
    found = _in_turn(session, lambda: own(session, declaration_id, by=by))
    if found.state in _OVER:
        raise DeclarationActRefusedError
    return found


def _addressed_in_turn(session: Session, declaration_id: UUID, by: Actor) -> Declaration:
    refuse(by, Permission.CONFIRM_DECLARATION)
    found = _in_turn(session, lambda: addressed(session, declaration_id, by=by))
    if found.state is not DeclarationState.SENT:
        raise DeclarationActRefusedError
    return found


def _in_turn(session: Session, again: Callable[[], Declaration]) -> Declaration:
    take_turn(session, again().first.worker_id)
    return again()


def _sealed(key: PersonKey, told: DeclarationTold) -> bytes:
    return key.seal(COLUMN, told.model_dump_json(exclude_none=True).encode())


def _next(one: Declaration, act: DeclarationAct, by: Actor, now: datetime) -> DeclarationStep:
    last = one.last
    return DeclarationStep(
        worker_id=last.worker_id,
        id=new_id(),
        declaration_id=last.declaration_id,
        number=last.number + 1,
        kind=last.kind,
        act=act,
        recorded_at=now,
        recorded_by=by.id,
    )


def _keep(session: Session, row: DeclarationStep, *, by: Actor, now: datetime) -> None:
    session.add(row)
    session.flush()
    holder = goes_on_in(session, row.worker_id)
    mark(session, Permission.DECLARE, row.id, worker_id=holder, by=by, now=now)


def _answered(session: Session, row: DeclarationStep, holder: UUID, *, now: datetime) -> None:
    session.add(row)
    session.flush()
    key = f"declaration/{row.id.hex}"
    tidings.note(session, holder, Notice.DECLARATION_ANSWERED, key, now=now)
