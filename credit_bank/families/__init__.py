"""The rule families: what a dated rule of each may set, and what it makes of an example."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from credit_bank.families.agreement import AgreementRule
from credit_bank.families.application import ApplicationRule
from credit_bank.families.apprenticeship import ApprenticeshipRule
from credit_bank.families.base import Example, RuleBase, Units, units_of
from credit_bank.families.certificate import CertificateRule
from credit_bank.families.clocks import AppealRule, SuspensionRule
from credit_bank.families.competition import CompetitionRule
from credit_bank.families.double_counting import DoubleCountingRule
from credit_bank.families.earning import EarningRule
from credit_bank.families.education import EducationRule
from credit_bank.families.entitlement import EntitlementRule
from credit_bank.families.occupations import OccupationCrosswalkRule, RelatedOccupationsRule
from credit_bank.families.promotion import PromotionRule
from credit_bank.families.recognition import RecognitionRule
from credit_bank.families.redemption import RedemptionRule
from credit_bank.families.shelf_life import ShelfLifeRule
from credit_bank.families.standards import OccupationStandardRule
from credit_bank.families.training import TrainingRule
from credit_bank.families.working_days import WorkingDaysRule
from credit_bank.families.yearly_cap import YearlyCapRule

__all__ = [
    "RULE",
    "AgreementRule",
    "AppealRule",
    "ApplicationRule",
    "ApprenticeshipRule",
    "CertificateRule",
    "CompetitionRule",
    "DoubleCountingRule",
    "EarningRule",
    "EducationRule",
    "EntitlementRule",
    "Example",
    "OccupationCrosswalkRule",
    "OccupationStandardRule",
    "PromotionRule",
    "RecognitionRule",
    "RedemptionRule",
    "RelatedOccupationsRule",
    "Rule",
    "RuleBase",
    "ShelfLifeRule",
    "SuspensionRule",
    "TrainingRule",
    "Units",
    "WorkingDaysRule",
    "YearlyCapRule",
    "units_of",
]

Rule = Annotated[
    TrainingRule
    | CertificateRule
    | CompetitionRule
    | ApprenticeshipRule
    | EducationRule
    | YearlyCapRule
    | DoubleCountingRule
    | ShelfLifeRule
    | EntitlementRule
    | PromotionRule
    | RecognitionRule
    | AgreementRule
    | RedemptionRule
    | AppealRule
    | SuspensionRule
    | WorkingDaysRule
    | ApplicationRule
    | OccupationStandardRule
    | RelatedOccupationsRule
    | OccupationCrosswalkRule,
    Field(discriminator="family"),
]
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
