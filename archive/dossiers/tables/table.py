"""What a table file holds once it has been read: a header and rows of plain cells."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

CellValue: TypeAlias = str | float | date
"""What a cell holds: text (empty when blank), a number, a day, or a moment (``datetime``)."""


class TableFormat(StrEnum):
    """How the file was written; told by its content, never by its name."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row; ``cells`` stand in the order of the table's headers."""

    number: int
    """The row as the spreadsheet numbers it, from 1."""
    cells: tuple[CellValue, ...]


@dataclass(frozen=True, slots=True)
class TableNote:
    """A row that belongs to the sheet and not to the table: a title, a remark, a signature."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class TableChoice:
    """Where a person said that the table lies; what is None is found by the file's content."""

    sheet: str | None = None
    header_row: int | None = None
    """As the spreadsheet numbers it, from 1."""
    encoding: str | None = None
    delimiter: str | None = None


AS_FOUND = TableChoice()
"""Nobody said anything."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file."""

    format: TableFormat
    sheet: str | None
    """The sheet's name; None for a text file."""
    encoding: str | None
    """The text encoding; None for a workbook."""
    header_row: int
    """The header's row as the spreadsheet numbers it, from 1."""
    headers: tuple[str, ...]
    """One line each; empty above a column without a header."""
    rows: tuple[TableRow, ...]
    notes: tuple[TableNote, ...] = ()
    """What stood below the table and was left out."""
    unread_sheets: tuple[str, ...] = ()
    """Other sheets that hold a table too, and were not read."""
    sheets: tuple[str, ...] = ()
    """All sheets that hold a table, in the order of the file."""
    delimiter: str | None = None
    """What stands between the cells of a text file; None for a workbook."""
    date_1904: bool = False
    """Whether bare day numbers count from 1904 (workbooks made on old Macs)."""
