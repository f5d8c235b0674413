"""When units of a lot can no longer be used."""

from datetime import date

from credit_bank.families import ShelfLifeRule
from credit_bank.judging import EXPIRED as EXPIRED_TEXT
from credit_bank.lots import Lot
from credit_bank.motions import AVAILABLE, EXPIRED, Motion, exchange
from credit_bank.rulebook import PublishedRule
from schemas.credits import LearningOutcome
from schemas.vocabulary import Cause, Family


def last_day_of(
    outcome: LearningOutcome, published: PublishedRule | None, granted_on: date
) -> date | None:
    """Return the last day on which a grant of a local day can be used; None when it never ends."""
    if published is None or not isinstance(published.rule, ShelfLifeRule):
        return None
    return published.rule.last_day(outcome.kind, outcome.effective_on, granted_on)


def expiries(
    lot: Lot, published: PublishedRule, last_day: date, granted_on: date, today: date
) -> list[Motion]:
    """Return how what is left of a lot expires after its last day.

    As of that day; what was held on it expires as of the day on which it came back, for it
    cannot have left ``available`` before.
    """
    return [
        _expiry(units, day, published, last_day, granted_on, today)
        for day, units in lot.lying_since(last_day)
    ]


def _expiry(  # How much, as of when, by which rule, and what it rests on.
    units: int,
    day: date,
    published: PublishedRule,
    last_day: date,
    granted_on: date,
    today: date,
) -> Motion:
    return Motion(
        family=Family.SHELF_LIFE,
        cause=Cause.EXPIRY,
        reason="shelf_life_over",
        day=day,
        moves=exchange(AVAILABLE, EXPIRED, units),
        text=EXPIRED_TEXT,
        published=published,
        context={
            "granted_on": granted_on.isoformat(),
            "today": today.isoformat(),
        },
        facts={"day": last_day.isoformat()},
    )
