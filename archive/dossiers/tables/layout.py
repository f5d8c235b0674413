"""Where the table lies in a sheet: titles above, the header, rows of data, notes below."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from archive.dossiers.cells.values import half_width, shown
from archive.dossiers.columns import is_known, plain_header
from archive.dossiers.tables.table import CellValue, Rows, TableNote, TableRow
from archive.people.synthetic import EXAMPLE_NUMBER

HEADER_WITHIN_ROWS = 20
_FEWEST_HEADERS = 2  # One known word alone may stand in a title.
NONE_OF_OWN: frozenset[str] = frozenset()
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
    rows: Rows
    notes: tuple[TableNote, ...]


def header_score(cells: Sequence[CellValue], own: frozenset[str] = NONE_OF_OWN) -> int:
    """Return how many different known headers a row holds; ``own`` are an organisation's."""
    texts = {cell for cell in cells if isinstance(cell, str)}
    plain = {plain_header(one) for one in texts if is_known(one)}
    return len(plain | (own & set(map(plain_header, texts)) if own else plain))


def lay_out(rows: Rows, own: frozenset[str] = NONE_OF_OWN) -> Layout | None:
    """Take a sheet apart; None when its first rows hold no header.

    The header is the row with the most known headers. Header rows that are repeated for
    print are left out; trailing rows that are remarks, sums or signatures become notes.
    """
    top = bisect_right(rows.numbers, HEADER_WITHIN_ROWS)
    scores = [header_score(row.cells, own) for row in rows[:top]]
    best = max(scores, default=0)
    if best < _FEWEST_HEADERS:
        return None
    return _below(rows, scores.index(best))


def lay_out_at(rows: Rows, header_row: int) -> Layout | None:
    """Take a sheet apart below a row that a person chose; None when nothing stands in it."""
    at = bisect_left(rows.numbers, header_row)
    if at == len(rows) or rows.numbers[at] != header_row:
        return None
    return _below(rows, at)


def _below(rows: Rows, at: int) -> Layout:
    headers = [shown(cell) for cell in rows[at].cells]
    while headers and not headers[-1]:
        headers.pop()
    left_out = _repeated(rows, at) | _examples(rows)
    below = rows[at + 1 :]
    if left_out:
        below = rows.chosen([place for place in range(at + 1, len(rows)) if place not in left_out])
    end = len(below)
    while end and _is_note(below[end - 1]):
        end -= 1
    notes = tuple(TableNote(row.number, _text_of(row)) for row in below[end:])
    data = below[:end].fitted(len(headers))
    return Layout(rows.numbers[at], tuple(headers), data, notes)


def _repeated(rows: Rows, at: int) -> set[int]:
    """Return where the header stands once more: on each printed page, or merged over two rows."""
    alike: Counter[int] = Counter()
    for values, codes in rows.columns:
        header = codes[at]
        if values[header] == "" or codes.count(header) == 1:
            continue
        alike.update(place for place in range(at + 1, len(rows)) if codes[place] == header)
    return {place for place, cells in alike.items() if cells >= _FEWEST_HEADERS}


def _examples(rows: Rows) -> set[int]:
    """Return where the example of an empty list stands."""
    return {
        place
        for values, codes in rows.columns
        if EXAMPLE_NUMBER in values
        for place, code in enumerate(codes)
        if values[code] == EXAMPLE_NUMBER
    }


def _is_note(row: TableRow) -> bool:
    """Whether a row at the end tells of the sheet, not of a person."""
    filled = [written for cell in row.cells if (written := shown(cell))]
    if not filled or any(_ID_LIKE.search(half_width(written)) for written in filled):
        return False
    return bool(_NOTE.match(filled[0]) or (len(filled) == 1 and _LONE.match(filled[0])))


def _text_of(row: TableRow) -> str:
    return " ".join(written for cell in row.cells if (written := shown(cell)))
