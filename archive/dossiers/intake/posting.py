"""A file posted by a program or a command: kept, begun, and written while it waits.

Pages keep a file first and write it when somebody has looked at what it would do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from archive.db import Database
from archive.dossiers.intake import driving, runs
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.desk import keep, report_of_run
from archive.dossiers.intake.driving import Tell
from archive.dossiers.intake.plan import Readable, Unreadable, report_of_unreadable
from archive.dossiers.intake.run_models import IntakeRun
from archive.people.actors import Actor
from archive.people.models import Organisation
from schemas.reports import IntakeReport
from schemas.vocabulary import RunMode


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as a program or a command sends it."""

    name: str
    content: bytes
    organisation_id: UUID
    choice: Choice = FOUND
    mode: RunMode = RunMode.GOOD


@dataclass(frozen=True, slots=True)
class Times:
    """The clock of a door, and in whose days it is read."""

    clock: Callable[[], datetime]
    zone: tzinfo

    def day(self, moment: datetime) -> date:
        """Return the local day of a moment."""
        return moment.astimezone(self.zone).date()


def post(
    archive: Database,
    sent: Sent,
    *,
    by: Actor,
    times: Times,
    tell: Tell = lambda _done, _total: None,
) -> IntakeReport:
    """Write a file here and now, step by step, and report it.

    Raises what ``keep`` and ``begin`` raise.
    """
    done = begun(archive, sent, by=by, times=times)
    return done if isinstance(done, IntakeReport) else done.written(tell)


def begun(archive: Database, sent: Sent, *, by: Actor, times: Times) -> "IntakeReport | Begun":
    """Keep a file and begin to write it; the report at once when no row can be read."""
    now = times.clock()
    with archive.transaction() as session:
        organisation = session.get_one(Organisation, sent.organisation_id)
        work = keep(
            session,
            sent.content,
            sent.name,
            organisation,
            choice=sent.choice,
            by=by,
            now=now,
            today=times.day(now),
        )
        if isinstance(work, Unreadable):
            return report_of_unreadable(work, organisation)
        run = runs.begin(session, work, sent.mode, by=by, now=now)
        return Begun(archive, run, organisation, work.found, times)


@dataclass(frozen=True, slots=True)
class Begun:
    """A file whose writing has begun: it is written here, or left to the job."""

    archive: Database
    run: IntakeRun
    organisation: Organisation
    found: Readable
    times: Times

    def written(self, tell: Tell = lambda _done, _total: None) -> IntakeReport:
        """Take every step here and now, and report what was written."""
        zone, clock = self.times.zone, self.times.clock
        driving.drive(self.archive, self.run.id, zone=zone, clock=clock, tell=tell)
        with self.archive.reading() as session:
            run = session.get_one(IntakeRun, self.run.id)
            return report_of_run(session, run, self.organisation, self.found)

    def left_to_job(self) -> None:
        """Have a server write it by and by."""
        with self.archive.transaction() as session:
            driving.ask(session, self.run, now=self.times.clock())
