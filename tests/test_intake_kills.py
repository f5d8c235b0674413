"""A file that is being written survives whatever ends its writer, its database or its disk.

The oracle stands outside the database: the rows of the file, and what a killed writer had
said after each commit.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, func
from sqlmodel import col, select

from archive.db import Database
from archive.dossiers import chains
from archive.dossiers.intake import driving, runs
from archive.dossiers.intake.desk import keep
from archive.dossiers.intake.run_models import IntakeRun, IntakeStep
from archive.dossiers.intake.run_refusals import RunHaltedError
from archive.dossiers.intake.work import Work
from archive.dossiers.models import Record
from archive.migrations.running import upgrade
from archive.people.models import Worker
from archive.people.opening import open_archive
from archive.people.synthetic import resident_number
from archive.settings import Settings
from schemas.vocabulary import RecordKind, RunMode, RunState
from tests.builders import NOW, an_account, an_organisation
from tests.postgres import Cluster

HEADER = "姓名,身份证号,课程名称,职业（工种）,学时,出勤率,成绩,结业日期,业务编号"
PATIENCE = 60.0


def a_list(rows: int) -> bytes:
    """Return a file: two courses of half as many people, each row with its own number."""
    told = [HEADER]
    for at in range(rows):
        born_later, sequence = divmod(at // 2, 900)
        number = resident_number(date(1990, 5, 17) + timedelta(days=born_later), sequence)
        told.append(f"李明华,{number},课程{at % 2},电工,36,95%,88,2025-02-01,N{at}")
    return "\n".join(told).encode()


def begun(archive: Database, rows: int) -> IntakeRun:
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        now = datetime.now(UTC)
        work = keep(
            session, a_list(rows), "名单.csv", organisation, by=trainer, now=now, today=now.date()
        )
        assert isinstance(work, Work)
        return runs.begin(session, work, RunMode.GOOD, by=trainer, now=now)


def seen(archive: Database, run: IntakeRun) -> IntakeRun:
    with archive.reading() as session:
        return session.get_one(IntakeRun, run.id)


def assert_each_row_once(archive: Database, run: IntakeRun, rows: int) -> None:
    """Compare the archive with the oracle: every row of the file once, and nothing else."""
    with archive.reading() as session:
        mine = col(Record.batch_id) == run.id, col(Record.kind) == RecordKind.TRAINING
        found = [one or 0 for one in session.exec(select(Record.row).where(*mine))]
        assert sorted(found) == list(range(2, rows + 2))
        assert session.exec(select(func.count()).select_from(Worker)).one() == (rows + 1) // 2
        steps = session.exec(select(IntakeStep).order_by(col(IntakeStep.first))).all()
        assert sum(one.rows for one in steps) == rows
        report = chains.verify(session)
    assert (report.faults, report.dossiers) == ((), (rows + 1) // 2)


def killed(settings: Settings, run: IntakeRun, *, kills: int, seed: int) -> list[int]:
    """Kill writers of a run; return what each had acknowledged."""
    environment = os.environ | {
        "ARCHIVE_HOME": str(settings.home),
        "ARCHIVE_DATABASE_URL": settings.database_url,
    }
    told = [sys.executable, "-m", "tests.kill_driver", str(run.id), str(kills), str(seed), "10"]
    done = subprocess.run(told, env=environment, capture_output=True, text=True, check=True)
    return [int(line) for line in done.stdout.split()]


def hold_against_kills(settings: Settings, archive: Database, *, kills: int, rows: int) -> None:
    run = begun(archive, rows)
    acknowledged = killed(settings, run, kills=kills, seed=20220915)
    assert len(acknowledged) == kills
    assert seen(archive, run).position >= max(acknowledged) > 0
    driving.drive(archive, run.id, zone=UTC, clock=lambda: datetime.now(UTC))
    assert seen(archive, run).state is RunState.DONE
    assert_each_row_once(archive, run, rows)


def test_a_writer_killed_at_twenty_moments_writes_each_row_once(settings, archive):
    hold_against_kills(settings, archive, kills=20, rows=800)


@pytest.mark.soak
def test_a_writer_killed_at_two_hundred_moments_writes_each_row_once(settings, archive):
    hold_against_kills(settings, archive, kills=200, rows=8_000)


def test_a_disk_that_fills_stops_a_run_and_room_lets_it_go_on(sqlite_archive, monkeypatch):
    monkeypatch.setattr(runs, "STEP_ROWS", 50)
    archive = sqlite_archive
    run = begun(archive, 600)
    pages: list[int] = [0]

    @event.listens_for(archive.engine, "begin")
    def limit(connection: Any) -> None:
        if pages[0]:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages[0]}")

    with archive.engine.connect() as connection:
        pages[0] = connection.exec_driver_sql("PRAGMA page_count").scalar_one() + 500
    archive.engine.dispose()
    with pytest.raises(RunHaltedError) as stopped_by:
        driving.drive(archive, run.id, zone=UTC, clock=lambda: datetime.now(UTC))
    stopped = seen(archive, run).position
    assert 0 < stopped < 600
    assert stopped_by.value.facts == {"done": stopped, "rows": 600, "number": run.id}

    pages[0] = 2**30
    driving.drive(archive, run.id, zone=UTC, clock=lambda: datetime.now(UTC))
    assert_each_row_once(archive, run, 600)


WATCH = """
import sys
from archive.cli import job_watch
from archive.cli.job_process import main
from archive.dossiers.intake import runs
from archive.jobs import engine
runs.STEP_ROWS = 10
job_watch.FIRST_SECONDS = job_watch._STAND_BY_SECONDS = job_watch._SWEEP_SECONDS = 0.2
main()
"""


@dataclass
class Place:
    """A PostgreSQL of the test's own with an archive, that can be stopped and started."""

    cluster: Cluster
    settings: Settings


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    cluster = Cluster.start()
    try:
        with psycopg.connect(host=cluster.address, user="postgres", autocommit=True) as server:
            server.execute("CREATE DATABASE own")
        url = f"postgresql://postgres@/own?host={cluster.address}"
        settings = Settings(home=tmp_path / "var", database_url=url, demo=False)
        archive = open_archive(settings)
        upgrade(archive, now=NOW)
        archive.close()
        yield Place(cluster, settings)
    finally:
        cluster.stop()


def go_on_after_pauses(place: Place, *, pauses: tuple[float, ...], rows: int) -> None:
    archive = open_archive(place.settings)
    run = begun(archive, rows)
    with archive.transaction() as session:
        driving.ask(session, run, now=datetime.now(UTC))
    environment = os.environ | {
        "ARCHIVE_HOME": str(place.settings.home),
        "ARCHIVE_DATABASE_URL": place.settings.database_url,
    }
    jobs = subprocess.Popen(
        [sys.executable, "-c", WATCH],
        env=environment,
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        for at, pause in enumerate(pauses, start=1):
            awaited(archive, run, rows * at // (len(pauses) + 1))
            archive.engine.dispose()
            place.cluster.pause(pause)
        awaited(archive, run, rows)
    finally:
        jobs.terminate()
        jobs.communicate(timeout=PATIENCE)
    assert_each_row_once(archive, run, rows)
    archive.close()


def awaited(archive: Database, run: IntakeRun, position: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if seen(archive, run).position >= position:
            return
        time.sleep(0.1)
    raise AssertionError(seen(archive, run))


def test_a_job_goes_on_by_itself_when_postgresql_was_away(place):
    go_on_after_pauses(place, pauses=(1.0,), rows=600)


@pytest.mark.soak
def test_a_job_goes_on_by_itself_however_long_postgresql_was_away(place):
    go_on_after_pauses(place, pauses=(1.0, 5.0, 30.0), rows=4_000)
