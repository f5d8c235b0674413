"""How a registered apprentice class becomes credits."""

from typing import ClassVar, Literal

from pydantic import Field

from credit_bank.families.earning import EarningRule
from credit_bank.families.training import divided
from credit_bank.judging import Result, difference, nothing, undecided
from schemas.credits import ApprenticeshipMeasures, LearningOutcome
from schemas.vocabulary import Family, RecordKind


class ApprenticeshipRule(EarningRule):
    """Class hours of a class that was registered before it began and was completed."""

    KIND: ClassVar[RecordKind] = RecordKind.APPRENTICESHIP

    family: Literal[Family.APPRENTICESHIP]
    hours_per_credit: int = Field(gt=0)
    registered_only: bool

    def decide(self, outcome: LearningOutcome, held: int) -> Result:
        """Grant the hours of a registered class; of one class the best result only."""
        measures = outcome.measures
        if not isinstance(measures, ApprenticeshipMeasures):
            return undecided("no_rule_for_kind")
        if self.registered_only:
            registered = _is_registered(measures)
            if registered is None:
                return undecided("registration_missing")
            if not registered:
                return nothing("class_not_registered")
        if measures.hours is None:
            return undecided("hours_missing")
        units, steps = divided(measures.hours, self.hours_per_credit)
        return difference(units, held, "class_already_credited", steps)


def _is_registered(measures: ApprenticeshipMeasures) -> bool | None:
    """Return what is known of the registration: said, or told by its number; None unknown."""
    if measures.is_registered is None and measures.class_number:
        return True
    return measures.is_registered
