"""Durable jobs in real processes: killed in the midst they go on, and no step is taken twice."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from archive.bureau import nightly
from archive.cli import job_watch
from archive.jobs import desk
from archive.jobs.models import Job
from archive.jobs.slots import holding
from archive.migrations.running import problems
from credit_bank import bank
from credit_bank.models import Entry
from schemas.vocabulary import Cause, JobState
from tests.test_nightly import FIRST, ZONE, Scene

PATIENCE = 25.0
# A server's watch with small, slow steps, its clock set to a day on which all has run out.
PROGRAM = """
import os, sys, threading, time
from datetime import UTC, datetime, timedelta
from archive.bureau import nightly
from archive.cli import job_watch
from archive.settings import load_settings
from credit_bank import bank

nightly.BATCH = 1
job_watch._SWEEP_SECONDS = job_watch._STAND_BY_SECONDS = 0.2
now = datetime.fromisoformat(sys.argv[1])
pause = float(sys.argv[2])
expire = bank.expire
def slowly(*args, **told):
    print("step", flush=True)
    time.sleep(pause)
    return expire(*args, **told)
bank.expire = slowly
stop = threading.Event()
import signal
signal.signal(signal.SIGTERM, lambda *_: stop.set())
job_watch.watch(load_settings(), stop, clock=lambda: now, first_seconds=0)
"""
DAY = date(2031, 1, 2)
NOON = datetime(2031, 1, 2, 4, tzinfo=UTC)


class Server:
    """A process that does what the watch of a server does."""

    def __init__(self, settings: Any, *, now: datetime = NOON, pause: float = 0.0) -> None:
        environment = os.environ | {
            "ARCHIVE_HOME": str(settings.home),
            "ARCHIVE_DATABASE_URL": settings.database_url,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, now.isoformat(), str(pause)],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def steps(self, count: int) -> None:
        """Wait until so many steps were begun."""
        assert self.process.stdout is not None
        for _ in range(count):
            assert self.process.stdout.readline() == "step\n"

    def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal and wait."""
        self.process.send_signal(how)
        self.process.communicate(timeout=PATIENCE)
        return self.process.returncode


@pytest.fixture
def start(settings) -> Iterator[Any]:
    started: list[Server] = []

    def begin(**told: Any) -> Server:
        started.append(Server(settings, **told))
        return started[-1]

    yield begin
    for one in started:
        if one.process.poll() is None:
            one.end()


@pytest.fixture
def scene(archive) -> Scene:
    return Scene(archive, count=6)


def run_of(archive, day: date = DAY) -> Any:
    with archive.reading() as session:
        return next((one for one in nightly.runs(session).runs if one.day == day), None)


def awaited(archive, day: date = DAY) -> Any:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if (run := run_of(archive, day)) and run.state is JobState.DONE:
            return run
        time.sleep(0.1)
    raise AssertionError(run_of(archive, day))


def expiries(archive) -> int:
    with archive.reading() as session:
        return len(session.exec(select(Entry.id).where(Entry.cause == Cause.EXPIRY)).all())


def test_a_run_that_was_killed_goes_on_where_it_was(scene, archive, start):
    first = start(pause=0.3)
    first.steps(4)
    first.end()
    killed = run_of(archive)
    assert (killed.state, killed.total) == (JobState.RUNNING, 6)
    assert 2 <= killed.done <= 3
    assert expiries(archive) == killed.done

    second = start()
    run = awaited(archive)

    assert (run.done, run.report.workers, str(run.report.expired)) == (6, 6, "60")
    assert expiries(archive) == 6
    second.steps(6 - killed.done)
    second.end()
    assert second.process.stdout is not None
    assert problems(archive) == []


def test_of_two_servers_one_does_the_run_and_the_other_takes_over_when_it_is_killed(
    scene, archive, start
):
    first = start(pause=0.4)
    first.steps(2)
    second = start()
    time.sleep(1.0)
    assert run_of(archive).state is JobState.RUNNING
    first.end()

    run = awaited(archive)

    assert (run.attempt, str(run.report.expired)) == (1, "60")
    assert expiries(archive) == 6
    assert second.end(signal.SIGTERM) == 0


@contextmanager
def watching(settings: Any, now: datetime = NOON) -> Iterator[threading.Event]:
    """Keep the watch in this process, where nothing needs to be killed; yields what stops it."""
    stop = threading.Event()
    told = {"clock": lambda: now, "first_seconds": 0}
    watch = threading.Thread(target=job_watch.watch, args=(settings, stop), kwargs=told)
    watch.start()
    try:
        yield stop
    finally:
        stop.set()
        watch.join(PATIENCE)
        assert not watch.is_alive()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the watch take small steps, and look often."""
    monkeypatch.setattr(nightly, "BATCH", 1)
    monkeypatch.setattr(job_watch, "_SWEEP_SECONDS", 0.05)


@pytest.mark.usefixtures("quick")
def test_a_stopped_watch_leaves_between_two_steps_and_the_next_goes_on(
    scene, archive, settings, monkeypatch
):
    begun, expire = threading.Semaphore(0), bank.expire

    def slowly(*args: Any, **told: Any) -> int:
        begun.release()
        time.sleep(0.3)
        return int(expire(*args, **told))

    monkeypatch.setattr(bank, "expire", slowly)
    with watching(settings):
        begun.acquire()
        begun.acquire()
    assert run_of(archive).state is JobState.RUNNING
    left = expiries(archive)
    assert 0 < left < 6
    monkeypatch.setattr(bank, "expire", expire)

    with watching(settings):
        assert str(awaited(archive).report.expired) == "60"
    assert expiries(archive) == 6


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_was_missed_is_made_up_for_and_a_day_that_was_done_is_not_repeated(
    scene, archive, settings
):
    with archive.transaction() as session:
        assert desk.ask(session, nightly.KIND, "2029-06-01", now=NOON)
        assert not desk.ask(session, nightly.KIND, "2029-06-01", now=NOON)
    asked, earlier = date(2029, 6, 1), date(2029, 12, 31)
    with watching(settings, datetime(2029, 12, 31, 4, tzinfo=UTC)):
        for day in (asked, earlier):
            assert str(awaited(archive, day).report.expired) == "0"
    with watching(settings):
        assert str(awaited(archive).report.expired) == "60"
    with watching(settings):
        time.sleep(1.0)

    with archive.reading() as session:
        assert {found.day for found in nightly.runs(session).runs} == {DAY, earlier, asked}
    assert expiries(archive) == 6


def test_a_job_that_met_a_fault_goes_on_with_the_step_that_failed(sqlite_archive, monkeypatch):
    from archive.jobs.engine import JobEngine  # noqa: PLC0415  # Only here in this process.

    Scene(sqlite_archive, count=3)
    monkeypatch.setattr(nightly, "BATCH", 1)
    expire, calls = bank.expire, []

    def failing(*args: Any, **told: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            message = "the disk is full"
            raise OSError(message)
        return int(expire(*args, **told))

    monkeypatch.setattr(bank, "expire", failing)
    later, told = [NOON], set[str]()
    engine = JobEngine(sqlite_archive, ZONE, lambda: later[-1])
    with sqlite_archive.transaction() as session:
        desk.ask(session, nightly.KIND, str(DAY), now=NOON)
    with engine.launched():
        until = time.monotonic() + PATIENCE
        while run_of(sqlite_archive).state is not JobState.DONE and time.monotonic() < until:
            engine.sweep()
            if fault := run_of(sqlite_archive).fault:
                told.add(fault)
                later.append(later[-1] + engine.retry_after)
            time.sleep(0.1)
    run = run_of(sqlite_archive)

    assert (run.state, run.attempt, str(run.report.expired)) == (JobState.DONE, 2, "30")
    assert len(calls) == 4
    assert told == {"OSError"}  # The kind of fault, by which operators and pages tell what it was.
    with sqlite_archive.reading() as session:
        assert "disk" not in json.dumps([one.fault for one in session.exec(select(Job))])


def test_one_holds_the_slot_and_leaves_it_at_once(archive):
    with holding(archive) as first:
        assert first is not None
        assert first()
        with holding(archive) as second:
            assert second is None
    with holding(archive) as third:
        assert third is not None


def test_the_day_changes_shortly_after_local_midnight(sqlite_settings):
    evening = datetime(2025, 3, 1, 16, 4, tzinfo=UTC)  # 00:04 in Shanghai.
    assert job_watch.due_day(sqlite_settings, now=evening) == FIRST.replace(2025, 3, 1)
    morning = evening.replace(minute=5)
    assert job_watch.due_day(sqlite_settings, now=morning) == date(2025, 3, 2)


SERVER = """
import os, time
from archive.cli import job_process
job_process._PAUSE_SECONDS = 0.1
with job_process.working():
    print(os.getpid(), flush=True)
    time.sleep(60)
"""


def test_jobs_have_a_process_that_is_started_again_and_ends_with_its_server(sqlite_settings):
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER],
        env=os.environ | {"ARCHIVE_HOME": str(sqlite_settings.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    first = child_of(server.pid, besides=0)
    os.kill(first, signal.SIGKILL)
    second = child_of(server.pid, besides=first)
    server.kill()
    server.communicate(timeout=PATIENCE)
    until = time.monotonic() + PATIENCE
    while Path(f"/proc/{second}").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not Path(f"/proc/{second}").exists()


def test_the_process_of_the_jobs_leaves_in_peace_when_it_is_told_to(sqlite_settings):
    process = subprocess.Popen(
        [sys.executable, "-m", "archive.cli.job_process"],
        env=os.environ | {"ARCHIVE_HOME": str(sqlite_settings.home)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + PATIENCE
    while not (sqlite_settings.home / "jobs.db").exists() and time.monotonic() < until:
        time.sleep(0.1)
    process.terminate()
    process.wait(PATIENCE)  # The server's end of the pipe stays open until then.
    _, said = process.communicate()
    assert (process.returncode, said) == (0, "")


def child_of(process: int, *, besides: int) -> int:
    """Return the process that a process has started, once it has."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        found = [int(one) for task in tasks for one in task.read_text().split()]
        if found and found[0] != besides:
            return found[0]
        time.sleep(0.05)
    raise AssertionError(process)
