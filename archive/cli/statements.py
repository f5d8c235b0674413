"""A worker's credit account, as ``statement`` answers it."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from archive.cli.balance_sheet import show_balances
from archive.cli.opened import Opened
from archive.cli.voice import Voice
from archive.dossiers import reading
from archive.dossiers.errors import ErasedError
from archive.people.models import Worker
from credit_bank import bank
from schemas.credits import StatementLine, as_credits
from schemas.outputs import StatementLineView, StatementView


def statement_of(
    opened: Opened, worker: Worker, *, as_of: date | None, known_on: date | None
) -> StatementView:
    """Return the account as of a day, as it was known at the end of a local day."""
    found = bank.statement(
        opened.session,
        worker.worker_id,
        as_of=as_of,
        known_at=_end_of(known_on, opened) if known_on else None,
    )
    titles = _titles(opened, worker.worker_id)
    return StatementView(
        archive_number=worker.archive_number,
        as_of=as_of,
        known_on=known_on,
        balances={account: as_credits(units) for account, units in found.accounts.items()},
        units=found.accounts,
        lines=tuple(_line(line, titles) for line in found.lines),
    )


def show_statement(voice: Voice, view: StatementView) -> None:
    """Print the entries, oldest first, then what stands on each account."""
    if not view.lines:
        voice.say("No entries.")
    else:
        voice.table(
            ("Effective", "Recorded", "Cause", "Title and record", "Why", "Credits"),
            [
                (
                    voice.day(line.effective_on),
                    voice.moment(line.recorded_at),
                    voice.word("cause", line.cause),
                    f"{line.title or ''}\n{line.record_id}",
                    voice.word("reason", line.reason),
                    voice.number(line.credits),
                )
                for line in view.lines
            ],
            right=("Credits",),
        )
    voice.line()
    show_balances(voice, view.balances)


def _titles(opened: Opened, worker_id: UUID) -> dict[UUID, str]:
    """Return what each record is called; nothing of a person whose data were erased."""
    try:
        dossier = reading.dossier(opened.session, worker_id, today=opened.today)
    except ErasedError:
        return {}
    return {record.id: record.title for record in dossier.records}


def _end_of(day: date, opened: Opened) -> datetime:
    """Return the last moment of a local day; what is recorded later is not known on it."""
    begin_of_next = datetime.combine(day + timedelta(days=1), time(), opened.settings.zone)
    return begin_of_next - timedelta(microseconds=1)


def _line(line: StatementLine, titles: dict[UUID, str]) -> StatementLineView:
    return StatementLineView(
        entry_id=line.entry_id,
        record_id=line.outcome_id,
        title=titles.get(line.outcome_id),
        cause=line.cause,
        revision=line.revision,
        effective_on=line.effective_on,
        recorded_at=line.recorded_at,
        credits=as_credits(line.units),
        evaluated_credits=as_credits(line.evaluated_units),
        decision=line.decision,
        reason=line.reason,
        trace=line.trace,
    )
