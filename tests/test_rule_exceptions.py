"""Dated exceptions from a rule: which one applies, what it changes, and which are refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank.errors import RuleFileError
from credit_bank.families.exceptions import When
from credit_bank.judging import EXCEPTION
from credit_bank.rule_files import SHIPPED
from credit_bank.rule_refusals import (
    RuleExceptionIdleError,
    RuleExceptionsMeetError,
    RuleSourceMissingError,
    RuleUnitUnknownError,
)
from credit_bank.rulebook import RuleBook
from schemas.credits import CompetitionMeasures
from schemas.vocabulary import ContestTier, Rank
from tests.outcomes import a_course, a_level, an_outcome, issuer, judged
from tests.test_rulebook import a_file, a_rule, refused, with_shipped

DAY = date(2027, 6, 1)


def an_exception(
    name: str = "night-courses",
    when: str = 'course_code = ["E-01"]',
    changes: str = "hours_per_credit = 12",
    source: str = 'source = "（示例）补充通知"',
) -> str:
    return f"""
[[rule.exception]]
id = "{name}"
title = {{ zh = "例外", en = "Exception" }}
{source}
when = {{ {when} }}
changes = {{ {changes} }}
"""


def a_book(folder, *exceptions: str) -> RuleBook:
    return with_shipped(a_file(folder, a_rule(more="".join(exceptions))))


def test_an_exception_changes_the_values_that_it_names_and_says_so(tmp_path):
    book = a_book(tmp_path, an_exception())

    plain, special = judged(
        a_course("36", DAY, code="E-02"), a_course("36", DAY, code="E-01"), rules=book
    )

    assert [plain.result.units, special.result.units] == [20_000, 30_000]
    assert special.trace().steps[0].text == EXCEPTION
    assert special.trace().steps[0].facts == {"exception": "night-courses"}
    assert EXCEPTION not in {step.text for step in plain.trace().steps}


@pytest.mark.parametrize(
    ("when", "applies"),
    [
        (f'issuer = ["{issuer("A")}"]', True),
        (f'issuer = ["{issuer("B")}"]', False),
        (f'issuer = ["{issuer("B")}", "{issuer("A")}"]', True),
        ('occupation = ["6-31-01-03"]', False),
        ('course = ["course of A"]', True),
        ('course = ["another"]', False),
        ("first_day = 2027-06-01", True),
        ("first_day = 2027-06-02", False),
        ('course = ["course of A"], last_day = 2027-06-01', True),
        ('course = ["course of A"], last_day = 2027-05-31', False),
        ('course = ["course of A"], first_day = 2027-06-02', False),
    ],
)
def test_an_exception_applies_when_all_that_it_names_holds(tmp_path, when, applies):
    (found,) = judged(a_course("36", DAY), rules=a_book(tmp_path, an_exception(when=when)))

    assert found.result.units == (30_000 if applies else 20_000)


def test_of_a_table_an_exception_changes_only_the_lines_that_it_names(tmp_path):
    shipped = text_of("certificate").replace("certificate-2022", "certificate-2027", 1)
    later = 'in_force_from = 2027-01-01\nreplaces = "certificate-2022"'
    text = shipped.replace("in_force_from = 2022-09-15", later)
    more = an_exception(when='occupation = ["6-18-02-04"]', changes='by_rank = { 3 = "40" }')
    book = with_shipped(a_file(tmp_path, text + more, family="certificate"))

    def earned(occupation: str) -> list[int]:
        middle = a_level(Rank.INTERMEDIATE, DAY, occupation=occupation)
        senior = a_level(Rank.SENIOR, date(2027, 7, 1), occupation=occupation)
        return [one.result.units for one in judged(middle, senior, rules=book)]

    assert earned("6-18-02-04") == [275_000, 125_000]
    assert earned("6-31-01-03") == [275_000, 100_000]


def test_an_exception_sets_the_prize_table_of_one_contest(tmp_path):
    text = text_of("competition").replace("competition-2022", "competition-2027", 1)
    later = 'in_force_from = 2027-01-01\nreplaces = "competition-2022"'
    more = an_exception(
        when='event = ["city-2027"]', changes="prize_places = { first = 1, second = 3 }"
    )
    book = with_shipped(
        a_file(
            tmp_path,
            text.replace("in_force_from = 2022-09-15", later) + more,
            family="competition",
        )
    )

    def placed(event: str, placement: int) -> int:
        measures = CompetitionMeasures(tier=ContestTier.CITY, placement=placement, event=event)
        (found,) = judged(an_outcome(measures, DAY), rules=book)
        return found.result.units

    assert placed("city-2027", 2) == 50_000
    assert placed("city-2027", 4) == 0
    assert placed("another", 2) == 0


def test_an_example_can_name_the_exception_that_applies(tmp_path):
    example = """
[[rule.example]]
name = "A night course counts 12 hours a credit"
given = { hours = "36", score = "60", course_code = "E-01", issuer = "TP01" }
expect = { credits = "3", exception = "night-courses" }
"""
    when = 'course_code = ["E-01"], issuer = ["TP01"]'
    a_book(tmp_path, an_exception(when=when), example)

    with pytest.raises(RuleFileError, match="night-courses"):
        a_book(tmp_path, an_exception(when=when), example.replace("night-", "day-"))


# --- What is refused


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('course_code = ["E-01"]', 'course_code = ["E-02", "E-01"]'),
        ('course_code = ["E-01"]', 'occupation = ["6-31-01-03"]'),
        ("last_day = 2027-06-01", "first_day = 2027-06-01"),
    ],
)
def test_two_exceptions_that_could_both_apply_are_refused_by_name(tmp_path, first, second):
    more = an_exception("first", first) + an_exception("second", second)

    told = refused(a_file(tmp_path, a_rule(more=more)), RuleExceptionsMeetError)

    assert "the exceptions first and second of training-2027" in told


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('course_code = ["E-01"]', 'course_code = ["E-02"]'),
        ('course = ["a"], last_day = 2027-05-31', 'course = ["a"], first_day = 2027-06-01'),
        (
            'course_code = ["E-01"], occupation = ["6-31-01-03"]',
            'course_code = ["E-01"], occupation = ["6-18-02-04"]',
        ),
    ],
)
def test_two_exceptions_that_never_meet_stand_beside_each_other(tmp_path, first, second):
    more = an_exception("first", first) + an_exception("second", second)

    with_shipped(a_file(tmp_path, a_rule(more=more)))


@pytest.mark.parametrize(
    "when", ["last_day = 2026-12-31", "first_day = 1999-01-01, last_day = 2000-01-01"]
)
def test_an_exception_outside_the_days_of_its_rule_is_refused(tmp_path, when):
    path = a_file(tmp_path, a_rule(more=an_exception(when=when)))

    assert "night-courses of training-2027" in refused(path, RuleExceptionIdleError)


@pytest.mark.parametrize(
    ("exception", "problem"),
    [
        (an_exception(when=""), "when it applies"),
        (an_exception(when="first_day = 2027-02-01, last_day = 2027-01-01"), "ends before"),
        (an_exception(when='weather = "fine"'), "weather"),
        (an_exception(changes=""), "changes"),
        (an_exception(changes='id = "another"'), "cannot change id"),
        (an_exception(changes="in_force_from = 2020-01-01"), "cannot change in_force_from"),
        (an_exception(changes="hours_per_credit = 0"), "hours_per_credit"),
        (an_exception(changes="hours_a_credit = 12"), "hours_a_credit"),
    ],
)
def test_an_exception_that_says_nothing_or_the_impossible_is_refused(tmp_path, exception, problem):
    assert problem in refused(a_file(tmp_path, a_rule(more=exception)))


@pytest.mark.parametrize("source", ["", 'source = ""'])
def test_an_exception_needs_a_source_of_its_own(tmp_path, source):
    path = a_file(tmp_path, a_rule(more=an_exception(source=source)))

    assert "exception.0.source" in refused(path, RuleSourceMissingError)


def test_a_rule_without_a_source_is_refused_by_its_own_code(tmp_path):
    told = refused(a_file(tmp_path, a_rule(source="")), RuleSourceMissingError)

    assert "training-2027" in told


def test_an_unknown_unit_in_an_exception_is_refused_by_its_own_code(tmp_path):
    text = text_of("certificate").replace("certificate-2022", "certificate-2027", 1)
    more = an_exception(changes='by_rank = { 3 = "forty" }')
    path = a_file(tmp_path, text + more, family="certificate")

    assert "by_rank.3" in refused(path, RuleUnitUnknownError)


# --- Meeting, as a property

CODES = st.sets(st.sampled_from(["A", "B", "C"]), max_size=2)
DAYS = st.none() | st.dates(date(2027, 1, 1), date(2027, 1, 4))


@st.composite
def whens(draw: st.DrawFn) -> When:
    codes, events, first = draw(CODES), draw(CODES), draw(DAYS)
    last = draw(st.none() | st.dates(first or date(2027, 1, 1), date(2027, 1, 5)))
    return When(
        course_code=tuple(codes) or ("A", "B", "C"),
        event=tuple(events),
        first_day=first,
        last_day=last,
    )


@given(whens(), whens())
def test_two_exceptions_meet_exactly_when_some_record_is_meant_by_both(first, second):
    found = any(
        first.holds(facts, day) and second.holds(facts, day)
        for day in (date(2027, 1, at) for at in range(1, 8))
        for facts in ({"course_code": code, "event": event} for code in "ABC" for event in "ABC")
    )

    assert first.meets(second) == found
    assert second.meets(first) == found


def test_rules_without_exceptions_judge_as_before():
    (found,) = judged(a_course("36", date(2025, 2, 1)))

    assert found.result.units == 22_500


def text_of(family: str) -> str:
    """Return the rule of 2022 of a family as its file writes it."""
    text = (SHIPPED / f"{family}.toml").read_text(encoding="utf-8")
    return text[text.index(f'[[rule]]\nid = "{family}-2022"') :]
