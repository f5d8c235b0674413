"""Are dossiers as they were written? Checks chains, columns and what is sealed."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import scan
from archive.dossiers.models import Record
from archive.dossiers.notes import note_holds
from archive.dossiers.sealing import HASHED, begun_body, commitment_of, hashed_body
from archive.errors import SealBrokenError
from archive.people.look_ups import holders, number_claim
from archive.people.mergers import goes_on_in
from archive.people.models import Worker
from archive.people.privacy import PersonKey, vault_of
from archive.texts import both
from credit_bank.checking import (
    FAULTS,
    LOOK_UP_DIFFERS,
    ROW_CHANGED,
    Fault,
    Rows,
    check_chain,
    check_ledger,
    check_rows,
)
from credit_bank.models import ChainHead
from credit_bank.stored import stored_rows
from schemas.reports import ChainFault, ChainReport

AnyTable = TypeVar("AnyTable", Record, Worker)
_BATCH = 200  # Workers at a time: their rows fit in memory, whatever the size of the district.


def verify(session: Session, worker_id: UUID | None = None) -> ChainReport:
    """Check one dossier, or all of them."""
    if worker_id is None:
        scan(session)
    links, dossiers = 0, 0
    faults: list[ChainFault] = []
    for batch in _batches(session, worker_id):
        keys = vault_of(session).keys_to_prove(batch)
        workers = {worker.worker_id: worker for worker in _of(session, Worker, batch)}
        rows_of, records_of = stored_rows(session, batch), _records(session, batch)
        lost = _not_looked_up(session, workers.values())
        for whose in batch:
            rows = rows_of[whose]
            dossiers += 1
            links += len(rows.links)
            found = check_chain(rows) + check_ledger(rows)
            found += _check_begun(rows, workers.get(whose))
            found += _check_records(rows, records_of.get(whose, {}), keys.get(whose))
            found += _check_notes(rows, keys.get(whose))
            found += [Fault("blind_index", whose, None, LOOK_UP_DIFFERS)] * (whose in lost)
            faults += [_told(fault, workers.get(whose)) for fault in found]
    return ChainReport(dossiers=dossiers, links=links, faults=tuple(faults))


def _batches(session: Session, worker_id: UUID | None) -> Iterator[list[UUID]]:
    if worker_id is not None:
        yield [worker_id]
        return
    heads = set(session.exec(select(ChainHead.worker_id)))
    everyone = sorted(heads | set(session.exec(select(Worker.worker_id))))
    for at in range(0, len(everyone), _BATCH):
        yield everyone[at : at + _BATCH]


def _not_looked_up(session: Session, workers: Iterable[Worker]) -> set[UUID]:
    """Return the workers whom their own archive number does not find.

    That of a dossier that was merged leads to the one that goes on.
    """
    claims = {number_claim(session, worker.archive_number): worker.worker_id for worker in workers}
    found = holders(session, claims)
    return {
        whose
        for claim, whose in claims.items()
        if claim not in found
        or (found[claim] != whose and found[claim] != goes_on_in(session, whose))
    }


def _check_begun(rows: Rows, worker: Worker | None) -> list[Fault]:
    def agrees(worker: Worker, body: bytes) -> bool:
        return begun_body(worker.model_dump()) == body

    return check_rows(rows.links, "worker", {worker.worker_id: worker} if worker else {}, agrees)


def _check_records(rows: Rows, records: dict[UUID, Record], key: PersonKey | None) -> list[Fault]:
    def agrees(record: Record, body: bytes) -> bool:
        columns = {name: getattr(record, name) for name in HASHED}
        return hashed_body(columns) == body and _seal_holds(record, key)

    return check_rows(rows.links, "record", records, agrees)


def _check_notes(rows: Rows, key: PersonKey | None) -> list[Fault]:
    """Return the events of cases whose sealed text is not what was committed to."""
    sequence = {link.subject_id: link.sequence for link in rows.links}
    return [
        Fault("case", event.id, sequence.get(event.id), ROW_CHANGED)
        for event in rows.cases
        if not note_holds(key, event)
    ]


def _seal_holds(record: Record, key: PersonKey | None) -> bool:
    """Whether the sealed text is what was committed to; an erased person's cannot be told."""
    if key is None:
        return True
    try:
        return commitment_of(key, record.sealed) == record.commitment
    except SealBrokenError:
        return False


def _records(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, dict[UUID, Record]]:
    records: dict[UUID, dict[UUID, Record]] = {}
    for record in _of(session, Record, worker_ids):
        records.setdefault(record.worker_id, {})[record.id] = record
    return records


def _of(session: Session, table: type[AnyTable], worker_ids: Sequence[UUID]) -> Iterator[AnyTable]:
    query = select(table).where(col(table.worker_id).in_(worker_ids))
    yield from session.exec(query.execution_options(populate_existing=True))


def _told(fault: Fault, worker: Worker | None) -> ChainFault:
    return ChainFault(
        archive_number=worker.archive_number if worker else None,
        table=fault.table,
        row_id=str(fault.row_id) if fault.row_id else None,
        sequence=fault.sequence,
        code=fault.code,
        message=both(FAULTS[fault.code]),
    )
