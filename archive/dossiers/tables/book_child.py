"""Writes the workbook of a posted file's results to standard output. A program of its own.

Writing a hundred thousand rows takes seconds and hundreds of megabytes, which a server's
process has not to spare; and the library's way to save memory would leave names on the disk
in clear. It is run by its path, imports nothing of ours, and reads one JSON document: the
rows as the reader of workbooks tells them, each with its state and remarks.
"""

import json
import resource
import sys
from datetime import datetime
from io import BytesIO
from typing import TypedDict

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MEMORY_BYTES = 2 * 2**30
_LONGEST_CELL = 32_767
_WIDEST, _NARROWEST = 42, 9
_FIRST_WIDE = 0x2E80  # From here on characters are as wide as Chinese ones.
_FILLS = {
    "new": "#E2F3E6",
    "changed": "#E0ECFA",
    "same": "#F1F1F1",
    "duplicate": "#FFF6D6",
    "faulty": "#FCE4E2",
}
_FAULT = "#F0A29B"
_HEAD = "#1F3A5F"

Cell = str | float | list[str]


class Row(TypedDict):
    """One row as it was sent, and what became of it."""

    number: int
    cells: list[Cell]
    state: str
    told: list[str]
    """State, codes and explanation in words."""
    marked: list[int]
    """Columns whose cells are at fault."""


class Book(TypedDict):
    """What the workbook is to hold."""

    sheet: str
    date_1904: bool
    header_row: int
    headers: list[str]
    added: list[str]
    rows: list[Row]
    legend: list[list[str]]
    legend_sheet: str


def main() -> None:
    """Read standard input, write standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    book: Book = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(written(book))


def written(book: Book) -> bytes:
    """Return the workbook; no text in it is ever a formula or a link."""
    out = BytesIO()
    options = {
        "in_memory": True,
        "date_1904": book["date_1904"],
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(out, options) as workbook:
        styles = _Styles(workbook)
        sheet = workbook.add_worksheet(book["sheet"])
        _write_rows(sheet, book, styles)
        _write_legend(workbook.add_worksheet(book["legend_sheet"]), book, styles)
    return out.getvalue()


class _Styles:
    """The formats of cells, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}
        self.head = workbook.add_format(
            {"bold": True, "bg_color": _HEAD, "font_color": "white", "text_wrap": True}
        )

    def of(self, fill: str, number_format: str) -> Format:
        """Return the format of a cell with this fill and this way to show numbers."""
        key = (fill, number_format)
        if key not in self._made:
            told = {"bg_color": fill, "num_format": number_format, "valign": "top"}
            self._made[key] = self._workbook.add_format(told)
        return self._made[key]


def _write_rows(sheet: Worksheet, book: Book, styles: _Styles) -> None:
    top = book["header_row"] - 1
    headers = book["headers"] + book["added"]
    sheet.write_row(top, 0, headers, styles.head)
    for row in book["rows"]:
        _write_row(sheet, row, len(book["headers"]), styles)
    last = max((row["number"] for row in book["rows"]), default=book["header_row"]) - 1
    sheet.autofilter(top, 0, last, len(headers) - 1)
    sheet.freeze_panes(top + 1, 0)
    for column, header in enumerate(headers):
        sheet.set_column(column, column, _width(header, book["rows"], column))


def _write_row(sheet: Worksheet, row: Row, width: int, styles: _Styles) -> None:
    at, fill = row["number"] - 1, _FILLS[row["state"]]
    marked = set(row["marked"])
    for column, cell in enumerate(row["cells"]):
        _write_cell(sheet, at, column, cell, styles, _FAULT if column in marked else fill)
    for column, told in enumerate(row["told"], start=width):
        sheet.write_string(at, column, told[:_LONGEST_CELL], styles.of(fill, "@"))


def _write_cell(  # Where, what, how.
    sheet: Worksheet, at: int, column: int, cell: Cell, styles: _Styles, fill: str
) -> None:
    match cell:
        case "":
            sheet.write_blank(at, column, None, styles.of(fill, "General"))
        case str():
            sheet.write_string(at, column, cell[:_LONGEST_CELL], styles.of(fill, "@"))
        case list():
            shown = "yyyy-mm-dd hh:mm:ss" if "T" in cell[0] else "yyyy-mm-dd"
            moment = datetime.fromisoformat(cell[0])
            sheet.write_datetime(at, column, moment, styles.of(fill, shown))
        case _:
            sheet.write_number(at, column, cell, styles.of(fill, "General"))


def _write_legend(sheet: Worksheet, book: Book, styles: _Styles) -> None:
    for at, (state, *told) in enumerate(book["legend"]):
        style = styles.of(_FILLS.get(state, "#FFFFFF"), "@")
        for column, text in enumerate(told):
            sheet.write_string(at, column, text, style)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 80)


def _width(header: str, rows: list[Row], column: int) -> float:
    """Return a column's width: as its first rows need it; Chinese characters are two wide."""
    texts = [header]
    for row in rows[:50]:
        cells = [*row["cells"], *row["told"]]
        cell = cells[column] if column < len(cells) else ""
        texts.append(
            cell if isinstance(cell, str) else str(cell[0] if isinstance(cell, list) else cell)
        )
    widest = max(sum(2 if ord(one) > _FIRST_WIDE else 1 for one in text) for text in texts)
    return min(max(widest + 2, _NARROWEST), _WIDEST)


if __name__ == "__main__":
    main()
