"""How fast the rows of a file are committed, against the bare driver's inserts of the same rows.

20,000 rows, each a person and a finished course, in transactions of 500 rows; first of people
whom the archive does not know, then of people who have dossiers. After each step the very rows
that it wrote are inserted by the driver alone into a copy of the database, so that both are
measured side by side. At last 100,000 rows: whether the last are as quick as the first.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.engine import make_url

from archive.audit.acts import Act, acting
from archive.db import Database
from archive.dossiers.intake.desk import keep
from archive.dossiers.intake.runs import STEP_ROWS, begin, take_step
from archive.dossiers.intake.work import Work
from archive.migrations.running import upgrade
from archive.people.models import Account, Organisation
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.people.trail import trail_of
from archive.settings import Settings
from benchmarks._copying import (
    Added,
    Driver,
    DriverFile,
    DriverServer,
    Watched,
    WatchedFile,
    WatchedServer,
    copied_on_server,
    seconds_of,
)
from benchmarks._measuring import measured, print_profile
from schemas.vocabulary import RunMode
from tests.builders import an_account, an_organisation
from tests.postgres import databases

ROWS, LONG, FILE, STEP = 20_000, 100_000, 50_000, STEP_ROWS
_EACH = 3  # Records that people have already, in the second case.
_PROFILED = 5_000
_NOW = datetime(2025, 3, 1, tzinfo=UTC)
_HEADS = ("姓名", "身份证号", "课程名称", "职业（工种）", "等级", "学时", "出勤率", "成绩")
_DAYS = ("开班日期", "结业日期", "备注")
_FAMILY = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"


class Spent(NamedTuple):
    """Seconds by the clock and of processors."""

    clock: float = 0
    processor: float = 0

    @property
    def told(self) -> str:
        """Both in words."""
        return f"{self.clock:.2f} s (processors {self.processor:.2f} s)"

    def and_(self, clock: float, processor: float) -> "Spent":
        """Return the sum."""
        return Spent(self.clock + clock, self.processor + processor)


@dataclass
class House:
    """An archive, its key store, and the copies into which drivers write."""

    archive: Database
    organisation: Organisation
    account: Account
    watched: Sequence[Watched] = ()
    drivers: dict[str, Sequence[Driver]] = field(default_factory=dict)

    def processors(self) -> float:
        """Return the processor time of the servers' processes that work for the archive."""
        servers = [one for one in self.watched if isinstance(one, WatchedServer)]
        return sum(seconds_of(pid) for one in servers for pid in one.processes())


def main() -> None:
    """Measure both cases and the growth on both databases, and profile a part on SQLite."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        _on_sqlite(home, "20,000 people who are new", ROWS, before=0)
        _on_sqlite(home, "20,000 people with dossiers", ROWS, before=_EACH)
        _on_sqlite(home, "100,000 people who are new", LONG, before=0)
        _on_postgresql(home, "20,000 people who are new", ROWS, before=0)
        _on_postgresql(home, "20,000 people with dossiers", ROWS, before=_EACH)
        _on_postgresql(home, "100,000 people who are new", LONG, before=0)
        profiled = _opened(Settings(home=home / "profile", demo=False))
        people = range(_PROFILED)
        print_profile(f"committing {_PROFILED:,} rows", lambda: _write_all(profiled, people, 0))


def _on_sqlite(home: Path, name: str, rows: int, *, before: int) -> None:
    place = home / name
    house = _opened(Settings(home=place / "archive", demo=False))
    _fill(house, rows, before)
    files = [place / "archive" / one for one in ("archive.db", "keys.db")]
    house.watched = [WatchedFile(one) for one in files]
    copies = [DriverFile(one, place / "driver" / one.name) for one in files]
    house.drivers["executemany"] = copies
    _compare(f"SQLite, {name}", house, rows, before)


def _on_postgresql(home: Path, name: str, rows: int, *, before: int) -> None:
    with databases("archive", "keys", lasts=True) as urls:
        settings = Settings(
            home=home / f"pg {name}", database_url=urls[0], key_database_url=urls[1], demo=False
        )
        house = _opened(settings)
        _fill(house, rows, before)
        _let_go(house)
        for kind in ("copy", "executemany"):
            copied = [copied_on_server(url, f"{make_url(url).database}_{kind}") for url in urls]
            house.drivers[kind] = [DriverServer(one, by_copy=kind == "copy") for one in copied]
        house.watched = [WatchedServer(url) for url in urls]
        _compare(f"PostgreSQL, {name}", house, rows, before)


def _compare(name: str, house: House, rows: int, before: int) -> None:
    """Write files in steps, each followed by the same rows by the driver; print the ratios."""
    spent, steps, count = {kind: Spent() for kind in house.drivers}, list[Spent](), 0
    reading = Spent()
    for first in range(0, rows, FILE):
        people = range(first, min(first + FILE, rows))
        begun, *one = measured(partial(_begun, house, people, before))
        reading = reading.and_(*one)
        begun_rows = [one.added() for one in house.watched]
        for drivers in house.drivers.values():
            _written(drivers, begun_rows)
        for _ in range(0, len(people), STEP):
            server = house.processors()
            _, clock, processor = measured(partial(_step, house, *begun))
            steps.append(Spent(clock, processor + house.processors() - server))
            added = [_but_the_run(one.added()) for one in house.watched]
            count += sum(len(some) for one in added for some in one.values())
            for kind, drivers in house.drivers.items():
                spent[kind] = spent[kind].and_(*_written(drivers, added))
    _prove_equal(house)
    _print(name, rows, count, steps, spent, reading)


def _but_the_run(added: Added) -> Added:
    """Leave out the run's own row, which each step moves on."""
    return {name: rows for name, rows in added.items() if name != "intake_run"}


def _written(drivers: Sequence[Driver], added: Sequence[Added]) -> tuple[float, float]:
    def write() -> None:
        for driver, some in zip(drivers, added, strict=True):
            driver.write(some)

    before = sum(one.processor_seconds() for one in drivers if isinstance(one, DriverServer))
    _, clock, processor = measured(write)
    after = sum(one.processor_seconds() for one in drivers if isinstance(one, DriverServer))
    return clock, processor + after - before


def _prove_equal(house: House) -> None:
    """See that the drivers wrote as many rows as the archive."""
    for drivers in house.drivers.values():
        for mine, theirs in zip(house.watched, drivers, strict=True):
            assert mine.counts() == theirs.counts()


def _print(
    name: str,
    rows: int,
    count: int,
    steps: Sequence[Spent],
    spent: dict[str, Spent],
    reading: Spent,
) -> None:
    whole = _sum(steps)
    print(
        f"{name}: {count:,} rows of tables, {1e6 * whole.processor / rows:.0f} µs a row of the file"
    )
    print(f"  archive {whole.told}; keeping and reading the file before {reading.told}")
    for kind, one in spent.items():
        ratio = whole.clock / one.clock, whole.processor / one.processor
        print(f"  {kind} {one.told}: ratio {ratio[0]:.2f}, of processors {ratio[1]:.2f}")
    part = max(1, len(steps) // 5)
    grown = _sum(steps[-part:]).processor / _sum(steps[:part]).processor
    print(f"  the last fifth took {grown:.2f} times the first", flush=True)


def _sum(parts: Sequence[Spent]) -> Spent:
    return Spent(sum(one.clock for one in parts), sum(one.processor for one in parts))


def _begun(house: House, people: range, course: int) -> tuple[UUID, Work]:
    """Send a file and begin to write it: what is done once, however long it is."""
    who = house.organisation
    with house.archive.transaction() as session:
        work = keep(
            session,
            a_file(people, course),
            "a.csv",
            who,
            by=house.account,
            now=_NOW,
            today=_NOW.date(),
        )
        assert isinstance(work, Work)
        return begin(session, work, RunMode.GOOD, by=house.account, now=_NOW).id, work


def _step(house: House, run_id: UUID, work: Work) -> None:
    """Take one step of a run, told in the audit log as a door tells it."""
    act = Act(at=_NOW, action="intake.commit", actor_id=house.account.id)
    with acting(act), house.archive.transaction() as session:
        before = work.heard
        run = take_step(session, run_id, work, now=_NOW)
    assert run.written == run.position == before + STEP, run.codes


def _write_all(house: House, people: range, course: int) -> None:
    begun = _begun(house, people, course)
    for _ in range(0, len(people), STEP):
        _step(house, *begun)


def _fill(house: House, people: int, records: int) -> None:
    """Let people have dossiers with some records each."""
    for number in range(records):
        for first in range(0, people, FILE):
            _write_all(house, range(first, min(first + FILE, people)), number)


def a_file(people: range, course: int) -> bytes:
    """Return a list of people who have finished a course, in UTF-8 with commas."""
    text = io.StringIO()
    written = csv.writer(text)
    written.writerow((*_HEADS, *_DAYS))
    written.writerows(_lines(people, course))
    return text.getvalue().encode()


def _lines(people: range, course: int) -> Iterator[tuple[object, ...]]:
    ended = date(2024, 3, 20) + timedelta(days=course * 30)
    for one in people:
        born = date(1960, 1, 1) + timedelta(days=one // 900)
        name = _FAMILY[one % 20] + _GIVEN[one % 24] + _GIVEN[one // 24 % 24]
        begun = f"{ended - timedelta(days=15):%Y年%m月%d日}"
        course_told = (f"电工初级班{course}", "电工", "初级工", 80, "95%", 60 + one % 40)
        yield (name, resident_number(born, one % 900), *course_told, begun, ended, "")


def _opened(settings: Settings) -> House:
    archive = open_archive(settings)
    upgrade(archive, now=_NOW)
    with archive.transaction() as session:
        organisation = an_organisation(session)
        return House(archive, organisation, an_account(session, organisation=organisation))


def _let_go(house: House) -> None:
    """Give all connections back: PostgreSQL copies no database that somebody is at."""
    for one in (house.archive, vault_of(house.archive).store, trail_of(house.archive).store):
        one.engine.dispose()


if __name__ == "__main__":
    main()
