"""The plan of a file: its table, its rows read and matched, and the report of them all."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
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
from archive.dossiers.intake.findings import finding_of_file, findings_of_row, without_long_numbers
from archive.dossiers.intake.kinds import read_record
from archive.dossiers.intake.matching import Candidate, match
from archive.dossiers.intake.reading import RowReading, read_person
from archive.dossiers.intake.refusals import ColumnUnusedError, SheetsUnreadError
from archive.dossiers.tables.reading import read_table
from archive.dossiers.tables.table import Table
from archive.people.models import Organisation
from archive.people.names import masked_name
from schemas.records import Record as AnyRecord
from schemas.refusals import Refusal
from schemas.reports import Finding, IntakeReport, RowReport
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
class Unreadable:
    """A file of which no row can be read, and why."""

    digest: bytes
    refusal: Refusal


def plan(
    session: Session,
    content: bytes,
    organisation: Organisation,
    *,
    kind: RecordKind | None,
    today: date,
) -> Plan | Unreadable:
    """Read a file and compare it with the archive; nothing is written."""
    digest = hashlib.sha256(content).digest()
    try:
        refuse_unlisted(kind)
        table = read_table(content, kind=kind)
        columns = _columns(table, kind)
    except Refusal as refusal:
        return Unreadable(digest, refusal)
    candidates = tuple(_candidates(table, columns, today))
    match(session, organisation.id, candidates, today=today)
    return Plan(digest, table, columns, candidates)


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
    return IntakeReport(
        organisation=organisation.code,
        kind=columns.kind,
        digest=planned.digest.hex(),
        sheet=table.sheet,
        header_row=table.header_row,
        encoding=table.encoding,
        columns={table.headers[place]: str(field) for field, place in columns.places.items()},
        notes=tuple(note.text for note in table.notes),
        committed=committed,
        batch_id=batch_id,
        counts={state: states[state] for state in RowState},
        written=len(record_ids or {}),
        findings=tuple(_findings(planned)),
        rows=tuple(_row_report(one, record_ids or {}) for one in planned.candidates),
    )


def report_of_unreadable(unreadable: Unreadable, organisation: Organisation) -> IntakeReport:
    """Return the report of a file of which no row could be read."""
    return IntakeReport(
        organisation=organisation.code,
        kind=None,
        digest=unreadable.digest.hex(),
        committed=False,
        counts=dict.fromkeys(RowState, 0),
        written=0,
        findings=(finding_of_file(unreadable.refusal),),
    )


def _columns(table: Table, kind: RecordKind | None) -> Columns:
    told = kind or detect_kind(table.headers)
    if told is None:
        raise KindUnclearError
    return columns_of(table.headers, told)


def _candidates(table: Table, columns: Columns, today: date) -> Iterable[Candidate]:
    for row in table.rows:
        reading = RowReading(row, columns, today, date_1904=table.date_1904)
        person = read_person(reading)
        record = read_record(reading, person)
        street = shown(reading.value(Field.STREET)) if reading.has(Field.STREET) else None
        yield Candidate(row.number, person, record, reading.faults, street=street)


def _findings(planned: Plan) -> Iterable[Finding]:
    table, columns = planned.table, planned.columns
    if table.unread_sheets:
        refusal = SheetsUnreadError(sheets="、".join(table.unread_sheets))
        yield finding_of_file(refusal, Severity.WARNING)
    for header in columns.unused:
        yield finding_of_file(ColumnUnusedError(), Severity.WARNING, header)
    for row, candidate in zip(table.rows, planned.candidates, strict=True):
        yield from findings_of_row(candidate.faults, row, table, columns)


def _row_report(candidate: Candidate, record_ids: Mapping[int, UUID]) -> RowReport:
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
