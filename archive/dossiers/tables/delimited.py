"""Text files with delimiters: their encoding, their delimiter, their rows."""

import codecs
import csv
import io
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import islice, zip_longest

from charset_normalizer import from_bytes

from archive.dossiers.tables import child, refusals
from archive.dossiers.tables.table import AS_FOUND, Column, Rows, TableChoice, TableFormat
from archive.dossiers.tables.workbooks import Sheet, Workbook

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = (",", "\t", ";")
DELIMITERS = (*_DELIMITERS, "|")
"""What a person may choose; a bar alone is never guessed, for it stands in texts."""

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5")
"""What a person may choose; GBK and GB2312 are parts of GB18030."""

_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 20
_ROWS_AT_ONCE = 1_000
_IMPLAUSIBLE = re.compile("[\x00-\x08\x0e-\x1a\x80-\x84\x86-\x9f\ufffe\uffff]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PRIVATE_IN = 50
"""A rare character of a name may be one of a computer's own; of a wrong encoding every other is."""
_CUT_OFF = {"unexpected end of data", "incomplete multibyte sequence", "truncated data"}
"""What decoders say of a character that is not complete."""
_NOT_TEXT = re.compile(
    rb"\x09[\x00\x02\x04]\x04?\x06?\x00|"  # Workbooks of before 1993.
    rb"\s*(%PDF|\{\\rtf|\x89PNG|\xff\xd8\xff|GIF8|Rar!|7z\xbc)",
    re.IGNORECASE,
)
"""How PDF files, pictures and archives begin."""

_WEB_PAGE = re.compile(
    rb"(\xef\xbb\xbf)?\s*(<!doctype|<!--|<html|<head|<meta|<style|<body|<div|<table|<\?xml|MIME-Version:)",
    re.IGNORECASE,
)
"""How web pages and XML begin, also those that a browser saved as one file."""

_TOLD_DELIMITER = re.compile(r'"?sep=([^\r\n"])"?[ ,;\t]*(\r\n|\r|\n)', re.IGNORECASE)
"""The first line in which programs tell Excel what separates the cells."""

_AS_TEXT = re.compile(r'="([^"]*)"\s*')
"""How programs write long numbers so that a spreadsheet does not round them: ``="9900…"``."""

csv.field_size_limit(child.MOST_CHARACTERS)  # Its default would tell a long cell as a lost quote.

HeaderScore = Callable[[Sequence[str]], int]
"""How many headers a row holds that are known."""


def read_delimited(content: bytes, score: HeaderScore, choice: TableChoice = AS_FOUND) -> Workbook:
    """Return the cells of a text file.

    The delimiter is the one under which the first rows hold the most known headers, unless
    a person chose it. Raises a FileRefusedError.
    """
    if _NOT_TEXT.match(content):
        raise refusals.FileTypeUnknownError
    if _WEB_PAGE.match(content):
        raise refusals.FileIsWebPageError
    text, encoding = _as_chosen(content, choice.encoding) if choice.encoding else decode(content)
    told = _TOLD_DELIMITER.match(text)
    text = text[told.end() :] if told else text  # The spreadsheet does not count this line.
    delimiter = choice.delimiter or (told[1] if told else _found_delimiter(text, score))
    if delimiter not in DELIMITERS:
        raise refusals.DelimiterUnknownError
    sheets = (Sheet(None, _rows(text, delimiter)),)
    return Workbook(TableFormat.CSV, sheets, encoding=encoding, delimiter=delimiter)


def decode(content: bytes) -> tuple[str, str]:
    """Return a text and the encoding it was in, told by strict decoding.

    A mark at the start decides; else UTF-8, UTF-16 where there are zero bytes, GB18030.
    Statistics are the last resort. Raises EncodingUnreadableError, FileCutOffError.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _marked(content, encoding)
    candidates = ["utf-16-le", "utf-16-be"] if b"\x00" in content else ["utf-8", "gb18030"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError as damaged:
            _refuse_cut_off(content, damaged)
            continue
        if _is_plausible(text, encoding):
            return text, encoding
    return _guessed(content)


def _refuse_cut_off(content: bytes, damaged: UnicodeDecodeError) -> None:
    """Raise FileCutOffError when all but the last character is text of that encoding."""
    before = content[: damaged.start]
    if damaged.reason not in _CUT_OFF or damaged.end != len(content) or before.isascii():
        return
    if _is_plausible(before.decode(damaged.encoding), damaged.encoding):
        raise refusals.FileCutOffError from damaged


def _is_plausible(text: str, encoding: str) -> bool:
    """Whether people write so; UTF-8 proves itself, other encodings read anything."""
    if _IMPLAUSIBLE.search(text):
        return False
    if encoding.startswith("utf-8"):
        return True
    return len(_PRIVATE.findall(text)) <= max(1, len(text) // _PRIVATE_IN)


def _as_chosen(content: bytes, encoding: str) -> tuple[str, str]:
    """Return a text in the encoding that a person chose; raises what tells why it cannot be."""
    if encoding not in ENCODINGS:
        raise refusals.EncodingUnknownError(encodings="、".join(ENCODINGS))
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as unfit:
        raise refusals.EncodingUnfitError(encoding=encoding) from unfit
    if not _is_plausible(text.removeprefix("\ufeff"), encoding):
        raise refusals.EncodingUnfitError(encoding=encoding)
    return text.removeprefix("\ufeff"), encoding


def _found_delimiter(text: str, score: HeaderScore) -> str:
    lines = text.splitlines()[:_SAMPLE_ROWS]
    return max(_DELIMITERS, key=lambda one: _best_score(lines, one, score))


def _marked(content: bytes, encoding: str) -> tuple[str, str]:
    try:
        return content.decode(encoding), encoding
    except UnicodeDecodeError as damaged:
        _refuse_cut_off(content, damaged)
        raise refusals.EncodingUnreadableError from damaged


def _guessed(content: bytes) -> tuple[str, str]:
    if b"\x00" in content:
        _refuse_nul(content)
    best = from_bytes(content[:_SAMPLE_BYTES]).best()
    if best is None or b"\x00" in content:
        raise refusals.EncodingUnreadableError
    try:
        text = content.decode(best.encoding)
    except (UnicodeDecodeError, LookupError) as damaged:
        raise refusals.EncodingUnreadableError from damaged
    if not _is_plausible(text, best.encoding):
        raise refusals.EncodingUnreadableError
    return text, best.encoding


def _refuse_nul(content: bytes) -> None:
    """Raise FileHoldsNulError when all is text but the zero bytes."""
    without = content.replace(b"\x00", b"")
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            if _is_plausible(without.decode(encoding), encoding):
                raise refusals.FileHoldsNulError


def _best_score(lines: Sequence[str], delimiter: str, score: HeaderScore) -> int:
    try:
        return max((score(row) for row in csv.reader(lines, delimiter=delimiter)), default=0)
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True)
    columns, numbers = Encoding(), array("I")
    filled = _filled(reader, numbers)
    try:
        while lines := list(islice(filled, _ROWS_AT_ONCE)):
            columns.add(lines)
            if len(numbers) > child.MOST_ROWS + child.MOST_BESIDE:
                raise refusals.TooManyRowsError(most=child.MOST_ROWS)
    except csv.Error as broken:
        raise refusals.CsvUnreadableError(line=reader.line_num) from broken
    return Rows(numbers, columns.done(_as_text))


def _filled(reader: Iterable[list[str]], numbers: "array[int]") -> Iterator[list[str]]:
    """Yield the lines that hold anything, and keep their numbers."""
    for number, cells in enumerate(reader, start=1):
        if any(cells) and any(cell.strip() for cell in cells):
            if len(cells) > child.MOST_COLUMNS:
                raise refusals.TooManyColumnsError(most=child.MOST_COLUMNS)
            numbers.append(number)
            yield cells


def _as_text(cell: str) -> str:
    kept = _AS_TEXT.fullmatch(cell)
    return kept[1] if kept else cell


class Encoding:
    """Lines of text on their way to columns: each different value of a column once."""

    def __init__(self) -> None:
        self._places: list[defaultdict[str, int]] = []
        self._codes: list[array[int]] = []
        self._rows = 0

    def add(self, lines: Sequence[Sequence[str]]) -> None:
        """Take some lines; shorter ones are filled up."""
        for at, column in enumerate(zip_longest(*lines, fillvalue="")):
            if at == len(self._places):
                self._widen()
            self._codes[at].extend(map(self._places[at].__getitem__, column))
        self._rows += len(lines)
        for places, codes in zip(self._places, self._codes, strict=True):
            codes.extend([places[""]] * (self._rows - len(codes)))

    def done(self, plain: Callable[[str], str]) -> tuple[Column, ...]:
        """Return the columns, each different value brought to its plain form."""
        return tuple(
            Column([plain(value) for value in places], codes)
            for places, codes in zip(self._places, self._codes, strict=True)
        )

    def _widen(self) -> None:
        places: defaultdict[str, int] = defaultdict()
        places.default_factory = places.__len__
        self._places.append(places)
        self._codes.append(array("I", [places[""]] * self._rows))
