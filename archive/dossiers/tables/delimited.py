"""Text files with delimiters: their encoding, their delimiter, their rows."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence

from charset_normalizer import from_bytes

from archive.dossiers.tables import child, refusals
from archive.dossiers.tables.table import TableFormat, TableRow
from archive.dossiers.tables.workbooks import Sheet, Workbook

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", "\t", ";")
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 20
_IMPLAUSIBLE = re.compile("[\x00-\x08\x0e-\x1a\x80-\x84\x86-\x9f\ue000-\uf8ff\ufffe\uffff]")
_NOT_TEXT = re.compile(
    rb"\s*(<!doctype|<html|<\?xml|<table|%PDF|\{\\rtf|\x89PNG|\xff\xd8\xff|GIF8|Rar!|7z\xbc)",
    re.IGNORECASE,
)
"""How web pages, PDF files, pictures and archives begin."""

_AS_TEXT = re.compile(r'="([^"]*)"\s*')
"""How programs write long numbers so that a spreadsheet does not round them: ``="9900…"``."""

csv.field_size_limit(child.MOST_CHARACTERS)  # Its default would tell a long cell as a lost quote.

HeaderScore = Callable[[Sequence[str]], int]
"""How many headers a row holds that are known."""


def read_delimited(content: bytes, score: HeaderScore) -> Workbook:
    """Return the cells of a text file.

    The delimiter is the one under which the first rows hold the most known headers.
    Raises a FileRefusedError.
    """
    if _NOT_TEXT.match(content):
        raise refusals.FileTypeUnknownError
    text, encoding = decode(content)
    lines = text.splitlines()
    delimiter = max(_DELIMITERS, key=lambda one: _best_score(lines[:_SAMPLE_ROWS], one, score))
    rows = tuple(_rows(text, delimiter))
    return Workbook(TableFormat.CSV, (Sheet(None, rows),), encoding=encoding)


def decode(content: bytes) -> tuple[str, str]:
    """Return a text and the encoding it was in, told by strict decoding.

    A mark at the start decides; else UTF-8, UTF-16 where there are zero bytes, GB18030.
    Statistics are the last resort. Raises EncodingUnreadableError.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding)
    candidates = ["utf-16-le", "utf-16-be"] if b"\x00" in content else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _IMPLAUSIBLE.search(text):
            return text, encoding
    return _guessed(content)


def _marked(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as damaged:
        raise refusals.EncodingUnreadableError from damaged


def _guessed(content: bytes) -> tuple[str, str]:
    best = from_bytes(content[:_SAMPLE_BYTES]).best()
    if best is None or b"\x00" in content:
        raise refusals.EncodingUnreadableError
    try:
        text = content.decode(best.encoding)
    except (UnicodeDecodeError, LookupError) as damaged:
        raise refusals.EncodingUnreadableError from damaged
    if _IMPLAUSIBLE.search(text):
        raise refusals.EncodingUnreadableError
    return text, best.encoding


def _best_score(lines: Sequence[str], delimiter: str, score: HeaderScore) -> int:
    try:
        return max((score(row) for row in csv.reader(lines, delimiter=delimiter)), default=0)
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str) -> list[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True)
    rows = []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append(TableRow(number, tuple(_as_text(cell) for cell in cells)))
    except csv.Error as broken:
        raise refusals.CsvUnreadableError(line=reader.line_num) from broken
    if len(rows) > child.MOST_ROWS:
        raise refusals.TooManyRowsError(most=child.MOST_ROWS)
    if any(len(row.cells) > child.MOST_COLUMNS for row in rows):
        raise refusals.TooManyColumnsError(most=child.MOST_COLUMNS)
    return rows


def _as_text(cell: str) -> str:
    kept = _AS_TEXT.fullmatch(cell)
    return kept[1] if kept else cell
