"""Workbooks (XLSX, XLSB, XLS, ODS), read in a child process that may fail without harm."""

import json
import threading
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, TypedDict

from archive.dossiers.tables import child, forking, parsing, refusals
from archive.dossiers.tables.table import CellValue, Column, Rows, TableFormat
from archive.errors import ArchiveError

MAGICS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""The first bytes of zip archives (XLSX, XLSB, ODS) and of OLE files (XLS)."""
AT_ONCE = 2  # A child may take 768 MB and a whole core.
WAIT_SECONDS = 10.0

_places = threading.BoundedSemaphore(AT_ONCE)


class WorkbookBusyError(ArchiveError):
    """As many workbooks are being read as the machine can bear."""

    code: ClassVar[str] = "workbook_busy"
    template: ClassVar[str] = (
        "Many lists are being read right now. Wait a minute, then send the file again."
    )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as it stands in the file: rows with content, no header told yet."""

    name: str | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file."""

    format: TableFormat
    sheets: tuple[Sheet, ...]
    date_1904: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    has_macros: bool = False


def read_workbook(content: bytes) -> Workbook:
    """Return the cells of a workbook.

    Raises a FileRefusedError: encrypted, damaged, too large, too wide, too long, no workbook.
    A child that crashes or exceeds its limits is a damaged or too large workbook. Raises
    WorkbookBusyError when no place to read is free within ten seconds.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise WorkbookBusyError
    try:
        answer = parsing.answer(content, seconds=forking.WALL_CLOCK_SECONDS)
    except parsing.TooMuchError as exceeded:
        raise refusals.WorkbookTooLargeError from exceeded
    except parsing.DiedError as died:
        raise refusals.WorkbookUnreadableError from died
    finally:
        _places.release()
    try:
        return _workbook(answer)
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as nonsense:
        raise refusals.WorkbookUnreadableError from nonsense


class _Column(TypedDict):
    values: list[str | float | list[str]]
    bytes: int
    """Of each code; 0 where every cell has a value of its own, in their order."""


class _Sheet(TypedDict):
    name: str
    rows: list[tuple[int, int]]
    columns: list[_Column]


class _Answer(TypedDict, total=False):
    refused: str
    format: str
    date_1904: bool
    macros: bool
    sheets: list[_Sheet]


def _workbook(content: bytes | bytearray) -> Workbook:
    """Take the child's answer apart; raises ValueError or its like for one that is none."""
    view = memoryview(content)
    length = 8 + int.from_bytes(view[:8], "big")
    answer: _Answer = json.loads(view[8:length].tobytes())
    if "refused" in answer:
        raise _refusal(answer["refused"])
    codes = _Codes(view[length:])
    sheets = tuple(Sheet(str(one["name"]), _rows(one, codes)) for one in answer["sheets"])
    return Workbook(
        TableFormat(answer["format"]),
        sheets,
        date_1904=answer["date_1904"],
        has_macros=answer["macros"],
    )


@dataclass(slots=True)
class _Codes:
    """The part of the answer that tells which row has which value."""

    left: memoryview

    def take(self, count: int, size: int) -> Sequence[int]:
        """Return the next so many of them, of so many bytes."""
        if size == 0:
            return range(count)
        codes = array({2: "H", 4: "I"}[size])
        length = count * codes.itemsize
        codes.frombytes(self.left[:length])
        self.left = self.left[length:]
        if len(codes) != count:
            raise ValueError("the answer is cut off")
        return codes


def _rows(sheet: _Sheet, codes: _Codes) -> Rows:
    numbers = array("I", [n for first, count in sheet["rows"] for n in range(first, first + count)])
    columns = []
    for told in sheet["columns"]:
        values = [_cell(cell) if isinstance(cell, list) else cell for cell in told["values"]]
        column = Column(values, codes.take(len(numbers), told["bytes"]))
        if column.codes and max(column.codes) >= len(values):
            raise ValueError("a row names a value that is not there")
        columns.append(column)
    return Rows(numbers, tuple(columns))


def _cell(cell: list[str]) -> CellValue:
    iso = cell[0]
    return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)


def _refusal(code: str) -> refusals.FileRefusedError:
    kind, facts = _REFUSALS.get(code, (refusals.WorkbookUnreadableError, {}))
    return kind(**facts)


_REFUSALS: dict[str, tuple[type[refusals.FileRefusedError], dict[str, object]]] = {
    "workbook_encrypted": (refusals.WorkbookEncryptedError, {}),
    "workbook_too_large": (refusals.WorkbookTooLargeError, {}),
    "workbook_ambiguous": (refusals.WorkbookAmbiguousError, {}),
    "file_type_unknown": (refusals.FileTypeUnknownError, {}),
    "too_many_columns": (refusals.TooManyColumnsError, {"most": child.MOST_COLUMNS}),
    "too_many_rows": (refusals.TooManyRowsError, {"most": child.MOST_ROWS}),
}
