"""Appeals against a line of a statement: filed, answered, taken to the bureau, decided.

The rule in force on the day of a step sets the clock of the next one, in working days. What
is told of an appeal stands in appeal_views.py, what runs out in bureau/nightly.py.
"""

from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import records
from archive.dossiers.appeal_refusals import (
    AppealLateError,
    AppealNotHereError,
    AppealPendingError,
    AppealRepeatedError,
    EscalationLateError,
    NotPutRightError,
    OwnAnswerError,
)
from archive.dossiers.appealed import (
    addressed,
    appeal_rule,
    case_of,
    changed_since,
    filed_under,
    filings,
    issuer_of,
    own,
    own_line,
)
from archive.dossiers.notes import reason_sealed
from archive.dossiers.sealing import source_of
from archive.people.access import refuse_deciding
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.closing import refuse_frozen
from credit_bank import bank
from credit_bank.cases import Case
from credit_bank.errors import CaseActRefusedError
from credit_bank.models import CaseEvent
from credit_bank.publishing import rule_book
from schemas.cases import CaseFact
from schemas.ids import new_id
from schemas.vocabulary import CaseAct, CaseKind, Cause, Permission, Way

APPEALABLE = frozenset({Cause.GRANT, Cause.EXPIRY})
"""What a record earned or lost by the rules; the rest follows from cases of their own."""


def file_appeal(  # Whose line, why, who, when.
    session: Session,
    worker_id: UUID,
    entry_id: UUID,
    *,
    text: str,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> UUID:
    """Appeal against a line of a statement; its record's credits are held at once.

    The worker does, at the counter too. Returns the id of the case. Raises
    UnknownLineError, WhyMissingError, AppealNotHereError, AppealLateError,
    AppealRepeatedError, AppealOpenError, AppealWithoutRuleError, ErasedError.
    """
    entry = own_line(session, worker_id, entry_id, by)
    if entry.cause not in APPEALABLE:
        raise AppealNotHereError
    today, rules = _day(now, zone), rule_book(session)
    rule = appeal_rule(rules, today)
    until = rule.file_until(_day(entry.recorded_at, zone), rules.calendar).day
    if today > until:
        raise AppealLateError(day=until)
    case_id = new_id()
    fact = CaseFact(
        id=case_id,
        case_id=case_id,
        kind=CaseKind.APPEAL,
        act=CaseAct.OPEN,
        reference=_next_reference(session, worker_id, entry_id),
        effective_on=today,
        outcome_id=entry.outcome_id,
        organisation_id=issuer_of(session, worker_id, entry.outcome_id),
        due_on=rule.answer_until(today, rules.calendar).day,
    )
    note = reason_sealed(session, worker_id, text)
    if bank.take_step(session, worker_id, fact, by=by.id, now=now, note=note):
        mark(session, Permission.APPEAL, case_id, worker_id=worker_id, by=by, now=now)
        return case_id
    return filed_under(session, worker_id, fact.reference)  # Sent twice in one moment.


def answer(  # Which, how, why, who, when.
    session: Session,
    case_id: UUID,
    *,
    is_upheld: bool,
    text: str,
    by: Actor,
    now: datetime,
    zone: tzinfo,
    withdraws_record: bool = False,
) -> None:
    """Answer as the organisation that posted the record, or record its answer as the bureau.

    To uphold, the record has to be put right first; ``withdraws_record`` withdraws it in the
    same step. After a rejection the worker can go on to the bureau until a day. Raises
    UnknownAppealError, WhyMissingError, NotPutRightError, CaseActRefusedError,
    AppealWithoutRuleError, ErasedError.
    """
    opening = addressed(session, case_id, by)
    worker_id, today, rules = opening.worker_id, _day(now, zone), rule_book(session)
    note = reason_sealed(session, worker_id, text)
    if is_upheld:
        if withdraws_record and opening.outcome_id:
            source = source_of(Way.CASE, {"reason": text}, reference=str(case_id))
            records.withdraw(
                session, worker_id, opening.outcome_id, reason=text, by=by, now=now, source=source
            )
        if opening.outcome_id not in changed_since(session, worker_id, opening.recorded_at):
            raise NotPutRightError
    until = (
        None if is_upheld else appeal_rule(rules, today).second_file_until(today, rules.calendar)
    )
    fact = _following(
        opening,
        CaseAct.ANSWER,
        today,
        due_on=until.day if until else None,
        is_upheld=is_upheld,
    )
    bank.take_step(session, worker_id, fact, by=by.id, now=now, note=note)


def escalate(
    session: Session, case_id: UUID, *, text: str, by: Actor, now: datetime, zone: tzinfo
) -> None:
    """Take an appeal to the bureau: it was rejected, or nobody answered in time.

    Raises UnknownAppealError, WhyMissingError, AppealPendingError, EscalationLateError,
    CaseActRefusedError, AppealWithoutRuleError, ErasedError.
    """
    opening = own(session, case_id, by)
    today, rules = _day(now, zone), rule_book(session)
    _refuse_escalating(case_of(session, opening), today)
    until = appeal_rule(rules, today).second_answer_until(today, rules.calendar)
    fact = _following(opening, CaseAct.ESCALATE, today, due_on=until.day if until else None)
    note = reason_sealed(session, opening.worker_id, text)
    bank.take_step(session, opening.worker_id, fact, by=by.id, now=now, note=note)
    mark(session, Permission.APPEAL, fact.id, worker_id=opening.worker_id, by=by, now=now)


def decide(  # Which, how, why, who, when.
    session: Session,
    case_id: UUID,
    *,
    is_upheld: bool,
    text: str,
    by: Actor,
    now: datetime,
    zone: tzinfo,
) -> None:
    """Decide as the bureau, the second instance; then the appeal is over.

    Raises UnknownAppealError, WhyMissingError, NotAllowedError, OwnAnswerError,
    CaseActRefusedError, ErasedError.
    """
    opening = addressed(session, case_id, by)
    refuse_deciding(by)
    mine = select(CaseEvent.id).where(
        col(CaseEvent.worker_id) == opening.worker_id,
        col(CaseEvent.case_id) == case_id,
        col(CaseEvent.act) == CaseAct.ANSWER,
        col(CaseEvent.recorded_by) == by.id,
    )
    if session.exec(mine).first():
        raise OwnAnswerError
    fact = _following(opening, CaseAct.DECIDE, _day(now, zone), is_upheld=is_upheld)
    note = reason_sealed(session, opening.worker_id, text)
    bank.take_step(session, opening.worker_id, fact, by=by.id, now=now, note=note)


def withdraw(session: Session, case_id: UUID, *, by: Actor, now: datetime, zone: tzinfo) -> None:
    """Give an appeal up; raises UnknownAppealError, CaseActRefusedError."""
    opening = own(session, case_id, by)
    refuse_frozen(session, opening.worker_id)
    fact = _following(opening, CaseAct.WITHDRAW, _day(now, zone))
    bank.take_step(session, opening.worker_id, fact, by=by.id, now=now)
    mark(session, Permission.APPEAL, fact.id, worker_id=opening.worker_id, by=by, now=now)


def _refuse_escalating(case: Case, today: date) -> None:
    """Raise unless the bureau can be asked today; what the bank refuses is left to it."""
    if case.last is CaseAct.OPEN and case.due_on and today <= case.due_on:
        raise AppealPendingError(day=case.due_on)
    if case.last is CaseAct.ANSWER:
        if case.is_upheld:
            raise CaseActRefusedError(act=CaseAct.ESCALATE, kind=case.kind, last=CaseAct.ANSWER)
        if case.due_on and today > case.due_on:
            raise EscalationLateError(day=case.due_on)


def _following(
    opening: CaseEvent,
    act: CaseAct,
    today: date,
    *,
    due_on: date | None = None,
    is_upheld: bool | None = None,
) -> CaseFact:
    return CaseFact(
        id=new_id(),
        case_id=opening.case_id,
        kind=CaseKind.APPEAL,
        act=act,
        reference=f"{opening.case_id}/{act}",
        effective_on=today,
        outcome_id=opening.outcome_id,
        organisation_id=opening.organisation_id,
        due_on=due_on,
        is_upheld=is_upheld,
    )


def _next_reference(session: Session, worker_id: UUID, entry_id: UUID) -> str:
    """Return the name of the next filing against a line; the earlier ones were given up.

    Raises AppealRepeatedError when one of them came to its end.
    """
    name = f"appeal:{entry_id}/"
    ended = 0
    for opening in filings(session, worker_id):
        if not opening.reference.startswith(name):
            continue
        case = case_of(session, opening)
        if not case.is_open and case.last is not CaseAct.WITHDRAW:
            raise AppealRepeatedError
        ended += 1
    return f"{name}{ended + 1}"


def _day(now: datetime, zone: tzinfo) -> date:
    return now.astimezone(zone).date()
