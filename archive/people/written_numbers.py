"""Numbers as people write them, brought to the one form in which they are compared.

What a number means (identity, organisation, certificate) stands with its own kind.
"""

import re
import unicodedata

# Left behind by web pages, chat programs and windows of properties.
_INVISIBLE = "\xad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_CLUTTER = re.compile(rf"[\s'\"`´‘’“”′{_INVISIBLE}]")
_ROUNDED = re.compile(r"\d(\.\d+)?E\+?\d{1,2}")


def plain(text: str) -> str:
    """Return a number without the clutter of keyboards and spreadsheets.

    Full-width characters become half-width, letters upper case; spaces of every kind,
    apostrophes and quotation marks (Excel's "this is text") go.
    """
    return _CLUTTER.sub("", unicodedata.normalize("NFKC", text)).upper()


def is_rounded(number: str) -> bool:
    """Whether a spreadsheet wrote the number in powers of ten (``4.40311E+17``), digits lost."""
    return _ROUNDED.fullmatch(number) is not None


def masked(number: str) -> str:
    """Return the number with its middle hidden: ``990000********1234``.

    Short numbers show two characters at each end, very short ones none, so that what is
    shown never suffices to find a person.
    """
    if len(number) >= _LONG:
        return f"{number[:6]}{'*' * (len(number) - 10)}{number[-4:]}"
    if len(number) >= _MIDDLE:
        return f"{number[:2]}{'*' * (len(number) - 4)}{number[-2:]}"
    return "*" * len(number)


_LONG = 15  # An identity number, old or new; a certificate number.
_MIDDLE = 8  # A passport, a travel permit.
