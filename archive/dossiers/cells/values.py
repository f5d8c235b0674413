"""Text and numbers of a cell, whatever the spreadsheet made of them."""

import re
import unicodedata
from datetime import date
from decimal import ROUND_DOWN, Decimal
from math import isfinite

from archive.dossiers.cells.refusals import (
    NumberRoundedError,
    NumberUnreadableError,
    TextTooLongError,
    ValueMissingError,
)
from archive.dossiers.tables.table import CellValue

LONGEST_TEXT = 200
EXACT_BELOW = 1e15  # A spreadsheet keeps 15 digits; more are rounded.
_NOISE_PLACES = 6  # What stands further behind the point is an artefact of floating point.
_BLANKS = frozenset(
    {"", "/", "\\", "-", "--", "---", "—", "——", "无", "暂无", "n/a", "na", "#n/a", "none", "null"}
)
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\xad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
"""Control characters, and what programs leave around copied text: joiners, marks of direction."""
_IS_TEXT = "'"  # A spreadsheet's sign that a cell holds text; the spreadsheet does not show it.
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?")


def is_blank(value: CellValue) -> bool:
    """Whether a cell is empty, or holds one of the signs that people put into empty cells."""
    return isinstance(value, str) and half_width(value).lower() in _BLANKS


def text(value: CellValue, *, longest: int = LONGEST_TEXT) -> str:
    """Return a cell as one line of text.

    A whole number loses its ``.0``, a day is written 2024-03-05. Raises ValueMissingError,
    TextTooLongError, or NumberRoundedError for a number of more digits than were kept.
    """
    if is_blank(value):
        raise ValueMissingError
    written = shown(value)
    if isinstance(value, float) and abs(value) >= EXACT_BELOW:
        raise NumberRoundedError
    if len(written) > longest:
        raise TextTooLongError(length=len(written), longest=longest)
    return written


def shown(value: CellValue) -> str:
    """Return a cell as a person sees it, for a report; never refuses."""
    match value:
        case str():
            return " ".join(_INVISIBLE.sub("", value).split()).removeprefix(_IS_TEXT)
        case float() if abs(value) >= EXACT_BELOW:
            return f"{value:.5E}"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case date():
            return value.isoformat()


def half_width(value: str) -> str:
    """Return a text in half-width characters without what nobody sees at its ends."""
    visible = _INVISIBLE.sub("", value)
    return unicodedata.normalize("NFKC", visible).strip().removeprefix(_IS_TEXT)


def number(value: CellValue) -> Decimal:
    """Return a cell as a number, free of floating point's artefacts (59.99999999 is 60).

    Raises ValueMissingError or NumberUnreadableError.
    """
    if is_blank(value):
        raise ValueMissingError
    match value:
        case float() if isfinite(value):
            return Decimal(repr(round(value, _NOISE_PLACES)))
        case str():
            written = half_width(value)
            if not _NUMBER.fullmatch(written):
                raise NumberUnreadableError
            return Decimal(written.replace(",", ""))
        case float() | date():
            raise NumberUnreadableError


def hundredths(value: Decimal) -> Decimal:
    """Return a number with at most two places, rounded down so that no limit is passed by it."""
    return value.quantize(Decimal("0.01"), rounding=ROUND_DOWN)
