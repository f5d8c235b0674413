"""Asking for jobs and looking at them. Who runs them stands in engine.py."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archive.db import Database, is_sqlite
from archive.jobs.models import Job
from schemas.contracts import Contract
from schemas.ids import new_id
from schemas.vocabulary import JobState

Told = None | bool | int | str | list["Told"] | dict[str, "Told"]
"""What a step tells the next ones: plain JSON, of identifiers, days and counts only."""

AnyResult = TypeVar("AnyResult")
Step = Callable[[Session, datetime], Told]
"""One transaction of a job, given its moment. What it told is remembered with it."""

_OPEN = (JobState.WAITING, JobState.RUNNING)


class Steps(Protocol):
    """Takes the steps of a job one after the other, each once."""

    def take(self, step: Step, *, done: int | None = None, total: int | None = None) -> Told:
        """Take a step, or tell what it told when it was taken before.

        ``done`` of ``total`` is how far the job is after it.
        """

    def aside(self, work: Callable[[Database, datetime], AnyResult]) -> AnyResult:
        """Do between two steps what no transaction may wait for, given the archive and the moment.

        What it returns is not remembered, and it is done again after a kill: the step that
        follows has to hold it against what it finds.
        """


Work = Callable[[Steps, str, tzinfo], Contract]
"""Does a job by its key. Between steps it may look at nothing but what they told."""

WORKS: dict[str, Work] = {}
"""Every kind of job; rooms add theirs when they are imported."""


class PlainSteps:
    """Takes steps at once and remembers none: for a command that is simply given again."""

    def __init__(self, archive: Database, clock: Callable[[], datetime]) -> None:
        """Keep what a step needs."""
        self._archive, self._clock = archive, clock

    def take(self, step: Step, *, done: int | None = None, total: int | None = None) -> Told:  # noqa: ARG002  # Nobody looks on.
        """Take a step in a transaction of its own."""
        with self._archive.transaction() as session:
            return step(session, self._clock())

    def aside(self, work: Callable[[Database, datetime], AnyResult]) -> AnyResult:
        """Do what lies between two steps."""
        return work(self._archive, self._clock())


def ask(session: Session, kind: str, key: str, *, now: datetime) -> bool:
    """Ask for a job unless it was asked for before; tell whether this was the first time.

    It is started after the transaction has committed.
    """
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    row = {"id": new_id(), "kind": kind, "key": key, "asked_at": now}
    row |= {"state": JobState.WAITING, "attempt": 1, "done": 0}
    added = dialect.insert(Job).values(row).on_conflict_do_nothing().returning(col(Job.id))
    return session.connection().execute(added).first() is not None


def unfinished(session: Session) -> list[Job]:
    """Return the jobs that are neither done nor given up, the oldest first."""
    query = select(Job).where(col(Job.state).in_(_OPEN)).order_by(col(Job.asked_at), col(Job.id))
    return list(session.exec(query))


def latest(session: Session, kind: str, *, most: int) -> list[Job]:
    """Return the last jobs of a kind, the newest first."""
    newest = (col(Job.asked_at).desc(), col(Job.id).desc())
    return list(session.exec(select(Job).where(Job.kind == kind).order_by(*newest).limit(most)))


def begin(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Note that a job is being done."""
    _note(session, job_id, state=JobState.RUNNING, started_at=now, failed_at=None, fault=None)


def advance(session: Session, job_id: UUID, done: int, total: int | None) -> None:
    """Note how far a job is."""
    _note(session, job_id, done=done, total=total)


def finish(session: Session, job_id: UUID, report: Contract, *, now: datetime) -> None:
    """Note that a job is done, and what came out."""
    result = report.model_dump_json().encode()
    _note(session, job_id, state=JobState.DONE, ended_at=now, failed_at=None, result=result)


def record_done(
    session: Session, kind: str, key: str, report: Contract, *, begun: datetime, now: datetime
) -> None:
    """Keep the report of what a command did by itself, at once and not as a job."""
    job = Job(kind=kind, key=key, asked_at=begun, started_at=begun)
    session.add(job)
    session.flush()
    finish(session, job.id, report, now=now)


def fail(session: Session, job_id: UUID, fault: str, *, now: datetime) -> None:
    """Note that an attempt stopped by a fault."""
    _note(session, job_id, failed_at=now, fault=fault)


def try_again(session: Session, job_id: UUID, attempt: int) -> None:
    """Note that the next attempt begins where the last one stopped."""
    _note(session, job_id, attempt=attempt, failed_at=None)


def is_given_up(session: Session, kind: str, key: str) -> bool:
    """Whether a job met faults until nobody tried any more."""
    query = select(Job.state).where(Job.kind == kind, Job.key == key)
    return session.exec(query).first() is JobState.FAILED


def given_up(session: Session, kind: str, *, before: datetime) -> list[str]:
    """Return the keys of jobs of a kind that nobody has tried any more since a moment."""
    over = (Job.kind == kind, Job.state == JobState.FAILED, col(Job.ended_at) <= before)
    return list(session.exec(select(Job.key).where(*over).order_by(col(Job.id))))


def take_up(
    archive: Database, kind: str, *, before: datetime, is_wanted: Callable[[Session, str], bool]
) -> int:
    """Revive the jobs of a kind that were given up and are still wanted; return how many rested."""
    with archive.reading() as session:
        keys = given_up(session, kind, before=before)
    if keys:
        with archive.transaction() as session:
            for key in keys:
                if is_wanted(session, key):
                    revive(session, kind, key)
    return len(keys)


def revive(session: Session, kind: str, key: str) -> None:
    """Let a job that was given up begin another attempt, where the last one stopped."""
    given_up = (col(Job.kind) == kind, col(Job.key) == key, col(Job.state) == JobState.FAILED)
    told = {"state": JobState.WAITING, "attempt": col(Job.attempt) + 1, "failed_at": None}
    told |= {"ended_at": None, "fault": None}
    session.connection().execute(update(Job).where(*given_up).values(told))


def give_up(session: Session, job_id: UUID, *, now: datetime) -> None:
    """Note that nobody tries any more."""
    _note(session, job_id, state=JobState.FAILED, ended_at=now)


def _note(session: Session, job_id: UUID, **told: object) -> None:
    session.connection().execute(update(Job).where(col(Job.id) == job_id).values(**told))
