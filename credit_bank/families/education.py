"""Schooling: it earns no credits, and counts toward the conditions of a level."""

from typing import ClassVar, Literal

from credit_bank.families.base import Units
from credit_bank.families.earning import EarningRule
from credit_bank.judging import Result, difference, nothing
from schemas.credits import LearningOutcome
from schemas.vocabulary import Family, RecordKind


class EducationRule(EarningRule):
    """What a diploma is worth in credits."""

    KIND: ClassVar[RecordKind] = RecordKind.EDUCATION

    family: Literal[Family.EDUCATION]
    diploma: Units
    """Credits of a diploma; “0” says that it earns none, which is a decision."""

    def decide(self, outcome: LearningOutcome, held: int) -> Result:  # noqa: ARG002  # Whatever school it was.
        """Grant what a diploma is worth, or say that it counts toward conditions."""
        if not self.diploma:
            return nothing("education_counts_toward_conditions")
        return difference(self.diploma, held, "education_counts_toward_conditions")
