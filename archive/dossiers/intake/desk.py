"""The two things that happen to a file: it is checked, and it is committed."""

import json
from datetime import date, datetime

from sqlmodel import Session

from archive.dossiers.intake import mappings, posted_files
from archive.dossiers.intake.choices import FOUND, Choice
from archive.dossiers.intake.kept_files import kept_files
from archive.dossiers.intake.plan import (
    Readable,
    Unreadable,
    check_rows,
    found_in,
    read,
    report_of,
    report_of_unreadable,
)
from archive.dossiers.intake.results import Found
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.intake.runs import OPEN, begin, earlier_of, latest, take_step
from archive.dossiers.intake.work import Work
from archive.files import UploadGoneError
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from schemas.reports import IntakeReport
from schemas.vocabulary import RunMode, RunState

FIRST_ROWS = 100
"""Rows that a page shows before anything is written."""


def check(  # The file, whose it is, who asks, when.
    session: Session,
    content: bytes,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
    by: Actor,
    today: date,
    most_rows: int | None = None,
) -> IntakeReport:
    """Return all that is to be said of a file; nothing is written.

    What ``choice`` leaves open the file tells. A file that cannot be read is a report of what
    speaks against it, no exception. Rows are told up to ``most_rows``, or all; what is wrong
    with them always. Raises NotAllowedError.
    """
    refuse_posting(by, organisation.id)
    found = read(content, choice, mappings.known(session, organisation.id))
    if isinstance(found, Unreadable):
        return report_of_unreadable(found, organisation)
    checked = check_rows(session, found, organisation.id, today=today, most_rows=most_rows)
    last = latest(session, organisation.id, found.digest)
    return report_of(checked, organisation).model_copy(update={"earlier": last and last.id})


def keep(  # The file, its name, whose it is, who posts it, how to read it, when.
    session: Session,
    content: bytes,
    file_name: str,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
    by: Actor,
    now: datetime,
    today: date,
) -> Work | Unreadable:
    """Keep a file and read it, to be written; one that cannot be read is not kept.

    Raises NotAllowedError, UploadTooLargeError, UploadQuotaError, StorageFullError.
    """
    refuse_posting(by, organisation.id)
    found = read(content, choice, mappings.known(session, organisation.id))
    if isinstance(found, Unreadable):
        return found
    files = kept_files(session)
    kept = files.keep(
        session, file_name, content, organisation.id, choice=found.choice, by=by.id, now=now
    )
    return Work(files.of_run(session, kept), found, today)


def commit(  # The file, its name, whose it is, who posts it, when.
    session: Session,
    content: bytes,
    file_name: str,
    organisation: Organisation,
    *,
    choice: Choice = FOUND,
    by: Actor,
    now: datetime,
    today: date,
) -> IntakeReport:
    """Write the rows of a file that are without fault, all in this transaction; report them.

    Rows that are on file already change nothing, so a second commit of a file does
    nothing. People without a dossier get one. ``file_name`` is sealed with each record,
    for it may name people. Raises what ``keep`` raises. Long files are written in steps:
    see ``driving``.
    """
    work = keep(
        session, content, file_name, organisation, choice=choice, by=by, now=now, today=today
    )
    if isinstance(work, Unreadable):
        return report_of_unreadable(work, organisation)
    run = begin(session, work, RunMode.GOOD, by=by, now=now)
    while run.state in OPEN:
        run = take_step(session, run.id, work, now=now)
    return report_of_run(session, run, organisation, work.found)


def report_of_run(
    session: Session, run: IntakeRun, organisation: Organisation, found: Readable | None = None
) -> IntakeReport:
    """Return the report of what a run did so far.

    ``found`` is the file as it was read, for whoever has it at hand. Without its file a run
    tells only counts and codes.
    """
    try:
        _, told = posted_files.found(session, run)
    except UploadGoneError:
        told = Found((), ())
    return IntakeReport(
        organisation=organisation.code,
        kind=run.kind,
        digest=run.digest.hex(),
        **(found_in(found.table, found.columns) if found else {}),
        codes=json.loads(run.codes),
        notes=tuple(note.text for note in found.table.notes) if found else (),
        committed=run.state is not RunState.REFUSED,
        batch_id=run.id if run.written else None,
        counts=posted_files.counts(run),
        warned=run.warned,
        earlier=earlier_of(session, run),
        written=run.written,
        findings=told.findings,
        rows=told.rows,
    )
