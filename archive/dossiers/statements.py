"""A worker's credit account as programs and officials read it, entry by entry."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.errors import ErasedError
from archive.people.models import Worker
from credit_bank import bank
from schemas.credits import StatementLine, as_credits
from schemas.outputs import StatementLineView, StatementView


def statement_of(  # Whose, as of when, as known when, whose days.
    session: Session,
    worker: Worker,
    *,
    as_of: date | None,
    known_on: date | None,
    today: date,
    zone: ZoneInfo,
) -> StatementView:
    """Return the account as of a day, as it was known at the end of a local day."""
    found = bank.statement(
        session,
        worker.worker_id,
        as_of=as_of,
        known_at=_end_of(known_on, zone) if known_on else None,
    )
    titles = _titles(session, worker.worker_id, today)
    return StatementView(
        archive_number=worker.archive_number,
        as_of=as_of,
        known_on=known_on,
        balances={account: as_credits(units) for account, units in found.accounts.items()},
        units=found.accounts,
        lines=tuple(_line(line, titles) for line in found.lines),
    )


def _titles(session: Session, worker_id: UUID, today: date) -> dict[UUID, str]:
    """Return what each record is called; nothing of a person whose data were erased."""
    try:
        dossier = reading.dossier(session, worker_id, today=today)
    except ErasedError:
        return {}
    return {record.id: record.title for record in dossier.records}


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last moment of a local day; what is recorded later is not known on it."""
    begin_of_next = datetime.combine(day + timedelta(days=1), time(), zone)
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
