"""What every dated rule has, whatever its family: days, words, source, examples."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from credit_bank.causes import ENDS_TOO_EARLY, VALUES_MISSING, UnfitValueError
from schemas.contracts import Bilingual, Contract
from schemas.credits import UNITS_PER_CREDIT
from schemas.refusals import Phrase
from schemas.vocabulary import Family

NOT_UNITS = "not_units"
"""The type of the error for what is no number of credits."""

_CREDITS = re.compile(r"[0-9]{1,6}(\.[0-9]{1,4})?")


def units_of(text: object) -> int:
    """Return the whole units of a number of credits written as text, ``"27.5"``.

    Raises ValueError for anything below one unit, and for numbers written without quotes
    (they would be floats).
    """
    if not isinstance(text, str):
        raise PydanticCustomError(NOT_UNITS, 'credits are written in quotes, "27.5"')
    if not _CREDITS.fullmatch(text):
        raise PydanticCustomError(NOT_UNITS, 'credits have digits and at most four places, "27.5"')
    return int(Decimal(text) * UNITS_PER_CREDIT)


Units = Annotated[int, BeforeValidator(units_of)]
"""Credits as a rule file writes them, read as whole units."""

RuleId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=80)]
Source = Annotated[str, Field(min_length=4)]


def for_each(*wanted: object) -> AfterValidator:
    """Return the check that a table leaves nothing out: unset would be found only in a ledger."""

    def check(table: dict[Any, Any]) -> dict[Any, Any]:
        missing = [one for one in wanted if one not in table]
        if missing:
            raise UnfitValueError(VALUES_MISSING, missing=", ".join(f"{one}" for one in missing))
        return table

    return AfterValidator(check)


class Example(Contract):
    """A case that an official can read, and that runs as a test whenever rules are loaded."""

    name: str
    given: dict[str, object]
    expect: dict[str, object]


class RuleBase(Contract):
    """What every rule has: a name for good, its days, its words and its legal source."""

    family: Family
    id: RuleId
    in_force_from: date
    in_force_until: date | None = None
    replaces: str | None = None
    """The rule of the same family that ends the day before this one begins."""
    title: Bilingual
    clause: Bilingual
    source: Source
    example: tuple[Example, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.in_force_until is not None and self.in_force_until < self.in_force_from:
            raise UnfitValueError(ENDS_TOO_EARLY)
        return self

    @property
    def track(self) -> str:
        """What may stand beside others of its family on one day; empty where only one may."""
        return ""

    def unset(self) -> tuple[Phrase, ...]:
        """Return what the rule leaves open, so that it cannot be decided until somebody sets it."""
        return ()

    def told(self, given: dict[str, object]) -> dict[str, str]:
        """Return what the rule makes of an example's ``given``, as examples expect it.

        Raises ValueError, KeyError or TypeError when it does not say what the family needs.
        """
        raise NotImplementedError


def as_day(value: object) -> date:
    """Return a day of an example, which a file writes as a day and canonical bytes as text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))
