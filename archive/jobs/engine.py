"""Doing jobs by DBOS: each step once, going on after a kill, in the one slot of the archive.

Only this module knows DBOS, and only a server loads it: it costs a quarter of a second.
Every effect is a transaction of the archive's own engine, in which the step is marked as
done. Who asks for jobs, and the slot, are other modules' affairs.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource
from dbos._serialization import DBOSPortableJSON, PortableWorkflowError
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from archive.audit.acts import Act, acting
from archive.db import Database
from archive.jobs import desk
from archive.jobs.desk import WORKS, AnyResult, Step, Told
from archive.jobs.models import Job
from archive.jobs.slots import NAME, beside
from archive.turns import long_work
from schemas.contracts import Contract

if TYPE_CHECKING:
    from dbos._datasource import IsolationLevel

VERSION = "1"
"""Of the order of steps. Never raised with the program's own: its work would be left waiting."""
MOST_ATTEMPTS = 20
RETRY_AFTER = timedelta(minutes=10)
"""The longest wait between two attempts; the first is short, for most faults pass by themselves."""
_FIRST_RETRY_AFTER = timedelta(seconds=5)
_POLL_SECONDS = 1.0
_THREADS = 2
_LEAVE_SECONDS = 20.0
_STOPPED = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


class LeavingError(BaseException):
    """The server is stopping: leave the job between two steps, to go on with the next server.

    No Exception, because those would end the job for good.
    """


@dataclass
class JobEngine:
    """DBOS at work on one archive; there is at most one in a process."""

    archive: Database
    zone: tzinfo
    clock: Callable[[], datetime]
    retry_after: timedelta = RETRY_AFTER
    _leaving: threading.Event = field(default_factory=threading.Event)
    _idle: threading.Condition = field(default_factory=threading.Condition)
    _active: int = 0

    @contextmanager
    def launched(self) -> Iterator[None]:
        """Launch; what a killed predecessor in the slot had begun is taken up at once."""
        DBOS(config=self._config())
        self._datasource = self._open_datasource()

        @DBOS.workflow(name="job")
        def perform(job_id: str) -> None:
            self._do(job_id)

        self._perform = perform
        DBOS.launch()
        try:
            for ended in DBOS.list_workflows(status="SUCCESS", load_input=False, load_output=False):
                DBOS.delete_workflow(ended.workflow_id)  # Our own rows say what came of it.
            yield
        finally:
            self._leaving.set()
            with self._idle:
                self._idle.wait_for(lambda: not self._active, _LEAVE_SECONDS)
            DBOS.destroy(destroy_registry=True)

    def sweep(self) -> None:
        """Start what was asked for and never started; try again what stopped by a fault."""
        now = self.clock()
        with self.archive.reading() as session:
            jobs = desk.unfinished(session)
        for job in jobs:
            status = DBOS.get_workflow_status(_workflow_id(job))
            if status is None:
                self._start(job)
            elif status.status in _STOPPED:
                self._look_after(job, _kind_of(status.error), now)

    def _start(self, job: Job) -> None:
        with SetWorkflowID(_workflow_id(job)):
            if job.attempt == 1:
                DBOS.start_workflow(self._perform, str(job.id))
                return
            before = _workflow_id(job, job.attempt - 1)
            DBOS.fork_workflow(before, _first_fault(before), application_version=VERSION)

    def _look_after(self, job: Job, fault: str, now: datetime) -> None:
        """Note a fault; after a while begin the next attempt at the step that failed."""
        with self.archive.transaction() as session:
            if job.failed_at is None:
                desk.fail(session, job.id, fault, now=now)
            elif job.attempt >= MOST_ATTEMPTS:
                desk.give_up(session, job.id, now=now)
            elif now - job.failed_at >= min(
                self.retry_after, _FIRST_RETRY_AFTER * 2 ** (job.attempt - 1)
            ):
                desk.try_again(session, job.id, job.attempt + 1)

    def _do(self, job_id: str) -> None:
        """Do a job: the workflow."""
        with self._counted():
            own = UUID(job_id)
            with self.archive.reading() as session:
                job = session.get_one(Job, own)
            steps = _DurableSteps(self, own, job.kind)
            steps.take(partial(_begin, own))
            report = WORKS[job.kind](steps, job.key, self.zone)
            steps.take(partial(_finish, own, report))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._active += 1
        try:
            yield
        finally:
            with self._idle:
                self._active -= 1
                self._idle.notify_all()

    def take(self, own: UUID, kind: str, step: Step, done: int | None, total: int | None) -> Told:
        """Take a step of a job in a transaction of the archive, or tell what it told before."""
        if self._leaving.is_set():
            raise LeavingError
        is_sqlite = self.archive.engine.dialect.name == "sqlite"
        level: IsolationLevel = "SERIALIZABLE" if is_sqlite else "READ COMMITTED"
        taken = partial(self._in_transaction, own, kind, step, done, total)
        with long_work():
            return self._datasource.run_tx_step({"name": "step", "isolation_level": level}, taken)

    def aside(self, kind: str, work: Callable[[Database, datetime], AnyResult]) -> AnyResult:
        """Do what lies between two steps of a job, in no transaction."""
        if self._leaving.is_set():
            raise LeavingError
        now = self.clock()
        with acting(Act(at=now, action=f"job:{kind}")):
            return work(self.archive, now)

    def _in_transaction(
        self, own: UUID, kind: str, step: Step, done: int | None, total: int | None
    ) -> Told:
        session = self._datasource.sql_session()
        if not isinstance(session, Session):
            raise TypeError
        now = self.clock()
        with acting(Act(at=now, action=f"job:{kind}")):
            told = step(session, now)
            if done is not None:
                desk.advance(session, own, done, total)
            if self.archive.endings:
                session.flush()
                self.archive.endings.before_commit(session)
        return told

    def _open_datasource(self) -> SQLAlchemyDatasource:
        sessions = sessionmaker(
            class_=Session, autoflush=False, expire_on_commit=False, info=self.archive.info
        )
        return SQLAlchemyDatasource.create(
            str(self.archive.engine.url),
            engine=self.archive.engine,
            sessionmaker=sessions,
            serializer=DBOSPortableJSON,
        )

    def _config(self) -> DBOSConfig:
        """Return how DBOS runs: portable JSON, one slot, a fixed version, polls once a second."""
        engine = self.archive.engine
        url = engine.url.render_as_string(hide_password=False)
        if engine.dialect.name == "sqlite":
            url = f"sqlite:///{beside(self.archive, 'jobs.db')}"
        return DBOSConfig(
            name="skills-archive",
            system_database_url=url,
            sys_db_pool_size=_THREADS + 3,
            application_version=VERSION,
            executor_id=NAME,
            serializer=DBOSPortableJSON,
            use_listen_notify=False,
            notification_listener_polling_interval_sec=_POLL_SECONDS,
            max_executor_threads=_THREADS,
            log_level="CRITICAL",  # Faults stand in the job's row; a text could name somebody.
        )


@dataclass(frozen=True)
class _DurableSteps:
    engine: JobEngine
    own: UUID
    kind: str

    def take(self, step: Step, *, done: int | None = None, total: int | None = None) -> Told:
        return self.engine.take(self.own, self.kind, step, done, total)

    def aside(self, work: Callable[[Database, datetime], AnyResult]) -> AnyResult:
        return self.engine.aside(self.kind, work)


def _begin(own: UUID, session: Session, now: datetime) -> None:
    desk.begin(session, own, now=now)


def _finish(own: UUID, report: Contract, session: Session, now: datetime) -> None:
    desk.finish(session, own, report, now=now)


def _workflow_id(job: Job, attempt: int | None = None) -> str:
    at = attempt or job.attempt
    return str(job.id) if at == 1 else f"{job.id}/{at}"


def _kind_of(fault: Exception | None) -> str:
    """Return the kind of a fault, never its text: DBOS hands back a likeness with its name."""
    if isinstance(fault, PortableWorkflowError):
        return fault.name
    return type(fault).__qualname__


def _first_fault(workflow_id: str) -> int:
    """Return the number of the step at which a workflow stopped."""
    steps = DBOS.list_workflow_steps(workflow_id)
    failed = (one["function_id"] for one in steps if one["error"] is not None)
    return next(failed, len(steps) + 1)
