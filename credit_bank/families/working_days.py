"""The State Council's list of holidays and make-up working days of one year."""

from datetime import date, timedelta
from typing import Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import (
    DAY_OUTSIDE,
    DAY_TWICE,
    HOLIDAY_ENDS_TOO_EARLY,
    WHOLE_YEAR,
    WORKED_WEEKDAY,
    UnfitValueError,
)
from credit_bank.families.base import RuleBase, as_day
from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import Family

_FRIDAY = 4


class Holiday(Contract):
    """Some days in a row on which nobody works."""

    name: Bilingual
    first_day: date
    last_day: date

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=at) for at in range(count)]


class WorkingDaysRule(RuleBase):
    """One year's holidays, and the week-end days that are worked instead (调休)."""

    family: Literal[Family.WORKING_DAYS]
    holiday: tuple[Holiday, ...] = Field(min_length=1)
    worked: frozenset[date]
    """Saturdays and Sundays that are working days."""

    @model_validator(mode="after")
    def _one_year_of_days_that_fit(self) -> Self:
        first, last = self.in_force_from, self.in_force_until
        if (first.month, first.day) != (1, 1) or last != date(first.year, 12, 31):
            raise UnfitValueError(WHOLE_YEAR)
        free = [day for holiday in self.holiday for day in holiday.days]
        if any(holiday.last_day < holiday.first_day for holiday in self.holiday):
            raise UnfitValueError(HOLIDAY_ENDS_TOO_EARLY)
        if len(set(free)) != len(free) or set(free) & self.worked:
            raise UnfitValueError(DAY_TWICE)
        if any(day.year != first.year for day in (*free, *self.worked)):
            raise UnfitValueError(DAY_OUTSIDE)
        if any(day.weekday() <= _FRIDAY for day in self.worked):
            raise UnfitValueError(WORKED_WEEKDAY)
        return self

    def is_working_day(self, day: date) -> bool:
        """Whether a day of the list's year is worked."""
        if any(holiday.first_day <= day <= holiday.last_day for holiday in self.holiday):
            return False
        return day.weekday() <= _FRIDAY or day in self.worked

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return whether a ``day`` is worked."""
        return {"worked": "yes" if self.is_working_day(as_day(given["day"])) else "no"}
