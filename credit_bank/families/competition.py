"""How a prize becomes credits."""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import PRIZES_IN_DISORDER, UnfitValueError
from credit_bank.families.base import Units, for_each
from credit_bank.families.earning import EarningRule
from credit_bank.judging import PLACED, Result, difference, nothing, undecided
from schemas.credits import Arithmetic, CompetitionMeasures, LearningOutcome
from schemas.prizes import prize_of, refuse_disorder
from schemas.vocabulary import ContestTier, Family, Prize, RecordKind


class CompetitionRule(EarningRule):
    """Prizes bring an event up to the table's value: of one event the highest only."""

    KIND: ClassVar[RecordKind] = RecordKind.COMPETITION
    EXAMPLE: ClassVar[dict[str, object]] = {"event": "example"}

    family: Literal[Family.COMPETITION]
    by_prize: Annotated[
        dict[ContestTier, Annotated[dict[Prize, Units], for_each(*Prize)]],
        for_each(*ContestTier),
    ]
    prize_places: dict[Prize, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    """A contest's own prize table: the last place of each prize. Set by an exception for
    the event; empty, a bare placement is not decided."""

    @model_validator(mode="after")
    def _prizes_in_order(self) -> Self:
        try:
            refuse_disorder(self.prize_places)
        except ValueError:
            raise UnfitValueError(PRIZES_IN_DISORDER) from None
        return self

    def decide(self, outcome: LearningOutcome, held: int) -> Result:
        """Grant the prize; a bare placement by the contest's own prize table."""
        measures = outcome.measures
        if not isinstance(measures, CompetitionMeasures):
            return undecided("no_rule_for_kind")
        if measures.prize is not None:
            return self._worth(measures.tier, measures.prize, held)
        if measures.placement is None:
            return undecided("prize_missing")
        table = measures.prize_places or self.prize_places
        if not table:
            return undecided("placement_without_prize")
        prize = prize_of(measures.placement, table)
        if prize is None:
            return nothing("placement_beyond_prizes")
        step = Arithmetic(text=PLACED[prize], facts={"placement": str(measures.placement)})
        return self._worth(measures.tier, prize, held).after(step)

    def _worth(self, tier: ContestTier, prize: Prize, held: int) -> Result:
        return difference(self.by_prize[tier][prize], held, "event_already_credited")
