"""Agreements in the credit bank: what they convert, what they never do, which are refused."""

import tomllib
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from archive.texts import explained
from credit_bank import publishing
from credit_bank.agreement_refusals import (
    AgreementCycleError,
    AgreementNotRecognisedError,
    AgreementReplacesOtherError,
)
from credit_bank.agreements import Edge, gaining_cycle, gaining_cycles, product_of
from credit_bank.conversion import Judgement, evaluate_again, judge_all
from credit_bank.errors import RuleFileError, RulesOverlapError
from credit_bank.exempting import exemptions
from credit_bank.quick import QuickLook
from schemas.contracts import plain_decimal
from schemas.credits import LearningOutcome, Measures, TrainingMeasures, as_credits
from schemas.vocabulary import Family, Rank
from tests.builders import ELECTRICIAN, NOW
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level, an_outcome, from_elsewhere
from tests.pacts import BEGINS, SCHEME, a_pact, a_repeal, party, rules_with
from tests.test_cases import FOLDER

MARCH = date(2025, 3, 1)
_MEASURES: TypeAdapter[Measures] = TypeAdapter(Measures)


def found(rules: Any, *outcomes: LearningOutcome) -> list[tuple[str, int, str]]:
    """Return family, units and reason of every judgement, in the order of judging."""
    return [(one.family, one.result.units, one.result.reason) for one in judge_all(outcomes, rules)]


def transferred(rules: Any, *outcomes: LearningOutcome) -> list[tuple[int, str]]:
    """Return what agreements made of the outcomes, in canonical order."""
    told = found(rules, *outcomes)
    return [(units, reason) for family, units, reason in told if family is Family.AGREEMENT]


# --- The cases, as officials read and write them


def _cases() -> list[dict[str, Any]]:
    text = (FOLDER / "agreement.toml").read_text(encoding="utf-8")
    return list(tomllib.loads(text, parse_float=Decimal)["case"])


def _told(judgement: Judgement, expected: dict[str, str]) -> dict[str, object]:
    told = {
        "credits": plain_decimal(as_credits(judgement.result.units)),
        "reason": judgement.result.reason,
        "decision": judgement.result.decision.value,
    }
    return {name: told[name] for name in expected}


@pytest.mark.parametrize("case", _cases(), ids=[one["name"] for one in _cases()])
def test_credits_come_out_as_the_case_says(case):
    told = dict(case["given"])
    day, rank, number = told.pop("achieved_on"), told.pop("rank", None), told.pop("number", "")
    measures = _MEASURES.validate_python(
        {"course": "course", **told} if told["kind"] == "training" else told
    )
    outcome = an_outcome(
        measures, day, occupation=ELECTRICIAN, rank=Rank(rank) if rank else None, key=number
    )
    agreement = case.get("agreement")
    rules = rules_with(a_pact(**agreement)) if agreement else rules_with()

    judged = {one.family: one for one in judge_all([outcome], rules)}

    by_agreement = judged.pop(Family.AGREEMENT, None)
    expected = case.get("expect")
    assert (by_agreement is None) == (expected is None)
    if by_agreement and expected:
        assert _told(by_agreement, expected) == expected
    (domestic,) = judged.values()
    assert _told(domestic, case.get("domestic", {})) == case.get("domestic", {})


# --- What they never do


def test_the_same_credits_of_another_bank_count_once_whoever_posts_them():
    rules = rules_with(a_pact())
    twice = [from_elsewhere("4", by="H", key="1"), from_elsewhere("4", by="I", key="2")]

    assert transferred(rules, *twice) == [(40_000, "transferred"), (0, "transfer_counted_before")]


def test_of_two_agreements_the_one_that_gives_more_counts_and_never_both():
    rules = rules_with(a_pact(receiver="B", factor="1/2"), a_pact(receiver="C", factor="3/4"))

    assert transferred(rules, from_elsewhere("4")) == [(30_000, "transferred")]


def test_the_cap_of_an_agreement_runs_over_the_year_and_begins_anew():
    rules = rules_with(a_pact(credits_a_year="5"))
    outcomes = [
        from_elsewhere("4", date(2024, 2, 1), course="a"),
        from_elsewhere("4", date(2024, 3, 1), course="b"),
        from_elsewhere("4", date(2024, 4, 1), course="c"),
        from_elsewhere("4", date(2025, 1, 1), course="d"),
    ]

    assert transferred(rules, *outcomes) == [
        (40_000, "transferred"),
        (10_000, "transfer_cap_partly"),
        (0, "transfer_cap_reached"),
        (40_000, "transferred"),
    ]


def test_an_agreement_ends_on_the_day_of_its_repeal():
    pact = a_pact()
    rules = rules_with(pact, a_repeal(pact, date(2025, 3, 2)))

    assert transferred(rules, from_elsewhere(on=date(2025, 3, 1))) == [(40_000, "transferred")]
    assert transferred(rules, from_elsewhere(on=date(2025, 3, 2))) == []


def test_credits_that_nobody_told_cannot_be_transferred_and_are_not_zero():
    assert found(rules_with(a_pact()), from_elsewhere(None))[-1] == (
        Family.AGREEMENT,
        0,
        "transfer_credits_missing",
    )


def test_exemptions_stand_beside_each_other_and_beside_a_transfer():
    rules = rules_with(
        a_pact("A", "B", requirement="电工基础", lowered_by="4"),
        a_pact("A", "C", requirement="安全用电", lowered_by="2"),
        a_pact("A", "D", factor="2", credits="3"),
    )
    course = a_course("36", MARCH, occupation=ELECTRICIAN)

    (judgement,) = [one for one in judge_all([course], rules) if one.family is Family.AGREEMENT]

    assert judgement.result.units == 37_500
    lowered = [step.facts.get("requirement") for step in judgement.result.steps]
    assert lowered[-2:] == ["电工基础", "安全用电"]
    assert evaluate_again(judgement.trace(), rules) == 37_500
    at_b = exemptions([course], rules, receiver=party("B"))
    assert [one.rule.requirement for one in at_b] == ["电工基础"]
    assert len(exemptions([course], rules)) == 2
    failed = a_course("36", MARCH, occupation=ELECTRICIAN, score="59")
    assert exemptions([failed], rules) == []


def test_a_certificate_that_exempts_keeps_its_own_credits():
    rules = rules_with(a_pact("A", "B", requirement="电工基础", lowered_by="4"))

    assert found(rules, a_level(Rank.SENIOR, MARCH)) == [
        (Family.CERTIFICATE, 375_000, "granted"),
        (Family.AGREEMENT, 0, "exempted"),
    ]


OUTCOMES = st.one_of(
    st.builds(
        from_elsewhere,
        st.sampled_from(["1", "2.5", "7", None]),
        st.sampled_from([date(2024, 2, 1), date(2024, 2, 2), date(2025, 1, 1)]),
        course=st.sampled_from("xy"),
        by=st.sampled_from("HI"),
        key=st.sampled_from(["", "1", "2"]),
    ),
    st.builds(
        a_course,
        st.sampled_from(["36", "800"]),
        st.sampled_from([date(2024, 2, 1), date(2024, 2, 2)]),
        by=st.sampled_from("AB"),
        occupation=st.just(ELECTRICIAN),
        key=st.sampled_from(["", "1"]),
    ),
    st.builds(a_level, st.sampled_from([Rank.JUNIOR, Rank.SENIOR]), by=st.sampled_from("AB")),
)
PACTS = (
    a_pact(factor="2/3", credits_a_year="5"),
    a_pact(receiver="C", factor="1/3"),
    a_pact("A", "B", factor="3/2", credits="3"),
    a_pact("B", "A", requirement="电工基础", lowered_by="1"),
)


@given(st.lists(OUTCOMES, max_size=4))
def test_the_order_of_arrival_never_matters(outcomes):
    rules = rules_with(*PACTS)
    told = None
    for order in permutations(outcomes):
        # Two that say the very same are one another's equals: which of them counts is no matter.
        judged = sorted(
            (one.outcome.model_dump_json(exclude={"id"}), one.family, one.result.units)
            for one in judge_all(order, rules)
        )
        assert told in (None, judged)
        told = judged


@given(st.lists(OUTCOMES, max_size=6))
def test_every_explanation_gives_again_what_was_granted(outcomes):
    rules = rules_with(*PACTS)
    for one in judge_all(outcomes, rules):
        assert evaluate_again(one.trace(), rules) == one.result.units


@given(st.lists(OUTCOMES, max_size=6))
def test_no_transfer_gives_more_than_its_factor_and_no_year_more_than_its_cap(outcomes):
    rules = rules_with(PACTS[0])
    judged = [one for one in judge_all(outcomes, rules) if one.family is Family.AGREEMENT]
    by_year: dict[int, int] = {}
    for one in judged:
        measures = one.outcome.measures
        assert isinstance(measures, TrainingMeasures)
        most = (measures.scheme_credits or Decimal(0)) * 10_000 * 2 / 3
        assert one.result.units <= most
        year = one.outcome.effective_on.year
        by_year[year] = by_year.get(year, 0) + one.result.units
    assert all(units <= 50_000 for units in by_year.values())


# --- No gain round any circle

FACTORS = st.builds(Fraction, st.integers(1, 6), st.integers(1, 6))
EDGES = st.lists(
    st.builds(Edge, st.sampled_from("ABCD"), st.sampled_from("ABCD"), FACTORS, st.text("abc")),
    max_size=7,
).map(lambda edges: [edge for edge in edges if edge.giver != edge.receiver])


def walks(edges: list[Edge]) -> list[tuple[Edge, ...]]:
    """Return every circle that passes each party once, found the slow way."""
    found_circles = []
    parties = sorted({edge.giver for edge in edges})
    for length in range(2, len(parties) + 1):
        for round_trip in permutations(parties, length):
            pairs = zip(round_trip, (*round_trip[1:], round_trip[0]), strict=True)
            legs = [
                max(
                    (one for one in edges if (one.giver, one.receiver) == pair),
                    key=lambda one: one.factor,
                    default=None,
                )
                for pair in pairs
            ]
            if all(legs):
                found_circles.append(tuple(leg for leg in legs if leg))
    return found_circles


@given(EDGES)
def test_a_gaining_circle_is_found_exactly_when_there_is_one(edges):
    cycle = gaining_cycle(edges)

    assert (cycle is not None) == any(product_of(one) > 1 for one in walks(edges))
    if cycle:
        assert product_of(cycle) > 1
        assert all(
            one.receiver == following.giver
            for one, following in zip(cycle, (*cycle[1:], cycle[0]), strict=True)
        )


@given(EDGES, st.integers(1, 10**6))
def test_nobody_gains_round_a_circle_of_what_is_allowed(edges, units):
    if gaining_cycle(edges):
        return
    for circle in walks(edges):
        left = units
        for edge in circle:
            left = left * edge.factor.numerator // edge.factor.denominator
        assert left <= units


def test_a_circle_that_gives_back_just_what_went_in_is_no_gain():
    even = [
        Edge("A", "B", Fraction(3, 2), "x"),
        Edge("B", "C", Fraction(4, 9), "y"),
        Edge("C", "A", Fraction(3, 2), "z"),
    ]

    assert gaining_cycle(even) is None
    assert gaining_cycle([*even[:2], Edge("C", "A", Fraction(300_001, 200_000), "z")])


# --- What is taken, and what is refused


def published(session, *bodies: bytes) -> list[str]:
    publishing.ship(session, now=NOW)
    return publishing.publish(session, list(bodies), now=NOW)


def test_a_gaining_circle_is_refused_and_printed(session):
    published(session, a_pact("A", "B", factor="3/2"), a_pact("B", "C", factor="1"))

    with pytest.raises(AgreementCycleError) as refused:
        publishing.publish(session, [a_pact("C", "A", factor="3/4")], now=NOW)

    told = explained(refused.value)
    assert "–×3/2→" in told.en
    assert "9/8" in told.en
    assert "循环转换会增值" in told.zh
    assert publishing.publish(session, [a_pact("C", "A", factor="2/3")], now=NOW)
    assert list(gaining_cycles(publishing.rule_book(session))) == []


def test_agreements_that_are_never_in_force_together_make_no_circle(session):
    first = a_pact("A", "B", factor="3/2")
    published(session, first, a_repeal(first, date(2025, 1, 1)))

    later = a_pact("B", "A", in_force_from=date(2025, 1, 1))
    assert publishing.publish(session, [later], now=NOW)
    day_before = a_pact("B", "A", id="other", rank=1, in_force_from=date(2024, 12, 31))
    with pytest.raises(AgreementCycleError):
        publishing.publish(session, [day_before], now=NOW)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"overlap": "79.99"}, "recognition_overlap_low"),
        ({"rank": 2, "needed": 3}, "recognition_level_lower"),
        ({"needed": 3}, "recognition_level_missing"),
        ({"in_force_from": "2020-01-01"}, "no_rule_in_force"),
    ],
)
def test_an_agreement_has_to_pass_the_test_of_recognition(session, told, problem):
    publishing.ship(session, now=NOW)

    with pytest.raises(AgreementNotRecognisedError, match=problem):
        publishing.publish(session, [a_pact(**told)], now=NOW)
    assert publishing.publish(session, [a_pact(rank=3, needed=3)], now=NOW)


def test_one_pair_has_one_agreement_on_a_subject_at_a_time(session):
    published(session, a_pact())

    with pytest.raises(RulesOverlapError):
        publishing.publish(session, [a_pact(id="another")], now=NOW)
    newer = a_pact(id="newer", replaces="agreement-scheme-sz-cb-b", factor="1/2")
    assert publishing.publish(session, [newer.replace(b"2024-01-01", b"2025-01-01")], now=NOW) == [
        "newer"
    ]


def test_no_agreement_takes_the_place_of_other_parties(session):
    published(session, a_pact())
    told = a_pact("A", "B", id="mine", replaces="agreement-scheme-sz-cb-b")

    with pytest.raises(AgreementReplacesOtherError):
        publishing.publish(session, [told.replace(b"2024-01-01", b"2025-01-01")], now=NOW)


@pytest.mark.parametrize(
    ("told", "problem"),
    [
        ({"factor": "1.5"}, "3/4"),
        ({"factor": "0"}, "3/4"),
        ({"factor": None}, "a transfer has a factor"),
        ({"receiver": SCHEME}, "two parties"),
        ({"occupation": None}, "an occupation or a course"),
        ({"requirement": "电工基础"}, "how far it is lowered"),
    ],
)
def test_what_an_agreement_must_say_is_asked_for(told, problem):
    with pytest.raises(RuleFileError, match=problem):
        a_pact(**told)


def test_the_days_of_an_agreement_are_its_own():
    assert transferred(rules_with(a_pact()), from_elsewhere(on=BEGINS)) == [(40_000, "transferred")]


def test_an_agreement_of_others_sends_no_deposit_the_long_way(session):
    worker_id, rules = Ledger(session).worker_id, rules_with(a_pact("A", "B"))
    look = QuickLook(session, {})

    assert look.judge({worker_id: a_course("36", by="C")}, rules)
    assert not look.judge({worker_id: a_course("36", by="A", occupation=ELECTRICIAN)}, rules)
