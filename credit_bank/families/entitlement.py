"""Which treatment a skill level entitles to."""

from typing import Literal, Self

from pydantic import model_validator

from credit_bank.causes import TREATMENT_ONCE, UnfitValueError
from credit_bank.families.base import RuleBase
from schemas.contracts import Bilingual
from schemas.vocabulary import Family, Rank


class EntitlementRule(RuleBase):
    """Which treatment a skill level entitles to."""

    family: Literal[Family.ENTITLEMENT]
    treatment: dict[Rank, Bilingual]
    sentence: Bilingual
    """What is printed; ``{treatment}`` stands for the treatment."""

    @model_validator(mode="after")
    def _has_a_place_for_the_treatment(self) -> Self:
        for sentence in (self.sentence.zh, self.sentence.en):
            if sentence.count("{treatment}") != 1 or "{" in sentence.replace("{treatment}", ""):
                raise UnfitValueError(TREATMENT_ONCE)
        return self

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return the treatment of a ``rank``; nothing where the rule names none."""
        treatment = self.treatment.get(Rank(int(str(given["rank"]))))
        return {"treatment": treatment.zh} if treatment else {}
