"""What became of each record's credits, told from the lines of a statement. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta, tzinfo
from uuid import UUID

from credit_bank.expiring import last_day_of
from credit_bank.families import ShelfLifeRule
from credit_bank.rulebook import RuleBook
from schemas.credits import StatementLine, as_credits
from schemas.dossiers import CreditMove, CreditView, ExpiringView
from schemas.vocabulary import Account, Cause, Family

_NEGATIVE = frozenset({Account.ISSUED, Account.OWED})
"""Counter-accounts whose sums are stored negative and read positive."""


def read_as_people_do(units: Mapping[Account, int]) -> dict[Account, int]:
    """Return units by account without those that hold none, counter-accounts positive."""
    return {
        account: -units[account] if account in _NEGATIVE else units[account]
        for account in Account
        if units.get(account)
    }


def credit_views(lines: Sequence[StatementLine]) -> dict[UUID, CreditView]:
    """Return what each record earned by the rules here, and where all its credits are.

    What an agreement recognised of it, ``recognised_views`` tells; both share the accounts.
    """
    accounts: dict[UUID, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    moves: dict[UUID, list[CreditMove]] = defaultdict(list)
    for line in lines:
        for account, units in line.moves.items():
            accounts[line.outcome_id][account] += units
        if line.cause is not Cause.GRANT:
            moves[line.outcome_id].append(_move(line))
    return {
        outcome_id: CreditView(
            decision=line.decision,
            reason=line.reason,
            credits=as_credits(line.evaluated_units),
            expired=as_credits(accounts[outcome_id][Account.EXPIRED]),
            accounts={
                account: as_credits(units)
                for account, units in read_as_people_do(accounts[outcome_id]).items()
                if account is not Account.ISSUED
            },
            moves=tuple(moves[outcome_id]),
            trace=line.trace,
        )
        for outcome_id, line in _newest(lines, by_agreement=False).items()
    }


def recognised_views(lines: Sequence[StatementLine]) -> dict[UUID, CreditView]:
    """Return what agreements recognised of each record, as of the newest revision."""
    return {
        outcome_id: CreditView(
            decision=line.decision,
            reason=line.reason,
            credits=as_credits(line.evaluated_units),
            expired=as_credits(0),
            trace=line.trace,
        )
        for outcome_id, line in _newest(lines, by_agreement=True).items()
    }


def _newest(lines: Sequence[StatementLine], *, by_agreement: bool) -> dict[UUID, StatementLine]:
    """Return the newest grant of each record, by agreements or by the rules here."""
    return {
        line.outcome_id: line
        for line in lines
        if line.cause is Cause.GRANT and (line.family is Family.AGREEMENT) is by_agreement
    }


def expiring(
    lines: Sequence[StatementLine],
    titles: Mapping[UUID, str],
    rules: RuleBook,
    *,
    today: date,
    zone: tzinfo,
) -> tuple[ExpiringView, ...]:
    """Return what can be used only until a day within the rule's notice, the earliest first.

    Days are those of ``zone``: the notice counts from the day on which units were last added.
    """
    left: dict[UUID, int] = defaultdict(int)
    granted: dict[UUID, StatementLine] = {}
    for line in lines:
        left[line.outcome_id] += line.units
        if line.cause is Cause.GRANT and line.units > 0:
            granted[line.outcome_id] = line
    found = [
        ExpiringView(
            record_id=outcome_id,
            title=titles.get(outcome_id),
            credits=as_credits(left[outcome_id]),
            last_day=last_day,
        )
        for outcome_id, line in granted.items()
        if left[outcome_id] > 0 and (last_day := _noticed(line, rules, today, zone))
    ]
    return tuple(sorted(found, key=lambda one: one.last_day))


def _noticed(line: StatementLine, rules: RuleBook, today: date, zone: tzinfo) -> date | None:
    """Return the last day of use of a grant when it is near; None when it is not."""
    outcome = line.trace.outcome
    published = rules.in_force(Family.SHELF_LIFE, outcome.effective_on)
    if published is None or not isinstance(published.rule, ShelfLifeRule):
        return None
    granted_on = line.recorded_at.astimezone(zone).date()
    last_day = last_day_of(outcome, published, granted_on)
    near = today + timedelta(days=published.rule.notice_days)
    return last_day if last_day and today <= last_day <= near else None


def _move(line: StatementLine) -> CreditMove:
    return CreditMove(
        entry_id=line.entry_id,
        effective_on=line.effective_on,
        cause=line.cause,
        reason=line.reason,
        steps=line.trace.steps,
        rule=line.trace.rule,
        source=line.trace.source,
    )
