"""What pages and programs ask of a file, each a piece of work that another process can do.

Each opens sessions of its own, and what it is given and returns can cross between processes;
``beside`` says why. A long answer of a program is returned as its JSON: making it takes longer
than sending it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from archive.db import Database
from archive.dossiers.intake import desk, driving, posted_files, runs
from archive.dossiers.intake.choices import Choice
from archive.dossiers.intake.kept_files import kept_files
from archive.dossiers.intake.posting import Sent, Times, begun
from archive.dossiers.intake.work import open_work
from archive.people.actors import Acting
from archive.people.models import Organisation
from schemas.reports import IntakeReport
from schemas.vocabulary import Language, RunMode


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of a file that a program posted."""

    body: bytes
    """The report, or how far a long list is; JSON."""
    written: int = 0
    left_to_job: UUID | None = None
    """The run of a long list that is written by and by."""


def previewed(  # Which file, whose, who asks, when.
    archive: Database,
    *,
    file_id: UUID,
    organisation_id: UUID,
    by: Acting,
    now: datetime,
    today: date,
) -> IntakeReport:
    """Return all that is to be said of a file that is kept, as it was chosen to be read.

    Raises UploadGoneError, NotAllowedError.
    """
    with archive.reading() as session:
        files = kept_files(session)
        file = files.find(session, file_id, organisation_id=organisation_id, now=now)
        return desk.check(
            session,
            files.content(file),
            session.get_one(Organisation, organisation_id),
            choice=file.choice,
            by=by,
            today=today,
            most_rows=desk.FIRST_ROWS,
        )


def checked(  # The file, how to read it, whose, who asks, when.
    archive: Database,
    *,
    content: bytes,
    choice: Choice,
    organisation_id: UUID,
    by: Acting,
    today: date,
) -> bytes:
    """Return the report of a file of which nothing is kept, as JSON; raises NotAllowedError."""
    with archive.reading() as session:
        whose = session.get_one(Organisation, organisation_id)
        report = desk.check(session, content, whose, choice=choice, by=by, today=today)
    return report.model_dump_json().encode()


def begin_kept(  # Which file, whose, how, who asks, when.
    archive: Database,
    *,
    file_id: UUID,
    organisation_id: UUID,
    mode: RunMode,
    by: Acting,
    times: Times,
) -> UUID:
    """Begin to write a file that is kept; a short list is written at once, a long one by the job.

    Raises UploadGoneError, ListUnreadableError, and what ``begin`` raises.
    """
    now = times.clock()
    today = times.day(now)
    with archive.reading() as session:  # The file is read before others wait for this writer.
        file = kept_files(session).find(session, file_id, organisation_id=organisation_id, now=now)
        work = open_work(session, file, today=today)
    with archive.transaction() as session:
        run = runs.begin(session, work, mode, by=by, now=now)
        if run.rows <= runs.STEP_ROWS and run.file_id == file.id:
            run = runs.take_step(session, run.id, work, now=now)
        else:
            driving.ask(session, run, now=now)
        return run.id


def posted(archive: Database, *, sent: Sent, by: Acting, times: Times, at_once: int) -> Posted:
    """Write a file of up to ``at_once`` rows, or have the job write a longer one.

    Raises what ``keep`` and ``begin`` raise.
    """
    found = begun(archive, sent, by=by, times=times)
    if isinstance(found, IntakeReport):
        return Posted(found.model_dump_json().encode())
    if found.run.rows <= at_once:
        report = found.written()
        return Posted(report.model_dump_json().encode(), report.written)
    found.left_to_job()
    with archive.reading() as session:
        told = posted_files.shown(session, found.run, now=times.clock())
    return Posted(told.model_dump_json().encode(), left_to_job=found.run.id)


def reported(archive: Database, *, run_id: UUID) -> bytes:
    """Return what became of every row of a file, as JSON; whoever asks may see it."""
    with archive.reading() as session:
        run = runs.numbered(session, run_id)
        report = desk.report_of_run(session, run, runs.organisation_of(session, run))
    return report.model_dump_json().encode()


def workbook(archive: Database, *, run_id: UUID, language: Language) -> tuple[str, bytes]:
    """Return name and content of a file's rows with what became of each; whoever asks may see it.

    Raises UploadGoneError, ResultBookError.
    """
    with archive.reading() as session:
        return posted_files.workbook(session, runs.numbered(session, run_id), language)
