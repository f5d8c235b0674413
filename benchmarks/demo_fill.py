"""How long the demo district takes through the services, against the bare driver's inserts.

The same rows are read back, inserted again into an empty archive in one transaction by the
driver alone (keys, triggers and checks as they are), and both times compared. A short profile
tells where the services spend theirs.
"""

import cProfile
import pstats
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from sqlalchemy import Table, text

from archive.db import Database
from archive.demo.building import build
from archive.migrations.running import upgrade
from archive.migrations.tables import METADATA
from archive.people.opening import open_archive
from archive.settings import Settings

WORKERS = 2_000
RECORDS = 10_000
WHOLE = 500_000
"""The district that must be there within ten minutes: 100,000 workers, 500,000 records."""
_PROFILED = (400, 2_000)
_LINES = 12

Rows = list[tuple[object, ...]]
Result = TypeVar("Result")


def main() -> None:
    """Fill one archive through the services, copy its rows by the driver, profile a third."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        filled, emptied = _opened(home / "services"), _opened(home / "driver")
        services = _timed(lambda: _fill(filled, WORKERS, RECORDS))
        copied = {table: _rows(filled, table) for table in METADATA.sorted_tables}
        driver = _timed(lambda: _insert(emptied, copied))
        rows = sum(len(found) for found in copied.values())
        print(f"services: {services:.1f} s, {RECORDS / services:,.0f} records a second")
        print(f"driver:   {driver:.1f} s for the same {rows:,} rows; ratio {services / driver:.1f}")
        print(f"{WHOLE:,} records at this speed: {services * WHOLE / RECORDS / 60:.1f} minutes")
        _profile(_opened(home / "profile"))


def _opened(home: Path) -> tuple[Database, Settings]:
    settings = Settings(home=home, demo=False)
    archive = open_archive(settings)
    upgrade(archive, now=_now())
    return archive, settings


def _fill(opened: tuple[Database, Settings], workers: int, records: int) -> None:
    archive, settings = opened
    built = build(archive, settings, workers=workers, records=records, now=_now())
    assert built.records == records


def _rows(opened: tuple[Database, Settings], table: Table) -> Rows:
    with opened[0].reading() as session:
        found = session.connection().exec_driver_sql(f'SELECT * FROM "{table.name}"')  # noqa: S608  # Our own table.
        return [tuple(row) for row in found]


def _insert(opened: tuple[Database, Settings], copied: dict[Table, Rows]) -> None:
    """Insert the rows as they are in one transaction; the rules are there already."""
    with opened[0].transaction() as session:
        connection = session.connection()
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for table, rows in copied.items():
            if rows and table.name != "rule_version":
                marks = ", ".join("?" for _ in table.columns)
                statement = f'INSERT INTO "{table.name}" VALUES ({marks})'  # noqa: S608  # The same.
                connection.exec_driver_sql(statement, rows)


def _profile(opened: tuple[Database, Settings]) -> None:
    profile = cProfile.Profile()
    profile.enable()
    _fill(opened, *_PROFILED)
    profile.disable()
    stats = pstats.Stats(profile)
    print("where the services spend their time (the profiler slows everything down):")
    calls = sorted(stats.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    for (file, line, name), (_, count, own, _, _) in calls[:_LINES]:
        where = f"{Path(file).name}:{line}" if line else "built in"
        print(f"  {own:6.2f} s  {count:>9,} x  {name} ({where})")


def _timed(work: Callable[[], Result]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _now() -> datetime:
    return datetime.now(UTC)
