"""Every ledger computed once more from records, rules, cases and decisions, and compared.

What is published and was never applied to a worker may be posted; it is, by the service
that applies rules, unless only a comparison was asked for. Nothing else is ever "repaired":
whatever was edited stays, and is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, func, select

from archive.audit.acts import scan
from archive.db import Database
from archive.dossiers.auditing import not_proved
from archive.dossiers.deposited import Keyings, records_of, unlike_records
from archive.dossiers.many_hands import Range, in_snapshot, over_all
from archive.dossiers.models import Record
from archive.errors import SealBrokenError
from archive.people.models import Worker
from archive.people.privacy import PersonKey, vault_of
from archive.settings import Settings
from archive.texts import both
from credit_bank import bank
from credit_bank.auditing import audit
from credit_bank.bare_rows import bare_rows
from credit_bank.checking import Rows
from credit_bank.collecting import no_collection
from credit_bank.history import history_of
from credit_bank.models import ChainHead, Entry
from credit_bank.proving import written_law
from credit_bank.publishing import publication_times, rule_book
from credit_bank.rebuilding import rebuild as rebuild_ledger
from credit_bank.standing import DIFFERS, Difference
from credit_bank.stored import stored_rows
from schemas.proofs import RebuildDifference, RebuildReport

_BATCH = 100
_LATE = frozenset({"I4", "I5", "I7"})
"""What the audit finds when something published was not applied; all else is a fault."""


class Compared(NamedTuple):
    """What was found in a range of workers."""

    workers: int
    outcomes: int
    not_opened: int
    found: list[tuple[UUID, Difference]]
    appliable: list[UUID]
    """Workers whose ledger is whole, and only behind what is published."""


def compare(
    archive: Database,
    settings: Settings,
    worker_id: UUID | None = None,
    *,
    now: datetime,
    processes: int | None = None,
) -> RebuildReport:
    """Compute every ledger, or one, anew and compare; nothing is written."""
    return _report(archive, _compared(archive, settings, worker_id, now, processes), 0, 0)


def rebuild(
    archive: Database,
    settings: Settings,
    worker_id: UUID | None = None,
    *,
    now: datetime,
    processes: int | None = None,
) -> RebuildReport:
    """Do the same, and post what is published and was never applied; tell what remains."""
    compared = _compared(archive, settings, worker_id, now, processes)
    behind = [whose for one in compared for whose in one.appliable]
    posted = 0
    for at in range(0, len(behind), _BATCH):
        with archive.transaction() as session:
            part = behind[at : at + _BATCH]
            before = _entries(session, part)
            bank.recompute(session, part, now=now)
            session.flush()
            posted += _entries(session, part) - before
    again = partial(look, now=now, zone=settings.zone)
    fresh = [in_snapshot(archive, again, Range(whose, whose)) for whose in behind]
    left = [
        one._replace(found=[pair for pair in one.found if pair[0] not in set(behind)])
        for one in compared
    ]
    left += [Compared(0, 0, 0, one.found, []) for one in fresh]
    return _report(archive, left, posted, len(behind) if posted else 0)


def look(session: Session, whose: Range, *, now: datetime, zone: tzinfo) -> Compared:
    """Compute the ledgers of a range of workers anew and compare."""
    if whose.first != whose.last:
        scan(session)
    vault, rules = vault_of(session), rule_book(session)
    keyings, history = Keyings(vault, rules), history_of(session)
    published_at = publication_times(session)
    found: list[tuple[UUID, Difference]] = []
    appliable, outcomes, not_opened = list[UUID](), 0, 0
    workers = _workers(session, whose)
    with no_collection():
        doubtful = not_proved(bare_rows(session.connection(), *whose), written_law(rules))
    for at in range(0, len(workers), _BATCH):
        batch = workers[at : at + _BATCH]
        keys, records = vault.keys_to_prove(batch), records_of(session, batch)
        for worker_id, rows in stored_rows(session, batch).items():
            outcomes, key = outcomes + len(rows.outcomes), keys.get(worker_id)
            found_wrong = audit(rows, rules, published_at) if worker_id in doubtful else []
            broken = {one.invariant for one in found_wrong}
            if "I14" in broken:  # Nothing can be computed from what is not as it was hashed.
                found.append((worker_id, Difference("rows_changed", None, "–", "–", "–")))
                continue
            not_opened += key is None
            unlike = _unlike(rows, records[worker_id], key, keyings)
            wrong, late = rebuild_ledger(rows, history, now=now, zone=zone)
            found += [(worker_id, one) for one in (*unlike, *wrong, *late)]
            if late and not unlike and broken <= _LATE:
                appliable.append(worker_id)
    return Compared(len(workers), outcomes, not_opened, found, appliable)


def _compared(
    archive: Database,
    settings: Settings,
    worker_id: UUID | None,
    now: datetime,
    processes: int | None,
) -> list[Compared]:
    work = partial(look, now=now, zone=settings.zone)
    if worker_id is not None:
        return [in_snapshot(archive, work, Range(worker_id, worker_id))]
    return list(over_all(archive, settings, work, processes=processes))


def _workers(session: Session, whose: Range) -> list[UUID]:
    heads = select(ChainHead.worker_id).where(col(ChainHead.worker_id).between(*whose))
    return sorted(session.exec(heads))


def _unlike(
    rows: Rows, records: Sequence[Record], key: PersonKey | None, keyings: Keyings
) -> list[Difference]:
    if key is None:
        return []
    try:
        return list(unlike_records(rows, records, key, keyings))
    except SealBrokenError:
        return [Difference("rows_changed", None, "record", "–", "–")]


def _entries(session: Session, worker_ids: Sequence[UUID]) -> int:
    query = select(func.count()).where(col(Entry.worker_id).in_(worker_ids))
    return session.exec(query).one()


def _report(
    archive: Database, compared: Iterable[Compared], posted: int, workers_posted: int
) -> RebuildReport:
    whole = list(compared)
    with archive.reading() as session:
        differences = tuple(_told(session, [pair for one in whole for pair in one.found]))
    return RebuildReport(
        workers=sum(one.workers for one in whole),
        outcomes=sum(one.outcomes for one in whole),
        not_opened=sum(one.not_opened for one in whole),
        posted=posted,
        workers_posted=workers_posted,
        differences=differences,
    )


def _told(session: Session, found: list[tuple[UUID, Difference]]) -> Iterator[RebuildDifference]:
    numbers: dict[UUID, str] = {}
    whose = sorted({worker_id for worker_id, _ in found})
    for at in range(0, len(whose), _BATCH):
        query = select(Worker).where(col(Worker.worker_id).in_(whose[at : at + _BATCH]))
        numbers |= {worker.worker_id: worker.archive_number for worker in session.exec(query)}
    for worker_id, one in found:
        yield RebuildDifference(
            archive_number=numbers.get(worker_id),
            code=one.code,
            subject_id=one.subject_id,
            part=one.part,
            stored=one.stored,
            rebuilt=one.rebuilt,
            message=both(DIFFERS[one.code]),
        )
