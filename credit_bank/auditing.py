"""Are a worker's accounts right? Checks the invariants of the credit bank one by one. Pure.

The names I1 to I14 are those of docs/operations.md and of the audit's report. I6 (the order
of arrival does not matter) and I11 (what is refused changes nothing) cannot be seen in rows;
the tests hold them. What is nobody's own, as the rules and the agreements between
organisations (I10), is checked in ``auditing_law``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from pydantic import ValidationError

from credit_bank.audited import Audited, Law
from credit_bank.cases import Case, verdicts_of
from credit_bank.checking import Rows, check_chain, check_ledger
from credit_bank.conversion import evaluate_again, judge_all
from credit_bank.errors import CaseActRefusedError
from credit_bank.levelling import levels_that_differ
from credit_bank.lots import GRANTING
from credit_bank.models import Entry, Posting
from credit_bank.retelling import is_told_rightly
from credit_bank.rulebook import RuleBook
from schemas.credits import Trace
from schemas.vocabulary import Account, CaseAct, CaseKind, Cause, Decision, Family

BROKEN = {
    "I1": "The postings of an entry, or of the worker, do not sum to zero.",
    "I2": "An account is below zero, or credits are owed while others are available.",
    "I3": "The revisions of an outcome under a family have a gap, or do not add up.",
    "I4": "The entry does not name the rule that was in force on its day.",
    "I5": "Judging the outcomes anew gives another result than the ledger holds.",
    "I7": "The certificates of an occupation do not bring what its highest level gives.",
    "I8": "More units of a lot were used than it was granted, or others than a case asked for.",
    "I9": "The stored explanation does not give the units that were booked.",
    "I10": "Agreements in force on one day gain credits round a circle.",
    "I12": "What was issued is not where it must be.",
    "I13": "An entry is reversed twice, or as of a day before its own.",
    "I14": "The chain of the dossier does not verify, or a row differs from it.",
}
"""Every finding and its sentence, so that a test can see that each is translated."""


class Finding(NamedTuple):
    """An invariant that does not hold, and the row that shows it."""

    invariant: str
    row_id: UUID | None = None
    rule: str | None = None
    """The rule that is meant, where no row of a worker is."""


def audit(rows: Rows, rules: RuleBook, published_at: Mapping[str, datetime]) -> list[Finding]:
    """Return every invariant that does not hold for one worker, and where.

    ``published_at`` tells when each rule was published, by id: an entry must name the rule
    that counted as it was known when the entry was booked.
    """
    broken = check_chain(rows) + check_ledger(rows)
    if broken:  # What the rows say cannot be trusted, so nothing else is read from them.
        return [Finding("I14", fault.row_id) for fault in broken]
    try:
        audited = Audited(rows, Law(rules, published_at))
    except (ValidationError, CaseActRefusedError):  # It says what nobody could have written.
        return [Finding("I14")]
    return [finding for check in _CHECKS for finding in check(audited)]


def _sums_are_zero(audited: Audited) -> Iterator[Finding]:
    for entry in audited.rows.entries:
        if audited.moved(entry, list(Account)):
            yield Finding("I1", entry.id)
    if sum(audited.accounts.values()):
        yield Finding("I1")


def _nothing_is_negative(audited: Audited) -> Iterator[Finding]:
    for lot_id, units in [(None, audited.accounts), *audited.lots.items()]:
        negative = any(units[one] < 0 for one in Account if one not in _NEGATIVE)
        if negative or any(units[one] > 0 for one in _NEGATIVE):
            yield Finding("I2", lot_id)
    if audited.accounts[Account.OWED] and audited.accounts[Account.AVAILABLE]:
        yield Finding("I2")


def _series_have_no_gap(audited: Audited) -> Iterator[Finding]:
    for entries in audited.series.values():
        for place, entry in enumerate(entries):
            before = entries[place - 1].evaluated_units if place else 0
            came = -audited.moved(entry, (Account.AVAILABLE, Account.OWED))
            if entry.family in GRANTING:
                came = entry.posted_units
            usable = audited.moved(entry, (Account.AVAILABLE,))
            adds_up = entry.evaluated_units - before == came and entry.posted_units == usable
            if entry.revision != place or not adds_up:
                yield Finding("I3", entry.id)


def _rules_were_in_force(audited: Audited) -> Iterator[Finding]:
    for entry in audited.rows.entries:
        if entry.rule_version is None:
            undecided = entry.decision is Decision.UNDECIDED and entry.cause is Cause.GRANT
            if undecided and audited.rules.in_force(entry.family, entry.effective_on):
                yield Finding("I4", entry.id)
            continue
        published = audited.rules.of_version(entry.rule_version)
        day = entry.effective_on
        if entry.family in (*GRANTING, Family.SHELF_LIFE) and entry.id in audited.traces:
            day = audited.traces[entry.id].outcome.effective_on
        if (
            published is None
            or published.rule.family is not entry.family
            or not audited.law.was_in_force(published, day, entry.recorded_at)
        ):
            yield Finding("I4", entry.id)


def _judged_anew_it_is_the_same(audited: Audited) -> Iterator[Finding]:
    verdicts = verdicts_of(audited.cases.values())
    judged = {
        (one.outcome.id, one.family): one
        for one in judge_all(audited.live.values(), audited.rules, verdicts=verdicts)
    }
    for key, entries in audited.series.items():
        newest = entries[-1]
        if newest.family not in GRANTING:
            continue
        now = judged.pop(key, None)
        units = now.result.units if now else 0
        reason = now.result.reason if now else newest.reason
        if (newest.evaluated_units, newest.reason) != (units, reason):
            yield Finding("I5", newest.id)
    for outcome_id, _ in judged:
        yield Finding("I5", outcome_id)


def _levels_bring_what_the_table_says(audited: Audited) -> Iterator[Finding]:
    """Read from the live totals, not from what judging anew would give."""
    totals = [
        (outcome, entries[-1].evaluated_units)
        for outcome in audited.live.values()
        if (entries := audited.series.get((outcome.id, Family.CERTIFICATE)))
    ]
    for _ in levels_that_differ(totals, audited.rules):
        yield Finding("I7")


def _no_unit_is_used_twice(audited: Audited) -> Iterator[Finding]:
    """No lot gives more than it has, to nobody else's entry, and to no case more than it asked."""
    for lot_id, units in audited.lots.items():
        if sum(units.values()):
            yield Finding("I8", lot_id)
    outcome_of = {entry.id: entry.outcome_id for entry in audited.rows.entries}
    owner = {one.lot_id: outcome_of[one.entry_id] for one in audited.rows.postings if _opens(one)}
    for posting in audited.rows.postings:
        if owner.get(posting.lot_id) != outcome_of[posting.entry_id]:
            yield Finding("I8", posting.id)
    used: dict[UUID | None, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
    for entry in audited.rows.entries:
        if entry.family is Family.REDEMPTION:
            for one in audited.postings[entry.id]:
                used[entry.case_id][one.account] += one.units
    for case in audited.cases.values():
        units = used.pop(case.id, {})
        if case.kind is CaseKind.REDEMPTION and _due(case) != (
            units.get(Account.HELD, 0),
            units.get(Account.REDEEMED, 0),
        ):
            yield Finding("I8", case.id)
    yield from (Finding("I8", case_id) for case_id in used)


def _opens(posting: Posting) -> bool:
    return posting.id == posting.lot_id


def _due(case: Case) -> tuple[int, int]:
    """Return the units that a redemption must hold, and those that it must have consumed."""
    asked = sum(pick.units for pick in case.picks)
    match case.last:
        case CaseAct.OPEN:
            return asked, 0
        case CaseAct.ACCEPT:
            return 0, asked
        case _:
            return 0, 0


def _explanations_give_what_was_booked(audited: Audited) -> Iterator[Finding]:
    for entry in audited.rows.entries:
        trace = audited.traces.get(entry.id)
        try:
            is_true = trace is not None and _is_true(entry, trace, audited)
        except (KeyError, ValueError):  # It lacks what would be needed to evaluate it.
            is_true = False
        if not is_true:
            yield Finding("I9", entry.id)


def _is_true(entry: Entry, trace: Trace, audited: Audited) -> bool:
    told = (trace.family, trace.version, trace.day)
    moved = max((one.units for one in audited.postings[entry.id]), default=0)
    return (
        told == (entry.family, entry.rule_version, entry.effective_on)
        and trace.outcome in audited.versions[entry.outcome_id]
        and evaluate_again(trace, audited.rules) == entry.evaluated_units
        and is_told_rightly(trace, entry.reason, moved, audited.rules)
    )


def _issued_is_somewhere(audited: Audited) -> Iterator[Finding]:
    there = sum(audited.accounts[one] for one in Account if one not in _NEGATIVE)
    if -audited.accounts[Account.ISSUED] != there + audited.accounts[Account.OWED]:
        yield Finding("I12")


def _reversals_are_once_and_later(audited: Audited) -> Iterator[Finding]:
    by_id = {entry.id: entry for entry in audited.rows.entries}
    seen: set[UUID] = set()
    for entry in audited.rows.entries:
        if entry.reverses_id is None:
            continue
        original = by_id.get(entry.reverses_id)
        if (
            original is None
            or original.id in seen
            or entry.effective_on < original.effective_on
            or entry.recorded_at < original.recorded_at
        ):
            yield Finding("I13", entry.id)
        seen.add(entry.reverses_id)


_NEGATIVE = frozenset({Account.ISSUED, Account.OWED})

_CHECKS: tuple[Callable[[Audited], Iterator[Finding]], ...] = (
    _sums_are_zero,
    _nothing_is_negative,
    _series_have_no_gap,
    _rules_were_in_force,
    _judged_anew_it_is_the_same,
    _levels_bring_what_the_table_says,
    _no_unit_is_used_twice,
    _explanations_give_what_was_booked,
    _issued_is_somewhere,
    _reversals_are_once_and_later,
)
