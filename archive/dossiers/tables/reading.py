"""From a file as it was sent to its table. What kind of file it is its content tells.

The name of a file decides nothing: exports in the form of web pages are often called
.xls. What the columns mean is told by ``columns``.
"""

from pathlib import Path

from archive.dossiers.columns import missing
from archive.dossiers.tables.delimited import read_delimited
from archive.dossiers.tables.layout import HEADER_WITHIN_ROWS, Layout, header_score, lay_out
from archive.dossiers.tables.refusals import (
    FileEmptyError,
    FileTooLargeError,
    HeaderNotFoundError,
    NoRowsError,
)
from archive.dossiers.tables.table import Table
from archive.dossiers.tables.workbooks import MAGICS, Sheet, Workbook, read_workbook
from archive.files import LARGEST_BYTES
from schemas.vocabulary import RecordKind

MOST_MEGABYTES = LARGEST_BYTES // 2**20


def read_table(source: bytes | Path, *, kind: RecordKind | None = None) -> Table:
    """Return the table of a file.

    Of several sheets the one with the most known headers is read, the others with a
    header are named. ``kind`` only makes the message about a missing header complete.
    Raises a FileRefusedError.
    """
    content = _content(source)
    if content.startswith(MAGICS):
        workbook = read_workbook(content)
    else:
        workbook = read_delimited(content, header_score)
    found = [(sheet, layout) for sheet in workbook.sheets if (layout := lay_out(sheet.rows))]
    if not found:
        columns = "、".join(missing({}, kind))
        raise HeaderNotFoundError(rows=HEADER_WITHIN_ROWS, columns=columns)
    found.sort(key=lambda one: (len(one[1].rows) > 0, header_score(one[1].headers)), reverse=True)
    (sheet, layout), *others = found
    if not layout.rows:
        raise NoRowsError
    return _table(workbook, sheet, layout, [other for other, beside in others if beside.rows])


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


def _table(workbook: Workbook, sheet: Sheet, layout: Layout, others: list[Sheet]) -> Table:
    return Table(
        format=workbook.format,
        sheet=sheet.name,
        encoding=workbook.encoding,
        header_row=layout.header_row,
        headers=layout.headers,
        rows=layout.rows,
        notes=layout.notes,
        unread_sheets=tuple(other.name or "" for other in others),
        date_1904=workbook.date_1904,
    )
