"""Workbooks (XLSX, XLSB, XLS, ODS), read in a child process that may fail without harm."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import ClassVar, TypedDict

from archive.dossiers.tables import child, refusals
from archive.dossiers.tables.table import CellValue, TableFormat, TableRow
from archive.errors import ArchiveError

MAGICS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
"""The first bytes of zip archives (XLSX, XLSB, ODS) and of OLE files (XLS)."""
WALL_CLOCK_SECONDS = 40  # Twice the processor time that the child grants itself.

AT_ONCE = 2  # A child may take 768 MB and a whole core.
WAIT_SECONDS = 10.0

_CHILD = Path(child.__file__)
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
    rows: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class Workbook:
    """The visible sheets of a file."""

    format: TableFormat
    sheets: tuple[Sheet, ...]
    date_1904: bool = False
    encoding: str | None = None
    delimiter: str | None = None


class _Sheet(TypedDict):
    name: str
    rows: list[tuple[int, list[str | float | list[str]]]]


class _Answer(TypedDict, total=False):
    refused: str
    format: str
    date_1904: bool
    sheets: list[_Sheet]


def read_workbook(content: bytes) -> Workbook:
    """Return the cells of a workbook.

    Raises a FileRefusedError: encrypted, damaged, too large, too wide, too long, no workbook.
    A child that crashes or exceeds its limits is a damaged or too large workbook. Raises
    WorkbookBusyError when no place to read is free within ten seconds.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise WorkbookBusyError
    try:
        done = subprocess.run(  # noqa: S603  # Our own program, by its path, without a shell.
            [sys.executable, "-I", str(_CHILD)],
            input=content,
            capture_output=True,
            timeout=WALL_CLOCK_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired as expired:
        raise refusals.WorkbookTooLargeError from expired
    finally:
        _places.release()
    if done.returncode:
        raise refusals.WorkbookUnreadableError
    answer: _Answer = json.loads(done.stdout)
    if "refused" in answer:
        raise _refusal(answer["refused"])
    sheets = tuple(Sheet(found["name"], tuple(_rows(found["rows"]))) for found in answer["sheets"])
    return Workbook(TableFormat(answer["format"]), sheets, date_1904=answer["date_1904"])


def _rows(rows: list[tuple[int, list[str | float | list[str]]]]) -> Iterable[TableRow]:
    for number, cells in rows:
        yield TableRow(number, tuple(_cell(cell) for cell in cells))


def _cell(cell: str | float | list[str]) -> CellValue:
    if not isinstance(cell, list):
        return cell
    iso = cell[0]
    return datetime.fromisoformat(iso) if "T" in iso else date.fromisoformat(iso)


def _refusal(code: str) -> refusals.FileRefusedError:
    match code:
        case "workbook_encrypted":
            return refusals.WorkbookEncryptedError()
        case "workbook_too_large":
            return refusals.WorkbookTooLargeError()
        case "file_type_unknown":
            return refusals.FileTypeUnknownError()
        case "too_many_columns":
            return refusals.TooManyColumnsError(most=child.MOST_COLUMNS)
        case "too_many_rows":
            return refusals.TooManyRowsError(most=child.MOST_ROWS)
        case _:
            return refusals.WorkbookUnreadableError()
