"""How fast outcomes are deposited, against the bare driver and a plain loop of the mapper.

One batch of 10,000 outcomes of 2,000 workers; then one deposit into an empty dossier, into
one of 2,000 entries in order, and late; then a statement of those entries. On SQLite and on
PostgreSQL, each as a ratio of times measured in the same run.
"""

import cProfile
import pstats
import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import sqlalchemy
from sqlmodel import Session, SQLModel, col, select

from archive.db import Database
from archive.migrations.running import upgrade
from archive.people.opening import open_archive
from archive.settings import Settings
from credit_bank import bank
from credit_bank.booking import Deposit
from credit_bank.bulk import table_of
from credit_bank.models import ChainHead, ChainLink, Entry, Outcome, Posting
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from tests.outcomes import a_course, a_level
from tests.postgres import databases

WORKERS, OUTCOMES = 2_000, 10_000
LONG = 2_000
_SHARE = 50  # The plain loop is slow: it gets one worker in so many.
_AGAIN = 15
_PLACES = ("bank", "driver", "mapper")
_MODELS = (ChainHead, ChainLink, Outcome, Entry, Posting)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)

Rows = list[tuple[object, ...]]
Copied = Mapping[type[SQLModel], Rows]


def main() -> None:
    """Measure on both databases, and profile a part on SQLite."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        _measure("SQLite", [Settings(home=home / name, demo=False) for name in _PLACES])
        with databases(*_PLACES) as urls:
            places = [
                Settings(home=home / f"pg-{name}", database_url=url, demo=False)
                for name, url in zip(_PLACES, urls, strict=True)
            ]
            _measure("PostgreSQL", places)
        _profile(Settings(home=home / "profile", demo=False))


def _measure(name: str, places: list[Settings]) -> None:
    archive, bare, mapped = (_opened(settings) for settings in places)
    whole = _timed(lambda: _deposit_all(archive, _made(WORKERS, OUTCOMES)))
    copied: Copied = {model: _rows(archive, model) for model in _MODELS}
    rows = sum(len(found) for found in copied.values())
    driver = _timed(lambda: _by_driver(bare, copied))
    few = _objects(archive, WORKERS // _SHARE)
    looped = _timed(lambda: _by_mapper(mapped, few)) * _SHARE
    print(f"{name}: a batch of {OUTCOMES:,} outcomes of {WORKERS:,} workers, {rows:,} rows")
    print(f"  bank {whole:.2f} s, bare driver {driver:.2f} s: 1/{whole / driver:.1f} of its rate")
    print(f"  mapper, a commit a row {looped:.1f} s: the bank is {looped / whole:.1f} x as fast")
    _one_by_one(name, archive)


def _one_by_one(name: str, archive: Database) -> None:
    begun = [_begun(archive) for _ in range(_AGAIN)]
    empty = statistics.median(_one_timed(archive, one, date(2025, 6, 1)) for one in begun)
    long = _begun(archive, LONG)
    in_order = [_one_timed(archive, long, date(2026, 1, 1) + timedelta(days=n)) for n in range(15)]
    late = [_one_timed(archive, long, date(2005, 1, 1)) for _ in range(3)]
    ordered = statistics.median(in_order)
    print(f"{name}: one deposit; into an empty dossier {empty * 1000:.1f} ms")
    print(f"  in order into {LONG:,} entries {ordered * 1000:.1f} ms: {ordered / empty:.2f} times")
    print(f"  late into {LONG:,} entries {statistics.median(late) * 1000:.0f} ms")
    told = _median(lambda: _statement(archive, long))
    query = _median(lambda: _bare_query(archive, long))
    print(f"  statement {told * 1000:.0f} ms, bare query {query * 1000:.0f} ms: {told / query:.1f}")


def _made(workers: int, outcomes: int) -> dict[UUID, list[LearningOutcome]]:
    """Return outcomes of some workers: four courses and a certificate each."""
    each = outcomes // workers
    made = {}
    for number in range(workers):
        first = date(2015, 1, 1) + timedelta(days=number % 3000)
        courses = [
            a_course("36", first + timedelta(days=60 * n), name=f"{number}/{n}")
            for n in range(each - 1)
        ]
        made[new_id()] = [*courses, a_level(issued_on=first + timedelta(days=400))]
    return made


def _deposit_all(archive: Database, made: dict[UUID, list[LearningOutcome]]) -> None:
    with archive.transaction() as session:
        _begin(session, list(made))
        bank.deposit(
            session,
            {whose: [_brought(one) for one in outcomes] for whose, outcomes in made.items()},
            now=_NOW,
        )


def _begin(session: Session, workers: list[UUID]) -> None:
    with bank.open_books(session, [], new=workers):
        pass


def _brought(outcome: LearningOutcome) -> Deposit:
    return Deposit(outcome.id, f"bench:{outcome.id}", outcome)


def _by_driver(archive: Database, copied: Copied) -> None:
    """Insert rows as they are, in one transaction."""
    with archive.transaction() as session:
        connection = session.connection()
        mark = "?" if connection.dialect.name == "sqlite" else "%s"
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for model, rows in copied.items():
            marks = ", ".join(mark for _ in table_of(model).columns)
            where = table_of(model).name
            connection.exec_driver_sql(f"INSERT INTO {where} VALUES ({marks})", rows)  # noqa: S608  # Our own.


def _objects(archive: Database, workers: int) -> list[SQLModel]:
    """Return all rows of some workers as objects, each after those that it points at."""
    with archive.reading() as session:
        some = list(session.exec(select(ChainHead.worker_id).limit(workers)))
        found: list[SQLModel] = []
        for model in _MODELS:
            mine = list(session.exec(select(model).where(col(model.worker_id).in_(some))))
            found += sorted(
                mine, key=lambda row: getattr(row, "lot_id", 0) != getattr(row, "id", 0)
            )
        return [type(row)(**row.model_dump()) for row in found]


def _points_at_another(row: SQLModel) -> bool:
    return isinstance(row, Posting) and row.lot_id != row.id


def _by_mapper(archive: Database, rows: list[SQLModel]) -> None:
    """Do what one would write first: an object a row, and a commit."""
    for row in rows:
        with archive.transaction() as session:
            session.add(row)


def _begun(archive: Database, entries: int = 0) -> UUID:
    whose = new_id()
    with archive.transaction() as session:
        _begin(session, [whose])
        courses = [
            a_course("8", date(2010, 1, 1) + timedelta(days=n * 2), name=str(n))
            for n in range(entries)
        ]
        bank.deposit(session, {whose: [_brought(one) for one in courses]}, now=_NOW)
    return whose


def _one(archive: Database, whose: UUID, day: date) -> None:
    with archive.transaction() as session:
        bank.deposit(session, {whose: [_brought(a_course("8", day, name=str(day)))]}, now=_NOW)


def _one_timed(archive: Database, whose: UUID, day: date) -> float:
    return _timed(lambda: _one(archive, whose, day))


def _statement(archive: Database, whose: UUID) -> None:
    with archive.reading() as session:
        bank.statement(session, whose)


def _bare_query(archive: Database, whose: UUID) -> None:
    entries, links = table_of(Entry), table_of(ChainLink)
    query = (
        sqlalchemy.select(entries, links.c.body)
        .join(
            links,
            (links.c.worker_id == entries.c.worker_id)
            & (links.c.subject_id == entries.c.id)
            & (links.c.subject_kind == "entry"),
        )
        .where(entries.c.worker_id == whose)
        .order_by(links.c.sequence)
    )
    with archive.reading() as session:
        assert len(session.connection().execute(query).all()) >= LONG


def _rows(archive: Database, model: type[SQLModel]) -> Rows:
    with archive.reading() as session:
        where = table_of(model).name
        found = session.connection().exec_driver_sql(f"SELECT * FROM {where}")  # noqa: S608  # Our own.
        return [tuple(row) for row in found]


def _opened(settings: Settings) -> Database:
    archive = open_archive(settings)
    upgrade(archive, now=_NOW)
    return archive


def _median(work: Callable[[], object]) -> float:
    return statistics.median(_timed(work) for _ in range(_AGAIN))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _profile(settings: Settings) -> None:
    archive = _opened(settings)
    made = _made(400, 2_000)
    profile = cProfile.Profile()
    profile.enable()
    _deposit_all(archive, made)
    profile.disable()
    print("where a batch spends its time (the profiler slows everything down):")
    stats = pstats.Stats(profile)
    calls = sorted(stats.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    for (file, line, name), (_, count, own, _, _) in calls[:12]:
        where = f"{Path(file).name}:{line}" if line else "built in"
        print(f"  {own:6.2f} s  {count:>9,} x  {name} ({where})")
