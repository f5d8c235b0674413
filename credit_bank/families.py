"""The rule families: what a dated rule of each may set. Data only; conversion.py decides."""

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from schemas.contracts import Bilingual, Contract
from schemas.credits import UNITS_PER_CREDIT
from schemas.vocabulary import ContestTier, Family, Grade, Prize, Rank, RecordKind, Step

_CREDITS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")


def units_of(text: object) -> int:
    """Return the whole units of a number of credits written as text, ``"27.5"``.

    Raises ValueError for anything below one unit, and for numbers written without quotes
    (they would be floats).
    """
    if not isinstance(text, str):
        message = 'credits are written in quotes, "27.5"'
        raise ValueError(message)  # noqa: TRY004  # Pydantic collects ValueErrors.
    if not _CREDITS.fullmatch(text):
        message = 'credits have digits and at most four places, "27.5"'
        raise ValueError(message)
    return int(Decimal(text) * UNITS_PER_CREDIT)


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

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.in_force_until is not None and self.in_force_until < self.in_force_from:
            message = "the rule ends before it begins"
            raise ValueError(message)
        return self


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
    years: dict[RecordKind, Annotated[int, Field(gt=0, le=100)]]
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

    def last_day(self, kind: RecordKind, effective_on: date, granted_on: date) -> date | None:
        """Return the last day of use of units that were granted on a day; None for ever.

        Never before the notice time since the grant is over.
        """
        own = self.expires_on(kind, effective_on)
        return own and max(own, granted_on + timedelta(days=self.notice_days))


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
                message = "the sentence needs {treatment} once, and no other brace"
                raise ValueError(message)
        return self


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
