"""Requests for correction and addition (更正申请、补录申请): asked, answered, decided.

What the worker asks an organisation to put right in the records; appeals against credits are
in appeals.py, requests about personal data in people/rights.py. How a request stands is judged
in correction_cases.py, what is told of it in correction_views.py.
"""

from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import correction_steps as steps
from archive.dossiers import corrections_found as found
from archive.dossiers import records
from archive.dossiers.correction_cases import Case
from archive.dossiers.correction_clock import clock_on
from archive.dossiers.correction_refusals import (
    CorrectionActRefusedError,
    CorrectionEmptyError,
    CorrectionsTooManyError,
    CorrectionWaitingError,
)
from archive.dossiers.correction_steps import Sent
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.errors import UnknownRecordError
from archive.people import organisations
from archive.people.access import refuse, refuse_reading
from archive.people.actors import Actor
from archive.people.workers import take_turn
from credit_bank.publishing import rule_book
from schemas.corrections import CorrectionTold
from schemas.vocabulary import (
    LEARNING_KINDS,
    CorrectionAct,
    CorrectionKind,
    CorrectionState,
    Permission,
)

MOST_OPEN = 20
"""Requests that a worker can have open at once; a proposal of this project."""


def ask_correction(
    session: Session,
    worker_id: UUID,
    record_id: UUID,
    told: CorrectionTold,
    *,
    sent: Sent | None = None,
    by: Actor,
    at: Moment,
) -> UUID:
    """Ask the organisation that posted a record to correct it; return the id of the request.

    Raises NotAllowedError, UnknownRecordError, CorrectionEmptyError, CorrectionWaitingError,
    CorrectionsTooManyError, FrozenError, ErasedError, and what ``Evidence.keep`` raises.
    """
    refuse(by, Permission.ASK_CORRECTION)
    refuse_reading(session, by, worker_id, Permission.ASK_CORRECTION)
    if not told.text or not told.right:
        raise CorrectionEmptyError
    newest = records.newest_version(session, worker_id, record_id)
    if newest.kind not in LEARNING_KINDS:
        raise UnknownRecordError
    for case in _open_ones(session, worker_id, at.today):
        if case.opening.record_id is not None and _same(session, worker_id, case, newest):
            raise CorrectionWaitingError
    body = organisations.by_id(session, [newest.organisation_id])[newest.organisation_id]
    opening = steps.Opening(
        worker_id, CorrectionKind.CORRECTION, found.who_answers(session, body).id
    )
    return _open(session, opening, told, record_id=newest.id, sent=sent, by=by, at=at)


def ask_addition(
    session: Session,
    worker_id: UUID,
    organisation: str,
    told: CorrectionTold,
    *,
    sent: Sent | None = None,
    by: Actor,
    at: Moment,
) -> UUID:
    """Ask the organisation of a code to add a record; return the id of the request.

    Raises NotAllowedError, UnknownOrganisationError, CorrectionEmptyError,
    CorrectionsTooManyError, FrozenError, ErasedError, and what ``Evidence.keep`` raises.
    """
    refuse(by, Permission.ASK_CORRECTION)
    refuse_reading(session, by, worker_id, Permission.ASK_CORRECTION)
    if not told.text:
        raise CorrectionEmptyError
    _open_ones(session, worker_id, at.today)
    body = found.who_answers(session, organisations.coded(session, organisation))
    opening = steps.Opening(worker_id, CorrectionKind.ADDITION, body.id)
    return _open(session, opening, told, sent=sent, by=by, at=at)


def go_on(session: Session, case_id: UUID, told: CorrectionTold, *, by: Actor, at: Moment) -> None:
    """Take a request that was declined to the bureau, as the worker.

    Raises UnknownCorrectionError, CorrectionActRefusedError, CorrectionEmptyError,
    FrozenError, ErasedError.
    """
    case = _own(session, case_id, by, at)
    steps.refuse_unless(case, (CorrectionState.DECLINED,))
    until = clock_on(at.today).decide_until(at.today, rule_book(session).calendar)
    done = steps.Done(CorrectionAct.ESCALATE, due_on=until.day)
    steps.take(session, case, done, steps.said(told), by=by, at=at.now, today=at.today)


def withdraw(session: Session, case_id: UUID, *, by: Actor, at: Moment) -> None:
    """Give a request up, as the worker.

    Raises UnknownCorrectionError, CorrectionActRefusedError, FrozenError, ErasedError.
    """
    case = _own(session, case_id, by, at)
    if not case.state.is_open:
        raise CorrectionActRefusedError
    done = steps.Done(CorrectionAct.WITHDRAW)
    steps.take(session, case, done, CorrectionTold(), by=by, at=at.now, today=at.today)


def _own(session: Session, case_id: UUID, by: Actor, at: Moment) -> Case:
    """Return a request of the worker's own, in turn with others who act on it just now."""

    def seen() -> Case:
        return found.own(session, case_id, by=by, today=at.today)

    return steps.in_turn(session, seen(), at, seen)


def _open_ones(session: Session, worker_id: UUID, today: date) -> list[Case]:
    """Return a worker's open requests, when there may be one more."""
    take_turn(session, worker_id)
    cases = found.of_worker(session, worker_id, today=today)
    going_on = [one for one in cases if one.state.is_open]
    if len(going_on) >= MOST_OPEN:
        raise CorrectionsTooManyError(most=MOST_OPEN)
    return going_on


def _same(session: Session, worker_id: UUID, case: Case, newest: Record) -> bool:
    """Whether a request is about the record whose newest row this is."""
    about = case.opening.record_id
    if about is None:
        return False
    return records.newest_version(session, worker_id, about).original_id == newest.original_id


def _open(
    session: Session,
    opening: steps.Opening,
    told: CorrectionTold,
    *,
    record_id: UUID | None = None,
    sent: Sent | None,
    by: Actor,
    at: Moment,
) -> UUID:
    until = clock_on(at.today).answer_until(at.today, rule_book(session).calendar)
    done = steps.Done(
        CorrectionAct.OPEN,
        record_id=record_id,
        due_on=until.day,
        organisation_id=opening.organisation_id,
    )
    return steps.begin(session, opening, done, told, sent=sent, by=by, at=at.now, today=at.today)
