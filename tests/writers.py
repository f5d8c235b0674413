"""Processes that write at once. Each is started fresh, as a second server or a command would be.

Importable by itself: a spawned process loads this module and nothing of pytest.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier
from uuid import UUID

from archive.db import Database
from archive.dossiers import records
from archive.migrations.running import problems, upgrade
from archive.people import accounts
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from tests.builders import NOW, TODAY, a_training

FIRST_DAY = date(2016, 1, 1)
PATIENCE = 120.0  # Seconds; a process that hangs is a failure, and not the end of the run.


@dataclass(frozen=True)
class Task:
    """What one process does to one dossier, or to one empty home."""

    settings: tuple[Settings, ...]
    worker_id: UUID | None = None
    record_id: UUID | None = None
    organisation_id: UUID | None = None
    first: int = 0
    count: int = 0


Work = Callable[[Task, Barrier], list[str]]


def append(task: Task, ready: Barrier) -> list[str]:
    """Append courses to a dossier, each in a transaction of its own."""
    archive = open_archive(task.settings[0])
    ready.wait(PATIENCE)
    for number in range(task.first, task.first + task.count):
        with archive.transaction() as session:
            records.add(
                session,
                _given(task.worker_id),
                a_training(hours="16", completed_on=FIRST_DAY + timedelta(days=20 * number)),
                organisation_id=_given(task.organisation_id),
                by=accounts.named(session, "clerk"),
                now=NOW,
                today=TODAY,
            )
    _close(archive)
    return []


def correct(task: Task, ready: Barrier) -> list[str]:
    """Correct one record again and again."""
    archive = open_archive(task.settings[0])
    ready.wait(PATIENCE)
    for number in range(task.count):
        with archive.transaction() as session:
            records.correct(
                session,
                _given(task.worker_id),
                _given(task.record_id),
                a_training(hours=str(32 + number % 2), completed_on=TODAY),
                reason="课时登记错误",
                by=accounts.named(session, "clerk"),
                now=NOW,
                today=TODAY,
            )
    _close(archive)
    return []


def begin(task: Task, ready: Barrier) -> list[str]:
    """Open and upgrade several empty homes, each at the same moment as another process."""
    found = []
    for settings in task.settings:
        ready.wait(PATIENCE)
        archive = open_archive(settings)
        upgrade(archive, now=NOW)
        found += problems(archive)
        found.append(vault_of(archive).digest("first", "start").hex())
        _close(archive)
    return found


def at_once(works: Sequence[tuple[Work, Task]]) -> list[list[str]]:
    """Run each work in a process of its own, all at once; return what each says.

    Raises AssertionError with the traceback of a process that failed.
    """
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(len(works))
    said = context.Queue()
    processes = [
        context.Process(target=_run, args=(place, work, task, ready, said))
        for place, (work, task) in enumerate(works)
    ]
    for process in processes:
        process.start()
    answers = dict(said.get(timeout=PATIENCE) for _ in processes)
    for process in processes:
        process.join(PATIENCE)
    failed = [answer for answer in answers.values() if isinstance(answer, str)]
    assert not failed, "\n".join(failed)
    return [answers[place] for place in range(len(works))]


def _run(place: int, work: Work, task: Task, ready: Barrier, said) -> None:
    try:
        said.put((place, work(task, ready)))
    except BaseException:  # noqa: BLE001  # Whatever it was, the test must tell it.
        ready.abort()
        said.put((place, traceback.format_exc()))


def _given(value: UUID | None) -> UUID:
    assert value is not None
    return value


def _close(archive: Database) -> None:
    vault_of(archive).store.close()
    archive.close()
