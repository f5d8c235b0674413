"""The two things that happen to a file: it is checked, and it is committed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.cells.values import shown
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.enrolling import enrol, fill_streets, take_turns
from archive.dossiers.intake.plan import Plan, Unreadable, plan, report_of, report_of_unreadable
from archive.dossiers.models import IntakeBatch
from archive.dossiers.sealing import Source
from archive.dossiers.tables.table import Table
from archive.dossiers.writing import Posting, writing
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from schemas.ids import new_id
from schemas.reports import IntakeReport
from schemas.vocabulary import Way


def check(  # The file, whose it is, who asks, when.
    session: Session,
    content: bytes,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
    by: Actor,
    today: date,
) -> IntakeReport:
    """Return all that is to be said of a file; nothing is written.

    What ``choice`` leaves open the file tells. A file that cannot be read is a report of what
    speaks against it, no exception. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    planned = plan(session, content, organisation, choice=choice, today=today)
    if isinstance(planned, Unreadable):
        return report_of_unreadable(planned, organisation)
    return report_of(planned, organisation)


def commit(  # The file, its name, whose it is, who posts it, when.
    session: Session,
    content: bytes,
    file_name: str,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
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
    take_turns(session, organisation.id)
    planned = plan(session, content, organisation, choice=choice, today=today)
    if isinstance(planned, Unreadable):
        return report_of_unreadable(planned, organisation)
    if not planned.to_write:
        fill_streets(session, planned.candidates, (), now)
        return report_of(planned, organisation, committed=True)
    batch_id = new_id()
    posting = Posting(organisation.id, by.id, now)
    _add_batch(session, batch_id, planned, posting)
    record_ids = _write(session, planned, posting, (batch_id, file_name), organisation)
    return report_of(
        planned, organisation, batch_id=batch_id, committed=True, record_ids=record_ids
    )


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
        enrolled = enrol(writer, rows, posting, is_demo=organisation.is_demo)
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
            added = writer.add(one.worker_id, one.record, replace(posting, source=told))
            record_ids[one.row] = added.record_id
    fill_streets(session, planned.candidates, enrolled, posting.now)
    return record_ids


def _cells_by_row(table: Table) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each row as it was sent, for whoever asks later where a record came from."""
    for row in table.rows:
        pairs = zip(table.headers, row.cells, strict=True)
        cells = {header: written for header, cell in pairs if header and (written := shown(cell))}
        yield row.number, cells
