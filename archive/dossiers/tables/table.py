"""What a table file holds once it has been read: a header and rows of plain cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, TypeAlias, overload

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


class Column(NamedTuple):
    """One column: its different values, and which row has which of them.

    Lists repeat themselves: who reads a column reads each of its values once.
    """

    values: Sequence[CellValue]
    codes: Sequence[int]
    """For each row the place of its value in ``values``."""


@dataclass(frozen=True, slots=True)
class Rows(Sequence[TableRow]):
    """The rows of a sheet or table, kept by columns; a row is put together when it is asked for."""

    numbers: Sequence[int]
    """The rows as the spreadsheet numbers them, from 1, rising."""
    columns: tuple[Column, ...]

    def __len__(self) -> int:
        return len(self.numbers)

    @overload
    def __getitem__(self, at: int) -> TableRow: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "TableRow | Rows":
        """Return one row, or some of them as rows by columns."""
        if isinstance(at, slice):
            some = (Column(values, codes[at]) for values, codes in self.columns)
            return Rows(self.numbers[at], tuple(some))
        cells = tuple(values[codes[at]] for values, codes in self.columns)
        return TableRow(self.numbers[at], cells)

    def chosen(self, places: Sequence[int]) -> "Rows":
        """Return only the rows at some places."""
        some = (Column(values, [codes[at] for at in places]) for values, codes in self.columns)
        return Rows([self.numbers[at] for at in places], tuple(some))

    def fitted(self, width: int) -> "Rows":
        """Return the rows with so many columns: others cut off, missing ones empty."""
        empty = Column(("",), bytes(len(self)))
        missing = (empty,) * (width - len(self.columns))
        return Rows(self.numbers, (*self.columns[:width], *missing))


NO_ROWS = Rows((), ())


def rows_of(lines: Sequence[Sequence[CellValue]]) -> Rows:
    """Return lines of equal width, which came by another way than a file, as rows."""
    places = range(len(lines))
    columns = (Column(cells, places) for cells in zip(*lines, strict=True))
    return Rows(range(1, len(lines) + 1), tuple(columns))


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
    headers: frozenset[str] = frozenset()
    """Headers that the organisation uses besides the usual ones, as headers are compared."""


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
    rows: Rows
    notes: tuple[TableNote, ...] = ()
    """What stood below the table and was left out."""
    unread_sheets: tuple[str, ...] = ()
    """Other sheets that hold a table too, and were not read."""
    sheets: tuple[str, ...] = ()
    """All sheets that hold a table, in the order of the file."""
    delimiter: str | None = None
    """What stands between the cells of a text file; None for a workbook."""
    has_macros: bool = False
    """Whether the workbook carries programs; none of them was run."""
    date_1904: bool = False
    """Whether bare day numbers count from 1904 (workbooks made on old Macs)."""
