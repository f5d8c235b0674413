"""How long someone worked: spans, their calendar length, and when enough will be reached."""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from credit_bank.conditions.ways import Counting
from schemas.eligibility import Time

_MONTHS = 12
_DAYS_A_MONTH = 31
"""Left-over days of several employments are added, and so many make a month: no month is longer,
so that nobody gains a day by splitting an employment."""
_DAY = timedelta(days=1)
_HORIZON = timedelta(days=366 * 61)  # Beyond every number of years that a rule may ask.


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Days from ``first`` up to, and without, ``end``."""

    first: date
    end: date


def later(day: date, *, years: int = 0, months: int = 0) -> date:
    """Return the same calendar day later; where that month has none, its last."""
    month = day.year * _MONTHS + day.month - 1 + years * _MONTHS + months
    year, month = divmod(month, _MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def between(first: date, end: date) -> Time:
    """Return the calendar time from one day to another: whole months, and the days left."""
    months, days = _between(first, end)
    return _time(months, days)


def is_enough(has: Time, needed: Time) -> bool:
    """Whether a time is as long as another."""
    return _key(has) >= _key(needed)


def worked(spans: Iterable[Span], counting: Counting, longest_break: int) -> Time:
    """Return how long someone worked; days of two employments at once count once.

    Unbroken work is the longest run whose breaks are no longer than ``longest_break``
    days; the breaks themselves are not counted.
    """
    merged = _merged(spans)
    if counting == "cumulated":
        return _added(merged)
    runs = [_added(run) for run in _runs(merged, longest_break)]
    return max(runs, key=_key, default=Time())


def reached_on(
    spans: Sequence[Span], needed: Time, counting: Counting, longest_break: int, *, day: date
) -> date:
    """Return the first day on which enough is worked if work goes on, or begins, on ``day``."""
    low, high = day, day + _HORIZON
    while low < high:
        middle = low + (high - low) // 2
        if is_enough(worked([*spans, Span(day, middle)], counting, longest_break), needed):
            high = middle
        else:
            low = middle + _DAY
    return low


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.first:
            continue
        if merged and span.first <= merged[-1].end:
            merged[-1] = Span(merged[-1].first, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _runs(merged: Sequence[Span], longest_break: int) -> list[list[Span]]:
    runs: list[list[Span]] = []
    for span in merged:
        if runs and (span.first - runs[-1][-1].end).days <= longest_break:
            runs[-1].append(span)
        else:
            runs.append([span])
    return runs


def _added(merged: Sequence[Span]) -> Time:
    lengths = [_between(span.first, span.end) for span in merged]
    months = sum(length[0] for length in lengths)
    days = sum(length[1] for length in lengths)
    if len(lengths) > 1:
        months, days = months + days // _DAYS_A_MONTH, days % _DAYS_A_MONTH
    return _time(months, days)


def _between(first: date, end: date) -> tuple[int, int]:
    if end <= first:
        return (0, 0)
    months = (end.year - first.year) * _MONTHS + end.month - first.month
    while later(first, months=months) > end:
        months -= 1
    return months, (end - later(first, months=months)).days


def _time(months: int, days: int) -> Time:
    return Time(years=months // _MONTHS, months=months % _MONTHS, days=days)


def _key(time: Time) -> tuple[int, int]:
    return (time.years * _MONTHS + time.months, time.days)


def spoken(time: Time) -> str:
    """Return a time in English, as examples and cases write it: ``3 years 11 months``."""
    parts = {"year": time.years, "month": time.months, "day": time.days}
    told = [f"{count} {unit}{'' if count == 1 else 's'}" for unit, count in parts.items() if count]
    return " ".join(told) or "0 days"
