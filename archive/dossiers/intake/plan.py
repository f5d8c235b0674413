"""The plan of a file: its table, its rows read and matched, and the report of them all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.columns import (
    Columns,
    KindUnclearError,
    columns_of,
    detect_kind,
    refuse_unlisted,
)
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.findings import finding_of_file, findings_of_row, without_long_numbers
from archive.dossiers.intake.judging import judge
from archive.dossiers.intake.mappings import NOTHING_SAID, Meanings, filled, own_headers
from archive.dossiers.intake.matching import Candidate, Said
from archive.dossiers.intake.refusals import (
    ColumnUnusedError,
    MacrosLeftOutError,
    SheetsUnreadError,
)
from archive.dossiers.intake.row_reading import RowReader
from archive.dossiers.tables.reading import open_file, sheet_names, table_of
from archive.dossiers.tables.table import Rows, Table
from archive.dossiers.tables.workbooks import Workbook
from archive.people.models import Organisation
from archive.people.names import masked_name
from credit_bank.collecting import no_collection
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.reports import ColumnReport, Finding, IntakeReport, RowReport
from schemas.vocabulary import RecordKind, RowState, Severity

WRITTEN = frozenset({RowState.NEW, RowState.CHANGED})
_ROWS_AT_ONCE = 5_000
"""Rows of a check that are in memory together, with all that was looked up for them."""


@dataclass(frozen=True, slots=True)
class Readable:
    """A file whose rows can be read."""

    digest: bytes
    table: Table
    columns: Columns
    choice: Choice = FOUND
    """What was said of it, with what its organisation said before of its headers."""
    _readers: dict[date, RowReader] = field(default_factory=dict, repr=False, compare=False)

    def reader(self, today: date) -> RowReader:
        """Return what reads its rows, and remembers what it has read."""
        if today not in self._readers:
            date_1904 = self.table.date_1904
            self._readers[today] = RowReader(
                self.table.rows, self.columns, today, date_1904=date_1904
            )
        return self._readers[today]


@dataclass(slots=True)
class Unreadable:
    """A file of which no row can be read, why, and as much as could be told of it."""

    digest: bytes
    refusals: tuple[Refusal, ...] = ()
    workbook: Workbook | None = None
    table: Table | None = None
    columns: Columns | None = None


def read(
    content: bytes, choice: Choice = FOUND, meanings: Meanings = NOTHING_SAID
) -> Readable | Unreadable:
    """Return a file's table and what its columns tell, or all that speaks against it.

    ``meanings`` is what its organisation said before of headers; ``choice`` goes before it.
    """
    found = Unreadable(hashlib.sha256(content).digest())
    try:
        refuse_unlisted(choice.kind)
        where = replace(choice.table, headers=own_headers(choice, meanings))
        found.workbook = open_file(content, where)
        found.table = table_of(found.workbook, kind=choice.kind, choice=where)
        choice = filled(choice, found.table.headers, meanings)
        found.columns = _columns(found.table, choice)
    except Refusal as refusal:
        found.refusals = (refusal,)
        return found
    if found.columns.faults:
        found.refusals = found.columns.faults
        return found
    return Readable(found.digest, found.table, found.columns, choice)


@dataclass(slots=True)
class Checked:
    """What the rows of a file would do; nothing of them is kept but what the report tells."""

    found: Readable
    most_rows: int | None
    """How many rows the report tells; None for all."""
    counts: Counter[RowState] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    rows: list[RowReport] = field(default_factory=list)

    def add(self, rows: Rows, candidates: Sequence[Candidate]) -> None:
        """Take some rows that were judged."""
        states = [one.state for one in candidates]
        for state in RowState:
            self.counts[state] += states.count(state)
        table, columns = self.found.table, self.found.columns
        for at, one in enumerate(candidates):
            if one.faults:
                self.findings += findings_of_row(one.faults, rows[at], table, columns)
        left = len(candidates) if self.most_rows is None else self.most_rows - len(self.rows)
        self.rows += [row_report(one, {}) for one in candidates[: max(left, 0)]]


def check_rows(
    session: Session,
    found: Readable,
    organisation_id: UUID,
    *,
    today: date,
    most_rows: int | None = None,
) -> Checked:
    """Compare a file with the archive; nothing is written."""
    checked, said, rows = Checked(found, most_rows), Said(), found.table.rows
    checked.findings += findings_of_file(found.table, found.columns)
    with no_collection():
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            candidates = list(candidates_of(found, some, today))
            judge(session, organisation_id, candidates, today=today, said=said)
            checked.add(some, candidates)
    return checked


def report_of(checked: Checked, organisation: Organisation) -> IntakeReport:
    """Return the report of what a file would do."""
    found = checked.found
    return IntakeReport(
        organisation=organisation.code,
        kind=found.columns.kind,
        digest=found.digest.hex(),
        **found_in(found.table, found.columns),
        codes=Counter(one.code for one in checked.findings),
        notes=tuple(note.text for note in found.table.notes),
        committed=False,
        counts=checked.counts,
        warned=len({one.row for one in checked.findings if _is_of_row(one)}),
        written=0,
        findings=tuple(checked.findings),
        rows=tuple(checked.rows),
    )


def report_of_unreadable(unreadable: Unreadable, organisation: Organisation) -> IntakeReport:
    """Return the report of a file of which no row could be read."""
    table, columns = unreadable.table, unreadable.columns
    findings = [finding_of_file(refusal) for refusal in unreadable.refusals]
    if table:
        findings += findings_of_file(table, columns)
    return IntakeReport(
        organisation=organisation.code,
        kind=None,
        digest=unreadable.digest.hex(),
        **(found_in(table, columns) if table else _opened(unreadable.workbook)),
        codes=Counter(one.code for one in findings),
        committed=False,
        counts=dict.fromkeys(RowState, 0),
        written=0,
        findings=tuple(findings),
    )


def _is_of_row(finding: Finding) -> bool:
    """Whether a finding says that a row is worth a look."""
    return finding.row is not None and finding.severity is Severity.WARNING


class _Found(TypedDict, total=False):
    """What a report tells of how the file was read."""

    sheet: str | None
    sheets: tuple[str, ...]
    header_row: int
    encoding: str | None
    delimiter: str | None
    kind_found: RecordKind
    headers: tuple[ColumnReport, ...]
    columns: dict[str, str]


def found_in(table: Table, columns: Columns | None) -> _Found:
    """Return what a report tells of how a file was read."""
    told = columns.told if columns else (None,) * len(table.headers)
    found = _Found(
        sheet=table.sheet,
        sheets=table.sheets,
        header_row=table.header_row,
        encoding=table.encoding,
        delimiter=table.delimiter,
        headers=tuple(
            ColumnReport(
                place=place,
                header=without_long_numbers(header),  # A row of people, chosen by mistake.
                field=str(field) if field else None,
            )
            for place, (header, field) in enumerate(zip(table.headers, told, strict=True), start=1)
            if header
        ),
    )
    if columns:
        found["kind_found"] = columns.kind
        found["columns"] = {table.headers[at]: str(of) for of, at in columns.places.items()}
    return found


def _opened(workbook: Workbook | None) -> _Found:
    """Return what is told of a file in which no table was found."""
    if workbook is None:
        return {}
    return {
        "sheets": sheet_names(workbook),
        "encoding": workbook.encoding,
        "delimiter": workbook.delimiter,
    }


def _columns(table: Table, choice: Choice) -> Columns:
    told = choice.kind or detect_kind(table.headers, choice.columns)
    if told is None:
        raise KindUnclearError
    return columns_of(table.headers, told, choice.columns)


def candidates_of(found: Readable, rows: Rows, today: date) -> Iterator[Candidate]:
    """Yield what some rows of a file say, each by itself; nothing is looked up."""
    return found.reader(today).read(rows)


def findings_of_file(table: Table, columns: Columns | None) -> Iterable[Finding]:
    """Yield what is to be said of a file as a whole."""
    if table.unread_sheets:
        refusal = SheetsUnreadError(sheets="、".join(table.unread_sheets))
        yield finding_of_file(refusal, Severity.WARNING)
    if table.has_macros:
        yield finding_of_file(MacrosLeftOutError(), Severity.WARNING)
    for header in columns.unused if columns else ():
        yield finding_of_file(ColumnUnusedError(), Severity.WARNING, without_long_numbers(header))


def row_report(candidate: Candidate, record_ids: Mapping[int, UUID]) -> RowReport:
    """Return what a row would do, or did."""
    return RowReport(
        row=candidate.row,
        state=candidate.state,
        name_masked=masked_name(candidate.person.name) if candidate.person else None,
        summary=_summary(candidate.record) if candidate.record else None,
        record_id=record_ids.get(candidate.row),
    )


def _summary(record: AnyRecord) -> str:
    told = without_long_numbers(record.subject.rstrip("/"))
    return f"{told} · {record.effective_on}" if record.effective_on else told
