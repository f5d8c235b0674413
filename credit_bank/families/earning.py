"""Families that turn an outcome into credits, and the cap on what a year can bring."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from credit_bank.families.base import RuleBase, Units
from schemas.vocabulary import ContestTier, Family, Grade, Prize, Rank, Step


class TrainingRule(RuleBase):
    """How a finished course becomes credits."""

    family: Literal[Family.TRAINING]
    hours_per_credit: int = Field(gt=0)
    minimum_hours: Decimal
    minimum_score: Decimal
    full_score: Decimal
    minimum_attendance: Decimal
    passing_grades: frozenset[Grade]


class CertificateRule(RuleBase):
    """How a certificate becomes credits: cumulative, only the difference is posted."""

    family: Literal[Family.CERTIFICATE]
    by_rank: dict[Rank, Units]
    by_step: dict[Step, Units]
    specific_ability: Units
    permit: Units


class CompetitionRule(RuleBase):
    """How a prize becomes credits; of one event the highest only."""

    family: Literal[Family.COMPETITION]
    by_prize: dict[ContestTier, dict[Prize, Units]]


class YearlyCapRule(RuleBase):
    """How many units of a family one calendar year can bring."""

    family: Literal[Family.YEARLY_CAP]
    capped: Family
    credits_a_year: Units
