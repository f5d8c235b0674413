"""The plan of a file: its table, its rows read and matched, and the report of them all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.cells.values import shown
from archive.dossiers.columns import (
    Columns,
    KindUnclearError,
    columns_of,
    detect_kind,
    refuse_unlisted,
)
from archive.dossiers.headers import Field
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.findings import finding_of_file, findings_of_row, without_long_numbers
from archive.dossiers.intake.kinds import read_record
from archive.dossiers.intake.mappings import NOTHING_SAID, Meanings, filled, known
from archive.dossiers.intake.matching import Candidate, match
from archive.dossiers.intake.reading import RowReading, read_person
from archive.dossiers.intake.refusals import ColumnUnusedError, SheetsUnreadError
from archive.dossiers.tables.reading import open_file, sheet_names, table_of
from archive.dossiers.tables.table import Table, TableRow
from archive.dossiers.tables.workbooks import Workbook
from archive.people.models import Organisation
from archive.people.names import masked_name
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.reports import ColumnReport, Finding, IntakeReport, RowReport
from schemas.vocabulary import RecordKind, RowState, Severity

WRITTEN = frozenset({RowState.NEW, RowState.CHANGED})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a readable file would do."""

    digest: bytes
    table: Table
    columns: Columns
    candidates: tuple[Candidate, ...]

    @property
    def to_write(self) -> list[Candidate]:
        """The rows that would change a dossier."""
        return [one for one in self.candidates if one.state in WRITTEN]


@dataclass(frozen=True, slots=True)
class Readable:
    """A file whose rows can be read."""

    digest: bytes
    table: Table
    columns: Columns
    choice: Choice = FOUND
    """What was said of it, with what its organisation said before of its headers."""


@dataclass(slots=True)
class Unreadable:
    """A file of which no row can be read, why, and as much as could be told of it."""

    digest: bytes
    refusals: tuple[Refusal, ...] = ()
    workbook: Workbook | None = None
    table: Table | None = None
    columns: Columns | None = None


def plan(
    session: Session,
    content: bytes,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
    today: date,
) -> Plan | Unreadable:
    """Read a file and compare it with the archive; nothing is written."""
    found = read(content, choice, known(session, organisation.id))
    if isinstance(found, Unreadable):
        return found
    candidates = tuple(candidates_of(found, found.table.rows, today))
    match(session, organisation.id, candidates, today=today)
    return Plan(found.digest, found.table, found.columns, candidates)


def read(
    content: bytes, choice: Choice = FOUND, meanings: Meanings = NOTHING_SAID
) -> Readable | Unreadable:
    """Return a file's table and what its columns tell, or all that speaks against it.

    ``meanings`` is what its organisation said before of headers; ``choice`` goes before it.
    """
    found = Unreadable(hashlib.sha256(content).digest())
    try:
        refuse_unlisted(choice.kind)
        found.workbook = open_file(content, choice.table)
        found.table = table_of(found.workbook, kind=choice.kind, choice=choice.table)
        choice = filled(choice, found.table.headers, meanings)
        found.columns = _columns(found.table, choice)
    except Refusal as refusal:
        found.refusals = (refusal,)
        return found
    if found.columns.faults:
        found.refusals = found.columns.faults
        return found
    return Readable(found.digest, found.table, found.columns, choice)


def report_of(
    planned: Plan,
    organisation: Organisation,
    *,
    batch_id: UUID | None = None,
    committed: bool = False,
    record_ids: Mapping[int, UUID] | None = None,
) -> IntakeReport:
    """Return the report of a plan; of what was done when it was carried out."""
    table, columns = planned.table, planned.columns
    states = Counter(one.state for one in planned.candidates)
    findings = tuple(_findings(planned))
    return IntakeReport(
        organisation=organisation.code,
        kind=columns.kind,
        digest=planned.digest.hex(),
        **found_in(table, columns),
        codes=Counter(one.code for one in findings),
        notes=tuple(note.text for note in table.notes),
        committed=committed,
        batch_id=batch_id,
        counts={state: states[state] for state in RowState},
        written=len(record_ids or {}),
        findings=findings,
        rows=tuple(row_report(one, record_ids or {}) for one in planned.candidates),
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


def candidates_of(found: Readable, rows: Iterable[TableRow], today: date) -> Iterable[Candidate]:
    """Yield what some rows of a file say, each by itself; nothing is looked up."""
    for row in rows:
        reading = RowReading(row, found.columns, today, date_1904=found.table.date_1904)
        person = read_person(reading)
        record = read_record(reading, person)
        street = shown(reading.value(Field.STREET)) if reading.has(Field.STREET) else None
        yield Candidate(row.number, person, record, reading.faults, street=street)


def _findings(planned: Plan) -> Iterable[Finding]:
    table, columns = planned.table, planned.columns
    yield from findings_of_file(table, columns)
    for row, candidate in zip(table.rows, planned.candidates, strict=True):
        yield from findings_of_row(candidate.faults, row, table, columns)


def findings_of_file(table: Table, columns: Columns | None) -> Iterable[Finding]:
    """Yield what is to be said of a file as a whole."""
    if table.unread_sheets:
        refusal = SheetsUnreadError(sheets="、".join(table.unread_sheets))
        yield finding_of_file(refusal, Severity.WARNING)
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
