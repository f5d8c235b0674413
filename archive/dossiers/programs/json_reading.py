"""JSON as it is taken from strangers: whole, unambiguous, and small enough to be looked at. Pure.

Decimals stay exact. What the members mean is for others to say.
"""

import json
from decimal import Decimal

from archive.dossiers.programs.json_refusals import (
    JsonBrokenError,
    JsonDeepError,
    JsonEncodingError,
    JsonFaultError,
    JsonMemberTwiceError,
    JsonNumberError,
    JsonTextError,
)

DEEPEST = 20
SPACE = " \t\r\n"
_LONGEST_NUMBER = 30
_LARGEST_EXPONENT = 15


def decoded(content: bytes) -> str:
    """Return bytes as text, without a byte order mark; raises JsonEncodingError."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise JsonEncodingError from None


def value_in(text: str) -> object:
    """Return the one value that a text holds; raises a JsonFaultError."""
    found, end = first_value_in(text, len(text) - len(text.lstrip(SPACE)))
    if text[end:].strip(SPACE):
        raise JsonBrokenError(character=end + 1)
    return found.value


def first_value_in(text: str, at: int) -> tuple["Found", int]:
    """Return the value that begins at a place, and where it ends.

    Raises JsonBrokenError, or JsonDeepError, when nobody can say where it ends.
    """
    found = Found()
    try:
        found.told, end = found.decoder.raw_decode(text, at)
    except json.JSONDecodeError as broken:
        raise JsonBrokenError(character=broken.pos + 1) from None
    except RecursionError:
        raise JsonDeepError(deepest=DEEPEST) from None
    return found, end


class Found:
    """A value that was found, and what speaks against it."""

    def __init__(self) -> None:
        """Begin with nothing found."""
        self.told: object = None
        self._fault: JsonFaultError | None = None
        self.decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._whole,
            parse_float=self._decimal,
            parse_constant=self._no_number,
        )

    @property
    def value(self) -> object:
        """The value; raises a JsonFaultError when it cannot be kept."""
        if self._fault is not None:
            raise self._fault
        _refuse_unfit(self.told)
        return self.told

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._fault = JsonMemberTwiceError()
        return found

    def _whole(self, text: str) -> int:
        if len(text) > _LONGEST_NUMBER:
            return self._no_number(text)
        return int(text)

    def _decimal(self, text: str) -> Decimal:
        number = Decimal(text) if len(text) <= _LONGEST_NUMBER else Decimal("NaN")
        if not number.is_finite() or abs(number.adjusted()) > _LARGEST_EXPONENT:
            return Decimal(self._no_number(text))
        return number

    def _no_number(self, _text: str) -> int:
        """Note a number that cannot be kept; NaN and Infinity are no JSON at all."""
        self._fault = JsonNumberError()
        return 0


def _refuse_unfit(found: object) -> None:
    """Refuse what stands too deep, and texts that no database keeps."""
    level, depth = [found], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise JsonDeepError(deepest=DEEPEST)
        below: list[object] = []
        for one in level:
            match one:
                case str():
                    _refuse_text(one)
                case dict():
                    below += one.keys()
                    below += one.values()
                case list():
                    below += one
                case _:
                    pass
        level = below


def _refuse_text(text: str) -> None:
    if "\0" in text:
        raise JsonTextError
    try:
        text.encode()
    except UnicodeEncodeError:
        raise JsonTextError from None
