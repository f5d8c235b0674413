"""``posted``: the files that organisations posted, what became of them, undoing them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.intake import kind_named
from archive.cli.options import CONSOLE, As, Json, Organisation, Reason
from archive.cli.plainly import plainly
from schemas.vocabulary import RecordKind

if TYPE_CHECKING:
    from datetime import datetime

    from sqlmodel import Session

    from archive.cli.opened import Acting
    from archive.settings import Settings

app = typer.Typer()

RunId = Annotated[UUID, typer.Argument(metavar="FILE-NUMBER", help="As “posted list” shows it.")]
KindAsked = Annotated[
    RecordKind, typer.Argument(parser=kind_named, metavar="KIND", help="Such as training.")
]
Output = Annotated[Path, typer.Option("-o", metavar="FILE", help="The workbook to write.")]


@app.command("list")
@plainly
def listed(*, organisation: Organisation, as_json: Json = False) -> None:
    """List the last files that an organisation posted, the newest first."""
    from archive.cli.answers import answer
    from archive.cli.intake_sheet import show_posted
    from archive.cli.opened import reading
    from archive.dossiers.intake import posted_files
    from archive.people import organisations

    with reading() as opened:
        whose = organisations.coded(opened.session, organisation).id
        found = posted_files.listed(opened.session, whose, now=opened.now)
    answer(found, opened.settings, lambda voice: show_posted(voice, found.files), as_json=as_json)


@app.command("show")
@plainly
def show(run: RunId, *, as_json: Json = False) -> None:
    """Tell how far a file is written, and how many rows became what."""
    from archive.cli.opened import reading

    with reading() as opened:
        _tell(opened.session, opened.settings, run, opened.now, as_json=as_json)


@app.command("workbook")
@plainly
def workbook(run: RunId, *, output: Output, as_json: Json = False) -> None:
    """Write the rows of a file with what became of each."""
    from archive.cli.draft_files import draft_of
    from archive.cli.opened import reading
    from archive.dossiers.intake import posted_files, runs

    with draft_of(output) as draft, reading() as opened:
        found = runs.numbered(opened.session, run)
        _, content = posted_files.workbook(opened.session, found, opened.settings.lang)
        draft.write(content)
        _tell(opened.session, opened.settings, run, opened.now, as_json=as_json)


@app.command("template")
@plainly
def template(kind: KindAsked, *, output: Output, as_json: Json = False) -> None:
    """Write an empty list of a kind, with drop-downs and an example row."""
    from archive.cli.answers import answer
    from archive.cli.draft_files import draft_of
    from archive.dossiers.intake.list_templates import columns_of_template, list_template
    from archive.settings import load_settings
    from schemas.intake import ListTemplate

    settings = load_settings()
    with draft_of(output) as draft:
        draft.write(list_template(kind, settings.lang))
    columns = tuple(one.header for one in columns_of_template(kind))
    made = ListTemplate(kind=kind, columns=columns)
    answer(
        made,
        settings,
        lambda voice: voice.say("Written to {file}.", file=output),
        as_json=as_json,
    )


@app.command("cancel")
@plainly
def cancel(run: RunId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Stop writing a file between two steps."""
    from archive.cli.opened import acting_on
    from archive.dossiers.intake import runs

    with acting_on(account) as acting:
        with acting.archive.transaction() as session:
            runs.cancel(session, run, by=acting.by, now=acting.now)
        _tell_of(acting, run, as_json=as_json)


@app.command("resume")
@plainly
def resume(run: RunId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Go on here and now with a file whose writing or undoing was interrupted."""
    from archive.cli.opened import acting_on
    from archive.dossiers.intake import runs

    with acting_on(account) as acting:
        with acting.archive.reading() as session:
            runs.found(session, run, by=acting.by)
        _see_done(acting, run, is_shown=not as_json)
        _tell_of(acting, run, as_json=as_json)


@app.command("undo")
@plainly
def undo(run: RunId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False) -> None:
    """Take back what a file wrote, for a week and while nothing rests on it."""
    from archive.cli.opened import acting_on
    from archive.dossiers.intake import undoing

    with acting_on(account) as acting:
        with acting.archive.transaction() as session:
            undoing.begin(session, run, reason, by=acting.by, now=acting.now)
        _see_done(acting, run, is_shown=not as_json)
        _tell_of(acting, run, as_json=as_json)


def _see_done(acting: "Acting", run: UUID, *, is_shown: bool) -> None:
    """Take every step that is left, and tell how far it is."""
    from datetime import UTC, datetime

    from archive.cli.intake_sheet import Progress
    from archive.dossiers.intake import driving

    tell = Progress(acting.settings, is_shown=is_shown).tell
    zone = acting.settings.zone
    driving.see_done(acting.archive, run, zone=zone, clock=lambda: datetime.now(UTC), tell=tell)


def _tell_of(acting: "Acting", run: UUID, *, as_json: bool) -> None:
    with acting.archive.reading() as session:
        _tell(session, acting.settings, run, acting.now, as_json=as_json)


def _tell(
    session: "Session", settings: "Settings", run: UUID, now: "datetime", *, as_json: bool
) -> None:
    from archive.cli.answers import answer
    from archive.cli.intake_sheet import show_posted_file
    from archive.dossiers.intake import posted_files, runs

    found = posted_files.shown(session, runs.numbered(session, run), now=now)
    answer(found, settings, lambda voice: show_posted_file(voice, found), as_json=as_json)
