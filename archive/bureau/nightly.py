"""The nightly run: what has run out is ended, for everybody.

Each step is a transaction of its own, and done twice it changes nothing: the run can be
killed at any point and repeated. Who runs it, and when, is the doors' business.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from functools import partial
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from credit_bank import bank
from credit_bank.cases import Suspension
from credit_bank.due import (
    Overdue,
    oldest_usable,
    overdue_cases,
    overdue_suspensions,
    workers_with_old_lots,
)
from credit_bank.errors import CaseActRefusedError, CreditBankError, ReferenceConflictError
from credit_bank.publishing import rule_book
from schemas.cases import CaseFact
from schemas.credits import as_credits
from schemas.ids import new_id
from schemas.nightly import NightlyReport
from schemas.vocabulary import CaseAct, CaseKind, IssuerAct

BATCH = 200
"""Workers a transaction: few enough that nobody waits long for the database."""
_BEFORE_ALL = UUID(int=0)
_NEXT_DAY = timedelta(days=1)

Step = Callable[[Session, datetime], None]


def run(archive: Database, *, now: datetime, zone: tzinfo) -> NightlyReport:
    """End what had run out before the local day of ``now``.

    A step that is refused, although its clock has run out, is told by its code and tried
    again the next time; the others are taken all the same.
    """
    today = now.astimezone(zone).date()
    with archive.reading() as session:
        cases = overdue_cases(session, today)
        holds = overdue_suspensions(session, today)
    postponed: list[str] = []
    lapsed: Counter[CaseKind] = Counter()
    for overdue in cases:
        lapsed[overdue.kind] += _taken(archive, partial(_lapse, overdue), now, postponed)
    released = sum(_taken(archive, partial(_release, hold), now, postponed) for hold in holds)
    workers, units = _expire_everybody(archive, now=now, today=today, zone=zone)
    return NightlyReport(
        day=today,
        workers=workers,
        expired=as_credits(units),
        appeals_lapsed=lapsed[CaseKind.APPEAL],
        redemptions_lapsed=lapsed[CaseKind.REDEMPTION],
        suspensions_released=released,
        postponed=tuple(postponed),
    )


def _taken(archive: Database, step: Step, now: datetime, postponed: list[str]) -> bool:
    """Take a step by itself; tell whether it was. What others did meanwhile needs none."""
    try:
        with archive.transaction() as session:
            step(session, now)
    except (CaseActRefusedError, ReferenceConflictError):
        return False
    except CreditBankError as refusal:
        postponed.append(refusal.code)
        return False
    return True


def _lapse(overdue: Overdue, session: Session, now: datetime) -> None:
    """End a case that nobody went on with: as of the day after the last, whenever it is found."""
    fact = CaseFact(
        id=new_id(),
        case_id=overdue.case_id,
        kind=overdue.kind,
        act=CaseAct.LAPSE,
        reference=f"{overdue.case_id}/lapse",
        effective_on=overdue.due_on + _NEXT_DAY,
        outcome_id=overdue.outcome_id,
        organisation_id=overdue.organisation_id,
        reason="clock_ran_out",
    )
    bank.take_step(session, overdue.worker_id, fact, by=None, now=now)


def _release(hold: Suspension, session: Session, now: datetime) -> None:
    """Release what nobody decided about; all workers at once, as the decision held them."""
    last = hold.last
    if last.due_on is None:
        return
    fact = last.model_copy(
        update={
            "id": new_id(),
            "act": IssuerAct.RELEASE,
            "effective_on": last.due_on + _NEXT_DAY,
            "due_on": None,
        }
    )
    bank.decide_on_issuer(session, fact, by=None, now=now)


def _expire_everybody(
    archive: Database, *, now: datetime, today: date, zone: tzinfo
) -> tuple[int, int]:
    """Expire what can no longer be used; return how many workers were looked at, and the units."""
    workers = units = 0
    last = _BEFORE_ALL
    with archive.reading() as session:
        before = oldest_usable(rule_book(session), today)
    while True:
        with archive.reading() as session:
            batch = workers_with_old_lots(session, before, after=last, most=BATCH)
        if not batch:
            return workers, units
        with archive.transaction() as session:
            units += bank.expire(session, batch, now=now, today=today, zone=zone)
        workers, last = workers + len(batch), batch[-1]
