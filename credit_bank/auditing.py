"""Are a worker's accounts right? Checks the invariants of the credit bank one by one. Pure.

The names I1 to I14 are those of docs/decisions and of the audit's report. I6 (the order of
arrival does not matter) and I11 (what is refused changes nothing) cannot be seen in rows;
the tests hold them. I10 (no gaining circle of agreements) is no worker's and is checked
once for all.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from credit_bank.checking import Rows, check_chain, check_ledger
from credit_bank.conversion import evaluate_again, judge_all
from credit_bank.lots import GRANTING
from credit_bank.models import Entry, Posting
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.traces import outcome_in, trace_in
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, Account, Act, Cause, Decision, Family

BROKEN = {
    "I1": "The postings of an entry, or of the worker, do not sum to zero.",
    "I2": "An account is below zero, or credits are owed while others are available.",
    "I3": "The revisions of an outcome under a family have a gap, or do not add up.",
    "I4": "The entry does not name the rule that was in force on its day.",
    "I5": "Judging the outcomes anew gives another result than the ledger holds.",
    "I7": "The certificates of an occupation do not bring what its highest level gives.",
    "I8": "More units of a lot were used than it was granted.",
    "I9": "The stored explanation does not give the units that were booked.",
    "I12": "What was issued is not where it must be.",
    "I13": "An entry is reversed twice, or as of a day before its own.",
    "I14": "The chain of the dossier does not verify, or a row differs from it.",
}
"""Every finding and its sentence, so that a test can see that each is translated."""


class Finding(NamedTuple):
    """An invariant that does not hold, and the row that shows it."""

    invariant: str
    row_id: UUID | None = None


class _Book:
    """What the checks read, sorted once."""

    def __init__(self, rows: Rows, rules: RuleBook, published_at: Mapping[str, datetime]) -> None:
        self.rows, self.rules = rows, rules
        self._published_at = published_at
        self._enders: dict[str, list[tuple[str, date]]] = defaultdict(list)
        for published in rules.rules:
            if published.rule.replaces:
                ender = (published.rule.id, published.rule.in_force_from)
                self._enders[published.rule.replaces].append(ender)
        for repeal in rules.repeals:
            self._enders[repeal.repeals].append((repeal.id, repeal.in_force_from))
        bodies = {link.subject_id: link.body for link in rows.links}
        self.bodies: Mapping[UUID, bytes] = bodies
        self.postings: dict[UUID, list[Posting]] = defaultdict(list)
        self.accounts: dict[Account, int] = defaultdict(int)
        self.lots: dict[UUID, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
        for posting in rows.postings:
            self.postings[posting.entry_id].append(posting)
            self.accounts[posting.account] += posting.units
            self.lots[posting.lot_id][posting.account] += posting.units
        self.series: dict[tuple[UUID, Family], list[Entry]] = defaultdict(list)
        for entry in sorted(rows.entries, key=lambda one: one.revision):
            self.series[entry.outcome_id, entry.family].append(entry)
        places = {link.subject_id: link.sequence for link in rows.links}
        self.live: dict[UUID, LearningOutcome] = {}
        for outcome in sorted(rows.outcomes, key=lambda one: places.get(one.id, 0)):
            self.live.pop(outcome.lineage_id, None)
            if outcome.act is not Act.WITHDRAW and outcome.id in bodies:
                self.live[outcome.lineage_id] = outcome_in(bodies[outcome.id])

    def was_in_force(self, published: PublishedRule, day: date, known_at: datetime) -> bool:
        """Whether a rule counted on ``day``, as far as rules were published before a moment."""
        rule = published.rule
        if not rule.in_force_from <= day <= (rule.in_force_until or date.max):
            return False
        return not any(
            begins <= day and self._published_at[ender] < known_at
            for ender, begins in self._enders[rule.id]
        )


def audit(rows: Rows, rules: RuleBook, published_at: Mapping[str, datetime]) -> list[Finding]:
    """Return every invariant that does not hold for one worker, and where.

    ``published_at`` tells when each rule was published, by id: an entry must name the rule
    that counted as it was known when the entry was booked.
    """
    broken = check_chain(rows) + check_ledger(rows)
    if broken:  # What the rows say cannot be trusted, so nothing else is read from them.
        return [Finding("I14", fault.row_id) for fault in broken]
    book = _Book(rows, rules, published_at)
    return [finding for check in _CHECKS for finding in check(book)]


def _sums_are_zero(book: _Book) -> Iterator[Finding]:
    for entry in book.rows.entries:
        if sum(posting.units for posting in book.postings[entry.id]):
            yield Finding("I1", entry.id)
    if sum(book.accounts.values()):
        yield Finding("I1")


def _nothing_is_negative(book: _Book) -> Iterator[Finding]:
    for lot_id, units in [(None, book.accounts), *book.lots.items()]:
        negative = any(units[one] < 0 for one in Account if one not in _NEGATIVE)
        if negative or any(units[one] > 0 for one in _NEGATIVE):
            yield Finding("I2", lot_id)
    if book.accounts[Account.OWED] and book.accounts[Account.AVAILABLE]:
        yield Finding("I2")


def _series_have_no_gap(book: _Book) -> Iterator[Finding]:
    for entries in book.series.values():
        for place, entry in enumerate(entries):
            before = entries[place - 1].evaluated_units if place else 0
            came = -_out_of_use(book.postings[entry.id])
            if entry.family in GRANTING:
                came = entry.posted_units
            usable = sum(
                posting.units
                for posting in book.postings[entry.id]
                if posting.account is Account.AVAILABLE
            )
            adds_up = entry.evaluated_units - before == came and entry.posted_units == usable
            if entry.revision != place or not adds_up:
                yield Finding("I3", entry.id)


def _rules_were_in_force(book: _Book) -> Iterator[Finding]:
    for entry in book.rows.entries:
        if entry.rule_version is None:
            undecided = entry.decision is Decision.UNDECIDED and entry.cause is Cause.GRANT
            if undecided and book.rules.in_force(entry.family, entry.effective_on):
                yield Finding("I4", entry.id)
            continue
        published = book.rules.of_version(entry.rule_version)
        day = trace_in(book.bodies[entry.id]).outcome.effective_on
        if entry.family not in (*GRANTING, Family.SHELF_LIFE):
            day = entry.effective_on
        if published is None or not book.was_in_force(published, day, entry.recorded_at):
            yield Finding("I4", entry.id)


def _judged_anew_it_is_the_same(book: _Book) -> Iterator[Finding]:
    judged = {
        (one.outcome.id, one.family): one for one in judge_all(book.live.values(), book.rules)
    }
    for key, entries in book.series.items():
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


def _levels_bring_what_the_table_says(book: _Book) -> Iterator[Finding]:
    """Read from the live totals: the sum of an occupation is the table's of one of its ranks."""
    sums: dict[str, int] = defaultdict(int)
    tables: dict[str, set[int]] = defaultdict(set)
    for outcome in book.live.values():
        measures = outcome.measures
        entries = book.series.get((outcome.id, Family.CERTIFICATE))
        if not isinstance(measures, CertificateMeasures) or not entries:
            continue
        if measures.instrument not in LEVEL_GIVING or outcome.occupation is None:
            continue
        sums[outcome.occupation] += entries[-1].evaluated_units
        tables[outcome.occupation].add(_of_table(book.rules, outcome))
    for occupation, units in sums.items():
        if units != max(tables[occupation]):
            yield Finding("I7")


def _of_table(rules: RuleBook, outcome: LearningOutcome) -> int:
    published = rules.in_force(Family.CERTIFICATE, outcome.effective_on)
    table = getattr(published.rule, "by_rank", {}) if published else {}
    return int(table.get(outcome.rank, 0))


def _no_unit_is_used_twice(book: _Book) -> Iterator[Finding]:
    for lot_id, units in book.lots.items():
        if sum(units.values()):
            yield Finding("I8", lot_id)


def _explanations_give_what_was_booked(book: _Book) -> Iterator[Finding]:
    for entry in book.rows.entries:
        if evaluate_again(trace_in(book.bodies[entry.id]), book.rules) != entry.evaluated_units:
            yield Finding("I9", entry.id)


def _issued_is_somewhere(book: _Book) -> Iterator[Finding]:
    there = sum(book.accounts[one] for one in Account if one not in _NEGATIVE)
    if -book.accounts[Account.ISSUED] != there + book.accounts[Account.OWED]:
        yield Finding("I12")


def _reversals_are_once_and_later(book: _Book) -> Iterator[Finding]:
    by_id = {entry.id: entry for entry in book.rows.entries}
    seen: set[UUID] = set()
    for entry in book.rows.entries:
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


def _out_of_use(postings: Sequence[Posting]) -> int:
    used = (Account.AVAILABLE, Account.OWED)
    return sum(posting.units for posting in postings if posting.account in used)


_NEGATIVE = frozenset({Account.ISSUED, Account.OWED})

_CHECKS: tuple[Callable[[_Book], Iterator[Finding]], ...] = (
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
