"""The two things that happen to a file: it is checked, and it is committed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.cells.values import shown
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.plan import Plan, Unreadable, plan, report_of, report_of_unreadable
from archive.dossiers.models import IntakeBatch
from archive.dossiers.sealing import Source
from archive.dossiers.tables.table import Table
from archive.dossiers.writing import DossierWriter, Posting, writing
from archive.people import streets
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.identity import birth_date
from archive.people.models import Organisation
from schemas.identities import Identity
from schemas.ids import new_id
from schemas.reports import IntakeReport
from schemas.vocabulary import RecordKind, Way


def check(  # The file, whose it is, who asks, when.
    session: Session,
    content: bytes,
    organisation: Organisation,
    *,
    kind: RecordKind | None = None,
    by: Actor,
    today: date,
) -> IntakeReport:
    """Return all that is to be said of a file; nothing is written.

    Without ``kind`` the headers tell it. A file that cannot be read is a report with one
    finding, no exception. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    planned = plan(session, content, organisation, kind=kind, today=today)
    if isinstance(planned, Unreadable):
        return report_of_unreadable(planned, organisation)
    return report_of(planned, organisation)


def commit(  # The file, its name, whose it is, who posts it, when.
    session: Session,
    content: bytes,
    file_name: str,
    organisation: Organisation,
    *,
    kind: RecordKind | None = None,
    by: Actor,
    now: datetime,
    today: date,
) -> IntakeReport:
    """Write the rows of a file that are without fault; report them and all others.

    Rows that are on file already change nothing, so a second commit of a file does
    nothing. People without a dossier get one. ``file_name`` is sealed with each record,
    for it may name people. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    _take_turns(session, organisation)
    planned = plan(session, content, organisation, kind=kind, today=today)
    if isinstance(planned, Unreadable):
        return report_of_unreadable(planned, organisation)
    if not planned.to_write:
        _fill_streets(session, planned, {}, now)
        return report_of(planned, organisation, committed=True)
    batch_id = new_id()
    posting = Posting(organisation.id, by.id, now)
    _add_batch(session, batch_id, planned, posting)
    record_ids = _write(session, planned, posting, (batch_id, file_name), organisation)
    return report_of(
        planned, organisation, batch_id=batch_id, committed=True, record_ids=record_ids
    )


def _take_turns(session: Session, organisation: Organisation) -> None:
    """Let one file of an organisation be committed at a time; a second sees what the first wrote.

    Whoever only refers to the organisation does not wait. SQLite has one writer anyway.
    """
    whose = select(Organisation.id).where(col(Organisation.id) == organisation.id)
    session.exec(whose.with_for_update(key_share=True)).one()


def _add_batch(session: Session, batch_id: UUID, planned: Plan, posting: Posting) -> None:
    batch = IntakeBatch(
        id=batch_id,
        organisation_id=posting.organisation_id,
        digest=planned.digest,
        kind=planned.columns.kind,
        rows=len(planned.candidates),
        written=len(planned.to_write),
        posted_by=posting.by,
        posted_at=posting.now,
    )
    session.add(batch)
    session.flush()


def _write(
    session: Session,
    planned: Plan,
    posting: Posting,
    source: tuple[UUID, str],
    organisation: Organisation,
) -> dict[int, UUID]:
    """Append the records; return the record's id by row."""
    cells = dict(_cells_by_row(planned.table))
    rows = planned.to_write
    known = [one.worker_id for one in rows if one.worker_id and not one.is_new_person]
    record_ids = {}
    with writing(session, known) as writer:
        enrolled = _enrol(writer, rows, posting, is_demo=organisation.is_demo)
        for one in rows:
            if one.record is None or one.worker_id is None:
                continue  # A row to write has both; this tells it to the type checker.
            told = Source(
                way=Way.FILE,
                digest=planned.digest.hex(),
                batch_id=source[0],
                file_name=source[1],
                row=one.row,
                cells=cells[one.row],
            )
            worker_id = enrolled.get(one.worker_id, one.worker_id)
            added = writer.add(worker_id, one.record, replace(posting, source=told))
            record_ids[one.row] = added.record_id
    _fill_streets(session, planned, enrolled, posting.now)
    return record_ids


def _fill_streets(
    session: Session, planned: Plan, enrolled: Mapping[UUID, UUID], now: datetime
) -> None:
    """Let dossiers that belong to no street office yet belong to the one that a row names."""
    told = {
        enrolled.get(one.worker_id, one.worker_id): one.street_office_id
        for one in reversed(planned.candidates)  # Of two rows the first counts.
        if one.worker_id and one.street_office_id and not one.is_faulty
        if not one.is_new_person or one.worker_id in enrolled
    }
    streets.fill(session, told, now=now)


def _enrol(
    writer: DossierWriter, rows: Sequence[Candidate], posting: Posting, *, is_demo: bool
) -> dict[UUID, UUID]:
    """Begin a dossier for each new person; return its owner by the id within the file."""
    new = {
        one.worker_id: one.person
        for one in rows
        if one.is_new_person and one.worker_id and one.person
    }
    identities = [
        Identity(
            name=person.name,
            document_type=person.document.type,
            document_number=person.document.number,
            born_on=birth_date(person.document),
        )
        for person in new.values()
    ]
    return dict(zip(new, writer.enrol(identities, posting, is_demo=is_demo), strict=True))


def _cells_by_row(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row as it was sent, for whoever asks later where a record came from."""
    for row in table.rows:
        pairs = zip(table.headers, row.cells, strict=True)
        cells = {header: written for header, cell in pairs if header and (written := shown(cell))}
        yield row.number, cells
