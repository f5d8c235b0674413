"""Trying a draft on the command line: progress on standard error, files as they were asked for."""

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO

import typer

from archive.bureau.what_if import Found, what_if
from archive.bureau.what_if_picture import picture
from archive.bureau.what_if_tables import Row, as_csv, as_xlsx, groups_table, records_table
from archive.cli.draft_files import draft_of
from archive.cli.files import read_bytes
from archive.cli.opened import existing
from archive.cli.usage import UnusableError
from archive.cli.voice import language_here
from archive.db import Database
from archive.migrations.running import refuse_unready
from archive.people import look_ups
from archive.people.models import Worker
from archive.settings import Settings, load_settings
from archive.texts import in_language
from schemas.what_if import Stage, TrialAnswer

STAGES = {
    Stage.LOADING: "Loading dossiers: {done} of {of}",
    Stage.OPENING: "Opening birth dates: {done} of {of}",
    Stage.JUDGING: "Judging: {done} of {of}",
}
_TABLES = (".csv", ".xlsx")
_PICTURES = (".svg",)


@dataclass(frozen=True)
class Wanted:
    """What is asked of a trial."""

    on: date | None
    by_age: bool
    table: Path | None
    records: Path | None
    picture: Path | None


def tried(draft: Path, wanted: Wanted, number: str | None) -> tuple[TrialAnswer, Settings]:
    """Try a draft and write the files that were asked for.

    Raises what ``what_if`` raises, FileUnwritableError, UnknownWorkerError.
    """
    content, settings = read_bytes(draft), load_settings()
    now = datetime.now(UTC)
    today = now.astimezone(settings.zone).date()
    _refuse_endings(wanted)
    with existing(settings) as archive, ExitStack() as files:
        refuse_unready(archive)
        worker = _worker(archive, number) if number else None
        written = {
            path: files.enter_context(draft_of(path))
            for path in (wanted.table, wanted.records, wanted.picture)
            if path is not None
        }
        found = what_if(
            archive,
            content,
            draft.name,
            on=wanted.on or today,
            by_age=wanted.by_age,
            tell=_tell,
        )
        _write(archive, found, wanted, written)
        with archive.reading() as session:
            person = found.changed.person(session, worker, today=today) if worker else None
    return TrialAnswer(report=found.report, person=person), settings


def _write(archive: Database, found: Found, wanted: Wanted, written: dict[Path, IO[bytes]]) -> None:
    language = language_here()
    if wanted.table:
        written[wanted.table].write(_table(wanted.table, groups_table(found.report, language)))
    if wanted.records:
        with archive.reading() as session:
            rows = records_table(session, found.changed, language)
            written[wanted.records].write(_table(wanted.records, rows))
    if wanted.picture:
        written[wanted.picture].write(picture(found.report, language).encode())


def _table(path: Path, rows: Iterable[Row]) -> bytes:
    return as_csv(rows) if path.suffix.lower() == ".csv" else as_xlsx(rows)


def _worker(archive: Database, number: str) -> Worker:
    with archive.reading() as session:
        return look_ups.worker_numbered(session, number)


def _refuse_endings(wanted: Wanted) -> None:
    for path, endings in (
        (wanted.table, _TABLES),
        (wanted.records, _TABLES),
        (wanted.picture, _PICTURES),
    ):
        if path is not None and path.suffix.lower() not in endings:
            raise UnusableError(
                "the name {file} must end in {endings}", file=path.name, endings=" / ".join(endings)
            )


def _tell(stage: Stage, done: int, of: int) -> None:
    """Show progress on a terminal; what is piped away is not disturbed."""
    if not sys.stderr.isatty():
        return
    line = in_language(STAGES[stage], language_here(), {"done": done, "of": of})
    typer.echo(f"\r{line}\x1b[K", err=True, nl=done >= of)
