"""Reads one workbook from standard input and writes its cells as JSON. A program of its own.

It runs in a child process with limits on memory and time, because the library that parses
workbooks can abort or eat all memory on a crafted one. Therefore it is run by its path,
imports nothing of ours, and answers either ``{"sheets": …}`` or ``{"refused": code}``.
A cell is a text, a number, or a list with one text: a day or a moment in ISO form.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from math import isfinite
from typing import TypeAlias
from zipfile import BadZipFile, ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

MEMORY_BYTES = 768 * 2**20
CPU_SECONDS = 20
MOST_UNPACKED_BYTES = 64 * 2**20
MOST_RATIO = 120  # Honest workbooks pack ten- to twentyfold.
MOST_ENTRIES = 200
MOST_SHEETS = 30
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_CHARACTERS = 40_000_000

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_FORMAT_OF_ENTRY = {
    "xl/workbook.xml": "xlsx",
    "xl/workbook.bin": "xlsb",
    "content.xml": "ods",
}
_DATE_1904 = re.compile(rb"<(\w+:)?workbookPr[^>]*\bdate1904\s*=\s*[\"'](1|true)")

Cell: TypeAlias = "str | float | list[str]"
Raw: TypeAlias = "int | float | str | bool | time | date | datetime | timedelta"


class RefusedError(Exception):
    """The workbook cannot be read; the only argument is the code of the refusal."""


def main() -> None:
    """Read standard input, answer on standard output."""
    _limit()
    try:
        answer = _read(sys.stdin.buffer.read())
    except RefusedError as refused:
        answer = {"refused": refused.args[0]}
    json.dump(answer, sys.stdout, ensure_ascii=True)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _read(content: bytes) -> dict[str, object]:
    form, date_1904 = _checked_zip(content) if content.startswith(_ZIP) else ("xls", False)
    if content.startswith(_OLE) and _ENCRYPTED_PACKAGE in content:
        raise RefusedError("workbook_encrypted")
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        sheets = list(_sheets(workbook))
    except PasswordError as locked:
        raise RefusedError("workbook_encrypted") from locked
    except CalamineError as damaged:
        raise RefusedError("workbook_unreadable") from damaged
    return {"format": form, "date_1904": date_1904, "sheets": sheets}


def _checked_zip(content: bytes) -> tuple[str, bool]:
    """Look at the directory of the zip before anything is unpacked."""
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
            if any(entry.flag_bits & 1 for entry in entries):
                raise RefusedError("workbook_encrypted")
            if form == "ods" and b"encryption-data" in _entry(packed, "META-INF/manifest.xml"):
                raise RefusedError("workbook_encrypted")
            book = _entry(packed, "xl/workbook.xml") if form == "xlsx" else b""
    except (BadZipFile, EOFError, NotImplementedError, ValueError, OSError) as damaged:
        raise RefusedError("workbook_unreadable") from damaged
    return form, _DATE_1904.search(book) is not None


def _format_of(packed: ZipFile) -> str:
    names = set(packed.namelist())
    for entry, form in _FORMAT_OF_ENTRY.items():
        if entry in names:
            return form
    raise RefusedError("file_type_unknown")


def _entry(packed: ZipFile, name: str) -> bytes:
    return packed.read(name) if name in packed.namelist() else b""


def _sheets(workbook: CalamineWorkbook) -> Iterator[dict[str, object]]:
    """Yield each visible sheet that has cells, with its rows as ``[number, cells]``."""
    budget = _Budget()
    described = [
        sheet
        for sheet in workbook.sheets_metadata
        if sheet.visible is SheetVisibleEnum.Visible and sheet.typ is SheetTypeEnum.WorkSheet
    ]
    for sheet in described[:MOST_SHEETS]:
        opened = workbook.get_sheet_by_name(sheet.name)
        if opened.start is not None:
            yield {"name": sheet.name, "rows": list(_rows(opened, budget))}


def _rows(sheet: CalamineSheet, budget: "_Budget") -> Iterator[tuple[int, list[Cell]]]:
    _, first_column = sheet.start or (0, 0)
    merged = _Merged(sheet)
    margin: list[Cell] = [""] * first_column
    for index, raw in enumerate(sheet.iter_rows()):  # From the sheet's first row, empty or not.
        cells = margin + [_cell(value) for value in raw]
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            merged.fill(index, cells)
            budget.spend(cells)
            yield index + 1, cells


def _cell(value: Raw) -> Cell:
    match value:
        case str():
            return value if value.strip() else ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return float(value) if isfinite(value) else ""
        case date():
            return [value.isoformat()]
        case timedelta():
            return value / timedelta(days=1)  # The number that wears a format of hours.
        case _:
            return str(value)


class _Budget:
    """What a whole workbook may hold."""

    def __init__(self) -> None:
        self.rows = MOST_ROWS
        self.characters = MOST_CHARACTERS

    def spend(self, cells: list[Cell]) -> None:
        self.rows -= 1
        self.characters -= sum(len(cell) for cell in cells if isinstance(cell, str))
        if len(cells) > MOST_COLUMNS:
            raise RefusedError("too_many_columns")
        if self.rows < 0:
            raise RefusedError("too_many_rows")
        if self.characters < 0:
            raise RefusedError("workbook_too_large")


class _Merged:
    """Cells that were merged downwards: their value counts for each row (one course for all).

    Cells that were merged sideways are titles and remarks; they stay as they are.
    """

    def __init__(self, sheet: CalamineSheet) -> None:
        ranges = sheet.merged_cell_ranges or []
        self.waiting = sorted(
            ((top, left, bottom) for (top, left), (bottom, right) in ranges if left == right),
            reverse=True,
        )
        self.open: dict[int, tuple[int, Cell]] = {}

    def fill(self, row: int, cells: list[Cell]) -> None:
        while self.waiting and self.waiting[-1][0] <= row:
            top, column, bottom = self.waiting.pop()
            if top == row and column < len(cells):
                self.open[column] = (bottom, cells[column])
        for column, (bottom, value) in list(self.open.items()):
            if bottom < row:
                del self.open[column]
            else:
                cells.extend([""] * (column + 1 - len(cells)))
                cells[column] = value


if __name__ == "__main__":
    main()
