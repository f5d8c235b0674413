"""What the rules make of outcomes: fair to whoever splits, orders, repeats or explains them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import permutations
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_bank import twins
from credit_bank.conversion import evaluate_again, judge_all
from credit_bank.judging import REASONS, SENTENCES
from credit_bank.rulebook import book_of
from schemas.credits import (
    UNITS_PER_CREDIT,
    ExperienceMeasures,
    LearningOutcome,
    OtherMeasures,
    Trace,
)
from schemas.vocabulary import ContestTier, Grade, Instrument, Prize, Rank, RecordKind, Step
from tests.builders import ELECTRICIAN, WELDER
from tests.outcomes import (
    a_course,
    a_level,
    a_prize,
    an_outcome,
    issuer,
    judged,
    shipped_rules,
    units,
)
from tests.test_rulebook import a_rule, body_of

_HUNDREDTHS = st.integers(1, 200_000).map(lambda whole: str(Decimal(whole) / 100))
_DAYS = st.sampled_from([date(2022, 9, 14), date(2022, 9, 15), date(2023, 5, 1), date(2023, 5, 2)])
_COURSES = st.builds(
    a_course,
    _HUNDREDTHS,
    _DAYS,
    code=st.sampled_from([None, "1", "2"]),
    by=st.sampled_from("AB"),
    score=st.sampled_from([None, "59.99", "60", "100", "120"]),
    grade=st.sampled_from([None, *Grade]),
    attendance=st.sampled_from([None, "79.99", "80"]),
)
_CERTIFICATES = st.builds(
    a_level,
    st.sampled_from([None, *Rank]),
    _DAYS,
    occupation=st.sampled_from([None, ELECTRICIAN, WELDER]),
    instrument=st.sampled_from(Instrument),
    step=st.sampled_from([None, *Step]),
    title=st.sampled_from([None, "1", "2"]),
)
_PRIZES = st.builds(
    a_prize,
    st.sampled_from([None, *Prize]),
    st.sampled_from(ContestTier),
    _DAYS,
    event=st.sampled_from("12"),
    placement=st.sampled_from([None, 1]),
)
OUTCOMES = st.lists(_COURSES | _CERTIFICATES | _PRIZES, min_size=1, max_size=8)


@given(st.lists(st.integers(1, 8_000), min_size=1, max_size=8))
def test_splitting_a_course_never_gains(parts):
    whole = a_course(str(Decimal(sum(parts)) / 100))
    split = [a_course(str(Decimal(part) / 100), key=str(place)) for place, part in enumerate(parts)]

    assert sum(units(judged(*split))) <= sum(units(judged(whole)))


@given(_HUNDREDTHS)
def test_credits_and_the_part_that_is_not_counted_make_the_hours(hours):
    (found,) = judged(a_course(hours))
    rest = sum(Decimal(step.facts.get("remainder", "0")) for step in found.result.steps)

    if found.result.reason == "granted":
        assert Decimal(found.result.units) * 16 / UNITS_PER_CREDIT + rest == Decimal(hours)
        assert rest < Decimal(16) / UNITS_PER_CREDIT


@given(OUTCOMES)
def test_the_order_of_arrival_does_not_matter(outcomes):
    forwards = {one.outcome.id: one.result for one in judge_all(outcomes, shipped_rules())}
    backwards = {one.outcome.id: one.result for one in judge_all(outcomes[::-1], shipped_rules())}

    assert forwards == backwards


def test_what_two_issuers_post_for_one_day_counts_by_issuer_then_by_their_own_key():
    """Domain facts 4, "Order and lateness": under the cap the first has all its room."""
    first, second = sorted(("A", "B"), key=issuer)
    told = [
        a_course("480", by=first, key="z"),
        a_course("480", by=second, key="a"),
    ]

    assert set(results(told)) == {(300_000, 100_000)}


def test_outcomes_that_share_day_issuer_and_key_have_an_order_of_their_own():
    told = [
        a_course("320", code="1", key="same"),
        a_course("480", code="2", key="same"),
        a_course("160", code="3", key="same"),
    ]

    assert len(set(results(told))) == 1


def results(told: Sequence[LearningOutcome]) -> list[tuple[int, ...]]:
    """Return the units of each outcome, for each order of arrival."""
    found = []
    for order in permutations(told):
        given = {one.outcome.id: one.result.units for one in judge_all(order, shipped_rules())}
        found.append(tuple(given[one.id] for one in told))
    return found


@given(OUTCOMES)
def test_a_stored_trace_gives_again_what_it_gave(outcomes):
    for found in judge_all(outcomes, shipped_rules()):
        trace = Trace.model_validate_json(found.conversion().trace.model_dump_json())

        assert evaluate_again(trace, shipped_rules()) == found.result.units


@given(OUTCOMES)
def test_every_decision_is_explained_in_sentences_that_are_known(outcomes):
    for found in judge_all(outcomes, shipped_rules()):
        assert found.result.reason in (*REASONS, *twins.REASONS)
        assert (found.result.units > 0) == (found.result.decision == "granted")
        assert found.result.steps or not found.result.units
        for step in found.result.steps:
            assert step.text in (*SENTENCES, *twins.SENTENCES)
            placeholders = {name for _, name, _, _ in Formatter().parse(step.text) if name}
            assert placeholders <= set(step.facts)


@given(OUTCOMES)
def test_an_occupation_has_the_credits_of_its_highest_level(outcomes):
    table = {Rank(1): 150_000, Rank(2): 275_000, Rank(3): 375_000, Rank(4): 450_000}
    for occupation in (ELECTRICIAN, WELDER):
        held = [
            one
            for one in judge_all(outcomes, shipped_rules())
            if one.outcome.occupation == occupation
            and one.outcome.kind is RecordKind.CERTIFICATE
            and one.outcome.measures.instrument in ("skill_level", "qualification")  # type: ignore[union-attr]  # A certificate's.
        ]
        ranks = [one.outcome.rank for one in held if one.outcome.rank]
        highest = max(ranks, default=None)

        assert sum(one.result.units for one in held) == (
            0 if highest is None else table.get(highest, 500_000)
        )


@given(OUTCOMES)
def test_no_year_brings_more_than_forty_training_credits(outcomes):
    years: dict[int, int] = {}
    for found in judge_all(outcomes, shipped_rules()):
        if found.outcome.kind is RecordKind.TRAINING:
            year = found.outcome.effective_on.year
            years[year] = years.get(year, 0) + found.result.units

    assert all(total <= 40 * UNITS_PER_CREDIT for total in years.values())


def test_what_the_cap_cuts_off_is_shown():
    found = judged(a_course("624", date(2025, 1, 1)), a_course("36", date(2025, 2, 1)))[1]

    (step,) = [one for one in found.result.steps if "calendar year" in one.text]
    assert step.facts == {"cap": "40", "used": "39", "credits": "1", "earned": "2.25"}


def test_a_level_says_what_it_comes_to_and_what_was_credited_before():
    found = judged(
        a_level(Rank.INTERMEDIATE, date(2023, 1, 1)), a_level(Rank.SENIOR, date(2024, 1, 1))
    )[1]

    (step,) = found.result.steps
    assert step.facts == {"total": "37.5", "held": "27.5", "credits": "10"}


@pytest.mark.parametrize("measures", [OtherMeasures(), ExperienceMeasures()])
def test_a_kind_without_a_family_is_left_out(measures):
    outcome = an_outcome(measures, date(2025, 1, 1))

    assert judge_all([outcome], shipped_rules()) == []


def test_a_rule_with_effect_in_the_past_judges_what_came_before_it():
    bodies = tuple(one.body for one in shipped_rules().rules)
    later = body_of(a_rule("training-2024", "2024-01-01"), replaces="training-2022")
    changed = book_of((*bodies, later))
    course = a_course("36", date(2025, 2, 1))

    assert units(judged(course)) == [22_500]
    assert units(judged(course, rules=changed)) == [20_000]


def test_a_rule_that_is_gone_from_the_book_evaluates_to_nothing():
    (found,) = judged(a_course("36", date(2025, 2, 1)))

    assert evaluate_again(found.conversion().trace, book_of(())) == 0
