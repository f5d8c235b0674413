"""A worker's credit account, as ``statement`` answers it."""

from datetime import date

from archive.cli.balance_sheet import show_balances
from archive.cli.opened import Opened
from archive.cli.voice import Voice
from archive.dossiers import statements
from archive.people.models import Worker
from schemas.outputs import StatementView


def statement_of(
    opened: Opened, worker: Worker, *, as_of: date | None, known_on: date | None
) -> StatementView:
    """Return the account as of a day, as it was known at the end of a local day."""
    return statements.statement_of(
        opened.session,
        worker,
        as_of=as_of,
        known_on=known_on,
        today=opened.today,
        zone=opened.settings.zone,
    )


def show_statement(voice: Voice, view: StatementView) -> None:
    """Print the entries, oldest first, then what stands on each account."""
    if not view.lines:
        voice.say("No entries.")
    else:
        voice.table(
            ("Effective", "Recorded", "Cause", "Title and record", "Why and entry", "Credits"),
            [
                (
                    voice.day(line.effective_on),
                    voice.moment(line.recorded_at),
                    voice.word("cause", line.cause),
                    f"{line.title or ''}\n{line.record_id}",
                    f"{voice.word('reason', line.reason)}\n{line.entry_id}",
                    voice.number(line.credits),
                )
                for line in view.lines
            ],
            right=("Credits",),
        )
    voice.line()
    show_balances(voice, view.balances)
