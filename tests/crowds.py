"""Many who write at once: trainers with files, clerks with single records, readers of pages.

Importable by itself: a spawned process loads this module and nothing of pytest.
"""

import multiprocessing
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier, Event
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.dossiers import reading, records
from archive.dossiers.intake.desk import keep
from archive.dossiers.intake.runs import OPEN, begin, take_step
from archive.dossiers.intake.work import Work
from archive.people import accounts
from archive.people.models import Organisation
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.people.synthetic import resident_number
from archive.settings import Settings
from archive.turns import long_work
from schemas.vocabulary import RunMode
from tests.builders import NOW, TODAY, a_training

PATIENCE = 600.0
HEADS = "姓名,身份证号,课程名称,学时,成绩,结业日期"
KNOWN_TO_ALL = 40
"""So many people stand in every file: who of them is new is decided while all write."""


@dataclass(frozen=True)
class Post:
    """What one process does."""

    settings: Settings
    organisation_id: UUID
    account: str
    number: int
    rows: int = 0
    worker_id: UUID | None = None
    """Into whose dossier single records go, and whose page is read."""


@dataclass
class Said:
    """What a process tells when it is done; nothing of it is read from the database."""

    written: set[tuple[str, str]] = field(default_factory=set)
    """Document number and course of every row that was acknowledged."""
    waits: list[float] = field(default_factory=list)
    """Seconds until each writer had its turn."""
    works: list[float] = field(default_factory=list)
    """Seconds that each turn took."""


def people(post: Post) -> list[str]:
    """Return the document numbers in a file: some stand in all, the others in this one."""
    own = post.rows - KNOWN_TO_ALL
    first = KNOWN_TO_ALL + post.number * own
    return [_number(one) for one in (*range(KNOWN_TO_ALL), *range(first, first + own))]


def post_file(post: Post, ready: Barrier, over: Event) -> Said:  # As all.
    """Send a file and write it step by step, as the job of a server does."""
    with _opened(post) as archive:
        course = f"电工{post.number}班"
        lines = [HEADS, *(f"李明华,{one},{course},40,86,2025-02-01" for one in people(post))]
        with archive.transaction() as session:
            whose = session.get_one(Organisation, post.organisation_id)
            by = accounts.named(session, post.account)
            content = "\n".join(lines).encode()
            work = keep(session, content, "a.csv", whose, by=by, now=NOW, today=TODAY)
            assert isinstance(work, Work)
            run = begin(session, work, RunMode.GOOD, by=by, now=NOW)
        said = Said()
        ready.wait(PATIENCE)
        while run.state in OPEN:
            with long_work(), _turn(archive, said) as session:
                run = take_step(session, run.id, work, now=NOW)
        assert run.written == run.position == post.rows, (run.written, run.codes)
        said.written = {(one, course) for one in people(post)}
        return said


def post_singly(post: Post, ready: Barrier, over: Event) -> Said:
    """Post one record after the other until all files are written."""
    with _opened(post) as archive:
        said = Said()
        ready.wait(PATIENCE)
        while not over.is_set():
            number = len(said.written)
            course = a_training(
                hours="16",
                course_name=f"课程{post.number}",
                completed_on=date(2016, 1, 1) + timedelta(days=number),
            )
            with _turn(archive, said) as session:
                records.add(
                    session,
                    _given(post.worker_id),
                    course,
                    organisation_id=post.organisation_id,
                    by=accounts.named(session, post.account),
                    now=NOW,
                    today=TODAY,
                )
            said.written.add((str(course.completed_on), course.course_name))
            time.sleep(0.05)
        return said


def read_pages(post: Post, ready: Barrier, over: Event) -> Said:
    """Read a dossier again and again until all files are written."""
    with _opened(post) as archive:
        said = Said()
        ready.wait(PATIENCE)
        while not over.is_set():
            began = time.perf_counter()
            with archive.reading() as session:
                reading.dossier(session, _given(post.worker_id), today=TODAY)
            said.works.append(time.perf_counter() - began)
            time.sleep(0.02)
        return said


@contextmanager
def _turn(archive: Database, said: Said) -> Iterator[Session]:
    """Measure how long a writer waits for its turn, and how long the turn takes."""
    began = time.perf_counter()
    with archive.transaction() as session:
        session.connection()
        has_turn = time.perf_counter()
        yield session
    said.waits.append(has_turn - began)
    said.works.append(time.perf_counter() - has_turn)


@contextmanager
def _opened(post: Post) -> Iterator[Database]:
    archive = open_archive(post.settings)
    yield archive
    vault_of(archive).store.close()
    archive.close()


def _number(person: int) -> str:
    return resident_number(date(1960, 1, 1) + timedelta(days=person // 900), person % 900)


def _given(whose: UUID | None) -> UUID:
    assert whose is not None
    return whose


Doing = Callable[[Post, Barrier, Event], Said]


def all_at_once(
    files: Sequence[Post], others: Sequence[tuple[Doing, Post]]
) -> tuple[list[Said], list[Said]]:
    """Write all files at once, each by a process, and let the others go on until they are done.

    Raises AssertionError with the traceback of a process that failed.
    """
    context = multiprocessing.get_context("spawn")
    over, said = context.Event(), context.Queue()
    works = [*((post_file, one) for one in files), *others]
    ready = context.Barrier(len(works))
    processes = [
        context.Process(target=_run, args=(place, *one, ready, over, said))
        for place, one in enumerate(works)
    ]
    for process in processes:
        process.start()
    answers: dict[int, Said] = {}
    while len(answers) < len(works):
        place, answer = said.get(timeout=PATIENCE)
        assert isinstance(answer, Said), answer
        answers[place] = answer
        if all(place in answers for place in range(len(files))):
            over.set()
    for process in processes:
        process.join(PATIENCE)
    whole = [answers[place] for place in range(len(works))]
    return whole[: len(files)], whole[len(files) :]


def _run(place: int, work: Doing, post: Post, ready: Barrier, over: Event, said) -> None:
    try:
        said.put((place, work(post, ready, over)))
    except BaseException:  # noqa: BLE001  # Whatever it was, the test must tell it.
        ready.abort()
        over.set()
        said.put((place, traceback.format_exc()))
