"""What the rules decide of readings, with the bytes of the explanation that must stand there.

Judging is left to the rules themselves, ``conversion.judge`` and a cap's ``limited``; what they
decided is remembered for all outcomes that they cannot tell apart. Workers whose outcomes depend
on each other in other ways (courses of one name, preparations, agreements, renumbered
occupations, exceptions of rules) are judged as a whole by ``conversion.judge_all``. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from operator import attrgetter
from typing import NamedTuple

from credit_bank.chain import canonical_bytes
from credit_bank.conversion import FAMILY_OF, judge, judge_all
from credit_bank.families import (
    CertificateRule,
    DoubleCountingRule,
    EarningRule,
    TrainingRule,
    YearlyCapRule,
)
from credit_bank.families.training import Seen
from credit_bank.judging import Result
from credit_bank.levelling import levels_that_differ
from credit_bank.measured import Unusual
from credit_bank.readings import Reading
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.credits import LearningOutcome, TrainingMeasures
from schemas.vocabulary import Family, Rank, RecordKind

_MOST = 50_000  # Decisions of one rule that are remembered; then it begins anew.


class Ruled(NamedTuple):
    """What must be booked of one outcome under a family."""

    lineage: str
    family: str
    booked: tuple[str, str, int, str, str | None]
    """decision, day, units, reason, version"""
    explanation: bytes


@dataclass(slots=True)
class _Decided:
    """What a rule decided, and its steps as an explanation writes them."""

    result: Result
    steps: bytes
    units: int
    limited: dict[tuple[str | None, int], "_Decided"] = field(default_factory=dict)
    """What is left of it in a year of which so much is used, by the cap's version."""


@dataclass(slots=True)
class _Known:
    """What one rule decided, by what it can tell of an outcome and by what was held."""

    decided: dict[tuple[object, ...], _Decided] = field(default_factory=dict)
    attendances: dict[object, Seen] = field(default_factory=dict)
    scores: dict[object, Seen] = field(default_factory=dict)


@dataclass(slots=True)
class _Ruling:
    """What the book says of one kind on one day."""

    family: str
    published: PublishedRule | None
    version: str | None
    cap: YearlyCapRule | None
    cap_version: str | None
    shares: bool
    """Whether outcomes of one subject count once."""
    year: tuple[str, str]
    before_outcome: bytes
    before_steps: bytes
    end: bytes
    known: _Known
    is_of_courses: bool
    is_plain: bool
    """Whether no exception asks for more than a grain holds."""


class Rulings:
    """One rule book, asked for many dossiers."""

    def __init__(self, rules: RuleBook) -> None:
        """Take the rules as they are published."""
        self.rules = rules
        self._rulings: dict[tuple[str, str], _Ruling | None] = {}
        self._known: dict[str | None, _Known] = defaultdict(_Known)
        self._one_of = {code: min(kin | {code}) for code, kin in rules.kin.items()}  # For its kin.

    def judged(self, readings: Iterable[Reading]) -> list[Ruled]:
        """Return what must be booked of a worker's live outcomes; raises Unusual for a doubt."""
        in_order = sorted(readings, key=attrgetter("order"))
        found = self._each(in_order) if self._stand_alone(in_order) else None
        return self._as_a_whole(in_order) if found is None else found

    def _stand_alone(self, readings: Sequence[Reading]) -> bool:
        """Whether nothing but a subject and a year's cap lets one outcome decide of another."""
        givers, kin, codes = self.rules.agreements_from, self.rules.kin, set[str]()
        for one in readings:
            is_agreed = givers and f"organisation:{one.issuer}" in givers
            if is_agreed or not one.said.kept.stands_alone:
                return False
            if one.occupation and one.said.kept.gives_level and one.occupation in kin:
                codes.add(one.occupation)
        is_joined = any(not kin[code].isdisjoint(codes) for code in codes)
        return not is_joined and all(one.order != two.order for one, two in pairwise(readings))

    def _each(self, readings: Sequence[Reading]) -> list[Ruled] | None:  # noqa: C901  # The innermost loop: calls would cost.
        """Judge outcomes one by one; None when a rule, or a course of one name, asks for more."""
        credited: dict[tuple[str, ...], int] = {}
        used: dict[tuple[str, str], int] = {}
        names: dict[tuple[str, str], str] = {}
        levels, ruled = _Levels(), []
        for one in readings:
            ruling = self._ruling(one.kind, one.day)
            if ruling is None:
                continue
            named = one.said.named
            if named and named[1] in self._one_of:
                named = (named[0], self._one_of[named[1]])
            if not ruling.is_plain or (named and names.get(named, one.issuer) != one.issuer):
                return None
            subject = one.said.subject if ruling.shares else None
            held = None if subject is None else credited.get(subject, 0)
            known, (first, rest, last) = ruling.known, one.said.grain
            if ruling.is_of_courses:
                first, last = known.attendances.get(first), known.scores.get(last)
            decided = known.decided.get((first, rest, last, held))
            if decided is None:
                decided = self._decide(ruling, one, held)
            before = used.get(ruling.year, 0)
            if ruling.cap and decided.units > ruling.cap.credits_a_year - before:
                decided = _limited(decided, ruling, before)
            units = decided.units
            if units:
                used[ruling.year] = before + units
                if named:  # Only what brought something stands in another's way.
                    names[named] = one.issuer
                if subject is not None:
                    credited[subject] = (held or 0) + units
            if one.said.kept.gives_level:
                levels.add(one, units, ruling)
            ruled.append(_ruled(one, ruling, decided, held, before))
        levels.must_agree()
        return ruled

    def _as_a_whole(self, readings: Sequence[Reading]) -> list[Ruled]:
        contents = {one.lineage: one.content for one in readings}
        outcomes = [LearningOutcome.model_validate_json(content) for content in contents.values()]
        ruled, totals = [], []
        for one in judge_all(outcomes, self.rules):
            lineage, result, day = one.outcome.id.hex, one.result, one.outcome.effective_on
            before_steps, end = _told(one.published)
            explanation = (
                b'{"context":'
                + canonical_bytes(one.context)
                + f',"day":"{day}","family":"{one.family}","outcome":'.encode()
                + contents[lineage]
                + before_steps
                + _steps(result)
                + end
            )
            booked = (result.decision, day.isoformat(), result.units, result.reason, one.version)
            ruled.append(Ruled(lineage, one.family, booked, explanation))
            if one.family is Family.CERTIFICATE:
                totals.append((one.outcome, result.units))
        if any(levels_that_differ(totals, self.rules)):
            raise Unusual
        return ruled

    def _ruling(self, kind: str, day: str) -> _Ruling | None:
        key = (kind, day)
        if key not in self._rulings:
            self._rulings[key] = self._ruled_on(kind, date.fromisoformat(day))
        return self._rulings[key]

    def _ruled_on(self, kind: str, day: date) -> _Ruling | None:
        family = FAMILY_OF.get(RecordKind(kind))
        if family is None:
            return None
        published = self.rules.in_force(family, day)
        rule = published.rule if published else None
        cap = self.rules.in_force(Family.YEARLY_CAP, day)
        caps = cap.rule if cap and isinstance(cap.rule, YearlyCapRule) else None
        caps = caps if caps and caps.capped is family else None
        counting = self.rules.in_force(Family.DOUBLE_COUNTING, day)
        counted = counting.rule if counting else None
        version = published.version if published else None
        before_steps, end = _told(published)
        return _Ruling(
            family=family.value,
            published=published,
            version=version,
            cap=caps,
            cap_version=cap.version if cap and caps else None,
            shares=family is not Family.TRAINING
            or (isinstance(counted, DoubleCountingRule) and counted.same_course),
            year=(family.value, day.isoformat()[:4]),
            before_outcome=f',"day":"{day}","family":"{family}","outcome":'.encode(),
            before_steps=before_steps,
            end=end,
            known=self._known[version],
            is_of_courses=family is Family.TRAINING,
            is_plain=not (isinstance(rule, EarningRule) and rule.exception),
        )

    def _decide(self, ruling: _Ruling, one: Reading, held: int | None) -> _Decided:
        """Let the rule itself judge an outcome; remember it for all of its grain."""
        context = {} if held is None else {"held": str(held)}
        outcome = LearningOutcome.model_validate_json(one.content)
        decided = _decided(judge(outcome, ruling.published, context, self.rules))
        known, (first, rest, last) = ruling.known, one.said.grain
        if ruling.is_of_courses:
            rule = ruling.published.rule if ruling.published else None
            seen: tuple[Seen, Seen] = ((), ())
            if isinstance(rule, TrainingRule) and isinstance(outcome.measures, TrainingMeasures):
                seen = rule.grain(outcome.measures)
            known.attendances[first], known.scores[last] = seen
            first, last = seen
        if len(known.decided) >= _MOST:
            known.decided.clear()
        known.decided[first, rest, last, held] = decided
        return decided


class _Levels:
    """What the certificates of each occupation brought, and what its highest level gives (I7)."""

    def __init__(self) -> None:
        self._sums: dict[str, int] = {}
        self._highest: dict[str, int] = {}

    def add(self, one: Reading, units: int, ruling: _Ruling) -> None:
        if one.occupation is None:
            return
        rule = ruling.published.rule if ruling.published else None
        total = 0
        if isinstance(rule, CertificateRule) and one.rank is not None:
            total = rule.by_rank.get(Rank(one.rank), 0)
        self._sums[one.occupation] = self._sums.get(one.occupation, 0) + units
        self._highest[one.occupation] = max(self._highest.get(one.occupation, 0), total)

    def must_agree(self) -> None:
        if self._sums != self._highest:
            raise Unusual


def _ruled(one: Reading, ruling: _Ruling, decided: _Decided, held: int | None, used: int) -> Ruled:
    """Return what must be booked; the explanation is what canonical bytes would be."""
    holds = "" if held is None else f'"held":"{held}"'
    if ruling.cap_version:
        between = "," if holds else ""
        holds = f'"cap":"{ruling.cap_version}"{between}{holds},"used":"{used}"'
    explanation = b"".join(
        (
            f'{{"context":{{{holds}}}'.encode(),
            ruling.before_outcome,
            one.content,
            ruling.before_steps,
            decided.steps,
            ruling.end,
        )
    )
    result = decided.result
    booked = (result.decision, one.day, decided.units, result.reason, ruling.version)
    return Ruled(one.lineage, ruling.family, booked, explanation)


def _limited(decided: _Decided, ruling: _Ruling, used: int) -> _Decided:
    key = (ruling.cap_version, used)
    if key not in decided.limited and ruling.cap:
        decided.limited[key] = _decided(ruling.cap.limited(decided.result, used))
    return decided.limited[key]


def _decided(result: Result) -> _Decided:
    return _Decided(result, _steps(result), result.units)


def _steps(result: Result) -> bytes:
    return canonical_bytes([{"facts": step.facts, "text": step.text} for step in result.steps])


def _told(published: PublishedRule | None) -> tuple[bytes, bytes]:
    """Return what stands in an explanation between the outcome and its steps, and after them."""
    named: Mapping[str, str | None] = {"rule": None, "source": None}
    if published:
        named = {"rule": published.rule.id, "source": published.rule.source}
    version = canonical_bytes(published.version if published else None)
    before = b"," + canonical_bytes(named)[1:-1] + b',"steps":'
    return before, b',"version":' + version + b"}"
