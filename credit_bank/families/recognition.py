"""The test that an agreement on mutual recognition has to pass."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from credit_bank.families.base import RuleBase
from schemas.vocabulary import Decision, Family, Rank

REASONS = (
    "recognised",
    "recognition_level_missing",
    "recognition_level_lower",
    "recognition_overlap_missing",
    "recognition_overlap_low",
)
"""Every reason code; its words stand in the vocabulary catalogue under ``reason.<code>``."""


class RecognitionRule(RuleBase):
    """Same or higher level, enough common content, one hop, and no gain round a cycle."""

    family: Literal[Family.RECOGNITION]
    overlap_percent: Annotated[int, Field(ge=0, le=100)]
    same_or_higher_level: bool
    most_hops: int = Field(ge=1)
    """Over how many agreements credits may go; 1: what was transferred is not transferred on."""
    gain_round_a_cycle: bool
    """Whether agreements may lead credits back to where they came from, and more of them."""

    def tested(
        self, given: Rank | None, needed: Rank | None, overlap: Decimal | None
    ) -> tuple[Decision, str]:
        """Return whether what is given stands for what is needed, and why.

        ``needed`` is None where the receiving side asks for no level.
        """
        if self.same_or_higher_level and needed is not None:
            if given is None:
                return Decision.UNDECIDED, "recognition_level_missing"
            if given < needed:
                return Decision.NOTHING, "recognition_level_lower"
        if overlap is None:
            return Decision.UNDECIDED, "recognition_overlap_missing"
        if overlap < self.overlap_percent:
            return Decision.NOTHING, "recognition_overlap_low"
        return Decision.GRANTED, "recognised"

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return decision and reason for ``given`` and ``needed`` ranks and an ``overlap``."""
        overlap = given.get("overlap")
        decision, reason = self.tested(
            _rank(given.get("given")),
            _rank(given.get("needed")),
            None if overlap is None else Decimal(str(overlap)),
        )
        return {"decision": decision, "reason": reason}


def _rank(value: object) -> Rank | None:
    return None if value is None else Rank(int(str(value)))
