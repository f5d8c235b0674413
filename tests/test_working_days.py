"""Working days are counted by the lists of holidays, and say where there was none."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import RuleFileError
from credit_bank.rule_files import SHIPPED
from credit_bank.working_days import Calendar
from tests.outcomes import shipped_rules
from tests.test_rulebook import a_file, refused, with_shipped

DAYS = st.dates(date(2021, 6, 1), date(2027, 6, 30))
COUNTS = st.integers(1, 60)
STATUTORY = {2022: 11, 2023: 11, 2024: 11, 2025: 13, 2026: 13}
"""Holidays by law (全国年节及纪念日放假办法): 11 days a year, 13 since 2025."""


def calendar() -> Calendar:
    return shipped_rules().calendar


@given(DAYS, COUNTS)
def test_a_deadline_is_a_working_day_with_so_many_before_it(day, count):
    found = calendar().after(day, count)

    assert calendar().is_working_day(found.day)
    assert calendar().between(day, found.day) == count
    assert calendar().between(day, found.day - timedelta(days=1)) == count - 1


@given(DAYS, COUNTS, COUNTS)
def test_two_deadlines_in_a_row_are_one_of_both_lengths(day, first, second):
    in_a_row = calendar().after(calendar().after(day, first).day, second)

    assert in_a_row.day == calendar().after(day, first + second).day


@given(DAYS, COUNTS)
def test_a_later_event_never_has_an_earlier_deadline(day, count):
    later = day + timedelta(days=1)

    assert calendar().after(day, count).day <= calendar().after(later, count).day


@given(DAYS, COUNTS)
def test_a_deadline_says_exactly_which_years_had_no_list(day, count):
    found = calendar().after(day, count)
    counted = {(day + timedelta(days=at)).year for at in range(1, (found.day - day).days + 1)}

    assert set(found.years_without_list) == counted - set(range(2022, 2027))


@pytest.mark.parametrize("year", list(STATUTORY))
def test_what_a_notice_moves_about_adds_up_to_the_holidays_by_law(year):
    days = [date(year, 1, 1) + timedelta(days=at) for at in range(366)]
    mine = [day for day in days if day.year == year]

    free = sum(not calendar().is_working_day(day) for day in mine)

    assert free - sum(day.weekday() > 4 for day in mine) == STATUTORY[year]


def test_less_than_one_working_day_is_no_deadline():
    with pytest.raises(ValueError, match="at least one"):
        calendar().after(date(2024, 1, 1), 0)


# --- A list of a year, and its correction


def text_of(year: int) -> str:
    """Return the list of a year as the file writes it."""
    text = (SHIPPED / "working_days.toml").read_text(encoding="utf-8")
    rule = text[text.index(f'[[rule]]\nid = "working-days-{year}"') :]
    return rule[: rule.index("[[rule]]", 5)] if "[[rule]]" in rule[5:] else rule


def test_a_corrected_list_takes_the_place_of_the_whole_one(tmp_path):
    text = text_of(2026).replace("working-days-2026", "working-days-2026-b", 1)
    text = text.replace("in_force_until", 'replaces = "working-days-2026"\nin_force_until', 1)
    text = text.replace("worked = [2026-01-04, ", "worked = [")

    book = with_shipped(a_file(tmp_path, text, family="working_days"))

    assert shipped_rules().calendar.is_working_day(date(2026, 1, 4))
    assert not book.calendar.is_working_day(date(2026, 1, 4))
    assert book.calendar.is_working_day(date(2026, 2, 14))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("in_force_until = 2026-12-31", "in_force_until = 2026-12-30", "31 December"),
        ("worked = [2026-01-04,", "worked = [2026-01-05,", "Saturday or Sunday"),
        ("worked = [2026-01-04,", "worked = [2026-01-03,", "twice"),
        ("worked = [2026-01-04,", "worked = [2027-01-02,", "outside the year"),
        ("last_day = 2026-01-03", "last_day = 2025-12-31", "ends before it begins"),
    ],
)
def test_a_list_that_does_not_fit_its_year_is_refused(tmp_path, old, new, problem):
    text = text_of(2026)
    assert old in text

    told = refused(a_file(tmp_path, text.replace(old, new), family="working_days"), RuleFileError)

    assert problem in told
