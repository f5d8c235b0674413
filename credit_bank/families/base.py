"""What every dated rule has, whatever its family: days, words, source, examples."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from schemas.contracts import Bilingual, Contract
from schemas.credits import UNITS_PER_CREDIT

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
