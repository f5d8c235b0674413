"""The rule families: what a dated rule of each may set. Data only; conversion.py decides."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from credit_bank.families.base import Example, RuleBase, Units, units_of
from credit_bank.families.earning import (
    CertificateRule,
    CompetitionRule,
    TrainingRule,
    YearlyCapRule,
)
from credit_bank.families.entitlement import EntitlementRule
from credit_bank.families.shelf_life import ShelfLifeRule

__all__ = [
    "RULE",
    "CertificateRule",
    "CompetitionRule",
    "EntitlementRule",
    "Example",
    "Rule",
    "RuleBase",
    "ShelfLifeRule",
    "TrainingRule",
    "Units",
    "YearlyCapRule",
    "units_of",
]

Rule = Annotated[
    TrainingRule
    | CertificateRule
    | CompetitionRule
    | YearlyCapRule
    | ShelfLifeRule
    | EntitlementRule,
    Field(discriminator="family"),
]
RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
