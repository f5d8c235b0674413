"""One thing posted twice: a course by two institutions, a course that prepared a certificate."""

from datetime import date
from itertools import permutations

import pytest

from credit_bank.conversion import evaluate_again, judge_all
from credit_bank.twins import Pair
from schemas.credits import LearningOutcome
from schemas.vocabulary import Decision, PairVerdict, Rank
from tests.builders import ELECTRICIAN, WELDER
from tests.outcomes import a_course, a_level, shipped_rules

REPAIRER = "6-07-06-05"  # 维修电工 until 28 July 2015.
MARCH_2014 = date(2014, 3, 1)
MARCH, JUNE, SEPTEMBER = date(2024, 3, 1), date(2024, 6, 1), date(2024, 9, 1)


def found(
    *outcomes: LearningOutcome, verdicts: dict[Pair, PairVerdict] | None = None
) -> list[tuple[int, str]]:
    """Return units and reason of each outcome, whatever the order of arrival."""
    results = set()
    for order in permutations(outcomes):
        judged = {
            one.outcome.id: one.result
            for one in judge_all(order, shipped_rules(), verdicts=verdicts)
        }
        results.add(tuple((judged[one.id].units, judged[one.id].reason) for one in outcomes))
    (only,) = results
    return list(only)


def test_a_course_of_one_name_and_occupation_from_two_institutions_goes_to_review():
    first = a_course("36", MARCH, by="A", name="wiring", occupation=ELECTRICIAN)
    second = a_course("36", JUNE, by="B", name="wiring", occupation=ELECTRICIAN)

    assert found(first, second) == [(22_500, "granted"), (0, "duplicate_in_review")]
    (_, judged) = judge_all([first, second], shipped_rules())
    assert judged.result.decision is Decision.UNDECIDED
    assert judged.context["twin"] == str(first.id)


@pytest.mark.parametrize(
    "other",
    [
        a_course("36", JUNE, by="B", name="wiring", occupation=WELDER),
        a_course("36", JUNE, by="B", name="welding", occupation=ELECTRICIAN),
        a_course("36", JUNE, by="A", name="wiring", occupation=ELECTRICIAN),
    ],
    ids=["another occupation", "another name", "the same institution"],
)
def test_what_differs_is_no_duplicate(other):
    first = a_course("36", MARCH, by="A", name="wiring", occupation=ELECTRICIAN)

    assert found(first, other) == [(22_500, "granted")] * 2


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((REPAIRER, MARCH_2014), (ELECTRICIAN, JUNE), "duplicate_in_review"),
        ((ELECTRICIAN, MARCH), (REPAIRER, JUNE), "granted"),  # The number means another by then.
        ((REPAIRER, MARCH_2014), (REPAIRER, JUNE), "granted"),
        ((REPAIRER, MARCH_2014), (WELDER, JUNE), "granted"),
    ],
    ids=["renumbered since", "meant another since", "one number, two occupations", "others"],
)
def test_occupations_of_courses_are_read_by_the_crosswalk_of_the_later_day(first, second, expected):
    one = a_course("36", first[1], by="A", name="wiring", occupation=first[0])
    two = a_course("36", second[1], by="B", name="wiring", occupation=second[0])

    assert [reason for _, reason in found(one, two)] == ["granted", expected]


def test_a_course_that_was_not_passed_stands_in_nobodys_way():
    failed = a_course("36", MARCH, by="A", name="wiring", score="59")
    passed = a_course("36", JUNE, by="B", name="wiring")

    assert found(failed, passed) == [(0, "not_passed"), (22_500, "granted")]


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [(PairVerdict.DISTINCT, (22_500, "granted")), (PairVerdict.SAME, (0, "duplicate_confirmed"))],
)
def test_the_review_of_a_pair_decides(verdict, expected):
    first = a_course("36", MARCH, by="A", name="wiring")
    second = a_course("36", JUNE, by="B", name="wiring")

    pair = {frozenset({first.id, second.id}): verdict}

    assert found(first, second, verdicts=pair) == [(22_500, "granted"), expected]


def test_a_certificate_absorbs_the_course_that_prepared_it_and_the_next_has_its_room():
    prepared = a_course("640", MARCH, name="wiring")
    certificate = a_level(Rank.SENIOR, JUNE, prepared_by="wiring")
    another = a_course("480", SEPTEMBER, name="welding")

    assert found(prepared, certificate, another) == [
        (0, "absorbed_by_certificate"),
        (375_000, "granted"),
        (300_000, "granted"),
    ]
    assert found(prepared, another) == [(400_000, "granted"), (0, "cap_reached")]


@pytest.mark.parametrize(
    ("course", "certificate"),
    [
        (
            a_course("36", SEPTEMBER, name="wiring"),
            a_level(Rank.SENIOR, JUNE, prepared_by="wiring"),
        ),
        (
            a_course("36", MARCH, name="wiring", occupation=WELDER),
            a_level(Rank.SENIOR, JUNE, prepared_by="wiring"),
        ),
        (a_course("36", MARCH, name="welding"), a_level(Rank.SENIOR, JUNE, prepared_by="wiring")),
        (a_course("36", MARCH, name="wiring"), a_level(None, JUNE, prepared_by="wiring")),
    ],
    ids=["later", "another occupation", "another course", "a certificate without credits"],
)
def test_no_other_course_is_absorbed(course, certificate):
    assert found(course, certificate)[0] == (22_500, "granted")


def test_a_certificate_that_adds_nothing_absorbs_nothing():
    held = a_level(Rank.SENIOR, date(2023, 1, 1))
    course = a_course("36", MARCH, name="wiring")
    lower = a_level(Rank.JUNIOR, JUNE, prepared_by="wiring")

    assert found(held, course, lower)[1:] == [(22_500, "granted"), (0, "level_already_credited")]


def test_what_was_decided_of_twins_can_be_evaluated_again():
    outcomes = [
        a_course("36", MARCH, by="A", name="wiring"),
        a_course("36", JUNE, by="B", name="wiring"),
        a_course("36", MARCH, by="C", name="lifting"),
        a_level(Rank.SENIOR, JUNE, prepared_by="lifting"),
    ]

    judged = judge_all(outcomes, shipped_rules())

    assert [evaluate_again(one.trace(), shipped_rules()) for one in judged] == [
        one.result.units for one in judged
    ]
