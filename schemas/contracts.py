"""The base of every contract, and the few field types that they share."""

import unicodedata
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)


class Contract(BaseModel):
    """A value that crosses a wall: frozen, complete, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True, ser_json_bytes="base64")


class Bilingual(Contract):
    """One sentence in both languages."""

    zh: str
    en: str


def plain_decimal(value: Decimal) -> str:
    """Return the one text of a decimal: no exponent, no trailing zeros (canonical JSON)."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _without_control_characters(value: str) -> str:
    if not value.isprintable() and any(unicodedata.category(found) == "Cc" for found in value):
        message = "control characters are not allowed"
        raise ValueError(message)
    return value


Hundredths = Annotated[
    Decimal,
    Field(max_digits=9, decimal_places=2),
    PlainSerializer(plain_decimal, return_type=str, when_used="json"),
]
"""A decimal with at most two places: class hours, points, per cent."""

Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_without_control_characters),
]
"""One line of free text."""

OccupationCode = Annotated[str, StringConstraints(pattern=r"^[0-9](-[0-9]{2}){3}$")]
"""An occupation of the classification of 2022, ``6-31-01-03``."""
