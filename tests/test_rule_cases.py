"""Cases of the rules that do not turn records into credits: promotion, limits, clocks, days."""

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from credit_bank.families import AppealRule, DoubleCountingRule, SuspensionRule, WorkingDaysRule
from credit_bank.promotions import promotion
from schemas.credits import CompetitionMeasures
from schemas.vocabulary import Family, Rank
from tests.builders import ELECTRICIAN
from tests.outcomes import a_level, an_outcome, shipped_rules

FOLDER = Path(__file__).parent / "cases"


def _told(family: Family, table: str = "case") -> list[dict[str, Any]]:
    text = (FOLDER / f"{family}.toml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = tomllib.loads(text, parse_float=Decimal)[table]
    return found


def _cases(family: Family) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", _told(family), ids=lambda case: str(case["name"]))


def _agrees(found: Mapping[str, object], expected: Mapping[str, object]) -> None:
    assert {name: found.get(name) for name in expected} == expected


@_cases(Family.PROMOTION)
def test_a_place_leads_to_the_level_that_the_case_says(case):
    given = dict(case["given"])
    day, occupation = given.pop("achieved_on"), given.pop("occupation", ELECTRICIAN) or None
    held = [
        a_level(
            Rank(one["rank"]),
            one["achieved_on"],
            occupation=one.get("occupation", ELECTRICIAN),
        )
        for one in case.get("certificates", [])
    ]
    measures = CompetitionMeasures.model_validate({"event": "event", **given})
    result = an_outcome(measures, day, occupation=occupation)

    found = promotion(result, [result, *held], shipped_rules())

    assert found is not None
    _agrees(found.model_dump(mode="json"), case["expect"])


@pytest.mark.parametrize("family", [Family.RECOGNITION, Family.REDEMPTION])
def test_limits_and_tests_come_out_as_their_cases_say(family):
    cases = _told(family)
    assert len(cases) >= 7
    for case in cases:
        published = shipped_rules().in_force(family, case["on"])
        assert published is not None
        found = {**published.rule.told(dict(case["given"])), "rule": published.rule.id}

        _agrees(found, case["expect"])
        if family is Family.REDEMPTION and "breaks" not in case["expect"]:
            assert "breaks" not in found, case["name"]


@_cases(Family.APPEAL)
def test_an_appeal_has_as_long_as_the_case_says(case):
    published = shipped_rules().in_force(Family.APPEAL, date(2024, 5, 1))
    assert published is not None
    rule, calendar = published.rule, shipped_rules().calendar
    assert isinstance(rule, AppealRule)
    clocks = {
        "told_on": ("file_until", rule.file_until),
        "filed_on": ("answer_until", rule.answer_until),
        "answered_on": ("second_file_until", rule.second_file_until),
        "escalated_on": ("second_answer_until", rule.second_answer_until),
    }
    found: dict[str, object] = {"rule": published.rule.id}
    for given, (name, clock) in clocks.items():
        if given in case:
            deadline = clock(case[given], calendar)
            assert deadline is not None
            found |= {name: deadline.day, "years_without_list": [*deadline.years_without_list]}

    _agrees({**found}, {"years_without_list": [], **case["expect"]})


@_cases(Family.SUSPENSION)
def test_a_hold_lasts_as_long_as_the_case_says(case):
    published = shipped_rules().in_force(Family.SUSPENSION, case["decided_on"])
    assert published is not None
    rule, expected = published.rule, case["expect"]
    assert isinstance(rule, SuspensionRule)
    extensions = case.get("extensions", 0)
    if "refused" in expected:
        with pytest.raises(ValueError, match=expected["refused"]):
            rule.hold_until(case["decided_on"], extensions)
        return
    until = rule.hold_until(case["decided_on"], extensions)
    _agrees({"hold_until": until, "rule": rule.id}, expected)


@_cases(Family.WORKING_DAYS)
def test_days_are_worked_or_free_as_the_list_of_their_year_says(case):
    calendar, given = shipped_rules().calendar, case["given"]

    assert all(calendar.is_working_day(day) for day in given["worked"])
    assert not any(calendar.is_working_day(day) for day in given["free"])
    listed = shipped_rules().in_force(Family.WORKING_DAYS, given["worked"][0])
    assert (listed.rule.id if listed else None) == case.get("rule")
    assert listed is None or isinstance(listed.rule, WorkingDaysRule)


def test_the_rule_on_double_counting_is_the_one_that_the_case_names():
    named = [case for case in _told(Family.DOUBLE_COUNTING) if "rule" in case]
    assert len(named) >= 2
    for case in named:
        found = shipped_rules().in_force(Family.DOUBLE_COUNTING, case["given"][0]["achieved_on"])
        assert found is not None
        assert found.rule.id == case["rule"]


@pytest.mark.parametrize("case", _told(Family.DOUBLE_COUNTING, "name"))
def test_course_names_are_compared_as_the_case_says(case):
    published = shipped_rules().in_force(Family.DOUBLE_COUNTING, date(2024, 5, 1))
    assert published is not None
    rule = published.rule
    assert isinstance(rule, DoubleCountingRule)

    (same,) = {rule.compared(name) for name in case["same"]}
    assert same not in {rule.compared(name) for name in case["differ"]}
