"""Reads one workbook and writes its cells, column by column. Only ever run in a child process.

The library that parses workbooks can abort or eat all memory on a crafted one; limits and forks
stand in ``forking``. Nothing else of ours is imported here.

The answer is the length of a JSON text (eight bytes), the text, and for each column which row
has which of its values: ``{"sheets": …}`` or ``{"refused": code}``. A value is a text, a
number, or a list with one text: a day or a moment in ISO form. JSON and whole numbers only,
so that whoever reads the answer of a program that a crafted file took over is not taken over.
"""

import codecs
import json
import re
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import isfinite
from typing import TypeAlias, cast
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MOST_UNPACKED_BYTES = 256 * 2**20  # 100,000 rows of sixteen columns take 80 MB.
MOST_RATIO = 120  # Honest workbooks pack ten- to twentyfold.
MOST_ENTRIES = 200
MOST_SHEETS = 30
MOST_ROWS = 100_000
MOST_BESIDE = 100  # Titles, headers and remarks are rows, too.
MOST_COLUMNS = 200
MOST_CHARACTERS = 16_000_000  # Of different texts of a column; 100,000 rows have six million.

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_MACROS_OF_XLS = "_VBA_PROJECT".encode("utf-16-le")
_MACROS_OF_ZIP = ("xl/vbaProject.bin", "Basic/script-lc.xml")
_FORMAT_OF_ENTRY = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
}
_DATE_1904 = re.compile(rb"<(\w+:)?workbookPr[^>]*\bdate1904\s*=\s*[\"'](1|true)")

codecs.lookup("cp437")  # In which old zip archives name their entries; no file opens later.

Cell: TypeAlias = "str | float | list[str]"
Codes: TypeAlias = "array[int]"
Raw: TypeAlias = "int | float | str | bool | time | date | datetime | timedelta"


class RefusedError(Exception):
    """The workbook cannot be read; the only argument is the code of the refusal."""


def answer(content: bytes) -> Iterator[bytes]:
    """Yield the pieces of what is said of a workbook."""
    text, codes = _answer(content)
    yield len(text).to_bytes(8, "big")
    yield text
    for one in codes:
        yield one.tobytes()


def _answer(content: bytes) -> tuple[bytes, list[Codes]]:
    codes: list[Codes] = []
    try:
        answer = _read(content, codes)
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
    except RefusedError as refused:
        return _refused(refused.args[0]), []
    except MemoryError:
        return _refused("workbook_too_large"), []
    return text, codes


def _refused(code: str) -> bytes:
    return json.dumps({"refused": code}).encode()


def _read(content: bytes, codes: list[Codes]) -> dict[str, object]:
    form, date_1904, macros = "xls", False, False
    if content.startswith(_ZIP):
        form, date_1904, macros = _checked_zip(content)
    elif _ENCRYPTED_PACKAGE in content:
        raise RefusedError("workbook_encrypted")
    else:
        macros = _MACROS_OF_XLS in content
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = list(_sheets(workbook, codes))
    except PasswordError as locked:
        raise RefusedError("workbook_encrypted") from locked
    except CalamineError as damaged:
        raise RefusedError("workbook_unreadable") from damaged
    except BaseException as panic:  # What Rust panics with is no Exception.
        if "capacity overflow" in str(panic):
            raise RefusedError("workbook_too_large") from panic
        raise
    return {"format": form, "date_1904": date_1904, "macros": macros, "sheets": sheets}


def _checked_zip(content: bytes) -> tuple[str, bool, bool]:
    """Look at the directory of the zip before anything is unpacked.

    Return the format, whether days count from 1904, and whether there are macros.
    """
    try:
        with ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
            unpacked = sum(entry.file_size for entry in entries)
            too_large = (
                len(entries) > MOST_ENTRIES
                or unpacked > MOST_UNPACKED_BYTES
                or unpacked > MOST_RATIO * len(content)
            )
            if too_large:
                raise RefusedError("workbook_too_large")
            form = _format_of(packed)
            if len(set(packed.namelist())) < len(entries):
                raise RefusedError("workbook_ambiguous")
            if any(entry.flag_bits & 1 for entry in entries):
                raise RefusedError("workbook_encrypted")
            if form == "ods" and b"encryption-data" in _entry(packed, "META-INF/manifest.xml"):
                raise RefusedError("workbook_encrypted")
            book = _entry(packed, "xl/workbook.xml") if form == "xlsx" else b""
            macros = any(name in packed.namelist() for name in _MACROS_OF_ZIP)
    except (BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as damaged:
        raise RefusedError("workbook_unreadable") from damaged
    return form, _DATE_1904.search(book) is not None, macros


def _format_of(packed: ZipFile) -> str:
    names = set(packed.namelist())
    for entry, form in _FORMAT_OF_ENTRY.items():
        if entry in names:
            return form
    raise RefusedError("file_type_unknown")


def _entry(packed: ZipFile, name: str) -> bytes:
    return packed.read(name) if name in packed.namelist() else b""


def _sheets(workbook: CalamineWorkbook, codes: list[Codes]) -> Iterator[dict[str, object]]:
    """Yield each visible sheet that has cells; which row has which value is put into ``codes``."""
    left = _Left()
    described = [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    ]
    for sheet in described[:MOST_SHEETS]:
        opened = workbook.get_sheet_by_name(sheet.name)
        if opened.start is not None:
            yield {"name": sheet.name, **_grid(opened, left, codes)}


def _grid(sheet: CalamineSheet, left: "_Left", codes: list[Codes]) -> dict[str, object]:
    """Return the rows with content, as runs of their numbers, and the columns' values."""
    rows = sheet.to_python(skip_empty_area=False)
    width = len(rows[0]) if rows else 0
    kept = [at for at, row in enumerate(rows) if row.count("") != width]
    left.spend_rows(kept)
    columns = [_coded(one) for one in zip(*map(rows.__getitem__, kept), strict=True)]
    if any(any(map(_is_space, values)) for values, _ in columns):
        kept = [at for at in kept if not all(map(_is_blank, rows[at]))]
        columns = [_coded(one) for one in zip(*map(rows.__getitem__, kept), strict=True)]
    while columns and all(map(_is_blank, columns[-1][0])):
        columns.pop()
    if len(columns) > MOST_COLUMNS:
        raise RefusedError("too_many_columns")
    for at, ranges in _merged(sheet, kept).items():
        if at < len(columns):
            columns[at] = _coded(_filled([rows[row][at] for row in kept], ranges))
    told = [_told(values, places, left, codes) for values, places in columns]
    return {"rows": list(_runs(kept)), "columns": told}


def _is_space(value: Raw) -> bool:
    return value.__class__ is str and value.isspace()


def _is_blank(value: Raw) -> bool:
    return isinstance(value, str) and not value.strip()


def _coded(column: "Sequence[Raw]") -> "tuple[list[Raw], Codes]":
    """Return the different values of a column, and for each of its cells which one it has."""
    places: defaultdict[Raw, int] = defaultdict()
    places.default_factory = places.__len__
    codes = array("I", map(places.__getitem__, column))
    if 1 in places or 0 in places:  # To Python yes is 1; to a person it is not.
        told = ["TRUE" if v is True else "FALSE" if v is False else v for v in column]
        if any(v is True or v is False for v in column):
            return _coded(told)
    return list(places), codes


def _told(
    values: "list[Raw]", places: Codes, left: "_Left", codes: list[Codes]
) -> dict[str, object]:
    """Return what the answer tells of a column, but for the codes, which come behind it.

    In a column of nothing but different values each cell has its own, and no code is told.
    """
    cells = _cells(values, left)
    if len(values) == len(places):
        return {"values": cells, "bytes": 0}
    codes.append(places)
    return {"values": cells, "bytes": places.itemsize}


def _cells(values: "list[Raw]", left: "_Left") -> list[Cell]:
    """Return values as the answer tells them; most columns hold nothing but texts or numbers."""
    types = set(map(type, values))
    if types == {str}:
        texts = cast("list[str]", values)
        left.spend_characters(sum(map(len, texts)))
        return ["" if text.isspace() else text for text in texts]
    if types == {float}:
        numbers = cast("list[float]", values)
        return [number if isfinite(number) else "" for number in numbers]
    left.spend_characters(sum(len(value) for value in values if isinstance(value, str)))
    return [_cell(value) for value in values]


def _cell(value: Raw) -> Cell:
    match value:
        case str():
            return value if value.strip() else ""
        case int() | float():
            return float(value) if isfinite(value) else ""
        case date():
            return [value.isoformat()]
        case timedelta():
            return value / timedelta(days=1)  # The number that wears a format of hours.
        case _:
            return str(value)


def _runs(kept: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the rows with content as pairs: the number of the first, and how many follow on it."""
    start = 0
    for at in range(1, len(kept) + 1):
        if at == len(kept) or kept[at] != kept[at - 1] + 1:
            yield kept[start] + 1, at - start
            start = at


class _Left:
    """What a whole workbook may still hold."""

    def __init__(self) -> None:
        self.rows = MOST_ROWS + MOST_BESIDE
        self.characters = MOST_CHARACTERS

    def spend_rows(self, rows: Sequence[int]) -> None:
        self.rows -= len(rows)
        if self.rows < 0:
            raise RefusedError("too_many_rows")

    def spend_characters(self, characters: int) -> None:
        self.characters -= characters
        if self.characters < 0:
            raise RefusedError("workbook_too_large")


def _merged(sheet: CalamineSheet, kept: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """Return which cells were merged downwards: by column, first and last of the rows with content.

    Their value counts for each row (one course for all). Cells that were merged sideways are
    titles and remarks; they stay as they are.
    """
    downwards: dict[int, list[tuple[int, int]]] = {}
    for (top, column), (bottom, right) in sorted(sheet.merged_cell_ranges or []):
        first = bisect_left(kept, top)
        if column == right and first < len(kept) and kept[first] == top:
            last = bisect_right(kept, bottom) - 1
            if last > first:
                downwards.setdefault(column, []).append((first, last))
    return downwards


def _filled(column: "Sequence[Raw]", merged: Sequence[tuple[int, int]]) -> "Sequence[Raw]":
    if not merged:
        return column
    filled = list(column)
    for first, last in merged:
        filled[first : last + 1] = [filled[first]] * (last - first + 1)
    return filled
