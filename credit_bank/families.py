"""The rule families: what a dated rule of each may set. Data only; conversion.py decides."""

from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from schemas.contracts import Bilingual, Contract
from schemas.credits import UNITS_PER_CREDIT
from schemas.vocabulary import ContestTier, Family, Grade, Prize, Rank, RecordKind, Step


def units_of(text: object) -> int:
    """Return the whole units of a number of credits written as text, ``"27.5"``.

    Raises ValueError for anything below one unit, and for numbers written without quotes
    (they would be floats).
    """
    if not isinstance(text, str):
        message = 'credits are written as text, "27.5"'
        raise ValueError(message)  # noqa: TRY004  # Pydantic collects ValueErrors.
    units = Decimal(text) * UNITS_PER_CREDIT
    if units != int(units) or units < 0:
        message = "credits have at most four places and are never negative"
        raise ValueError(message)
    return int(units)


Units = Annotated[int, BeforeValidator(units_of)]
"""Credits as a rule file writes them, read as whole units."""


class Example(Contract):
    """A case that an official can read, and that runs as a test whenever rules are loaded."""

    name: str
    given: dict[str, object]
    expect: dict[str, object]


class RuleBase(Contract):
    """What every rule has: a name for good, its days, its words and its legal source."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)
    in_force_from: date
    in_force_until: date | None = None
    replaces: str | None = None
    """The rule of the same family that ends the day before this one begins."""
    title: Bilingual
    clause: Bilingual
    source: str = Field(min_length=4)
    example: tuple[Example, ...] = Field(min_length=1)


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


class ShelfLifeRule(RuleBase):
    """How many years units can be used, by the kind of outcome; unnamed kinds for ever."""

    family: Literal[Family.SHELF_LIFE]
    years: dict[RecordKind, int]
    notice_days: int = Field(ge=0)

    def expires_on(self, kind: RecordKind, effective_on: date) -> date | None:
        """Return the last day of use, or None when there is none.

        The same calendar day some years later; where that year has none, the month's last.
        """
        years = self.years.get(kind)
        if years is None:
            return None
        year, month = effective_on.year + years, effective_on.month
        return date(year, month, min(effective_on.day, monthrange(year, month)[1]))


class EntitlementRule(RuleBase):
    """Which treatment a skill level entitles to."""

    family: Literal[Family.ENTITLEMENT]
    treatment: dict[Rank, Bilingual]
    sentence: Bilingual


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
