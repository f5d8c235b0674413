"""Numbers of certificates: their forms, what they tell, and whether they hold an identity number.

Pure. Whether a certificate is genuine only its issuer knows: these numbers have no check
digit, so what they tell is compared with what the file says. The forms stand in the
ministry's rules of 2019 on skill-level certificates (22 characters) and of 1994 on
qualifications (16 digits).
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar, Self

from archive.errors import ArchiveError
from archive.people import identity
from archive.people.written_numbers import is_rounded, plain
from schemas.vocabulary import Rank

RANK_OF_CODE = {
    "5": Rank.JUNIOR,
    "4": Rank.INTERMEDIATE,
    "3": Rank.SENIOR,
    "2": Rank.TECHNICIAN,
    "1": Rank.SENIOR_TECHNICIAN,
    "T": Rank.MASTER_TECHNICIAN,
    "S": Rank.CHIEF_TECHNICIAN,
}
"""The digit falls as the level rises."""
CODE_OF_RANK = {rank: code for code, rank in RANK_OF_CODE.items()}

_SKILL_LEVEL = re.compile(r"([YS])([0-9]{4})([0-9]{2})([0-9]{6})([0-9]{2})([1-5TS])([0-9]{6})")
_RESEMBLES_SKILL_LEVEL = re.compile(r"[YS][0-9A-Z]{12,30}")
_QUALIFICATION = re.compile(r"[0-9]{16}")
_SPECIAL_OPERATION = re.compile(r"T\d{17}[\dX]")
_ID_WITHIN = re.compile(r"(?=(\d{17}[\dX]))")
_ID_YEARS = (1900, 2100)


class Assessor(StrEnum):
    """Who awarded a skill level, as the first letter of its number tells."""

    EMPLOYER = "Y"
    ASSESSMENT_BODY = "S"


class CertificateNumberRoundedError(ArchiveError):
    """A spreadsheet rounded the number."""

    code: ClassVar[str] = "certificate_number_rounded"
    template: ClassVar[str] = (
        "The spreadsheet has rounded this certificate number and lost its last digits. "
        "Set the column to the format “Text” and type the number again."
    )


class CertificateNumberFormError(ArchiveError):
    """The text is no number of a skill-level certificate."""

    code: ClassVar[str] = "certificate_number_form"
    template: ClassVar[str] = (
        "The number of a skill-level certificate has 22 characters: Y or S, 14 digits, "
        "the level (1-5, T or S) and 6 digits; this one has {length}. "
        "Compare it with the certificate."
    )


class CertificateLevelNotAllowedError(ArchiveError):
    """An assessment body's number claims a level that only an employer can appoint to."""

    code: ClassVar[str] = "certificate_level_not_allowed"
    template: ClassVar[str] = (
        "Only an employer (numbers with Y) appoints 特级技师 and 首席技师; "
        "this number begins with S. Ask the issuer for the right certificate."
    )


class CertificateLevelDiffersError(ArchiveError):
    """The number tells another level than the file."""

    code: ClassVar[str] = "certificate_level_differs"
    template: ClassVar[str] = (
        "The number of this certificate tells level code {code_told}, "
        "the level that is given has code {code_given}. Compare both with the certificate."
    )


class CertificateYearDiffersError(ArchiveError):
    """The number tells another year than the day of issue."""

    code: ClassVar[str] = "certificate_year_differs"
    template: ClassVar[str] = (
        "The number of this certificate tells the year {year_told}, "
        "the day of issue lies in {year_given}. Compare both with the certificate."
    )


@dataclass(frozen=True, slots=True)
class SkillLevelNumber:
    """What the number of a skill-level certificate tells; ``str()`` writes it again."""

    assessor: Assessor
    ministry: str
    """Four digits of the filing with the ministry, ``0000`` without one."""
    province: str
    site: str
    year: int
    rank: Rank
    serial: int

    def __str__(self) -> str:
        """Return the 22 characters."""
        return (
            f"{self.assessor}{self.ministry}{self.province}{self.site}"
            f"{self.year % 100:02d}{CODE_OF_RANK[self.rank]}{self.serial:06d}"
        )

    @classmethod
    def of(cls, *, rank: Rank, year: int, serial: int, assessor: Assessor) -> Self:
        """Return a synthetic number: province 99 and site 990000 are given to nobody."""
        return cls(assessor, "0000", "99", "990000", year, rank, serial)


def read_skill_level(text: str) -> SkillLevelNumber:
    """Return what the number of a skill-level certificate tells.

    Raises CertificateNumberRoundedError, CertificateNumberFormError, or
    CertificateLevelNotAllowedError.
    """
    number = plain_certificate_number(text)
    found = _SKILL_LEVEL.fullmatch(number)
    if found is None:
        raise CertificateNumberFormError(length=len(number))
    letter, ministry, province, site, year, level, serial = found.groups()
    rank = RANK_OF_CODE[level]
    if letter == Assessor.ASSESSMENT_BODY and rank > Rank.SENIOR_TECHNICIAN:
        raise CertificateLevelNotAllowedError
    return SkillLevelNumber(
        Assessor(letter), ministry, province, site, 2000 + int(year), rank, int(serial)
    )


def rank_told(number: str, given: Rank | None) -> Rank:
    """Return the level that the number of a skill-level certificate tells.

    A level that is ``given`` has to be the same. Raises what ``read_skill_level`` and
    ``check_rank`` raise.
    """
    told = read_skill_level(number)
    if given is not None:
        check_rank(told, given)
    return told.rank


def check_rank(number: SkillLevelNumber, rank: Rank) -> None:
    """Compare the level that the number tells with the one given.

    Raises CertificateLevelDiffersError.
    """
    if number.rank is not rank:
        given = CODE_OF_RANK.get(rank, "-")
        raise CertificateLevelDiffersError(code_told=CODE_OF_RANK[number.rank], code_given=given)


def check_year(number: SkillLevelNumber, issued_on: date) -> None:
    """Compare the year that the number tells with the day of issue.

    A certificate of December's assessment is often issued in January, so the year before
    is accepted. Raises CertificateYearDiffersError.
    """
    if issued_on.year - number.year not in (0, 1):
        raise CertificateYearDiffersError(year_told=number.year, year_given=issued_on.year)


def plain_certificate_number(text: str) -> str:
    """Return a certificate number of any kind as it is compared.

    Raises CertificateNumberRoundedError when a spreadsheet has lost its digits.
    """
    number = plain(text)
    if is_rounded(number):
        raise CertificateNumberRoundedError
    return number


def is_skill_level(number: str) -> bool:
    """Whether a plain number has the form of a skill-level certificate."""
    return _SKILL_LEVEL.fullmatch(number) is not None


def resembles_skill_level(number: str) -> bool:
    """Whether a plain number is meant as one of a skill-level certificate, if mistyped."""
    return _RESEMBLES_SKILL_LEVEL.fullmatch(number) is not None


def is_special_operation(number: str) -> bool:
    """Whether a plain number has the form of a special operation permit."""
    return _SPECIAL_OPERATION.fullmatch(number) is not None


def is_qualification(number: str) -> bool:
    """Whether a plain number has the form of the old qualification certificate (16 digits)."""
    return _QUALIFICATION.fullmatch(number) is not None


def contains_identity(number: str) -> bool:
    """Whether a number holds an identity number, so that it is personal data itself.

    The number of a special operation permit is ``T`` and the holder's identity number;
    other issuers put it elsewhere, so every 18 characters that pass its checks count.
    """
    bare = plain(number)
    if is_skill_level(bare):
        return False
    if _SPECIAL_OPERATION.fullmatch(bare):
        return True
    return any(_passes_as_identity(found) for found in _ID_WITHIN.findall(bare))


def _passes_as_identity(number: str) -> bool:
    first, last = _ID_YEARS
    if not first <= int(number[6:10]) < last:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return identity.check_character(number[:17]) == number[17]
