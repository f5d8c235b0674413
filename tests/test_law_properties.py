"""What holds of every promotion, limit and class, whatever the figures are."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from credit_bank.families import PromotionRule, RedemptionRule
from credit_bank.families.redemption import Shares
from schemas.credits import UNITS_PER_CREDIT, ApprenticeshipMeasures, CompetitionMeasures
from schemas.vocabulary import ContestGroup, ContestTier, Decision, Family, Limit, Rank, Use
from tests.outcomes import an_outcome, judged, shipped_rules

DAY = date(2024, 6, 1)
HELD = st.none() | st.sampled_from(Rank)
PLACES = st.integers(1, 40)
HOURS = st.decimals(Decimal("0.01"), Decimal(2000), places=2)


@st.composite
def results(draw: st.DrawFn, place: st.SearchStrategy[int] = PLACES) -> CompetitionMeasures:
    return CompetitionMeasures(
        tier=draw(st.sampled_from(ContestTier)),
        contest_class=draw(st.none() | st.integers(1, 2)),
        group=draw(st.none() | st.sampled_from(ContestGroup)),
        placement=draw(place),
        event="event",
    )


def promotion_rule() -> PromotionRule:
    published = shipped_rules().in_force(Family.PROMOTION, DAY)
    assert published is not None
    assert isinstance(published.rule, PromotionRule)
    return published.rule


def redemption_rule() -> RedemptionRule:
    published = shipped_rules().in_force(Family.REDEMPTION, DAY)
    assert published is not None
    assert isinstance(published.rule, RedemptionRule)
    return published.rule


@given(results(), HELD)
def test_a_promotion_leads_above_what_was_held_and_only_when_it_is_granted(result, held):
    step = promotion_rule().step(result, held)

    assert (step.rank is not None) == (step.decision is Decision.GRANTED)
    assert step.rank is None or held is None or step.rank > held


@given(results(), HELD, st.integers(1, 40))
def test_a_better_place_never_leads_lower(result, held, better):
    rule = promotion_rule()
    first = rule.step(result.model_copy(update={"placement": better}), held)
    second = rule.step(result, held)
    assert result.placement is not None

    if better <= result.placement and second.rank is not None and first.rank is not None:
        assert first.rank >= second.rank


@given(results(), HELD)
def test_what_is_not_said_is_decided_only_where_it_makes_no_difference(result, held):
    rule = promotion_rule()
    open_step = rule.step(result.model_copy(update={"contest_class": None, "group": None}), held)

    if open_step.decision is not Decision.UNDECIDED:
        assert rule.step(result, held) == open_step


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(Use))
def test_a_share_breaks_its_limit_exactly_when_it_is_larger(units, provider, external, use):
    provider, external = min(provider, units), min(external, units)
    rule = redemption_rule()
    shares = Shares(units=units, largest_provider=provider, external=external)

    found = {one.limit for one in rule.breaches(use, units, shares)}

    binds = use in {Use.MODULE, Use.PROGRAMME} and units >= 10 * UNITS_PER_CREDIT
    expected = {
        limit
        for limit, part, percent in (
            (Limit.ONE_PROVIDER, provider, 75),
            (Limit.EXTERNAL, external, 50),
        )
        if Decimal(part) / units > Decimal(percent) / 100
    }
    assert found == (expected if binds else set())


@given(HOURS, HOURS)
def test_splitting_an_apprentice_class_gains_nothing(first, second):
    def earned(*hours: Decimal) -> int:
        classes = [
            an_outcome(ApprenticeshipMeasures(hours=one, is_registered=True), DAY) for one in hours
        ]
        return sum(one.result.units for one in judged(*classes))

    assert earned(first, second) <= earned(first + second)
