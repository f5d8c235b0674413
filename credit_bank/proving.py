"""Is a worker's ledger plainly right? Proved from bare rows, in one walk along the chain.

What cannot be proved here is not wrong yet: whoever asks then looks closely with
``auditing.audit``, which finds out what it is and names it. So this knows only what is
usual, is strict, and is quick: rows are written once more and compared with the hashed
bytes, and what the rules give is written out as the explanation that must stand there.
Cases, reversals and rules that were replaced are always looked at closely. Pure.
"""

from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from threading import local

from pydantic import ValidationError

from credit_bank.bare_rows import BareRows, Row
from credit_bank.chain import GENESIS
from credit_bank.conversion import evaluate_again
from credit_bank.lots import GRANTING
from credit_bank.measured import Unusual
from credit_bank.readings import Reading, Readings, must_be_ids, plain
from credit_bank.retelling import is_told_rightly
from credit_bank.rewriting import AFTER_TRACE, before_trace, trace_in
from credit_bank.rulebook import RuleBook
from credit_bank.rulings import Rulings
from schemas.credits import Trace
from schemas.vocabulary import Account, Act, Cause, Decision, Family

_LINK = b"skills-archive/link/1\0"
_KINDS = {kind: kind.encode().ljust(16, b"\0") for kind in ("outcome", "entry", "record", "worker")}
"""Kinds of links that are hashed here; a dossier with any other is looked at closely."""
_GRANTING = frozenset(family.value for family in GRANTING)
_KNOWN = _GRANTING | {Family.SHELF_LIFE.value}
_AVAILABLE = Account.AVAILABLE.value


class WrittenLaw:
    """The rules, and what was read and decided by them before: keep it as long as they count."""

    def __init__(self, rules: RuleBook) -> None:
        """Take the rules as they are published."""
        self.rules = rules
        self.readings = Readings()
        self.rulings = Rulings(rules)

    @cached_property
    def ended(self) -> frozenset[str]:
        """Rules that others replaced or repealed: in force once, and not on the same days now."""
        replaced = {one.rule.replaces for one in self.rules.rules if one.rule.replaces}
        return frozenset(replaced | {one.repeals for one in self.rules.repeals})


def written_law(rules: RuleBook) -> WrittenLaw:
    """Return the law of a rule book: the one that this thread used last, if it is the same."""
    newest: WrittenLaw | None = getattr(_NEWEST, "law", None)
    if newest is None or newest.rules is not rules:
        newest = _NEWEST.law = WrittenLaw(rules)
    return newest


_NEWEST = local()


def is_plainly_right(worker_id: str, rows: BareRows, law: WrittenLaw) -> bool:
    """Whether every invariant of a worker's ledger is proved; False asks for a closer look."""
    if rows.cases:
        return False
    walk = _Walk(worker_id, rows, law)
    try:
        walk.along_the_chain()
        walk.close()
    except (ValidationError, ValueError, KeyError, IndexError, TypeError):
        return False
    return True


_Entry = tuple[Row, bytes, bytes]
"""A row, what its link's bytes must say before the explanation, and these bytes."""


class _Walk:
    """What was met on the way along one dossier's chain."""

    def __init__(self, worker_id: str, rows: BareRows, law: WrittenLaw) -> None:
        self._worker = bytes.fromhex(worker_id)
        self._rows, self._law = rows, law
        self._live: dict[str, Reading] = {}
        self._versions: dict[str, list[bytes]] = {}
        self._deposits: set[str] = set()
        self._series: dict[tuple[str, str], list[_Entry]] = {}
        self._accounts: dict[str, int] = {}
        self._lots: dict[str, dict[str, int]] = {}
        self._lot_of: dict[str, tuple[str, str]] = {}
        self._postings: dict[str, list[Row]] = {}
        for posting in rows.postings:
            self._postings.setdefault(posting[1], []).append(posting)

    def along_the_chain(self) -> None:
        """Hash every link, and compare each row with its link's bytes."""
        rows, previous, whose = self._rows, GENESIS, self._worker
        outcomes = {row[1]: row for row in rows.outcomes}
        entries = {row[1]: row for row in rows.entries}
        for place, (_, sequence, kind, subject, body, stored) in enumerate(rows.links, 1):
            own = bytes.fromhex(subject)
            told = (_LINK, previous, whose, place.to_bytes(8), _KINDS[kind], own, body)
            previous = sha256(b"".join(told)).digest()
            if previous != stored or sequence != place or own.hex() != subject:
                raise Unusual
            if kind == "entry":
                self._entry(entries.pop(subject), body)
            elif kind == "outcome":
                self._outcome(outcomes.pop(subject), body)
        if outcomes or entries or rows.head != (len(rows.links), previous):
            raise Unusual

    def _outcome(self, row: Row, body: bytes) -> None:
        own, act, lineage, target = row[1:5]
        reading = self._law.readings.of(row, body)
        if lineage == own:
            if target or lineage in self._versions:
                raise Unusual
            self._versions[lineage] = [reading.content]
        else:
            if target not in self._deposits:
                raise Unusual
            self._versions[lineage].append(reading.content)
            self._live.pop(lineage, None)
        self._deposits.add(own)
        if act != Act.WITHDRAW:
            self._live[lineage] = reading

    def _entry(self, row: Row, body: bytes) -> None:
        own, evaluated, family, lineage, revision = row[1], row[6], row[7], row[8], row[14]
        if row[2] or row[13] or family not in _KNOWN:  # A case, a reversal.
            raise Unusual
        postings = self._postings.pop(own, ())
        if sha256(body).digest() != row[16]:
            raise Unusual
        begin = before_trace(row, postings, self._law.readings)
        series = self._series.get((lineage, family))
        if series is None:
            series, before = self._series.setdefault((lineage, family), []), 0
        else:
            before = series[-1][0][6]
        if revision != len(series) or not self._adds_up(row, postings, evaluated - before):
            raise Unusual
        series.append((row, begin, body))

    def _adds_up(self, row: Row, postings: Sequence[Row], difference: int) -> bool:
        """Whether an entry's postings are what its figures say, within one lot of its own."""
        cause, family, lineage, posted = row[3], row[7], row[8], row[9]
        usable = total = 0
        whose: tuple[str, str] | None = None
        for _, _, posting, account, lot, units in postings:
            if posting == lot:
                if account != _AVAILABLE or lot in self._lots:
                    return False
                self._lot_of[lot], self._lots[lot] = (lineage, family), {}
            in_lot = self._lots[lot]
            in_lot[account] = in_lot.get(account, 0) + units
            self._accounts[account] = self._accounts.get(account, 0) + units
            total += units
            usable += units if account == _AVAILABLE else 0
            whose = self._lot_of[lot]
            if whose[0] != lineage:
                return False
        if family in _GRANTING:
            is_own = cause == Cause.GRANT and whose in (None, (lineage, family))
            return is_own and not total and posted == usable == difference
        return cause == Cause.EXPIRY and not total and posted == usable == -difference

    def close(self) -> None:
        """Prove what can be told only of the whole: balances, lots, and what the rules give."""
        if self._postings or self._accounts.get(Account.OWED):
            raise Unusual
        must_be_ids([posting[2] for posting in self._rows.postings])
        for units in (self._accounts, *self._lots.values()):
            for account, sum_of in units.items():
                if sum_of * _SIGN[account] < 0:
                    raise Unusual
        if any(sum(units.values()) for units in self._lots.values()):
            raise Unusual
        self._judge()
        for entries in self._series.values():
            for row, begin, body in entries:
                self._evaluate(row, trace_in(body, begin))

    def _judge(self) -> None:
        """Judge the live outcomes anew; the newest explanation of each must say just that."""
        judged = set()
        for lineage, family, booked, explanation in self._law.rulings.judged(self._live.values()):
            entries = self._series[lineage, family]
            row, begin, body = entries[-1]
            if booked != (row[4], row[5], row[6], row[10], row[15]):
                raise Unusual
            judged.add((lineage, family))
            if body == begin + explanation + AFTER_TRACE:
                entries.pop()  # Nothing is left to be evaluated.
        for key, entries in self._series.items():  # Nothing else gives anything any more.
            if key not in judged and key[1] in _GRANTING and entries[-1][0][6]:
                raise Unusual

    def _evaluate(self, row: Row, told: bytes) -> None:
        """Evaluate an explanation that is not just what judging anew gives."""
        day, evaluated, family, lineage, posted, reason = row[5:11]
        version = row[15]
        plain(row[4] + reason)
        trace, rules = Trace.model_validate_json(told), self._law.rules
        published = rules.of_version(version) if version else None
        if (
            (trace.family, trace.day.isoformat(), trace.version) != (family, day, version)
            or _outcome_in(told) not in self._versions[lineage]
            or evaluate_again(trace, rules) != evaluated
            or not is_told_rightly(trace, reason, abs(posted), rules)
        ):
            raise Unusual
        if version is None:
            is_open = row[4] == Decision.UNDECIDED
            if is_open and rules.in_force(trace.family, trace.day):
                raise Unusual
        elif (
            published is None
            or published.rule.family is not trace.family
            or published.rule.id in self._law.ended
            or not published.is_in_force(trace.outcome.effective_on)
        ):
            raise Unusual


_SIGN = {
    account.value: -1 if account in (Account.ISSUED, Account.OWED) else 1 for account in Account
}
"""What an account may hold at most of: below zero, or above."""


def _outcome_in(told: bytes) -> bytes:
    """Return the bytes of the outcome that an explanation is about."""
    begin = told.index(_BEFORE_OUTCOME) + len(_BEFORE_OUTCOME)
    return told[begin : told.index(_AFTER_OUTCOME, begin)]


_BEFORE_OUTCOME, _AFTER_OUTCOME = b',"outcome":', b',"rule":'
