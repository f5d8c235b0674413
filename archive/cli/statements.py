"""A worker's credit account, as ``statement`` answers it."""

from datetime import date

from archive.cli.balance_sheet import show_balances
from archive.cli.opened import Opened
from archive.cli.voice import Voice
from archive.dossiers import statements
from archive.people.models import Worker
from schemas.outputs import StatementLineView, StatementView
from schemas.vocabulary import Cause


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
                    voice.word("cause", _cause(line)),
                    f"{line.title or ''}\n{line.record_id}",
                    _why(voice, line),
                    voice.number(line.credits),
                )
                for line in view.lines
            ],
            right=("Credits",),
        )
    for one in view.expiring:
        voice.say(
            "{credits} credits of {title} can be used until {day}.",
            credits=voice.number(one.credits),
            title=one.title or one.record_id,
            day=voice.day(one.last_day),
        )
    voice.line()
    show_balances(voice, view.balances)


def _cause(line: StatementLineView) -> str:
    """Return what a line does: a later grant only brings an earlier one up to date."""
    return "adjustment" if line.cause is Cause.GRANT and line.revision else line.cause


def _why(voice: Voice, line: StatementLineView) -> str:
    """Return the reason, the arithmetic in words, where units went, the rule, the line's id."""
    told = [voice.word("reason", line.reason)]
    told += [voice.sentence(step.text, **step.facts) for step in line.trace.steps]
    if line.cause is not Cause.GRANT:
        moved = (
            f"{voice.word('account', account)} {amount:+f}"
            for account, amount in line.moves.items()
        )
        told.append(" · ".join(moved))
    if line.trace.rule:
        told.append(line.trace.rule)
    if line.appeal_until:
        told.append(voice.sentence("An appeal can be filed until {day}.", day=line.appeal_until))
    return "\n".join([*told, str(line.entry_id)])
