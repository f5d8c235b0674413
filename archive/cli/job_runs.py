"""Seeing a job done: by the server that is at work, or here when none is.

Killed in the midst it goes on where it was: with the next server that starts, or when the
command is given again.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.cli import job_kinds  # noqa: F401  # Its import makes every kind of job known.
from archive.cli.opened import Acting
from archive.cli.refusals import JobStoppedError
from archive.db import Database
from archive.jobs import desk
from archive.jobs.engine import JobEngine
from archive.jobs.models import Job
from archive.jobs.slots import holding
from schemas.vocabulary import JobState

_LOOK_SECONDS = 0.2

Tell = Callable[[int, int | None], None]


def see_done(acting: Acting, kind: str, begin: Callable[[Session], None], tell: Tell) -> Job:
    """Return the finished job of a kind: the one that is under way, else a new one.

    ``begin`` is called in the transaction that asks for a new one; ``tell`` is told how far
    it is. Raises JobStoppedError when it meets a fault.
    """
    began = datetime.now(UTC)
    job_id = _asked(acting, kind, begin)
    while True:
        with holding(acting.archive) as still_held:
            if still_held:
                engine = JobEngine(acting.archive, acting.settings.zone, _clock, timedelta(0))
                with engine.launched():
                    while not (done := _looked_at(acting.archive, job_id, began, tell)):
                        engine.sweep()
                        time.sleep(_LOOK_SECONDS)
                return done
        found = _looked_at(acting.archive, job_id, began, tell)
        if found:
            return found
        time.sleep(_LOOK_SECONDS)


def _asked(acting: Acting, kind: str, begin: Callable[[Session], None]) -> UUID:
    with acting.archive.transaction() as session:
        under_way = [job.id for job in desk.unfinished(session) if job.kind == kind]
        if under_way:
            return under_way[0]
        begin(session)
        key = acting.now.isoformat()
        desk.ask(session, kind, key, now=acting.now)
        return session.exec(select(Job.id).where(Job.kind == kind, Job.key == key)).one()


def _looked_at(archive: Database, job_id: UUID, began: datetime, tell: Tell) -> Job | None:
    """Tell how far a job is; return it once it is done. Raises JobStoppedError."""
    with archive.reading() as session:
        job = session.exec(select(Job).where(col(Job.id) == job_id)).one()
    tell(job.done, job.total)
    if job.state is JobState.DONE:
        return job
    if job.state is JobState.FAILED or (job.failed_at and job.failed_at >= began):
        raise JobStoppedError(fault=job.fault)
    return None


def _clock() -> datetime:
    return datetime.now(UTC)
