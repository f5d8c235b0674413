"""Rows that were judged become records: the one place where a file's rows enter dossiers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.cells.values import shown
from archive.dossiers.intake.enrolling import append, fill_streets
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.opened import Opened
from archive.dossiers.sealing import Source
from archive.dossiers.tables.table import Table
from archive.dossiers.writing import Posting
from archive.people.models import Organisation
from schemas.refusals import Refusal
from schemas.vocabulary import RowState, Way

WRITTEN = frozenset({RowState.NEW, RowState.CHANGED})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows came from: what is told of each record for ever."""

    batch_id: UUID
    file_name: str
    digest: bytes
    table: Table
    """Whose rows the first one's position counts in."""
    first: int = 0

    def source(self, at: int) -> Source:
        """Return the source of the row at a position, with its cells as they were sent."""
        row = self.table.rows[self.first + at]
        pairs = zip(self.table.headers, row.cells, strict=True)
        cells = {header: written for header, cell in pairs if header and (written := shown(cell))}
        return Source(
            way=Way.FILE,
            digest=self.digest.hex(),
            batch_id=self.batch_id,
            file_name=self.file_name,
            row=row.number,
            cells=cells,
        )


def write_rows(
    session: Session,
    rows: Sequence[Candidate],
    origin: Origin,
    posting: Posting,
    organisation: Organisation,
    opened: Opened | None = None,
) -> dict[int, UUID]:
    """Append the records of rows that are new or changed; return the record's id by row.

    ``opened`` are the dossiers if they are open already. Raises what another writer's doings
    since the rows were judged refuse.
    """
    chosen = [(one, origin.source(at)) for at, one in enumerate(rows) if one.state in WRITTEN]
    begun: Collection[UUID] = ()
    if chosen:
        begun = append(session, chosen, posting, is_demo=organisation.is_demo, opened=opened)
    fill_streets(session, rows, begun, posting.now)
    return {one.row: one.record_id for one, _ in chosen if one.record_id}


def write_singly(
    session: Session,
    rows: Sequence[Candidate],
    origin: Origin,
    posting: Posting,
    organisation: Organisation,
) -> dict[int, UUID]:
    """Write rows one by one, so that one which is refused stops no other; it becomes faulty."""
    record_ids: dict[int, UUID] = {}
    for at, one in enumerate(rows):
        here = replace(origin, first=origin.first + at)
        try:
            with session.begin_nested():
                record_ids |= write_rows(session, [one], here, posting, organisation)
        except Refusal as refusal:
            one.fault(refusal)
            one.state = RowState.FAULTY
    return record_ids
