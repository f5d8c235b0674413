"""What has run out by a day: clocks of cases, holds on issuers, lots that may expire.

Queries only; a step is taken by whoever asked. What was answered meanwhile is not among it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, col, func, select

from credit_bank.bulk import table_of
from credit_bank.cases import Suspension, told_cases
from credit_bank.desk import events_with_bodies
from credit_bank.families import ShelfLifeRule
from credit_bank.issuers import suspensions
from credit_bank.models import CaseEvent, ChainHead, Entry, Posting
from credit_bank.rulebook import RuleBook
from credit_bank.traces import case_fact_in
from schemas.vocabulary import Account, CaseAct, CaseKind, Family

_BATCH = 400  # Workers a query; below every database's limit on bound values.
_IN_EVERY_MONTH, _TO_THE_NEXT = 28, timedelta(days=4)
_ENDS = {
    (CaseKind.APPEAL, CaseAct.ANSWER),
    (CaseKind.REDEMPTION, CaseAct.OPEN),
}
"""Where a case stands when nobody did anything within the clock, so that it lapses."""


class Overdue(NamedTuple):
    """A case whose clock has run out."""

    worker_id: UUID
    case_id: UUID
    kind: CaseKind
    organisation_id: UUID | None
    outcome_id: UUID | None
    due_on: date
    """The last day on which something could have been done."""


def overdue_cases(session: Session, today: date, *, of: UUID | None = None) -> list[Overdue]:
    """Return the cases (of one worker, or of all) that lapse: their last day is before ``today``.

    An appeal lapses when the worker does not go on after a rejection, a redemption when
    nobody answers within the clock that its rule set; else there is no day on it.
    """
    query = (
        select(CaseEvent.worker_id)
        .where(col(CaseEvent.due_on) < today)
        .distinct()
        .order_by(col(CaseEvent.worker_id))
    )
    workers = [of] if of else list(session.exec(query))
    found: list[Overdue] = []
    for at in range(0, len(workers), _BATCH):
        found += _overdue_of(session, workers[at : at + _BATCH], today)
    return found


def _overdue_of(session: Session, worker_ids: Sequence[UUID], today: date) -> Iterator[Overdue]:
    events = [
        (row.worker_id, case_fact_in(body)) for row, body in events_with_bodies(session, worker_ids)
    ]
    whose = {fact.case_id: worker_id for worker_id, fact in events}
    for case in told_cases(fact for _, fact in events).values():
        waits = case.last is not None and (case.kind, case.last) in _ENDS
        if waits and case.is_open and case.due_on and case.due_on < today:
            yield Overdue(
                worker_id=whose[case.id],
                case_id=case.id,
                kind=case.kind,
                organisation_id=case.organisation_id,
                outcome_id=case.outcome_id,
                due_on=case.due_on,
            )


def overdue_suspensions(session: Session, today: date) -> list[Suspension]:
    """Return the holds on issuers that nobody decided about until their last day."""
    return [
        one
        for one in suspensions(session).values()
        if one.holds and one.last.due_on and one.last.due_on < today
    ]


def oldest_usable(rules: RuleBook, today: date) -> date:
    """Return a day such that no outcome after it can expire before ``today``.

    By the shortest shelf life that any rule ever set; the notice only makes it later.
    """
    years = [
        shortest
        for one in rules.of(Family.SHELF_LIFE)
        if isinstance(one.rule, ShelfLifeRule)
        for shortest in one.rule.years.values()
    ]
    if not years:
        return date.min
    return date(today.year - min(years), today.month, _IN_EVERY_MONTH) + _TO_THE_NEXT


def count_workers(session: Session) -> int:
    """Return how many workers have an account."""
    return session.exec(select(func.count()).select_from(ChainHead)).one()


def next_workers(session: Session, *, after: UUID, most: int) -> list[UUID]:
    """Return the next workers in the order of their ids, beginning after one of them."""
    own = col(ChainHead.worker_id)
    return list(session.exec(select(own).where(own > after).order_by(own).limit(most)))


def workers_with_old_lots(
    session: Session, before: date, *, after: UUID, until: UUID
) -> list[UUID]:
    """Return the workers of a range who can use something that was achieved until a day.

    ``after`` is outside the range, ``until`` its last worker; in the order of their ids.
    """
    postings, entries = table_of(Posting).c, table_of(Entry).c
    lots = (
        sqlalchemy.select(postings.worker_id)
        .join(
            table_of(Entry),
            (entries.worker_id == postings.worker_id) & (entries.id == postings.entry_id),
        )
        .where(postings.worker_id > after, postings.worker_id <= until)
        .where(postings.account == Account.AVAILABLE)
        .group_by(postings.worker_id, postings.lot_id)
        .having(func.sum(postings.units) > 0, func.min(entries.effective_on) <= before)
    ).subquery()
    query = sqlalchemy.select(lots.c.worker_id).distinct().order_by(lots.c.worker_id)
    return list(session.connection().execute(query).scalars())
