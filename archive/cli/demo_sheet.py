"""How the demo district is told: what it holds, and who can sign in."""

from collections.abc import Iterable

import typer

from archive.cli.voice import Voice
from archive.db import Database
from archive.demo import accounts
from archive.demo.building import Built
from archive.demo.purging import Purged
from archive.texts import explained
from schemas.outputs import DemoBuilt, DemoPurged, DemoSignIn, DemoSignIns, RefusalView

_LARGE = 2000  # Workers; fewer are there at once.


def view_of(built: Built) -> DemoBuilt:
    """Return what a demo district holds, for printing."""
    return DemoBuilt(
        workers=built.workers,
        records=built.records,
        organisations=built.organisations,
        by_kind=dict(built.by_kind),
        by_act=dict(built.by_act),
        accounts=_view(built.accounts),
    )


def sign_ins(archive: Database) -> DemoSignIns:
    """Return the demo's sign-ins; none when there is no demo district."""
    return DemoSignIns(accounts=_view(accounts.accounts(archive)))


def show_built(voice: Voice, built: DemoBuilt) -> None:
    """Print what the district holds, and who can sign in."""
    voice.say(
        "The demo district has {workers} workers, {records} records and {organisations} "
        "organisations. Nobody in it exists.",
        workers=built.workers,
        records=built.records,
        organisations=built.organisations,
    )
    show_accounts(voice, DemoSignIns(accounts=built.accounts))
    voice.say("“skills-archive demo accounts” prints these again while the demo is there.")


def show_accounts(voice: Voice, found: DemoSignIns) -> None:
    """Print the sign-ins, a line each."""
    if not found.accounts:
        voice.say("There is no demo district here.")
        return
    voice.table(
        ("Account", "Password", "Second step", "Role"),
        [
            (
                one.name,
                one.password,
                f"demo code {one.name}" if one.needs_code else "—",
                voice.word("role", one.role),
            )
            for one in found.accounts
        ],
    )
    voice.say("Staff need a second step: “skills-archive demo code ACCOUNT” prints its code.")


def purged_of(purged: Purged) -> DemoPurged:
    """Return what a purge removed, for printing."""
    kept = purged.kept
    return DemoPurged(
        workers=purged.workers,
        records=purged.records,
        organisations=purged.organisations,
        accounts=purged.accounts,
        kept=RefusalView(code=kept.code, message=explained(kept)) if kept else None,
    )


def show_purged(voice: Voice, purged: DemoPurged) -> None:
    """Print what a purge removed, and what had to stay."""
    voice.say(
        "Removed: {workers} demo workers with {records} rows, {organisations} organisations, "
        "{accounts} accounts.",
        workers=purged.workers,
        records=purged.records,
        organisations=purged.organisations,
        accounts=purged.accounts,
    )
    if purged.kept:
        voice.line(voice.pick(purged.kept.message))
    voice.say("Start with ARCHIVE_DEMO=0 from now on, or an empty archive is filled again.")


def progress_told(written: int, of: int) -> None:
    """Tell on stderr how far a large district is; a small one is there at once."""
    if of > _LARGE:
        typer.echo(f"{written} / {of}", err=True)


def _view(found: Iterable[accounts.DemoAccount]) -> tuple[DemoSignIn, ...]:
    return tuple(
        DemoSignIn(name=one.name, role=one.role, password=one.password, needs_code=one.needs_code)
        for one in found
    )
