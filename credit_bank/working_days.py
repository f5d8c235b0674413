"""Counting working days by the dated lists of holidays. Pure.

A year without a list counts Monday to Friday, and every answer that rests on it says so.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

_FRIDAY = 4
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last day, and the years on the way to it for which there was no list of holidays."""

    day: date
    years_without_list: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The lists by year: whether a day of that year is worked."""

    by_year: Mapping[int, Callable[[date], bool]] = field(default_factory=dict)

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked; without a list of its year, from Monday to Friday."""
        listed = self.by_year.get(day.year)
        return listed(day) if listed else day.weekday() <= _FRIDAY

    def after(self, day: date, working_days: int) -> Deadline:
        """Return the day that is so many working days later; ``day`` itself does not count.

        Raises ValueError for less than one working day.
        """
        if working_days < 1:
            message = "at least one working day"
            raise ValueError(message)
        last, left = day, working_days
        while left:
            last += _DAY
            left -= self.is_working_day(last)
        years = range((day + _DAY).year, last.year + 1)
        return Deadline(last, tuple(year for year in years if year not in self.by_year))

    def between(self, first: date, last: date) -> int:
        """Return how many working days lie after ``first`` up to ``last``, that day included."""
        days = ((first + _DAY * at) for at in range(1, (last - first).days + 1))
        return sum(self.is_working_day(one) for one in days)
