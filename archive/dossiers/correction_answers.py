"""How organisations and the bureau answer requests for correction and addition.

Each answer must be true: corrected means that there is a newer version, added that there is such
a record. How workers ask stands in corrections.py.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import correction_steps as steps
from archive.dossiers import corrections_found as found
from archive.dossiers import records
from archive.dossiers.correction_cases import MOST_PASSES, Case
from archive.dossiers.correction_clock import clock_on
from archive.dossiers.correction_refusals import (
    AnsweredItselfError,
    NotAddedError,
    NotCorrectedError,
    PassedOnOftenError,
)
from archive.dossiers.models import Record
from archive.dossiers.redemptions import Moment
from archive.people import organisations
from archive.people.access import may_all, refuse
from archive.people.actors import Actor
from archive.people.mergers import goes_on_in
from credit_bank.publishing import rule_book
from schemas.corrections import CorrectionTold
from schemas.vocabulary import (
    LEARNING_KINDS,
    Act,
    CorrectionAct,
    CorrectionState,
    Permission,
)

_SETTLED_FROM = (CorrectionState.WAITING, CorrectionState.DIRECTED, CorrectionState.WITH_BUREAU)
"""States in which what was asked for can be done, also late: it helps the worker."""


def corrected(
    session: Session, case_id: UUID, told: CorrectionTold, *, by: Actor, at: Moment
) -> None:
    """Answer that the record was corrected or withdrawn since; the newest version is named.

    Raises UnknownCorrectionError, CorrectionActRefusedError, NotCorrectedError, FrozenError,
    ErasedError.
    """
    case = _in_hand(session, case_id, by, at, _SETTLED_FROM)
    complained_of = case.opening.record_id
    if complained_of is None:
        raise NotCorrectedError
    holder = goes_on_in(session, case.opening.worker_id)
    newest = records.newest_version(session, holder, complained_of)
    if newest.act is Act.ADD or newest.recorded_at < case.opening.recorded_at:
        raise NotCorrectedError
    done = steps.Done(CorrectionAct.CORRECTED, record_id=newest.id)
    steps.take(session, case, done, told, by=by, at=at.now, today=at.today)


def added(
    session: Session,
    case_id: UUID,
    record_id: UUID | None,
    told: CorrectionTold,
    *,
    by: Actor,
    at: Moment,
) -> None:
    """Answer that a record was added since, which is named.

    Raises UnknownCorrectionError, CorrectionActRefusedError, NotAddedError, FrozenError,
    ErasedError.
    """
    case = _in_hand(session, case_id, by, at, _SETTLED_FROM)
    if record_id not in {one.id for one in added_since(session, case, by=by)}:
        raise NotAddedError
    done = steps.Done(CorrectionAct.ADDED, record_id=record_id)
    steps.take(session, case, done, told, by=by, at=at.now, today=at.today)


def decline(
    session: Session, case_id: UUID, told: CorrectionTold, *, by: Actor, at: Moment
) -> None:
    """Decline with a reason; the worker can go on to the bureau for some days.

    Raises UnknownCorrectionError, CorrectionActRefusedError, CorrectionEmptyError,
    FrozenError, ErasedError.
    """
    case = _in_hand(session, case_id, by, at, (CorrectionState.WAITING,))
    until = clock_on(at.today).go_on_until(at.today, rule_book(session).calendar)
    done = steps.Done(CorrectionAct.DECLINE, due_on=until.day)
    steps.take(session, case, done, steps.said(told), by=by, at=at.now, today=at.today)


def pass_on(
    session: Session,
    case_id: UUID,
    organisation: str,
    told: CorrectionTold,
    *,
    by: Actor,
    at: Moment,
) -> None:
    """Pass a request on to another organisation, whose time begins anew.

    Raises UnknownCorrectionError, CorrectionActRefusedError, CorrectionEmptyError,
    UnknownOrganisationError, PassedOnOftenError, FrozenError, ErasedError.
    """
    case = _in_hand(session, case_id, by, at, (CorrectionState.WAITING,))
    told = steps.said(told)
    body = found.who_answers(session, organisations.coded(session, organisation))
    if body.id in case.had_by or not case.passes_left:
        raise PassedOnOftenError(most=MOST_PASSES)
    until = clock_on(at.today).answer_until(at.today, rule_book(session).calendar)
    done = steps.Done(CorrectionAct.HAND_ON, due_on=until.day, organisation_id=body.id)
    steps.take(session, case, done, told, by=by, at=at.now, today=at.today)


def direct(
    session: Session,
    case_id: UUID,
    organisation: str,
    told: CorrectionTold,
    *,
    by: Actor,
    at: Moment,
) -> None:
    """Tell an organisation, as the bureau, to put it right within its time.

    Raises NotAllowedError, UnknownCorrectionError, CorrectionActRefusedError,
    CorrectionEmptyError, UnknownOrganisationError, FrozenError, ErasedError.
    """
    refuse(by, Permission.DECIDE_CORRECTION)
    case = _in_hand(session, case_id, by, at, (CorrectionState.WITH_BUREAU,))
    body = found.who_answers(session, organisations.coded(session, organisation))
    until = clock_on(at.today).answer_until(at.today, rule_book(session).calendar)
    done = steps.Done(CorrectionAct.DIRECT, due_on=until.day, organisation_id=body.id)
    steps.take(session, case, done, steps.said(told), by=by, at=at.now, today=at.today)


def dismiss(
    session: Session, case_id: UUID, told: CorrectionTold, *, by: Actor, at: Moment
) -> None:
    """Decline as the bureau, which ends the request; the page prints the ways of appeal.

    Raises NotAllowedError, UnknownCorrectionError, CorrectionActRefusedError,
    CorrectionEmptyError, AnsweredItselfError, FrozenError, ErasedError.
    """
    refuse(by, Permission.DECIDE_CORRECTION)
    case = _in_hand(session, case_id, by, at, (CorrectionState.WITH_BUREAU,))
    refusals = (one for one in case.steps if one.act is CorrectionAct.DECLINE)
    if any(one.recorded_by == by.id for one in refusals):
        raise AnsweredItselfError
    done = steps.Done(CorrectionAct.DISMISS)
    steps.take(session, case, done, steps.said(told), by=by, at=at.now, today=at.today)


def added_since(session: Session, case: Case, *, by: Actor) -> list[Record]:
    """Return the first rows of the records that an answer can name, the newest first.

    Those that were posted to the worker's dossier since the request: by the organisation that
    has it in hand, and for the bureau by anyone.
    """
    holder = goes_on_in(session, case.opening.worker_id)
    query = select(Record).where(
        col(Record.worker_id) == holder,
        col(Record.act) == Act.ADD,
        col(Record.kind).in_(LEARNING_KINDS),
        col(Record.recorded_at) >= case.opening.recorded_at,
    )
    if not may_all(by, Permission.ANSWER_CORRECTION):
        query = query.where(col(Record.organisation_id) == case.last.organisation_id)
    return list(session.exec(query.order_by(col(Record.recorded_at).desc(), col(Record.id))))


def _in_hand(
    session: Session, case_id: UUID, by: Actor, at: Moment, states: tuple[CorrectionState, ...]
) -> Case:
    """Return a request that somebody answers, in turn with others who do so just now."""

    def seen() -> Case:
        return found.addressed(session, case_id, by=by, today=at.today)

    case = steps.in_turn(session, seen(), at, seen)
    steps.refuse_unless(case, states)
    return case
