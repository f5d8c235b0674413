"""Telephone numbers, e-mail and postal addresses: read as people write them, shown masked.

Pure. Sources: 工业和信息化部 numbering plan of 2019 (mobile numbers begin with 13 to 19 and
have 11 digits), RFC 5321 4.5.3.1 (lengths of the parts of an e-mail address).
"""

import re
import unicodedata

from archive.people.contact_refusals import (
    AddressFormError,
    EmailFormError,
    PhoneDigitsLostError,
    PhoneFormError,
)
from archive.people.written_numbers import is_rounded, plain
from schemas.vocabulary import ContactKind

_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
_BETWEEN_DIGITS = re.compile(r"[-–—.()]")
_LOCAL = re.compile(r"[^\s@\"(),:;<>\[\]\\]{1,64}")
_LABEL = re.compile(r"(?!-)[\w-]{1,63}(?<!-)")
_LONGEST_EMAIL = 254
_SHORTEST_ADDRESS, _LONGEST_ADDRESS = 5, 120
_SHOWN_OF_ADDRESS = 6  # The province, or the city: enough to tell two addresses apart.


def read_contact(kind: ContactKind, text: str) -> str:
    """Return what was written in the form in which it is kept and compared.

    Raises a ContactError whose code says what is wrong.
    """
    match kind:
        case ContactKind.PHONE:
            return read_phone(text)
        case ContactKind.EMAIL:
            return read_email(text)
        case ContactKind.ADDRESS:
            return read_address(text)


def read_phone(text: str) -> str:
    """Return the 11 digits of a mainland mobile number.

    Full-width digits, spaces, hyphens and a leading +86 or 0086 are taken. Raises
    PhoneDigitsLostError, PhoneFormError.
    """
    number = plain(text)
    if is_rounded(number):
        raise PhoneDigitsLostError
    found = _MOBILE.fullmatch(_BETWEEN_DIGITS.sub("", number))
    if found is None:
        raise PhoneFormError
    return found[1]


def read_email(text: str) -> str:
    """Return an e-mail address with its domain in lower case; raises EmailFormError.

    Before the @ capital letters stay: the receiver's server decides whether they matter.
    """
    address = unicodedata.normalize("NFKC", text).strip()
    local, _, domain = address.rpartition("@")
    labels = domain.split(".")
    is_domain = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
    if len(address) > _LONGEST_EMAIL or not _LOCAL.fullmatch(local) or not is_domain:
        raise EmailFormError
    return f"{local}@{domain.lower()}"


def read_address(text: str) -> str:
    """Return a postal address on one line; raises AddressFormError."""
    address = " ".join(unicodedata.normalize("NFKC", text).split())
    if not _SHORTEST_ADDRESS <= len(address) <= _LONGEST_ADDRESS:
        raise AddressFormError(shortest=_SHORTEST_ADDRESS, longest=_LONGEST_ADDRESS)
    return address


def masked_contact(kind: ContactKind, value: str) -> str:
    """Return what may be shown: ``138****5678``, ``z***@example.com``, ``广东省深圳市…``."""
    match kind:
        case ContactKind.PHONE:
            return f"{value[:3]}****{value[-4:]}"
        case ContactKind.EMAIL:
            local, _, domain = value.rpartition("@")
            return f"{local[:1]}***@{domain}"
        case ContactKind.ADDRESS:
            return f"{value[: min(_SHOWN_OF_ADDRESS, len(value) // 2)]}…"
