"""How long credits can be used."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from credit_bank.families.base import RuleBase, as_day
from schemas.vocabulary import Family, RecordKind


class ShelfLifeRule(RuleBase):
    """How many years units can be used, by the kind of outcome; unnamed kinds for ever."""

    family: Literal[Family.SHELF_LIFE]
    years: dict[RecordKind, Annotated[int, Field(gt=0, le=100)]]
    notice_days: int = Field(ge=0)

    def expires_on(self, kind: RecordKind, effective_on: date) -> date | None:
        """Return the last day of use, or None when there is none.

        The same calendar day some years later; where that year has none, the month's last.
        """
        years = self.years.get(kind)
        if years is None:
            return None
        year, month = effective_on.year + years, effective_on.month
        return date(year, month, min(effective_on.day, monthrange(year, month)[1]))

    def last_day(self, kind: RecordKind, effective_on: date, granted_on: date) -> date | None:
        """Return the last day of use of units that were granted on a day; None for ever.

        Never before the notice time since the grant is over.
        """
        own = self.expires_on(kind, effective_on)
        return own and max(own, granted_on + timedelta(days=self.notice_days))

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return the last day of use of what is ``effective_on`` a day; nothing for ever."""
        day = self.expires_on(RecordKind(str(given["kind"])), as_day(given["effective_on"]))
        return {"expires_on": day.isoformat()} if day else {}
