"""Where the table lies in a sheet: titles above, the header, rows of data, notes below."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.dossiers.cells.values import half_width, shown
from archive.dossiers.columns import is_known, plain_header
from archive.dossiers.tables.table import CellValue, TableNote, TableRow
from archive.people.synthetic import EXAMPLE_NUMBER

HEADER_WITHIN_ROWS = 20
_FEWEST_HEADERS = 2  # One known word alone may stand in a title.
_NOTE = re.compile(
    r"[(\[（【*※]*\s*(备\s*注|注\s*[:：\d]|注$|说\s*明|填\s*表|填\s*报|制\s*表|经\s*办|审\s*核|审\s*批|复\s*核"
    r"|负责人|联系|单位|培训机构|盖\s*章|日\s*期|合\s*计|总\s*计|共\s*计|小\s*计|平\s*均|人\s*数|共\s*\d+|以上|以下空白"
    r"|签\s*字|note|remark|prepared|checked|approved|total|average)",
    re.IGNORECASE,
)
_LONE = re.compile(r".{12,}|.*[:：]|\d{4}\s*[年./-].*|[(（]?\d{1,2}\s*[.、)）]\s*\D+")
"""Alone in its row: a sentence, a label with its colon, a day, one of several numbered remarks."""
_ID_LIKE = re.compile(r"\d{14,17}[\dXx]")


@dataclass(frozen=True, slots=True)
class Layout:
    """A sheet taken apart."""

    header_row: int
    headers: tuple[str, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[TableNote, ...]


def header_score(cells: Sequence[CellValue]) -> int:
    """Return how many different known headers a row holds."""
    return len({plain_header(cell) for cell in cells if isinstance(cell, str) and is_known(cell)})


def lay_out(rows: Sequence[TableRow]) -> Layout | None:
    """Take a sheet apart; None when its first rows hold no header.

    The header is the row with the most known headers. Header rows that are repeated for
    print are left out; trailing rows that are remarks, sums or signatures become notes.
    """
    scores = [header_score(row.cells) for row in rows if row.number <= HEADER_WITHIN_ROWS]
    best = max(scores, default=0)
    if best < _FEWEST_HEADERS:
        return None
    return _below(rows, scores.index(best))


def lay_out_at(rows: Sequence[TableRow], header_row: int) -> Layout | None:
    """Take a sheet apart below a row that a person chose; None when nothing stands in it."""
    at = next((at for at, row in enumerate(rows) if row.number == header_row), None)
    return None if at is None else _below(rows, at)


def _below(rows: Sequence[TableRow], at: int) -> Layout:
    headers = tuple(shown(cell) for cell in rows[at].cells)
    below = [row for row in rows[at + 1 :] if not _is_no_data(row, rows[at])]
    end = len(below)
    while end and _is_note(below[end - 1]):
        end -= 1
    data = tuple(_fitted(row, len(headers)) for row in below[:end])
    notes = tuple(TableNote(row.number, _text_of(row)) for row in below[end:])
    return Layout(rows[at].number, headers, data, notes)


def _is_no_data(row: TableRow, header: TableRow) -> bool:
    """Whether a row is the header once more, or the example of an empty list."""
    return EXAMPLE_NUMBER in row.cells or _repeats(row, header)


def _repeats(row: TableRow, header: TableRow) -> bool:
    """Whether a row is the header once more: on each printed page, or merged over two rows."""
    pairs = zip(row.cells, header.cells, strict=False)
    return sum(cell == above != "" for cell, above in pairs) >= _FEWEST_HEADERS


def _is_note(row: TableRow) -> bool:
    """Whether a row at the end tells of the sheet, not of a person."""
    filled = [written for cell in row.cells if (written := shown(cell))]
    if not filled or any(_ID_LIKE.search(half_width(written)) for written in filled):
        return False
    return bool(_NOTE.match(filled[0]) or (len(filled) == 1 and _LONE.match(filled[0])))


def _fitted(row: TableRow, width: int) -> TableRow:
    """Return a row with as many cells as there are headers."""
    cells = row.cells[:width]
    return TableRow(row.number, cells + ("",) * (width - len(cells)))


def _text_of(row: TableRow) -> str:
    return " ".join(written for cell in row.cells if (written := shown(cell)))
