"""How long the full audit of 500,000 outcomes takes, against reading and hashing their bytes.

The book is that of the what-if, deposited into SQLite. The floor is what no audit can leave out:
reading all rows of the ledgers and hashing the bytes of every link with the bare driver.
Processor seconds are told beside those of the clock, for cores may be shared.
"""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from sqlmodel import Session, select

from archive.db import Database
from archive.dossiers.auditing import audit_all, look
from archive.dossiers.many_hands import Range, in_snapshot
from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.settings import Settings
from benchmarks._book import EACH, Told, lives
from benchmarks._measuring import measured, print_profile
from credit_bank import bank
from credit_bank.auditing import audit
from credit_bank.booking import Deposit
from credit_bank.collecting import no_collection
from credit_bank.models import ChainHead
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.credits import LearningOutcome

WORKERS = 100_000
TARGET_SECONDS = 10
_BATCH = 2_000
_CLOSELY = 400
_WITH_CASES = 0.05
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_LINKS = "chain_link"
_TABLES = (_LINKS, "outcome", "entry", "posting")


def main() -> None:
    """Deposit the book, read and hash it bare, audit it, and say where the time goes."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), demo=False)
        archive = open_archive(settings)
        upgrade(archive, now=_NOW)
        _, seconds, used = measured(lambda: _fill(archive))
        outcomes = WORKERS * EACH
        print(f"deposit {outcomes:,} outcomes: {seconds:.0f} s, {used:.0f} s of processors")
        _, seconds, floor = measured(lambda: _read_and_hash(archive))
        print(f"floor, one process: {seconds:.1f} s, {floor:.1f} s of processors")
        report, seconds, used = measured(lambda: audit_all(archive, settings))
        assert report.is_right
        assert report.looked_at_closely == 0
        print(
            f"audit, {os.cpu_count()} cores: {seconds:.1f} s (target {TARGET_SECONDS}), "
            f"{used:.1f} s of processors, {_each(used, outcomes)}; {used / floor:.1f} x the floor"
        )
        _closer(archive, used / outcomes)
        print_profile(
            f"the audit of {_BATCH:,} workers",
            lambda: in_snapshot(archive, look, Range(UUID(int=0), UUID(int=_BATCH))),
        )


def _fill(archive: Database) -> None:
    part: dict[UUID, list[Told]] = {}
    for whose, life in lives(WORKERS):
        part[whose] = life
        if len(part) == _BATCH:
            _deposit(archive, part)
            part.clear()
    _deposit(archive, part)


def _deposit(archive: Database, part: dict[UUID, list[Told]]) -> None:
    with archive.transaction() as session:
        with bank.open_books(session, [], new=list(part)):
            pass
        bank.deposit(
            session,
            {whose: [_brought(told) for told in life] for whose, life in part.items()},
            now=_NOW,
        )


def _brought(told: Told) -> Deposit:
    outcome = LearningOutcome.model_validate(told)
    return Deposit(outcome.id, f"bench:{outcome.id}", outcome)


def _read_and_hash(archive: Database) -> None:
    """Read every row of the ledgers as the driver gives it, and hash the bytes of each link."""
    with archive.reading() as session, no_collection():
        cursor = session.connection().connection.cursor()
        for table in _TABLES:
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  # Our own.
            if table == _LINKS:
                place = [column[0] for column in cursor.description or ()].index("body")
                for row in cursor.fetchall():
                    hashlib.sha256(row[place]).digest()
            else:
                cursor.fetchall()


def _closer(archive: Database, quick: float) -> None:
    """Say what the closer look costs, which dossiers with cases need."""
    with archive.reading() as session:
        _, _, used = measured(lambda: _looked_closely(session))
    close = used / (_CLOSELY * EACH)
    share = (quick * (1 - _WITH_CASES) + close * _WITH_CASES) / quick
    print(
        f"the closer look: {close * 1e6:.0f} µs an outcome; with {_WITH_CASES:.0%} of the workers "
        f"having cases the whole audit takes {share:.1f} x as long"
    )


def _looked_closely(session: Session) -> None:
    rules, published_at = rule_book(session), publication_times(session)
    some = list(session.exec(select(ChainHead.worker_id).limit(_CLOSELY)))
    for rows in stored_rows(session, some).values():
        assert not audit(rows, rules, published_at)


def _each(seconds: float, outcomes: int) -> str:
    return f"{seconds / outcomes * 1e6:.0f} µs an outcome"
