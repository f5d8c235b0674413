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


def expire_lot(
    lot: Lot, published: PublishedRule, last_day: date, granted_on: date, today: date
) -> Motion:
    """Return how what is left of a lot expires after its last day."""
    left = lot.units[AVAILABLE]
    return Motion(
        family=Family.SHELF_LIFE,
        cause=Cause.EXPIRY,
        reason="shelf_life_over",
        day=last_day,
        moves=exchange(AVAILABLE, EXPIRED, left),
        text=EXPIRED_TEXT,
        published=published,
        context={
            "granted_on": granted_on.isoformat(),
            "today": today.isoformat(),
        },
        facts={"day": last_day.isoformat()},
    )
