"""Is a worker's ledger plainly right? Proved from bare rows, in one walk along the chain.

What cannot be proved here is not wrong yet: whoever asks then looks closely with
``auditing.audit``, which finds out what it is and names it. So this knows only what is
usual, is strict, and is quick: rows are written once more and compared with the hashed
bytes, and what the rules give is written out as the explanation that must stand there.
Cases, reversals and rules that were replaced are always looked at closely. Pure.
"""

import hashlib
import json
from collections import defaultdict
from functools import cached_property, lru_cache

from pydantic import ValidationError

from credit_bank.bare_rows import BareRows, Row
from credit_bank.chain import GENESIS, canonical_bytes
from credit_bank.conversion import Judgement, evaluate_again, judge_all
from credit_bank.levelling import levels_that_differ
from credit_bank.lots import GRANTING
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.credits import LearningOutcome, Trace
from schemas.vocabulary import Account, Act, Cause, Decision, Family

_LINK = b"skills-archive/link/1\0"
_END = b',"v":1}'
_GRANTING = frozenset(family.value for family in GRANTING)
_KNOWN = _GRANTING | {Family.SHELF_LIFE.value}
_WITHDRAWN = ("withdrawn", "replaced")
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
        self._live: dict[str, bytes] = {}
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
        act, lineage, target, kind, day, issuer, occupation, rank, hours, at, name, digest = row
        head = f'{{"act":"{act}","id":"{_id(own)}","outcome":'.encode()
        tail = (
            f',"recorded_at":"{_moment(at)}","reference":"{name}",'
            f'"target_id":{_id_or_null(target)},"v":1}}'
        ).encode()
        content = body[len(head) : -len(tail)]
        begin = (
            f'{{"effective_on":"{day}","id":"{_id(lineage)}","issuer":"{_id(issuer)}",'
            f'"issuer_key":"'
        ).encode()
        end = f',"occupation":{_text_or_null(occupation)},"rank":{_number_or_null(rank)}}}'.encode()
        whole = b'{"act":"' + act.encode() + b'","outcome":' + content + b"}"
        if (
            not (body.startswith(head) and body.endswith(tail))
            or not (content.startswith(begin) and content.endswith(end))
            or hashlib.sha256(whole).digest() != digest
        ):
            raise _Unproved
        measures = json.loads(content)["measures"]
        told = measures.get("hours")
        if measures["kind"] != kind or (told and _hundredths(told)) != hours:
            raise _Unproved
        self._live.pop(lineage, None)
        if act != Act.WITHDRAW:
            self._live[lineage] = content
        self._versions[lineage].append(content)

    def _entry(self, own: str, row: Row, body: bytes) -> None:
        case, cause, decision, day, evaluated, family, lineage, posted = row[:8]
        reason, at, name, reverses, revision, version, digest = row[8:]
        if case or reverses or family not in _KNOWN:
            raise _Unproved
        postings = self._rows.postings.pop(own, [])
        moves = ",".join(
            [
                f'{{"account":"{account}","id":"{_id(posting)}","lot_id":"{_id(lot)}",'
                f'"units":{units}}}'
                for posting, account, lot, units in postings
            ]
        )
        head = (
            f'{{"case_id":null,"cause":"{cause}","decision":"{decision}","effective_on":"{day}",'
            f'"evaluated_units":{evaluated},"family":"{family}","id":"{_id(own)}",'
            f'"outcome_id":"{_id(lineage)}","posted_units":{posted},"postings":[{moves}],'
            f'"reason":"{reason}","recorded_at":"{_moment(at)}","reference":"{name}",'
            f'"reverses_id":null,"revision":{revision},"rule_version":{_text_or_null(version)},'
            f'"trace":'
        ).encode()
        if (
            not (body.startswith(head) and body.endswith(_END))
            or hashlib.sha256(body).digest() != digest
        ):
            raise _Unproved
        series = self._series[lineage, family]
        before = series[-1][0][4] if series else 0
        if revision != len(series) or not self._adds_up(row, postings, evaluated - before):
            raise _Unproved
        series.append((row, body[len(head) : -len(_END)]))

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
        """Judge the live outcomes anew; the newest explanation of each must be just that."""
        contents = self._live
        outcomes = [LearningOutcome.model_validate_json(told) for told in contents.values()]
        judged = judge_all(outcomes, self._law.rules)
        for one in judged:
            entries = self._series[one.outcome.id.hex, one.family.value]
            row, trace = entries.pop()
            result, day = one.result, one.outcome.effective_on.isoformat()
            booked = (row[2], row[3], row[4], row[8], row[13])
            due = (result.decision, day, result.units, result.reason, one.version)
            if booked != due or trace != self._explanation(one, contents[one.outcome.id.hex]):
                raise _Unproved
        if any(levels_that_differ(((j.outcome, j.result.units) for j in judged), self._law.rules)):
            raise _Unproved
        self._nothing_else_gives(judged)

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
            + (f',"version":{_text_or_null(one.version)}}}').encode()
        )

    def _nothing_else_gives(self, judged: list[Judgement]) -> None:
        """Raise _Unproved when a series gives something for what is not live any more."""
        live = {(one.outcome.id.hex, one.family.value) for one in judged}
        for key, entries in self._series.items():
            if key[1] in _GRANTING and key not in live and entries[-1][0][4]:
                raise _Unproved

    def _evaluate(self, row: Row, told: bytes) -> None:
        """Evaluate an explanation again that is not the newest, or not of a grant."""
        trace = Trace.model_validate_json(told)
        _, _, decision, day, evaluated, family, lineage = row[:7]
        version = row[13]
        rules = self._law.rules
        published = rules.of_version(version) if version else None
        content = _between(told, b',"outcome":', b',"rule":')
        if (
            (trace.family, trace.day.isoformat(), trace.version) != (family, day, version)
            or content not in self._versions[lineage]
            or evaluate_again(trace, rules) != evaluated
        ):
            raise _Unproved
        if version is None:
            is_open = decision == Decision.UNDECIDED
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


def _between(text: bytes, begin: bytes, end: bytes) -> bytes:
    first = text.index(begin) + len(begin)
    return text[first : text.index(end, first)]


@lru_cache(maxsize=4096)
def _hundredths(told: str) -> int:
    whole, _, part = told.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0"))


def _id(digits: str) -> str:
    """Return an identifier as canonical bytes write it."""
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _id_or_null(digits: str | None) -> str:
    return f'"{_id(digits)}"' if digits else "null"


def _text_or_null(text: str | None) -> str:
    return f'"{text}"' if text else "null"


def _number_or_null(number: int | None) -> str:
    return "null" if number is None else str(number)


def _moment(at: str) -> str:
    """Return a moment as canonical bytes write it; no fraction when it is nothing."""
    fraction = "" if at.endswith(".000000") else at[19:]
    return f"{at[:10]}T{at[11:19]}{fraction}+00:00"
