"""Identity documents: which document a number belongs to, and whether it can be genuine.

Pure. Whether the person exists, and who may see the number, is decided elsewhere. The
checks are written here because the usual library refuses valid numbers of newer areas
and all residence permits. Sources: GB 11643-1999 (number and check character), the
公安部 rules of 2018 on residence permits (81/82/83) and of 2023 on the permanent
residence card (9 + province + country).
"""

import re
from datetime import date
from enum import StrEnum
from operator import mul
from typing import NamedTuple

from archive.people.identity_refusals import (
    IdBirthDateError,
    IdBirthFutureError,
    IdCharactersError,
    IdCheckDigitError,
    IdDigitsLostError,
    IdFormError,
    IdLengthError,
    IdMissingError,
    IdTypeNeededError,
)
from archive.people.written_numbers import is_rounded, masked, plain
from schemas.vocabulary import DocumentType

__all__ = [
    "SYNTHETIC_AREAS",
    "IdentityDocument",
    "NumberReader",
    "Sex",
    "area_is_known",
    "birth_date",
    "check_character",
    "masked",
    "read_document",
    "sex",
]

SYNTHETIC_AREAS = ("990000", "000000")  # Given to nobody: people of demos and tests.

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_CHARACTERS = "10X98765432"
_PROVINCES = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")
_RESIDENCE_PERMIT_AREAS = ("810000", "820000", "830000")
_EARLIEST_BIRTH = 1900  # No living person is older; a smaller year is a typing error.
_OLD_LENGTH, _LENGTH = 15, 18
_FORMS = {
    DocumentType.PASSPORT: re.compile(r"[A-Z0-9]{5,12}"),
    DocumentType.HM_TRAVEL_PERMIT: re.compile(r"[HM]([0-9]{8}|[0-9]{10})"),
    DocumentType.TAIWAN_TRAVEL_PERMIT: re.compile(r"[0-9]{8}|[0-9]{10}[A-Z]?"),
    DocumentType.FOREIGN_PERMANENT_RESIDENT: re.compile(r"[A-Z]{3}[0-9]{12}"),
}
_FORMS_THAT_TELL = (
    (DocumentType.HM_TRAVEL_PERMIT, re.compile(r"[HM]([0-9]{8}|[0-9]{10})")),
    (DocumentType.FOREIGN_PERMANENT_RESIDENT, re.compile(r"[A-Z]{3}[0-9]{12}")),
    (DocumentType.PASSPORT, re.compile(r"[DEGPS][0-9]{8}|[DEPS][A-Z][0-9]{7}")),
)


class Sex(StrEnum):
    """What the number says of its holder's sex."""

    FEMALE = "female"
    MALE = "male"


class IdentityDocument(NamedTuple):
    """A document by which a person is known: its kind and its number as it is compared."""

    type: DocumentType
    number: str

    def __repr__(self) -> str:
        """Return its kind alone: a log or a traceback must never show the number."""
        return f"IdentityDocument(type={self.type!r})"

    def upgraded(self) -> "IdentityDocument":
        """Return the 18-digit form of a 15-digit number; any other document itself.

        Both cards belong to one person, who is looked up by this form.
        """
        if self.type is not DocumentType.RESIDENT_ID_15:
            return self
        number = f"{self.number[:6]}19{self.number[6:]}"
        return IdentityDocument(DocumentType.RESIDENT_ID, number + check_character(number))


def read_document(
    text: str, *, today: date, type_given: DocumentType | None = None
) -> IdentityDocument:
    """Return the document that a number, as a person wrote it, belongs to.

    Without ``type_given`` the kind is told from the number where only one is possible.
    ``today`` is the local day against which a date of birth is in the future. Raises an
    IdentityError whose code says what is wrong.
    """
    number = plain(text)
    if not number:
        raise IdMissingError
    if is_rounded(number):
        raise IdDigitsLostError
    if type_given in _FORMS and len(number) != _LENGTH:
        return _of_form(number, type_given)
    if type_given in (DocumentType.PASSPORT, *_TRAVEL_PERMITS):
        raise IdFormError
    if type_given is None:
        for told, form in _FORMS_THAT_TELL:
            if form.fullmatch(number):
                return _of_form(number, told)
    return _of_the_mainland(number, today, type_given)


class NumberReader:
    """Reads the numbers of a list, the same as ``read_document`` for a tenth of the time.

    Areas, days of birth and the last four characters are drawn from small sets: what each
    adds to the check is worked out once.
    """

    def __init__(self, today: date) -> None:
        """Take the local day against which a date of birth is in the future."""
        self._areas = _Areas()
        self._days = _Days(today)
        self._ends = _Ends()

    def read(self, number: str) -> tuple[IdentityDocument, date, bool] | None:
        """Return a document of 18 characters, the day of birth, and whether its area is known.

        None when the number is written in any other way, or is wrong: ``read_document``
        tells which.
        """
        if len(number) != _LENGTH:
            return None
        area, day, end = self._areas[number[:6]], self._days[number[6:14]], self._ends[number[14:]]
        if area is None or day is None or end is None or (area[0] + day[0] + end) % 11:
            return None
        document = tuple.__new__(IdentityDocument, (area[1], number))  # In a third of the time.
        return document, day[1], area[2]


def _weighed(digits: str, first: int) -> int:
    """Return what some digits, from a place on, add to the check."""
    return sum(map(mul, map(int, digits), _WEIGHTS[first:]))


class _Areas(dict[str, tuple[int, DocumentType, bool] | None]):
    def __missing__(self, area: str) -> tuple[int, DocumentType, bool] | None:
        told = None
        if area.isascii() and area.isdecimal():
            kind = _type_of(area)
            told = _weighed(area, 0), kind, area_is_known(IdentityDocument(kind, area))
        self[area] = told
        return told


class _Days(dict[str, tuple[int, date] | None]):
    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today

    def __missing__(self, digits: str) -> tuple[int, date] | None:
        born = _day_of(digits) if digits.isascii() and digits.isdecimal() else None
        if born is None or born.year < _EARLIEST_BIRTH or born > self._today:
            told = None
        else:
            told = (_weighed(digits, 6), born)
        self[digits] = told
        return told


class _Ends(dict[str, int | None]):
    def __missing__(self, end: str) -> int | None:
        serial, last = end[:3], _CHECK_CHARACTERS.find(end[3])
        is_plain = serial.isascii() and serial.isdecimal() and last >= 0
        told = _weighed(serial, 14) - last if is_plain else None
        self[end] = told
        return told


def birth_date(document: IdentityDocument) -> date | None:
    """Return the date of birth that the number tells; None for a document that tells none."""
    number = document.upgraded().number
    return _date_in(number) if len(number) == _LENGTH else None


def sex(document: IdentityDocument) -> Sex | None:
    """Return the sex that the number tells; None for a document that tells none."""
    number = document.upgraded().number
    if len(number) != _LENGTH:
        return None
    return Sex.MALE if int(number[16]) % 2 else Sex.FEMALE


def area_is_known(document: IdentityDocument) -> bool:
    """Whether the number begins with a province that exists; areas below it come and go.

    Only worth a warning, never a refusal. Synthetic areas count as known.
    """
    if document.type not in (DocumentType.RESIDENT_ID, DocumentType.RESIDENT_ID_15):
        return True
    return _PROVINCES.match(document.number) is not None or document.number[:6] in SYNTHETIC_AREAS


def check_character(first: str) -> str:
    """Return the check character of the first 17 digits (GB 11643, ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


_TRAVEL_PERMITS = (DocumentType.HM_TRAVEL_PERMIT, DocumentType.TAIWAN_TRAVEL_PERMIT)


def _of_form(number: str, kind: DocumentType) -> IdentityDocument:
    bare = number.replace("(", "").replace(")", "")
    if not _FORMS[kind].fullmatch(bare):
        raise IdFormError
    return IdentityDocument(kind, bare)


def _of_the_mainland(number: str, today: date, type_given: DocumentType | None) -> IdentityDocument:
    """Read a number of 15 or 18 characters with a date of birth in it."""
    if len(number) not in (_OLD_LENGTH, _LENGTH):
        if type_given is None and not number.removesuffix("X").isdecimal():
            raise IdTypeNeededError
        raise IdLengthError(length=len(number))
    if not re.fullmatch(r"[0-9]{17}[0-9X]|[0-9]{15}", number):
        raise IdCharactersError
    document = IdentityDocument(_type_of(number), number)
    whole = document.upgraded().number
    _check_birth(whole, today)
    _check_last_character(whole)
    return document


def _type_of(number: str) -> DocumentType:
    if len(number) == _OLD_LENGTH:
        return DocumentType.RESIDENT_ID_15
    if number.startswith(_RESIDENCE_PERMIT_AREAS):
        return DocumentType.HMT_RESIDENCE_PERMIT
    if number[0] == "9" and _PROVINCES.match(number, 1):
        return DocumentType.FOREIGN_PERMANENT_RESIDENT
    return DocumentType.RESIDENT_ID


def _check_birth(number: str, today: date) -> None:
    born = _date_in(number)
    if born is None or born.year < _EARLIEST_BIRTH:
        raise IdBirthDateError
    if born > today:
        raise IdBirthFutureError


def _check_last_character(number: str) -> None:
    if check_character(number[:17]) == number[17]:
        return
    if number.endswith("000"):  # Excel fills up with zeros what it could not keep.
        raise IdDigitsLostError
    raise IdCheckDigitError


def _date_in(number: str) -> date | None:
    return _day_of(number[6:14])


def _day_of(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
