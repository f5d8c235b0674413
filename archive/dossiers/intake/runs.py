"""Writing a file in steps: begun once, each row written once, stopped between two steps.

A run's row says how far it is; a step locks it, judges the next rows against the archive as it
is now, writes them and moves the row on, all in one transaction. So it does not matter who
drives a run, how many do, or where one was killed: see ``driving``.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.enrolling import take_turns
from archive.dossiers.intake.kept_files import KeptFile, kept_files, sealed_choice
from archive.dossiers.intake.matching import Candidate
from archive.dossiers.intake.results import Found, packed
from archive.dossiers.intake.row_writing import WRITTEN, Origin, write_rows, write_singly
from archive.dossiers.intake.run_models import IntakeRun, IntakeStep
from archive.dossiers.intake.run_refusals import AllTooManyError, RunOverError, RunUnknownError
from archive.dossiers.intake.work import Work
from archive.dossiers.models import IntakeBatch
from archive.dossiers.writing import Posting
from archive.people.access import reaches_organisation, refuse_posting
from archive.people.actors import Actor
from archive.people.models import Organisation
from credit_bank.collecting import no_collection
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Permission, RowState, RunMode, RunState

STEP_ROWS = 500
MOST_AT_ONCE = 10_000
"""Rows of one transaction: some seconds, in which other writers wait on SQLite."""
UNDO_DAYS = 7
OPEN = (RunState.WAITING, RunState.RUNNING)


def begin(session: Session, work: Work, mode: RunMode, *, by: Actor, now: datetime) -> IntakeRun:
    """Begin to write a file, or return the run that is writing it already.

    Raises NotAllowedError, UploadGoneError, AllTooManyError.
    """
    file = work.file
    refuse_posting(by, file.organisation_id)
    take_turns(session, file.organisation_id)
    under_way = latest(session, file.organisation_id, file.digest)
    if under_way and under_way.state in OPEN:
        return under_way
    rows = len(work.found.table.rows)
    if mode is RunMode.ALL and rows > MOST_AT_ONCE:
        raise AllTooManyError(most=MOST_AT_ONCE)
    run = IntakeRun(
        id=new_id(),
        organisation_id=file.organisation_id,
        digest=file.digest,
        file_id=file.id,
        sealed_choice=sealed_choice(file.key, work.found.choice),
        kind=work.found.columns.kind,
        mode=mode,
        state=RunState.WAITING,
        rows=rows,
        posted_by=by.id,
        posted_at=now,
        moved_at=now,
    )
    session.add(run)
    kept_files(session).prolong(session, file.id, now=now)
    session.flush()
    return run


def take_step(session: Session, run_id: UUID, work: Work, *, now: datetime) -> IntakeRun:
    """Judge and write the next rows of a run; of one that has ended nothing.

    What others wrote meanwhile may refuse a row that was judged good a moment before: then
    the rows are judged anew, and at last written one by one, so that one stops no other.
    """
    run = locked(session, run_id)
    if run.state not in OPEN:
        return run
    take_turns(session, run.organisation_id)
    for singly in (False, False, True):
        savepoint = session.begin_nested()
        try:
            with no_collection():
                _take(session, run, work, now, singly=singly)
        except Refusal:
            savepoint.rollback()
            if singly:
                raise
            work.forget()
            session.refresh(run)
        else:
            savepoint.commit()
            break
    return run  # Any other fault ends the whole transaction; SQLite does so by itself.


def cancel(session: Session, run_id: UUID, *, by: Actor, now: datetime) -> IntakeRun:
    """Stop a run between two steps; what it wrote stays until it is undone.

    Raises RunUnknownError, RunOverError.
    """
    run = found(session, run_id, by=by)
    run = locked(session, run.id)
    if run.state not in OPEN:
        raise RunOverError(days=UNDO_DAYS)
    run.state, run.ended_at, run.ended_by = RunState.CANCELLED, now, by.id
    session.add(run)
    session.flush()
    return run


def found(session: Session, run_id: UUID, *, by: Actor) -> IntakeRun:
    """Return a run of the asker's organisation, or any for the bureau; RunUnknownError."""
    run = session.exec(select(IntakeRun).where(col(IntakeRun.id) == run_id)).first()
    if run is None or not reaches_organisation(by, Permission.POST_RECORD, run.organisation_id):
        raise RunUnknownError
    return run


def numbered(session: Session, run_id: UUID) -> IntakeRun:
    """Return a run, whoever asks; raises RunUnknownError."""
    run = session.get(IntakeRun, run_id)
    if run is None:
        raise RunUnknownError
    return run


def refuse_foreign(organisation_id: UUID, by: Actor) -> None:
    """Raise NotAllowedError unless somebody may see what an organisation posted."""
    refuse_posting(by, organisation_id)


def organisation_of(session: Session, run: IntakeRun) -> Organisation:
    """Return the organisation that posted a file."""
    return session.get_one(Organisation, run.organisation_id)


def latest(session: Session, organisation_id: UUID, digest: bytes) -> IntakeRun | None:
    """Return the last run of a file with this content."""
    same = (col(IntakeRun.organisation_id) == organisation_id, col(IntakeRun.digest) == digest)
    newest = col(IntakeRun.posted_at).desc(), col(IntakeRun.id).desc()
    return session.exec(select(IntakeRun).where(*same).order_by(*newest).limit(1)).first()


def earlier_of(session: Session, run: IntakeRun) -> UUID | None:
    """Return the posting of the same file before this one; None when this is the first."""
    same = (
        col(IntakeRun.organisation_id) == run.organisation_id,
        col(IntakeRun.digest) == run.digest,
        col(IntakeRun.id) < run.id,
    )
    newest = col(IntakeRun.id).desc()
    return session.exec(select(IntakeRun.id).where(*same).order_by(newest).limit(1)).first()


def of_file(session: Session, file_id: UUID) -> IntakeRun | None:
    """Return the run that writes, or wrote, a kept file."""
    return session.exec(select(IntakeRun).where(col(IntakeRun.file_id) == file_id)).first()


def discard(session: Session, file: KeptFile) -> None:
    """Forget a file that nobody writes; that of a run stays with it. Raises UploadGoneError."""
    files = kept_files(session)
    files.hold(session, file.id)
    if of_file(session, file.id) is None:
        files.forget(session, file.id)


def settled(session: Session, organisation_id: UUID, digest: bytes) -> IntakeRun | None:
    """Return the run that says all there is to say of a file that is sent again.

    None when it was never sent, was undone or stopped, or left rows that could not be written:
    then it is checked and written like a new one.
    """
    run = latest(session, organisation_id, digest)
    if run is None or run.state not in (*OPEN, RunState.DONE):
        return None
    left_out = run.rows - run.new - run.changed - run.same - run.duplicate
    return run if run.state in OPEN or not left_out else None


def _take(session: Session, run: IntakeRun, work: Work, now: datetime, *, singly: bool) -> None:
    is_whole = run.mode is RunMode.ALL
    until = run.rows if is_whole else min(run.position + STEP_ROWS, run.rows)
    rows = work.judge(session, run.position, until)
    record_ids: dict[int, UUID] = {}
    if not (refused := _is_refused(run, rows)):
        attempt = session.begin_nested()  # A fault ends the one around it, too.
        record_ids = _written(session, run, work, rows, now, singly=singly)
        if refused := _is_refused(run, rows):  # By what was written meanwhile.
            attempt.rollback()
            record_ids = {}
        else:
            attempt.commit()
    _keep(session, run, work, rows, record_ids, now)
    _count(run, rows)
    run.position, run.moved_at, run.state = until, now, RunState.RUNNING
    if refused:
        run.new = run.changed = 0
    if until >= run.rows:
        run.state, run.ended_at = (RunState.REFUSED if refused else RunState.DONE), now
    session.add(run)
    session.flush()


def _is_refused(run: IntakeRun, rows: Sequence[Candidate]) -> bool:
    """Whether one faulty row keeps all others from being written."""
    return run.mode is RunMode.ALL and any(one.is_faulty for one in rows)


def _written(  # A run, its file, what to write, when and how.
    session: Session,
    run: IntakeRun,
    work: Work,
    rows: Sequence[Candidate],
    now: datetime,
    *,
    singly: bool,
) -> dict[int, UUID]:
    if any(one.state in WRITTEN for one in rows):
        _ensure_batch(session, run)
    organisation = organisation_of(session, run)
    origin = Origin(run.id, work.file.name, run.digest, work.found.table, run.position)
    posting = Posting(run.organisation_id, run.posted_by, now)
    if singly:
        return write_singly(session, rows, origin, posting, organisation)
    return write_rows(session, rows, origin, posting, organisation, work.opened)


def _ensure_batch(session: Session, run: IntakeRun) -> None:
    """Add the batch that records name, once there is one to write."""
    if session.get(IntakeBatch, run.id) is not None:
        return
    batch = IntakeBatch(
        id=run.id,
        organisation_id=run.organisation_id,
        digest=run.digest,
        kind=run.kind,
        rows=run.rows,
        written=0,
        posted_by=run.posted_by,
        posted_at=run.posted_at,
    )
    session.add(batch)
    session.flush()


def _keep(  # A run, its file, what was judged and what written, when.
    session: Session,
    run: IntakeRun,
    work: Work,
    rows: Sequence[Candidate],
    record_ids: Mapping[int, UUID],
    now: datetime,
) -> None:
    """Keep what was found in the rows, as long as the file is kept."""
    told = Found(work.row_reports(rows, record_ids), work.findings(rows, first=run.position))
    sealed = packed(told, work.file.key)
    step = IntakeStep(
        run_id=run.id, first=run.position, rows=len(rows), sealed=sealed, taken_at=now
    )
    session.add(step)


def _count(run: IntakeRun, rows: Sequence[Candidate]) -> None:
    counted = Counter(one.state for one in rows)
    run.new += counted[RowState.NEW]
    run.changed += counted[RowState.CHANGED]
    run.same += counted[RowState.SAME]
    run.duplicate += counted[RowState.DUPLICATE]
    run.faulty += counted[RowState.FAULTY]
    run.warned += sum(one.is_warned for one in rows)
    codes = Counter(json.loads(run.codes))
    codes.update(fault.refusal.code for one in rows for fault in one.faults)
    run.codes = json.dumps(codes)


def locked(session: Session, run_id: UUID) -> IntakeRun:
    """Return a run as it stands now, and let nobody else move it before this commits."""
    query = select(IntakeRun).where(col(IntakeRun.id) == run_id).with_for_update()
    run = session.exec(query.execution_options(populate_existing=True)).first()
    if run is None:
        raise RunUnknownError
    return run
