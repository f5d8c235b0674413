"""A person in a cell: the name, the number of the identity document, its kind."""

import re
from datetime import date

from archive.dossiers.cells.refusals import NameUnreadableError, ValueMissingError
from archive.dossiers.cells.values import EXACT_BELOW, half_width, is_blank, shown
from archive.dossiers.tables.table import CellValue
from archive.people.identity import IdentityDocument, read_document
from archive.people.identity_refusals import (
    IdDigitsLostError,
    IdMissingError,
    IdTypeUnknownError,
)
from archive.people.names import plain_name
from schemas.vocabulary import DocumentType

_LONGEST_NAME = 60
_NO_NAME = re.compile(
    r"[0-9@#:;/\\<>=*?!|()\[\]【】%&_~+$^※\u2190-\u2bff\ue000-\uf8ff\U0001f000-\U0001faff]"
)
"""Figures and signs; stars, ticks and pictures (★ √ 😀) mark somebody, and are no name."""
_DOCUMENT_TYPES = {
    DocumentType.RESIDENT_ID: "(中国)?(居民)?身份证|二代(身份)?证|resident id|identity card",
    DocumentType.HMT_RESIDENCE_PERMIT: (
        "(港澳台|港澳|香港|澳门|台湾)(地区)?(居民)?居住证|residence permit"
    ),
    DocumentType.FOREIGN_PERMANENT_RESIDENT: (
        "外国人永久居留(身份)?证|外国人永居证|永久居留证|永居证|permanent residen(t|ce)( card)?"
    ),
    DocumentType.HM_TRAVEL_PERMIT: "(港澳(居民|同胞))?(来往|往来)内地通行证|回乡证",
    DocumentType.TAIWAN_TRAVEL_PERMIT: "(台湾(居民|同胞))?(来往|往来)大陆通行证|台胞证|台湾通行证",
    DocumentType.PASSPORT: "(中国|外国|普通)?护照|passport",
}


def person_name(value: CellValue) -> str:
    """Return a person's name as it is kept.

    Raises ValueMissingError, or NameUnreadableError for a text with figures or signs in it.
    """
    if is_blank(value):
        raise ValueMissingError
    name = plain_name(shown(value))
    if not isinstance(value, str) or _NO_NAME.search(name) or len(name) > _LONGEST_NAME:
        raise NameUnreadableError
    return name


def document(
    value: CellValue, *, today: date, type_given: DocumentType | None = None
) -> IdentityDocument:
    """Return the identity document that a cell names.

    A number of more than 15 digits has lost the last ones in the spreadsheet. Raises an
    IdentityError.
    """
    if is_blank(value):
        raise IdMissingError
    if isinstance(value, float) and (abs(value) >= EXACT_BELOW or not value.is_integer()):
        raise IdDigitsLostError
    return read_document(shown(value), today=today, type_given=type_given)


def document_type(value: CellValue) -> DocumentType:
    """Return the kind of document that a cell names. Raises IdTypeUnknownError."""
    written = half_width(shown(value)).lower().replace(" ", "")
    for kind, words in _DOCUMENT_TYPES.items():
        if re.fullmatch(words.replace(" ", ""), written):
            return kind
    raise IdTypeUnknownError
