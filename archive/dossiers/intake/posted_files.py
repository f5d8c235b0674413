"""What became of the files that an organisation posted: for pages, the API and commands."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake import results
from archive.dossiers.intake.kept_files import KeptFile, chosen, kept_files
from archive.dossiers.intake.plan import Unreadable, read
from archive.dossiers.intake.result_book import result_book
from archive.dossiers.intake.results import Found, found_in, steps_of
from archive.dossiers.intake.run_models import IntakeFile, IntakeRun
from archive.dossiers.intake.runs import UNDO_DAYS
from archive.dossiers.intake.undoing import may_be_undone
from archive.files import UploadGoneError
from archive.people.models import Account, Organisation
from archive.texts import in_language
from schemas.intake import PostedFile, PostedFiles
from schemas.reports import Finding
from schemas.vocabulary import Language, RowState

PAGE = 20
RESULTS = "results"


def listed(
    session: Session,
    organisation_id: UUID,
    *,
    now: datetime,
    after: UUID | None = None,
    most: int = PAGE,
) -> PostedFiles:
    """Return files of an organisation, the newest first; ``after`` is the last one seen."""
    query = select(IntakeRun).where(col(IntakeRun.organisation_id) == organisation_id)
    if after is not None:
        query = query.where(col(IntakeRun.id) < after)
    runs = session.exec(query.order_by(col(IntakeRun.id).desc()).limit(most + 1)).all()
    shown = _shown(session, runs[:most], now)
    return PostedFiles(files=tuple(shown), next=runs[most - 1].id if len(runs) > most else None)


def shown(session: Session, run: IntakeRun, *, now: datetime) -> PostedFile:
    """Return what a run did so far."""
    (one,) = _shown(session, [run], now)
    return one


def found(session: Session, run: IntakeRun) -> tuple[KeptFile, Found]:
    """Return the file of a run, and what was found in its rows; raises UploadGoneError."""
    file = kept_files(session).of_run(session, run.file_id)
    return file, found_in(steps_of(session, run.id), file.key)


def first_findings(session: Session, run: IntakeRun, *, most: int = 200) -> tuple[Finding, ...]:
    """Return the first findings in the rows of a run; none once its file is no longer kept."""
    try:
        file = kept_files(session).of_run(session, run.file_id)
    except UploadGoneError:
        return ()
    return results.first_findings(steps_of(session, run.id), file.key, most=most).findings


def size(session: Session, run: IntakeRun) -> int:
    """Return of how many bytes the file of a run is; 0 when it is no longer kept."""
    file = session.get(IntakeFile, run.file_id)
    return file.size if file else 0


def workbook(session: Session, run: IntakeRun, language: Language) -> tuple[str, bytes]:
    """Return the rows of a run with what became of each, and what the workbook is called.

    Raises UploadGoneError, ResultBookError.
    """
    file, told = found(session, run)
    choice = chosen(file.key, run.sealed_choice)
    read_again = read(kept_files(session).content(file), choice)
    if isinstance(read_again, Unreadable):
        raise UploadGoneError  # What could be read when it was written can be read now.
    name = f"{PurePath(file.name).stem} {in_language(RESULTS, language)}.xlsx"
    return name, result_book(read_again.table, told, language)


def counts(run: IntakeRun) -> dict[RowState, int]:
    """Return how many rows became what."""
    return {
        RowState.NEW: run.new,
        RowState.CHANGED: run.changed,
        RowState.SAME: run.same,
        RowState.DUPLICATE: run.duplicate,
        RowState.FAULTY: run.faulty,
    }


def _shown(session: Session, runs: Sequence[IntakeRun], now: datetime) -> Iterable[PostedFile]:
    names = _names(session, runs)
    codes = _codes(session, runs)
    files = _files(session, runs, now)
    for run in runs:
        file = files.get(run.id)
        can_undo = may_be_undone(run, now=now) and file is not None
        until = run.ended_at + timedelta(days=UNDO_DAYS) if run.ended_at and can_undo else None
        yield PostedFile(
            id=run.id,
            organisation=codes[run.organisation_id],
            file_name=file.name if file else None,
            kind=run.kind,
            mode=run.mode,
            state=run.state,
            rows=run.rows,
            done=run.position,
            counts=counts(run),
            warned=run.warned,
            written=run.written,
            codes=json.loads(run.codes),
            digest=run.digest.hex(),
            posted_by=names[run.posted_by],
            posted_at=run.posted_at,
            ended_at=run.ended_at,
            kept_until=file.kept_until if file else None,
            undo_until=until,
            undone=run.undone,
            undone_by=names[run.undone_by] if run.undone_by else None,
            undone_at=run.undone_at,
        )


def _names(session: Session, runs: Sequence[IntakeRun]) -> Mapping[UUID, str]:
    whose = {one for run in runs for one in (run.posted_by, run.undone_by) if one}
    query = select(Account.id, Account.name).where(col(Account.id).in_(whose))
    return dict(session.exec(query).all())


def _codes(session: Session, runs: Sequence[IntakeRun]) -> Mapping[UUID, str]:
    whose = {run.organisation_id for run in runs}
    query = select(Organisation.id, Organisation.code).where(col(Organisation.id).in_(whose))
    return dict(session.exec(query).all())


def _files(session: Session, runs: Sequence[IntakeRun], now: datetime) -> Mapping[UUID, KeptFile]:
    kept = kept_files(session).of_runs(session, {run.file_id for run in runs})
    return {
        run.id: file for run in runs if (file := kept.get(run.file_id)) and file.kept_until > now
    }
