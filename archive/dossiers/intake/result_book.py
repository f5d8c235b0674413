"""The workbook that a trainer gets back: the rows as they were sent, and what became of each.

Row numbers are those of the file. Whoever corrects the red cells and sends the workbook again
posts only what was wrong: the added columns are passed over, and rows on file are the same.
"""

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import ClassVar

from archive.dossiers.intake.results import Found
from archive.dossiers.tables import book_child
from archive.dossiers.tables.book_child import Book, Cell, Row
from archive.dossiers.tables.table import CellValue, Table
from archive.errors import ArchiveError
from archive.texts import in_language, term
from schemas.reports import Finding
from schemas.vocabulary import Language, RowState

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ADDED = {
    Language.CHINESE: ("处理结果", "处理代码", "处理说明"),
    Language.ENGLISH: ("row result", "row code", "row remark"),
}
"""The headers of what is added; the reader passes over columns that are called so."""
STATE_TOLD = {
    RowState.NEW: "The record was written, or would be.",
    RowState.CHANGED: "The record on file was superseded by this row, or would be.",
    RowState.SAME: "The record is on file just like this; nothing to do.",
    RowState.DUPLICATE: "The same as a row above; counted once.",
    RowState.FAULTY: "Not written. Correct the red cells and send this workbook again.",
}
LEGEND_SHEET = "Legend"
_CHILD = Path(book_child.__file__)
_SECONDS = 120
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_SHEET = 31


class ResultBookError(ArchiveError):
    """The program that writes workbooks was stopped, or the machine has no memory left."""

    code: ClassVar[str] = "result_book_failed"
    template: ClassVar[str] = (
        "The workbook could not be made now. Try again in a minute; what was written is not "
        "affected."
    )


def result_book(table: Table, found: Found, language: Language) -> bytes:
    """Return the workbook of a file's rows and what was found in them; raises ResultBookError."""
    book = told_book(table, found, language)
    try:
        done = subprocess.run(  # noqa: S603  # Our own program, by its path, without a shell.
            [sys.executable, "-I", str(_CHILD)],
            input=json.dumps(book).encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={},
        )
    except (subprocess.SubprocessError, MemoryError) as failed:
        raise ResultBookError from failed
    return done.stdout


def told_book(table: Table, found: Found, language: Language) -> Book:
    """Return what the workbook is to hold."""
    added = {word for words in ADDED.values() for word in words}
    kept = [at for at, header in enumerate(table.headers) if header not in added]
    of_row: dict[int, list[Finding]] = defaultdict(list)
    for one in found.findings:
        if one.row is not None:
            of_row[one.row].append(one)
    states = {one.row: one.state for one in found.rows}
    headers = [table.headers[at] for at in kept]
    return Book(
        sheet=_sheet_name(table.sheet),
        date_1904=table.date_1904,
        header_row=table.header_row,
        headers=headers,
        added=list(ADDED[language]),
        rows=[
            Row(
                number=row.number,
                cells=[_cell(row.cells[at]) for at in kept],
                state=states[row.number].value,
                told=_told(states[row.number], of_row[row.number], language),
                marked=_marked(of_row[row.number], headers),
            )
            for row in table.rows
            if row.number in states
        ],
        legend=[
            [state.value, term(f"row_state.{state}", language), in_language(told, language)]
            for state, told in STATE_TOLD.items()
        ],
        legend_sheet=in_language(LEGEND_SHEET, language),
    )


def _told(state: RowState, findings: Sequence[Finding], language: Language) -> list[str]:
    """Return state, codes and explanation of a row, in words."""
    return [
        term(f"row_state.{state}", language),
        " ".join(dict.fromkeys(one.code for one in findings)),
        _explained(findings, language),
    ]


def _marked(findings: Sequence[Finding], headers: Sequence[str]) -> list[int]:
    at_fault = {one.column for one in findings if one.column is not None}
    return [at for at, header in enumerate(headers) if header in at_fault]


def _explained(findings: Iterable[Finding], language: Language) -> str:
    told = []
    for one in findings:
        message = one.message.zh if language is Language.CHINESE else one.message.en
        told.append(f"{one.column}：{message}" if one.column else message)
    return "\n".join(told)


def _cell(cell: CellValue) -> Cell:
    return [cell.isoformat()] if isinstance(cell, date) else cell


def _sheet_name(name: str | None) -> str:
    plain = (name or "").translate(_FORBIDDEN).strip()[:_LONGEST_SHEET]
    return plain or "Sheet1"
