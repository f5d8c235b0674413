"""A worker's credit account as people and programs read it, line by line, each with its why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.appeal_refusals import AppealWithoutRuleError
from archive.dossiers.appealed import appeal_rule, filings, line_of
from archive.dossiers.appeals import APPEALABLE
from archive.dossiers.earned import expiring, read_as_people_do
from archive.errors import ErasedError
from archive.people.models import Worker
from credit_bank import bank
from credit_bank.families import AppealRule
from credit_bank.publishing import rule_book
from credit_bank.rulebook import RuleBook
from schemas.credits import StatementLine, as_credits
from schemas.outputs import StatementLineView, StatementView

LINES_A_PART = 50
_DAYS_A_WORKING_DAY = 4
"""No run of working days is so thinned out by holidays: older lines need no calendar."""


@dataclass(frozen=True, slots=True)
class _Clock:
    """Until when lines can be appealed against, and which were."""

    rule: AppealRule | None
    rules: RuleBook
    today: date
    zone: ZoneInfo
    filed: dict[UUID, UUID]

    def until(self, line: StatementLine) -> date | None:
        """Return the last day for an appeal; None when there is none, or it is over."""
        if self.rule is None or line.cause not in APPEALABLE:
            return None
        told_on = line.recorded_at.astimezone(self.zone).date()
        longest = timedelta(days=_DAYS_A_WORKING_DAY * self.rule.file_within_days)
        if told_on + longest < self.today:
            return None
        last = self.rule.file_until(told_on, self.rules.calendar).day
        return last if self.today <= last else None


def statement_of(  # Whose, as of when, as known when, whose days.
    session: Session,
    worker: Worker,
    *,
    as_of: date | None,
    known_on: date | None,
    today: date,
    zone: ZoneInfo,
    part: int | UUID | None = None,
) -> StatementView:
    """Return the account as of a day, as it was known at the end of a local day.

    ``part`` tells only so many lines as a page shows: 1 the newest ones, beyond the last the
    last; or those around the entry that it names.
    """
    found = bank.statement(
        session,
        worker.worker_id,
        as_of=as_of,
        known_at=_end_of(known_on, zone) if known_on else None,
    )
    titles = _titles(session, worker.worker_id, today)
    rules = rule_book(session)
    clock = _clock(session, worker.worker_id, rules, today, zone)
    is_of_today = as_of is None and known_on is None
    parts = max(1, -(-len(found.lines) // LINES_A_PART))
    shown = _part_with(found.lines, part) if isinstance(part, UUID) else part and min(part, parts)
    return StatementView(
        archive_number=worker.archive_number,
        as_of=as_of,
        known_on=known_on,
        balances={account: as_credits(units) for account, units in found.accounts.items()},
        units=found.accounts,
        lines=tuple(_line(line, titles, clock) for line in _part_of(found.lines, shown)),
        count=len(found.lines),
        part=shown,
        parts=parts,
        expiring=expiring(found.lines, titles, rules, today=today, zone=zone)
        if is_of_today
        else (),
    )


def _part_with(lines: Sequence[StatementLine], entry_id: UUID) -> int:
    """Return the part that shows an entry; the newest when it is in none."""
    newest_first = enumerate(reversed(lines))
    return next((at // LINES_A_PART + 1 for at, one in newest_first if one.entry_id == entry_id), 1)


def _part_of(lines: Sequence[StatementLine], part: int | None) -> Sequence[StatementLine]:
    if part is None:
        return lines
    end = len(lines) - (part - 1) * LINES_A_PART
    return lines[max(0, end - LINES_A_PART) : end]


def _clock(
    session: Session, worker_id: UUID, rules: RuleBook, today: date, zone: ZoneInfo
) -> _Clock:
    try:
        rule = appeal_rule(rules, today)
    except AppealWithoutRuleError:
        rule = None
    filed = {line_of(opening): opening.case_id for opening in filings(session, worker_id)}
    return _Clock(rule, rules, today, zone, filed)


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


def _line(line: StatementLine, titles: dict[UUID, str], clock: _Clock) -> StatementLineView:
    version = line.trace.version
    published = clock.rules.of_version(version) if version else None
    rule = published.rule if published else None
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
        moves={
            account: as_credits(units) for account, units in read_as_people_do(line.moves).items()
        },
        decision=line.decision,
        reason=line.reason,
        trace=line.trace,
        rule_title=rule.title if rule else None,
        clause=rule.clause if rule else None,
        appeal_until=clock.until(line),
        appeal_id=clock.filed.get(line.entry_id),
    )
