"""Seeing a run to its end: by the job of a server, or by the command or request that began it.

Whoever drives takes step after step, each a transaction of its own. Two who drive one run take
turns by its lock; of one who was killed the next goes on.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from typing import cast
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from archive.db import Database, is_full
from archive.dossiers.intake import undoing
from archive.dossiers.intake.kept_files import chosen, kept_files
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.intake.run_refusals import RunHaltedError
from archive.dossiers.intake.runs import OPEN, numbered, take_step
from archive.dossiers.intake.work import Work, open_work
from archive.jobs import desk
from archive.jobs.desk import WORKS, Steps, Told
from archive.turns import long_work
from schemas.intake import RunReport
from schemas.vocabulary import RunState

KIND, UNDO_KIND = "intake", "intake_undo"
LEFT_ALONE = timedelta(seconds=30)
"""A run that was not moved for so long has lost whoever drove it."""

Tell = Callable[[int, int], None]


class Driver:
    """Takes the steps of one run, and keeps its file in memory between them."""

    def __init__(self, run_id: UUID, zone: tzinfo) -> None:
        """Take which run, and in whose days it is judged."""
        self._run_id = run_id
        self._zone = zone
        self._work: Work | None = None

    def step(self, session: Session, now: datetime) -> IntakeRun:
        """Take one step; raises UploadGoneError when the file is gone."""
        if self._work is None:
            self._work = self._open(session)
        try:
            return take_step(session, self._run_id, self._work, now=now)
        except BaseException:
            self._work.forget()  # The transaction does not happen.
            raise

    def _open(self, session: Session) -> Work:
        run = session.get_one(IntakeRun, self._run_id)
        file = kept_files(session).of_run(session, run.file_id)
        file = replace(file, choice=chosen(file.key, run.sealed_choice))
        return open_work(session, file, today=run.posted_at.astimezone(self._zone).date())


def drive(
    archive: Database,
    run_id: UUID,
    *,
    zone: tzinfo,
    clock: Callable[[], datetime],
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Take every step that is left of a run, here and now, and tell how far it is.

    Raises RunHaltedError when the disk is full.
    """
    driver = Driver(run_id, zone)
    while True:
        try:
            with long_work(), archive.transaction() as session:
                run = driver.step(session, clock())
        except SQLAlchemyError as fault:
            if is_full(fault):
                raise _halted(archive, run_id) from fault
            raise
        tell(run.position, run.rows)
        if run.state not in OPEN:
            return


def _halted(archive: Database, run_id: UUID) -> RunHaltedError:
    with archive.reading() as session:
        run = numbered(session, run_id)
    return RunHaltedError(done=run.position, rows=run.rows, number=run.id)


def see_done(
    archive: Database,
    run_id: UUID,
    *,
    zone: tzinfo,
    clock: Callable[[], datetime],
    tell: Tell = lambda _done, _total: None,
) -> None:
    """Take every step that is left of a run, or of its undoing."""
    drive(archive, run_id, zone=zone, clock=clock, tell=tell)
    while True:
        with archive.transaction() as session:
            run = undoing.take_step(session, run_id, now=clock())
        if run.state is not RunState.UNDOING:
            return
        tell(run.undone, run.written)


def ask(session: Session, run: IntakeRun, *, now: datetime) -> None:
    """Have a server's job drive a run, or undo it; asked twice it is done once."""
    if run.state is RunState.UNDOING:
        desk.ask(session, UNDO_KIND, str(run.id), now=now)
    elif run.state in OPEN:
        desk.ask(session, KIND, str(run.id), now=now)


def take_up(archive: Database, *, now: datetime) -> int:
    """Ask for the jobs of runs that nobody drives any more; return how many there were."""
    under_way = (*OPEN, RunState.UNDOING)
    left = (col(IntakeRun.state).in_(under_way), col(IntakeRun.moved_at) <= now - LEFT_ALONE)
    with archive.reading() as session:
        runs = session.exec(select(IntakeRun).where(*left)).all()
    if runs:
        with archive.transaction() as session:
            for run in runs:
                ask(session, run, now=now)
    return len(runs)


def go_on(session: Session, run: IntakeRun, *, now: datetime) -> None:
    """Have a run driven whose job was given up: one click of the trainer."""
    ask(session, run, now=now)
    kind = UNDO_KIND if run.state is RunState.UNDOING else KIND
    desk.revive(session, kind, str(run.id))


def is_given_up(session: Session, run: IntakeRun) -> bool:
    """Whether the job of a run that has not ended is tried no more."""
    kind = UNDO_KIND if run.state is RunState.UNDOING else KIND
    is_open = run.state in (*OPEN, RunState.UNDOING)
    return is_open and desk.is_given_up(session, kind, str(run.id))


def run_job(steps: Steps, key: str, zone: tzinfo) -> RunReport:
    """Write a file to its end: the job."""
    driver = Driver(UUID(key), zone)

    def step(session: Session, now: datetime) -> Told:
        return driver.step(session, now).state in OPEN

    while steps.take(step):
        pass
    return RunReport(run=UUID(key), state=_state(steps, key))


def undo_job(steps: Steps, key: str, _zone: tzinfo) -> RunReport:
    """Undo a batch to its end: the job."""

    def step(session: Session, now: datetime) -> Told:
        return undoing.take_step(session, UUID(key), now=now).state is RunState.UNDOING

    while steps.take(step):
        pass
    return RunReport(run=UUID(key), state=_state(steps, key))


def _state(steps: Steps, key: str) -> RunState:
    def told(session: Session, _now: datetime) -> Told:
        return session.get_one(IntakeRun, UUID(key)).state.value

    return RunState(cast("str", steps.take(told)))


WORKS[KIND] = run_job
WORKS[UNDO_KIND] = undo_job
