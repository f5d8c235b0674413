"""A ledger as text in the language of Beancount, for an independent program to check. Pure.

Each worker has accounts of its own under the archive number; amounts are whole units, so
that not one of them may be missing. Each entry that moved units is a transaction of its
effective day, with the rule and the explanation beside it. What every account must hold at
the end of each year, and after the last entry, is asserted.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from credit_bank.checking import Rows
from credit_bank.models import Entry, Posting
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.traces import trace_in
from schemas.credits import UNITS_PER_CREDIT, Arithmetic, Trace
from schemas.vocabulary import Account

UNIT = "UNIT"
_DAY = timedelta(days=1)
_NAMES: Mapping[Account, tuple[str, str]] = {
    Account.AVAILABLE: ("Assets", "Available"),
    Account.HELD: ("Assets", "Held"),
    Account.PENDING: ("Assets", "Pending"),
    Account.ISSUED: ("Income", "Issued"),
    Account.REDEEMED: ("Expenses", "Redeemed"),
    Account.EXPIRED: ("Expenses", "Expired"),
    Account.REVOKED: ("Expenses", "Revoked"),
    Account.OWED: ("Liabilities", "Owed"),
}
"""The kind and the name of each account; what it is owed or was issued is negative there too."""


@dataclass(slots=True)
class Written:
    """What one worker's text holds."""

    text: str
    transactions: int
    assertions: int
    first_on: date | None
    last_on: date | None


def preamble(title: str) -> str:
    """Return what stands before all ledgers."""
    return (
        f"option {_text('title')} {_text(title)}\n"
        f"option {_text('operating_currency')} {_text(UNIT)}\n"
        f"\n1900-01-01 commodity {UNIT}\n"
        f"  units-per-credit: {UNITS_PER_CREDIT}\n"
    )


def ledger_text(archive_number: str, rows: Rows, rules: RuleBook) -> Written:
    """Return one worker's ledger; its rows are as they were hashed."""
    postings: dict[UUID, list[Posting]] = defaultdict(list)
    for posting in sorted(rows.postings, key=lambda one: one.id):
        postings[posting.entry_id].append(posting)
    bodies = {link.subject_id: link.body for link in rows.links if link.subject_kind == "entry"}
    places = {link.subject_id: link.sequence for link in rows.links}
    moving = [entry for entry in rows.entries if postings[entry.id]]
    moving.sort(key=lambda entry: (entry.effective_on, places[entry.id]))
    if not moving:
        return Written("", 0, 0, None, None)
    used = [one for one in Account if any(p.account is one for p in rows.postings)]
    first, last = moving[0].effective_on, moving[-1].effective_on
    lines = ["", f"; {archive_number}"]
    lines += [f"{first} open {_account(archive_number, one)} {UNIT}" for one in used]
    for entry in moving:
        trace = trace_in(bodies[entry.id])
        published = rules.of_version(entry.rule_version) if entry.rule_version else None
        lines += _transaction(entry, trace, published)
        lines += [line for one in postings[entry.id] for line in _posting(archive_number, one)]
    asserted = list(_balances(archive_number, moving, postings, used))
    text = "\n".join([*lines, "", *asserted, ""])
    return Written(text, len(moving), len(asserted), first, last)


def _transaction(entry: Entry, trace: Trace, published: PublishedRule | None) -> Iterator[str]:
    """Yield the head of an entry's transaction, with the rule and why."""
    yield ""
    yield (
        f"{entry.effective_on} * {_text(f'{entry.cause}: {entry.family}')} {_text(entry.reason)} "
        f"^{entry.outcome_id}"
    )
    yield f"  entry: {_text(str(entry.id))}"
    yield f"  recorded-at: {_text(entry.recorded_at.isoformat())}"
    yield f"  revision: {entry.revision}"
    yield f"  evaluated-units: {entry.evaluated_units}"
    if published is not None:
        yield f"  rule: {_text(published.rule.id)}"
        yield f"  rule-version: {_text(published.version)}"
        yield f"  rule-in-force-from: {published.rule.in_force_from}"
        yield f"  rule-source: {_text(published.rule.source)}"
    if entry.case_id is not None:
        yield f"  case: {_text(str(entry.case_id))}"
    yield f"  trace-context: {_text(json.dumps(trace.context, ensure_ascii=False))}"
    for place, step in enumerate(trace.steps, 1):
        yield f"  trace-step-{place}: {_text(_sentence(step))}"


def _sentence(step: Arithmetic) -> str:
    """Return a step in words; one whose facts do not fill it is told as it stands."""
    try:
        return step.text.format(**step.facts)
    except (LookupError, ValueError):
        return f"{step.text} {json.dumps(step.facts, ensure_ascii=False)}"


def _posting(archive_number: str, posting: Posting) -> Iterator[str]:
    yield f"  {_account(archive_number, posting.account)}  {posting.units} {UNIT}"
    yield f"    lot: {_text(str(posting.lot_id))}"


def _balances(
    archive_number: str,
    moving: list[Entry],
    postings: Mapping[UUID, list[Posting]],
    used: list[Account],
) -> Iterator[str]:
    """Yield what each account must hold when a year is over, and after the last entry."""
    held: dict[Account, int] = defaultdict(int)
    last = moving[-1].effective_on
    for place, entry in enumerate(moving):
        for posting in postings[entry.id]:
            held[posting.account] += posting.units
        following = moving[place + 1].effective_on if place + 1 < len(moving) else None
        first, until = entry.effective_on.year, following.year if following else last.year
        days = [date(year + 1, 1, 1) for year in range(first, until)]
        if following is None:
            days.append(last + _DAY)
        for day in days:
            for one in used:
                yield f"{day} balance {_account(archive_number, one)} {held[one]} {UNIT}"


def _account(archive_number: str, account: Account) -> str:
    kind, name = _NAMES[account]
    return f"{kind}:{archive_number}:{name}"


def _text(value: str) -> str:
    """Return a string as the language writes it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
