"""Finding appeals, and what they are about, for those who may see them."""

from collections.abc import Set as AbstractSet
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select

from archive.dossiers.appeal_refusals import (
    AppealWithoutRuleError,
    UnknownAppealError,
    UnknownLineError,
)
from archive.dossiers.models import Record
from archive.errors import UnknownWorkerError
from archive.people.access import reaches_organisation, refuse_reading
from archive.people.actors import Actor
from credit_bank.cases import Case, told_cases
from credit_bank.desk import events_with_bodies
from credit_bank.families import AppealRule
from credit_bank.models import CaseEvent, Entry, Outcome
from credit_bank.rulebook import RuleBook
from credit_bank.traces import case_fact_in
from schemas.vocabulary import Act, CaseAct, CaseKind, Family, Permission

_FILED = (col(CaseEvent.kind) == CaseKind.APPEAL, col(CaseEvent.act) == CaseAct.OPEN)


def own(session: Session, case_id: UUID, by: Actor) -> CaseEvent:
    """Return the filing of an appeal of the asker's own; the bureau acts for any worker.

    Raises UnknownAppealError.
    """
    opening = filing(session, case_id)
    try:
        refuse_reading(session, by, opening.worker_id, Permission.APPEAL)
    except UnknownWorkerError:
        raise UnknownAppealError from None
    return opening


def addressed(session: Session, case_id: UUID, by: Actor) -> CaseEvent:
    """Return the filing of an appeal that the asker's organisation answers; the bureau any.

    Raises UnknownAppealError.
    """
    opening = filing(session, case_id)
    if not reaches_organisation(by, Permission.ANSWER_APPEAL, opening.organisation_id):
        raise UnknownAppealError
    return opening


def filings(session: Session, worker_id: UUID) -> list[CaseEvent]:
    """Return the filings of a worker's appeals, in the order of their moments."""
    query = select(CaseEvent).where(col(CaseEvent.worker_id) == worker_id, *_FILED)
    return list(session.exec(query.order_by(col(CaseEvent.recorded_at), col(CaseEvent.id))))


def filed_under(session: Session, worker_id: UUID, reference: str) -> UUID:
    """Return the case that a worker's filing of a reference began."""
    query = select(CaseEvent.case_id).where(
        col(CaseEvent.worker_id) == worker_id, col(CaseEvent.reference) == reference, *_FILED
    )
    return session.exec(query).one()


def line_of(opening: CaseEvent) -> UUID:
    """Return the line of the statement that an appeal is against."""
    return UUID(opening.reference.partition(":")[2].partition("/")[0])


def filed_lately(session: Session, organisation_id: UUID | None, *, most: int) -> list[CaseEvent]:
    """Return filings that were addressed to an organisation: those that go on first.

    Without one, to all. No more than ``most``, the newest of each.
    """
    last = aliased(CaseEvent)
    is_upheld = (col(last.act) == CaseAct.ANSWER) & col(last.due_on).is_(None)
    is_over = exists().where(
        col(last.worker_id) == col(CaseEvent.worker_id),
        col(last.case_id) == col(CaseEvent.case_id),
        col(last.act).in_((CaseAct.WITHDRAW, CaseAct.LAPSE, CaseAct.DECIDE)) | is_upheld,
    )
    query = select(CaseEvent).where(*_FILED)
    if organisation_id is not None:
        query = query.where(col(CaseEvent.organisation_id) == organisation_id)
    newest = (col(CaseEvent.recorded_at).desc(), col(CaseEvent.id).desc())
    return list(session.exec(query.order_by(is_over, *newest).limit(most)))


def own_line(session: Session, worker_id: UUID, entry_id: UUID, by: Actor) -> Entry:
    """Return a line of a worker's statement; raises UnknownLineError, also for another's."""
    try:
        refuse_reading(session, by, worker_id, Permission.APPEAL)
    except UnknownWorkerError:
        raise UnknownLineError from None
    entry = session.get(Entry, (worker_id, entry_id))
    if entry is None:
        raise UnknownLineError
    return entry


def issuer_of(session: Session, worker_id: UUID, lineage_id: UUID) -> UUID:
    """Return the organisation whose outcome it is."""
    query = select(Outcome.issuer_id).where(
        col(Outcome.worker_id) == worker_id, col(Outcome.id) == lineage_id
    )
    return session.exec(query).one()


def case_of(session: Session, opening: CaseEvent) -> Case:
    """Return what an appeal has come to."""
    facts = [
        case_fact_in(body)
        for event, body in events_with_bodies(session, [opening.worker_id])
        if event.case_id == opening.case_id
    ]
    return told_cases(facts)[opening.case_id]


def changed_since(session: Session, worker_id: UUID, moment: datetime) -> AbstractSet[UUID]:
    """Return the records of a worker that were corrected or withdrawn since a moment."""
    query = select(Record.original_id).where(
        col(Record.worker_id) == worker_id,
        col(Record.act) != Act.ADD,
        col(Record.recorded_at) >= moment,
    )
    return set(session.exec(query))


def appeal_rule(rules: RuleBook, day: date) -> AppealRule:
    """Return the rule on appeals in force on a day; raises AppealWithoutRuleError."""
    published = rules.in_force(Family.APPEAL, day)
    if published is None or not isinstance(published.rule, AppealRule):
        raise AppealWithoutRuleError(day=day)
    return published.rule


def filing(session: Session, case_id: UUID) -> CaseEvent:
    """Return with which event an appeal began; raises UnknownAppealError."""
    query = select(CaseEvent).where(col(CaseEvent.id) == case_id, *_FILED)
    opening = session.exec(query).one_or_none()
    if opening is None:
        raise UnknownAppealError
    return opening
