"""From headers to fields: which column tells what, which kind of record a file holds.

Pure. The words stand in ``headers``; how a cell is read in ``cells``.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from archive.dossiers.headers import BY_KIND, EVERYWHERE, PASSED_OVER, REQUIRED, Field
from archive.errors import ArchiveError
from schemas.refusals import Refusal
from schemas.vocabulary import Language, RecordKind

_CLUTTER = re.compile(r"[\s*·:：,，、/()\[\]【】{}_\-—%#.。‰]")
_BRACKETED = re.compile(r"[(\[【][^)\]】]*[)\]】]")
_PERSON: tuple[tuple[Field, ...], ...] = ((Field.NAME,), (Field.DOCUMENT_NUMBER,))
_TELLING = 2  # So many columns of its own make a file one of a kind, even when others are missing.


class ColumnsMissingError(ArchiveError):
    """Columns without which no row can be read are not there; all of them are named."""

    code: ClassVar[str] = "columns_missing"
    template: ClassVar[str] = (
        "These columns are missing: {columns}. Add them to the header row, each with its values."
    )


class ColumnTwiceError(ArchiveError):
    """Two columns mean the same, so that it is not clear which one counts."""

    code: ClassVar[str] = "column_twice"
    template: ClassVar[str] = (
        "More than one column tells the same: {columns}. Keep one of them, or rename the others."
    )


class ColumnUnknownError(ArchiveError):
    """A person said what columns tell that the file does not have."""

    code: ClassVar[str] = "column_unknown"
    template: ClassVar[str] = (
        "These columns were assigned, but the header row does not have them: {columns}. "
        "Take back what was chosen for them, or choose the right header row."
    )


class ColumnFieldUnfitError(ArchiveError):
    """A person gave columns a meaning that records of this kind do not have."""

    code: ClassVar[str] = "column_field_unfit"
    template: ClassVar[str] = (
        "Records of this kind have nothing of what was chosen for these columns: {columns}. "
        "Choose another meaning for them, or another kind."
    )


class KindUnclearError(ArchiveError):
    """The headers do not tell which kind of record the rows are."""

    code: ClassVar[str] = "kind_unclear"
    template: ClassVar[str] = (
        "The columns do not tell what kind of record this file holds. "
        "Choose the kind, or name the columns as in the examples."
    )


class KindNotListedError(ArchiveError):
    """Names and documents are recorded one by one, never by a file."""

    code: ClassVar[str] = "kind_not_listed"
    template: ClassVar[str] = (
        "Records of this kind do not come in files. "
        "Choose another kind, or have the bureau record each by itself."
    )


Corrected = Mapping[str, Field | None]
"""What a person said of columns: header -> what it tells; None leaves the column out."""

_UNTOUCHED: Corrected = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column of a table tells which field."""

    kind: RecordKind
    places: Mapping[Field, int]
    """Field -> index of its column."""
    unused: tuple[str, ...]
    """Headers that were not understood, and whose columns are left out."""
    told: tuple[Field | None, ...] = ()
    """What each column tells, in the order of the table; None for one that is left out."""
    faults: tuple[Refusal, ...] = ()
    """Everything for which no row can be read; empty when rows can."""


def columns_of(
    headers: Sequence[str], kind: RecordKind, corrected: Corrected = _UNTOUCHED
) -> Columns:
    """Return which column tells which field of ``kind``, and all that is wrong with them.

    What a person said of a column goes before what its header says.
    """
    told = _told(headers, kind, corrected)
    places: dict[Field, list[int]] = {}
    for index, field in enumerate(told):
        if field is not None:
            places.setdefault(field, []).append(index)
    faults = [*_misfits(headers, kind, corrected), *_twice(headers, places)]
    for stand_in in (Field.TRADE, Field.OCCUPATION_CODE):
        if stand_in in places and Field.OCCUPATION not in places:
            places[Field.OCCUPATION] = places.pop(stand_in)
    absent = missing(places, kind)
    if absent:
        faults.append(ColumnsMissingError(columns="、".join(absent)))
    return Columns(
        kind,
        {field: at[0] for field, at in places.items()},
        tuple(
            header
            for header, field in zip(headers, told, strict=True)
            if header and field is None and header not in corrected and not _is_passed_over(header)
        ),
        told,
        tuple(faults),
    )


def refuse_unlisted(kind: RecordKind | None) -> None:
    """Raise KindNotListedError for a kind that no file holds; None leaves it to the headers."""
    if kind is not None and kind not in BY_KIND:
        raise KindNotListedError


def detect_kind(headers: Sequence[str], corrected: Corrected = _UNTOUCHED) -> RecordKind | None:
    """Return the kind of record whose columns these are; None when they do not tell.

    A kind with all its columns goes before one with some; then the one with more columns
    of its own; two that fit alike are told from one another by nobody. A single column
    that only one kind has is enough, so that the missing ones can be named.
    """
    hinted = [fit for kind in BY_KIND if (fit := _fit(headers, kind, corrected))[1]]
    fits = [fit for fit in hinted if fit[1] >= _TELLING]
    if not fits:
        return hinted[0][2] if len(hinted) == 1 else None
    fits.sort(reverse=True)
    if len(fits) > 1 and fits[0][:2] == fits[1][:2]:
        return None
    return fits[0][2]


def fields_of(kind: RecordKind) -> tuple[Field, ...]:
    """Return what a column of a file of ``kind`` can tell, in the order of the guide."""
    return (*EVERYWHERE, *BY_KIND[kind])


def field_of(header: str, kind: RecordKind) -> Field | None:
    """Return what a column of a file of ``kind`` tells; None for an unknown header."""
    return _lookup(header, _fields_by_word(kind))


def is_known(header: str) -> bool:
    """Whether a text is a header in files of any kind."""
    return _lookup(header, _all_words()) is not None or _is_passed_over(header)


def missing(fields: Mapping[Field, object], kind: RecordKind | None) -> list[str]:
    """Return the names of all required columns that are not among ``fields``.

    Without a kind only those of the person are required.
    """
    groups = _PERSON + (REQUIRED[kind] if kind else ())
    return [
        "/".join(label(field, kind) for field in group)
        for group in groups
        if not any(field in fields for field in group)
    ]


def label(field: Field, kind: RecordKind | None) -> str:
    """Return the usual header of a field in both languages: ``学时 (hours)``."""
    words = _words(field, kind)
    english = next((word for word in words if word.isascii()), field.value)
    return f"{words[0]} ({english})"


def label_in(field: Field, kind: RecordKind | None, language: Language) -> str:
    """Return what a page of a language calls a field: ``学时``, ``Hours (学时)``."""
    chinese, _, english = label(field, kind).rpartition(" (")
    if language is Language.CHINESE:
        return chinese
    return f"{english[0].upper()}{english[1:-1]} ({chinese})"


def plain_header(header: str) -> str:
    """Return a header as it is compared: half-width, without spaces, brackets and stars."""
    return _CLUTTER.sub("", unicodedata.normalize("NFKC", header)).casefold()


def _fit(
    headers: Sequence[str], kind: RecordKind, corrected: Corrected
) -> tuple[bool, int, RecordKind]:
    own = {field for field in _told(headers, kind, corrected) if field}
    return not missing(dict.fromkeys(own), kind), len(own - EVERYWHERE.keys()), kind


def _told(
    headers: Sequence[str], kind: RecordKind, corrected: Corrected
) -> tuple[Field | None, ...]:
    """Return what each column tells; a field that a person gave to one is taken from others."""
    possible = {*EVERYWHERE, *BY_KIND[kind]}
    given = {field for field in corrected.values() if field}
    told = []
    for header in headers:
        if header in corrected:
            field = corrected[header]
            told.append(field if field in possible else None)
        else:
            field = field_of(header, kind)
            told.append(None if field in given else field)
    return tuple(told)


def _misfits(
    headers: Sequence[str], kind: RecordKind, corrected: Corrected
) -> Iterator[ArchiveError]:
    """Yield what is wrong with the choices of a person."""
    unknown = [header for header in corrected if header not in headers]
    if unknown:
        yield ColumnUnknownError(columns="、".join(unknown))
    possible = {*EVERYWHERE, *BY_KIND[kind]}
    unfit = [header for header, field in corrected.items() if field and field not in possible]
    if unfit:
        yield ColumnFieldUnfitError(columns="、".join(unfit))


def _twice(headers: Sequence[str], places: Mapping[Field, Sequence[int]]) -> Iterator[ArchiveError]:
    """Yield each field that more than one column tells."""
    for field, at in places.items():
        if len(at) > 1 and field is not Field.NOTE:
            yield ColumnTwiceError(columns="、".join(headers[index] for index in at))


def _lookup(header: str, words: Mapping[str, Field]) -> Field | None:
    """Find a header as it stands, else without what stands in brackets."""
    found = words.get(plain_header(header))
    if found is not None or not header:
        return found
    bare = _BRACKETED.sub("", unicodedata.normalize("NFKC", header))
    return words.get(plain_header(bare))


def _is_passed_over(header: str) -> bool:
    return plain_header(header) in _passed_over()


def _words(field: Field, kind: RecordKind | None) -> list[str]:
    own = BY_KIND[kind] if kind else {}
    return (EVERYWHERE.get(field) or own[field]).split("|")


@cache
def _fields_by_word(kind: RecordKind) -> dict[str, Field]:
    """Where two fields of a kind share a word, the one that stands first has it."""
    fields: dict[str, Field] = {}
    for field, words in {**EVERYWHERE, **BY_KIND[kind]}.items():
        for word in words.split("|"):
            fields.setdefault(plain_header(word), field)
    return fields


@cache
def _all_words() -> dict[str, Field]:
    return {word: field for kind in BY_KIND for word, field in _fields_by_word(kind).items()}


@cache
def _passed_over() -> frozenset[str]:
    return frozenset(plain_header(word) for word in PASSED_OVER.split("|"))
