"""How a look-up by identity number grows: 500,000 people against 5,000, on both databases.

The table is filled with digests by bulk inserts, three look-ups a person as after a year's
work; measured is what a door does: digest the number, find the row, load the worker. The
target of the archive is at most 1.2 times at a hundred times the people.
"""

import hashlib
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session

from archive.db import Database
from archive.migrations.running import upgrade
from archive.people.identity import IdentityDocument
from archive.people.look_ups import document_claim, worker_with_document
from archive.people.models import BlindIndex, Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.settings import Settings
from benchmarks._measuring import print_profile
from credit_bank.bulk import insert_rows, table_of
from schemas.vocabulary import DocumentType
from tests.postgres import databases

FEW, MANY = 5_000, 500_000
TARGET = 1.2
_BATCH = 10_000
_ROUNDS = 7
_LOOK_UPS = 400
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_DAYS = 20_000
_FIRST = date(1950, 1, 1).toordinal()


def main() -> None:
    """Measure on both databases, each with few and with many people."""
    with TemporaryDirectory() as folder:
        _compare("SQLite", [Settings(home=Path(folder) / str(n), demo=False) for n in (FEW, MANY)])
    with TemporaryDirectory() as folder, databases("few", "many") as urls:
        homes = (Path(folder) / str(n) for n in (FEW, MANY))
        told = [
            Settings(home=home, database_url=url, demo=False)
            for home, url in zip(homes, urls, strict=True)
        ]
        _compare("PostgreSQL", told)


def _compare(name: str, settings: list[Settings]) -> None:
    """Fill two archives and look up in turns, so that a busy machine slows both alike."""
    archives = [_filled(one, people) for one, people in zip(settings, (FEW, MANY), strict=True)]
    took: list[list[float]] = [[], []]
    for _ in range(_ROUNDS):
        for place, (archive, people) in enumerate(zip(archives, (FEW, MANY), strict=True)):
            took[place].append(_look_up(archive, people))
    few, many = (statistics.median(one) for one in took)
    print(
        f"{name}: {few:.0f} µs among {FEW:,} people, {many:.0f} µs among {MANY:,}: "
        f"{many / few:.2f} times (target {TARGET}); fastest rounds {min(took[0]):.0f} and "
        f"{min(took[1]):.0f} µs, {min(took[1]) / min(took[0]):.2f} times"
    )
    print_profile(f"{name}: {_LOOK_UPS} look-ups", lambda: _look_up(archives[1], MANY))
    sys.stdout.flush()
    for archive in archives:
        vault_of(archive).store.close()
        archive.close()


def _look_up(archive: Database, people: int) -> float:
    """Return the microseconds of one look-up, at random among all."""
    chosen = random.Random(people).sample(range(people), _LOOK_UPS)  # Of one seed: no luck.
    documents = [_document(serial) for serial in chosen]
    with archive.reading() as session:
        worker_with_document(session, documents[0])
        began = time.perf_counter()
        for serial, document in zip(chosen, documents, strict=True):
            assert worker_with_document(session, document).worker_id == _person(serial)
        return (time.perf_counter() - began) / _LOOK_UPS * 1e6


def _filled(settings: Settings, people: int) -> Database:
    archive = open_archive(settings)
    upgrade(archive, now=_NOW)
    for begin in range(0, people, _BATCH):
        with archive.transaction() as session:
            serials = range(begin, min(begin + _BATCH, people))
            insert_rows(session, table_of(Worker), [_worker(serial) for serial in serials])
            rows = [row for serial in serials for row in _looked_up(session, serial)]
            insert_rows(session, table_of(BlindIndex), rows)
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        connection.execute(text("ANALYZE"))
    return archive


def _worker(serial: int) -> dict[str, object]:
    return {
        "worker_id": _person(serial),
        "archive_number": f"{serial:012d}",
        "is_demo": False,
        "created_at": _NOW,
    }


def _looked_up(session: Session, serial: int) -> Iterator[dict[str, object]]:
    whose = _person(serial)
    claim = document_claim(session, _document(serial))
    for purpose, digest in (
        (claim.purpose, claim.digest),
        ("archive_number", _scattered("archive number", serial)),
        ("certificate", _scattered("certificate", serial)),
    ):
        yield {
            "purpose": purpose,
            "digest": digest,
            "worker_id": whose,
            "subject_id": whose,
            "version": 1,
        }


def _scattered(what: str, serial: int) -> bytes:
    """Return bytes as a keyed digest scatters them, at less cost."""
    return hashlib.sha256(f"{what} {serial}".encode()).digest()


def _person(serial: int) -> UUID:
    return UUID(bytes=_scattered("person", serial)[:16])


def _document(serial: int) -> IdentityDocument:
    born = date.fromordinal(_FIRST + serial % _DAYS)
    number = resident_number(born, serial // _DAYS + 1)
    return IdentityDocument(DocumentType.RESIDENT_ID, number)
