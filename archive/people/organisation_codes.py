"""The unified social credit code of an organisation and its check (GB 32100-2015). Pure."""

import re
from typing import ClassVar

from archive.errors import ArchiveError
from archive.people.written_numbers import is_rounded, plain

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # Without I, O, S, V, Z.
_LENGTH = 18
_FORM = re.compile(rf"[{ALPHABET}]{{{_LENGTH}}}")


class CreditCodeFormError(ArchiveError):
    """The text does not have the form of a unified social credit code."""

    code: ClassVar[str] = "credit_code_form"
    template: ClassVar[str] = (
        "A unified social credit code has 18 digits and capital letters, "
        "none of them I, O, S, V or Z. Compare it with the licence."
    )


class CreditCodeCheckError(ArchiveError):
    """The last character does not follow from the others."""

    code: ClassVar[str] = "credit_code_check"
    template: ClassVar[str] = (
        "The last character of the unified social credit code does not fit the others. "
        "Compare the code with the licence."
    )


def read_credit_code(text: str) -> str:
    """Return a unified social credit code as it is compared.

    Raises CreditCodeFormError or CreditCodeCheckError.
    """
    code = plain(text)
    if is_rounded(code) or not _FORM.fullmatch(code):
        raise CreditCodeFormError
    if check_character(code[:-1]) != code[-1]:
        raise CreditCodeCheckError
    return code


def check_character(first: str) -> str:
    """Return the check character of the first 17 characters: weights 3^i, modulo 31."""
    total = sum(ALPHABET.index(found) * 3**place for place, found in enumerate(first))
    return ALPHABET[-total % 31]
