"""Which level a place in a competition leads to. It posts no credits and gives no level."""

from itertools import combinations, product
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import (
    NEXT_LEVEL_TOO_LOW,
    PLACES_IN_DISORDER,
    RUNG_AND_NONE,
    RUNGS_MEET,
    UnfitValueError,
)
from credit_bank.families.base import RuleBase
from schemas.contracts import Contract
from schemas.credits import CompetitionMeasures
from schemas.refusals import Phrase
from schemas.vocabulary import ContestGroup, ContestTier, Decision, Family, Rank

Place = Annotated[int, Field(ge=1, le=100_000)]
ContestClass = Annotated[int, Field(ge=1, le=2)]
NO_TIER = "Nothing is set for competitions of this tier: {tier}."


class Rung(Contract):
    """Some places of some contests, and the level that they lead to."""

    tier: ContestTier
    contest_class: ContestClass | None = None
    """First or second class; None for either."""
    group: ContestGroup | None = None
    """Staff or students; None for either."""
    first_place: Place = 1
    last_place: Place
    rank: Rank
    if_held: Rank | None = None
    """The next level, for who held ``rank`` on the day of the competition; None: nothing."""
    needs_conditions: bool = False
    """Whether the conditions of that level have to be met besides."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_place < self.first_place:
            raise UnfitValueError(PLACES_IN_DISORDER)
        if self.if_held is not None and self.if_held <= self.rank:
            raise UnfitValueError(NEXT_LEVEL_TOO_LOW)
        return self

    def fits(self, tier: ContestTier, contest_class: int, group: ContestGroup, place: int) -> bool:
        """Whether the rung is about such a place."""
        return (
            self.tier is tier
            and self.contest_class in (None, contest_class)
            and self.group in (None, group)
            and self.first_place <= place <= self.last_place
        )

    def meets(self, other: "Rung") -> bool:
        """Whether one place could stand on both."""
        return (
            self.tier is other.tier
            and (None in (one := (self.contest_class, other.contest_class)) or one[0] == one[1])
            and (None in (two := (self.group, other.group)) or two[0] is two[1])
            and max(self.first_place, other.first_place) <= min(self.last_place, other.last_place)
        )


class Step(Contract):
    """What a place leads to: the level, or why none."""

    decision: Decision
    reason: str
    rank: Rank | None = None
    needs_conditions: bool = False


class PromotionRule(RuleBase):
    """Which places lead to which level, by tier, class and group."""

    family: Literal[Family.PROMOTION]
    rung: tuple[Rung, ...] = Field(min_length=1)
    without_promotion: frozenset[ContestTier]
    """Tiers that bring credits only; a tier that stands nowhere is not decided."""
    selection_trials: bool
    """Whether trials that choose who goes on to WorldSkills promote, too."""

    @model_validator(mode="after")
    def _one_rung_for_each_place(self) -> Self:
        for first, second in combinations(self.rung, 2):
            if first.meets(second):
                raise UnfitValueError(RUNGS_MEET, tier=first.tier)
        for rung in self.rung:
            if rung.tier in self.without_promotion:
                raise UnfitValueError(RUNG_AND_NONE, tier=rung.tier)
        return self

    def unset(self) -> tuple[Phrase, ...]:
        """Return the tiers of which the rule says nothing."""
        told = {rung.tier for rung in self.rung} | self.without_promotion
        return tuple(
            Phrase(NO_TIER, {"tier": Phrase(f"tier.{tier}")})
            for tier in ContestTier
            if tier not in told
        )

    def step(self, measures: CompetitionMeasures, held: Rank | None) -> Step:
        """Return what a result leads to for who held a level on the day of the competition."""
        if measures.is_selection_trial and not self.selection_trials:
            return _none("selection_trial")
        if measures.tier in self.without_promotion:
            return _none("tier_without_promotion")
        if not any(rung.tier is measures.tier for rung in self.rung):
            return _unknown("promotion_unset")
        if measures.placement is None:
            return _unknown("placement_missing")
        found = self._rung(measures, measures.placement)
        return found if isinstance(found, Step) else _reached(found, held)

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return the reason, and the rank that is reached; ``held`` is the rank on the day."""
        told = dict(given)
        held = told.pop("held", None)
        measures = CompetitionMeasures.model_validate({"event": "example", **told})
        found = self.step(measures, None if held is None else Rank(int(str(held))))
        needs = {"conditions": "needed"} if found.needs_conditions else {}
        rank = {} if found.rank is None else {"rank": str(int(found.rank))}
        return {"reason": found.reason, **rank, **needs}

    def _rung(self, measures: CompetitionMeasures, place: int) -> Rung | Step:
        """Return the rung of a place; what was not said matters only where it would decide."""
        classes = (measures.contest_class,) if measures.contest_class else (1, 2)
        groups = (measures.group,) if measures.group else tuple(ContestGroup)
        found = {
            (one, group): self._at(measures.tier, one, group, place)
            for one, group in product(classes, groups)
        }
        rungs = list(found.values())
        if all(rung == rungs[0] for rung in rungs):
            return rungs[0] or _none("place_without_promotion")
        by_group = all(found[one, group] == found[one, groups[0]] for one, group in found)
        return _unknown("contest_class_missing" if by_group else "contest_group_missing")

    def _at(
        self, tier: ContestTier, contest_class: int, group: ContestGroup, place: int
    ) -> Rung | None:
        fits = (rung for rung in self.rung if rung.fits(tier, contest_class, group, place))
        return next(fits, None)


def _reached(rung: Rung, held: Rank | None) -> Step:
    if held is None or held < rung.rank:
        rank = rung.rank
    elif rung.if_held is not None and held < rung.if_held:
        rank = rung.if_held
    else:
        return _none("level_held_on_the_day")
    return Step(
        decision=Decision.GRANTED,
        reason="promotes",
        rank=rank,
        needs_conditions=rung.needs_conditions,
    )


def _none(reason: str) -> Step:
    return Step(decision=Decision.NOTHING, reason=reason)


def _unknown(reason: str) -> Step:
    return Step(decision=Decision.UNDECIDED, reason=reason)
