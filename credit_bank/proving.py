"""Is a worker's ledger plainly right? Proved from bare rows, in one walk along the chain.

What cannot be proved here is not wrong yet: whoever asks then looks closely with
``auditing.audit``, which finds out what it is and names it. So this knows only what is
usual, is strict, and is quick: rows are written once more and compared with the hashed
bytes, and what the rules give is written out as the explanation that must stand there.
Cases, reversals and rules that were replaced are always looked at closely. Pure.
"""

import hashlib
from collections import defaultdict
from functools import cached_property

from pydantic import ValidationError

from credit_bank.bare_rows import BareRows, Row
from credit_bank.booking import look_ups
from credit_bank.chain import GENESIS, canonical_bytes
from credit_bank.conversion import Judgement, evaluate_again, judge_all
from credit_bank.levelling import levels_that_differ
from credit_bank.lots import GRANTING
from credit_bank.retelling import is_told_as_judged
from credit_bank.rewriting import content_of, repeats, text_or_null, trace_of
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.credits import LearningOutcome, Trace
from schemas.vocabulary import Account, Act, Cause, Decision, Family

_LINK = b"skills-archive/link/1\0"
_GRANTING = frozenset(family.value for family in GRANTING)
_KNOWN = _GRANTING | {Family.SHELF_LIFE.value}
_KIND_WIDTH = 16


class _Unproved(Exception):  # noqa: N818  # No error: it only says that a closer look is needed.
    """Something is not as it usually is."""


class WrittenLaw:
    """The rules, with what is written about each in every explanation."""

    def __init__(self, rules: RuleBook) -> None:
        """Take the rules as they are published."""
        self.rules = rules
        self._sources: dict[str, tuple[str, bytes]] = {}

    @cached_property
    def ended(self) -> frozenset[str]:
        """Rules that others replaced or repealed: in force once, and not on the same days now."""
        replaced = {one.rule.replaces for one in self.rules.rules if one.rule.replaces}
        return frozenset(replaced | {one.repeals for one in self.rules.repeals})

    def told(self, published: PublishedRule | None) -> bytes:
        """Return what stands in an explanation between the outcome and its steps."""
        if published is None:
            return b',"rule":null,"source":null,"steps":'
        rule = published.rule
        if rule.id not in self._sources:
            pair = canonical_bytes({"rule": rule.id, "source": rule.source})
            self._sources[rule.id] = (published.version, b"," + pair[1:-1] + b',"steps":')
        return self._sources[rule.id][1]


def is_plainly_right(worker_id: str, rows: BareRows, law: WrittenLaw) -> bool:
    """Whether every invariant of a worker's ledger is proved; False asks for a closer look."""
    if rows.cases:
        return False
    walk = _Walk(worker_id, rows, law)
    try:
        walk.along_the_chain()
        walk.close()
    except (_Unproved, ValidationError, ValueError, KeyError, IndexError, TypeError):
        return False
    return True


class _Walk:
    """What was met on the way along one dossier's chain."""

    def __init__(self, worker_id: str, rows: BareRows, law: WrittenLaw) -> None:
        self._worker = bytes.fromhex(worker_id)
        self._rows, self._law = rows, law
        self._live: dict[str, tuple[LearningOutcome, bytes]] = {}
        self._versions: dict[str, list[bytes]] = defaultdict(list)
        self._series: dict[tuple[str, str], list[tuple[Row, bytes]]] = defaultdict(list)
        self._accounts: dict[str, int] = defaultdict(int)
        self._lots: dict[str, dict[str, int]] = {}
        self._lot_of: dict[str, tuple[str, str]] = {}

    def along_the_chain(self) -> None:
        """Hash every link, and compare each row with its link's bytes."""
        rows, previous, whose = self._rows, GENESIS, self._worker
        outcomes, entries = dict(rows.outcomes), dict(rows.entries)
        for place, (sequence, kind, subject, body, stored) in enumerate(rows.links, 1):
            begin = _LINK + previous + whose + place.to_bytes(8, "big")
            subject_bytes = bytes.fromhex(subject)
            begin += kind.encode().ljust(_KIND_WIDTH, b"\0") + subject_bytes
            previous = hashlib.sha256(begin + body).digest()
            if previous != stored or sequence != place:
                raise _Unproved
            if kind == "outcome":
                self._outcome(subject, outcomes.pop(subject), body)
            elif kind == "entry":
                self._entry(subject, entries.pop(subject), body)
            elif kind == "case":
                raise _Unproved
        if outcomes or entries or rows.head != (len(rows.links), previous):
            raise _Unproved

    def _outcome(self, own: str, row: Row, body: bytes) -> None:
        content = content_of(own, row, body)
        if content is None:
            raise _Unproved
        outcome = LearningOutcome.model_validate_json(content)
        found = {"subject_key": row[12], "course_key": row[13]}
        if not repeats(row, outcome) or look_ups(outcome) != found:
            raise _Unproved
        lineage = row[1]
        self._live.pop(lineage, None)
        if row[0] != Act.WITHDRAW:
            self._live[lineage] = (outcome, content)
        self._versions[lineage].append(content)

    def _entry(self, own: str, row: Row, body: bytes) -> None:
        evaluated, family, lineage, revision = row[4], row[5], row[6], row[12]
        if row[0] or row[11] or family not in _KNOWN:  # A case, a reversal.
            raise _Unproved
        postings = self._rows.postings.pop(own, [])
        trace = trace_of(own, row, postings, body)
        series = self._series[lineage, family]
        before = series[-1][0][4] if series else 0
        if (
            trace is None
            or revision != len(series)
            or not self._adds_up(row, postings, evaluated - before)
        ):
            raise _Unproved
        series.append((row, trace))

    def _adds_up(self, row: Row, postings: list[Row], difference: int) -> bool:
        """Whether an entry's postings are what its figures say, within one lot of its own."""
        _, cause, _, _, _, family, lineage, posted = row[:8]
        usable = total = 0
        whose: tuple[str, str] | None = None
        for posting, account, lot, units in postings:
            if posting == lot:
                if account != Account.AVAILABLE or lot in self._lots:
                    return False
                self._lot_of[lot], self._lots[lot] = (lineage, family), defaultdict(int)
            self._lots[lot][account] += units
            self._accounts[account] += units
            total += units
            usable += units if account == Account.AVAILABLE else 0
            whose = self._lot_of[lot]
            if whose[0] != lineage:
                return False
        if family in _GRANTING:
            is_own = cause == Cause.GRANT and whose in (None, (lineage, family))
            return is_own and not total and posted == usable == difference
        return cause == Cause.EXPIRY and not total and posted == usable == -difference

    def close(self) -> None:
        """Prove what can be told only of the whole: balances, lots, and what the rules give."""
        if any(self._rows.postings.values()):
            raise _Unproved
        for units in (self._accounts, *self._lots.values()):
            for account, sum_of in units.items():
                if (sum_of > 0) if account in _NEGATIVE else (sum_of < 0):
                    raise _Unproved
        if any(sum(units.values()) for units in self._lots.values()):
            raise _Unproved
        if self._accounts.get(Account.OWED):
            raise _Unproved
        self._judge()
        for entries in self._series.values():
            for row, trace in entries:
                self._evaluate(row, trace)

    def _judge(self) -> None:
        """Judge the live outcomes anew; the newest explanation of each must say just that."""
        judged = judge_all([outcome for outcome, _ in self._live.values()], self._law.rules)
        for one in judged:
            lineage, result = one.outcome.id.hex, one.result
            entries = self._series[lineage, one.family.value]
            row, trace = entries[-1]
            day = one.outcome.effective_on.isoformat()
            booked = (row[2], row[3], row[4], row[8], row[13])
            if booked != (result.decision, day, result.units, result.reason, one.version):
                raise _Unproved
            if trace == self._explanation(one, self._live[lineage][1]):
                entries.pop()  # Nothing is left to be evaluated.
        totals = (
            (one.outcome, one.result.units) for one in judged if one.family is Family.CERTIFICATE
        )
        if any(levels_that_differ(totals, self._law.rules)):
            raise _Unproved
        self._nothing_else_gives({(one.outcome.id.hex, one.family.value) for one in judged})

    def _explanation(self, one: Judgement, content: bytes) -> bytes:
        """Return the bytes of the explanation that a judgement must have."""
        steps = [{"facts": step.facts, "text": step.text} for step in one.result.steps]
        return (
            b'{"context":'
            + canonical_bytes(one.context)
            + f',"day":"{one.outcome.effective_on}","family":"{one.family}","outcome":'.encode()
            + content
            + self._law.told(one.published)
            + canonical_bytes(steps)
            + (f',"version":{text_or_null(one.version)}}}').encode()
        )

    def _nothing_else_gives(self, judged: set[tuple[str, str]]) -> None:
        """Raise _Unproved when a series gives something that nothing gives any more."""
        for key, entries in self._series.items():
            if key[1] in _GRANTING and key not in judged and entries[-1][0][4]:
                raise _Unproved

    def _evaluate(self, row: Row, told: bytes) -> None:
        """Evaluate an explanation that is not just what judging anew gives."""
        day, evaluated, family, lineage, reason, version = *row[3:7], row[8], row[13]
        trace, rules = Trace.model_validate_json(told), self._law.rules
        published = rules.of_version(version) if version else None
        if (
            (trace.family, trace.day.isoformat(), trace.version) != (family, day, version)
            or _outcome_in(told) not in self._versions[lineage]
            or evaluate_again(trace, rules) != evaluated
            or not is_told_as_judged(trace, reason, rules)
        ):
            raise _Unproved
        if version is None:
            is_open = row[2] == Decision.UNDECIDED
            if is_open and rules.in_force(trace.family, trace.day):
                raise _Unproved
        elif (
            published is None
            or published.rule.family is not trace.family
            or published.rule.id in self._law.ended
            or not published.is_in_force(trace.outcome.effective_on)
        ):
            raise _Unproved


_NEGATIVE = frozenset({Account.ISSUED.value, Account.OWED.value})


def _outcome_in(told: bytes) -> bytes:
    """Return the bytes of the outcome that an explanation is about."""
    begin = told.index(_BEFORE_OUTCOME) + len(_BEFORE_OUTCOME)
    return told[begin : told.index(_AFTER_OUTCOME, begin)]


_BEFORE_OUTCOME, _AFTER_OUTCOME = b',"outcome":', b',"rule":'
