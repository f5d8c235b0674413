"""How a certificate becomes credits."""

from typing import Annotated, ClassVar, Literal

from credit_bank.families.base import Units, for_each
from credit_bank.families.earning import EarningRule
from credit_bank.judging import Result, difference, nothing, undecided
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import Family, Instrument, Rank, RecordKind, Step


class CertificateRule(EarningRule):
    """Certificates bring an occupation up to the table's total; only the difference counts."""

    KIND: ClassVar[RecordKind] = RecordKind.CERTIFICATE
    EXAMPLE_OCCUPATION: ClassVar[str | None] = "6-31-01-03"

    family: Literal[Family.CERTIFICATE]
    by_rank: Annotated[dict[Rank, Units], for_each(*list(Rank)[1:])]
    """An apprentice has no certificate; all others have their credits, if need be 0."""
    by_step: Annotated[dict[Step, Units], for_each(*Step)]
    specific_ability: Units
    permit: Units

    def decide(self, outcome: LearningOutcome, held: int) -> Result:
        """Grant what brings the occupation, or the certificate, up to the table's total."""
        measures = outcome.measures
        if not isinstance(measures, CertificateMeasures):
            return undecided("no_rule_for_kind")
        return self._by_instrument(outcome, measures, held)

    def _by_instrument(
        self, outcome: LearningOutcome, measures: CertificateMeasures, held: int
    ) -> Result:
        match measures.instrument:
            case Instrument.SKILL_LEVEL | Instrument.QUALIFICATION:
                return self._by_rank(outcome, held)
            case Instrument.ONE_PLUS_X:
                return self._by_step(measures.step, held)
            case Instrument.SPECIFIC_ABILITY:
                return difference(self.specific_ability, held, "ability_already_credited")
            case (
                Instrument.SPECIAL_OPERATION
                | Instrument.CONSTRUCTION_OPERATION
                | Instrument.SPECIAL_EQUIPMENT
            ):
                return difference(self.permit, held, "permit_earns_nothing")
            case Instrument.PROFESSIONAL_TITLE:
                return nothing("title_earns_nothing")

    def _by_rank(self, outcome: LearningOutcome, held: int) -> Result:
        if outcome.rank is None:
            return undecided("rank_missing")
        if outcome.occupation is None:
            return undecided("occupation_missing")
        if outcome.rank not in self.by_rank:
            return nothing("rank_without_credits")
        return difference(self.by_rank[outcome.rank], held, "level_already_credited")

    def _by_step(self, step: Step | None, held: int) -> Result:
        if step is None:
            return undecided("step_missing")
        return difference(self.by_step[step], held, "step_already_credited")
