"""From a file as it was sent to its table. What kind of file it is its content tells.

The name of a file decides nothing: exports in the form of web pages are often called
.xls. What the columns mean is told by ``columns``.
"""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from archive.dossiers.columns import missing
from archive.dossiers.tables import child
from archive.dossiers.tables.delimited import read_delimited
from archive.dossiers.tables.layout import (
    HEADER_WITHIN_ROWS,
    Layout,
    header_score,
    lay_out,
    lay_out_at,
)
from archive.dossiers.tables.refusals import (
    FileEmptyError,
    FileTooLargeError,
    HeaderNotFoundError,
    HeaderRowEmptyError,
    NoRowsError,
    SheetUnknownError,
    TextChoiceUnfitError,
    TooManyRowsError,
)
from archive.dossiers.tables.table import AS_FOUND, NO_ROWS, Table, TableChoice
from archive.dossiers.tables.workbooks import MAGICS, Sheet, Workbook, read_workbook
from archive.files import LARGEST_BYTES
from schemas.vocabulary import RecordKind

MOST_MEGABYTES = LARGEST_BYTES // 2**20


def read_table(
    source: bytes | Path, *, kind: RecordKind | None = None, choice: TableChoice = AS_FOUND
) -> Table:
    """Return the table of a file; raises what ``open_file`` and ``table_of`` raise."""
    return table_of(open_file(source, choice), kind=kind, choice=choice)


def open_file(source: bytes | Path, choice: TableChoice = AS_FOUND) -> Workbook:
    """Return the sheets of a file. Raises a FileRefusedError."""
    content = _content(source)
    if not content.startswith(MAGICS):
        return read_delimited(content, partial(header_score, own=choice.headers), choice)
    if choice.encoding or choice.delimiter:
        raise TextChoiceUnfitError
    return read_workbook(content)


def table_of(
    workbook: Workbook, *, kind: RecordKind | None = None, choice: TableChoice = AS_FOUND
) -> Table:
    """Return the table of a workbook.

    Of several sheets the one that was chosen is read, else the one with the most known
    headers; the others with a header are named. ``kind`` only makes the message about a
    missing header complete. Raises a FileRefusedError.
    """
    own = choice.headers
    found = [(sheet, layout) for sheet in workbook.sheets if (layout := lay_out(sheet.rows, own))]
    sheet = _sheet(workbook, found, choice)
    layout = _layout(sheet, found, choice)
    if layout is None:
        columns = "、".join(missing({}, kind))
        raise HeaderNotFoundError(rows=HEADER_WITHIN_ROWS, columns=columns)
    if not layout.rows:
        raise NoRowsError
    if len(layout.rows) > child.MOST_ROWS:
        raise TooManyRowsError(most=child.MOST_ROWS)
    holding = [one for one in workbook.sheets if one is sheet or _is_filled(one, found)]
    return _table(workbook, sheet, layout, holding)


_Found = Sequence[tuple[Sheet, Layout]]
"""The sheets in which a header was found."""


def _sheet(workbook: Workbook, found: _Found, choice: TableChoice) -> Sheet:
    """Return the sheet that was chosen, else the best; raises SheetUnknownError."""
    if choice.sheet is not None:
        for sheet in workbook.sheets:
            if sheet.name == choice.sheet:
                return sheet
        raise SheetUnknownError(sheets="、".join(sheet_names(workbook)) or "—")
    if not found:
        return workbook.sheets[0] if workbook.sheets else Sheet(None, NO_ROWS)
    best = max(
        found,
        key=lambda one: (len(one[1].rows) > 0, header_score(one[1].headers, choice.headers)),
    )
    return best[0]


def _layout(sheet: Sheet, found: _Found, choice: TableChoice) -> Layout | None:
    if choice.header_row is None:
        return next((layout for other, layout in found if other is sheet), None)
    layout = lay_out_at(sheet.rows, choice.header_row)
    if layout is None:
        raise HeaderRowEmptyError(row=choice.header_row)
    return layout


def _is_filled(sheet: Sheet, found: _Found) -> bool:
    return any(other is sheet and layout.rows for other, layout in found)


def sheet_names(workbook: Workbook) -> tuple[str, ...]:
    """Return the names of all sheets that hold anything; none of a text file."""
    return tuple(sheet.name for sheet in workbook.sheets if sheet.name is not None)


def _content(source: bytes | Path) -> bytes:
    most = MOST_MEGABYTES * 2**20
    if isinstance(source, Path):
        with source.open("rb") as opened:
            source = opened.read(most + 1)
    if len(source) > most:
        raise FileTooLargeError(most_megabytes=MOST_MEGABYTES)
    if not source.strip(b"\x00\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise FileEmptyError
    return source


def _table(workbook: Workbook, sheet: Sheet, layout: Layout, holding: list[Sheet]) -> Table:
    return Table(
        format=workbook.format,
        sheet=sheet.name,
        encoding=workbook.encoding,
        delimiter=workbook.delimiter,
        header_row=layout.header_row,
        headers=layout.headers,
        rows=layout.rows,
        notes=layout.notes,
        sheets=tuple(one.name for one in holding if one.name is not None),
        unread_sheets=tuple(one.name or "" for one in holding if one is not sheet),
        date_1904=workbook.date_1904,
        has_macros=workbook.has_macros,
    )
