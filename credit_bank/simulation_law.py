"""A rule book asked half a million times: what it says is worked out once and remembered.

Nothing is judged here but by the rules themselves: ``judge`` of a family, ``limited`` of a
cap, and ``judge_all`` for those whose outcomes depend on each other in other ways.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from credit_bank.conversion import Judgement, judge_all
from credit_bank.families import DoubleCountingRule, EarningRule, YearlyCapRule, units_of
from credit_bank.judging import CAPPED, Result, undecided
from credit_bank.rulebook import PublishedRule, RuleBook
from credit_bank.simulation_population import ALONE, Population
from credit_bank.twins import Twins, counted_once
from schemas.credits import Arithmetic
from schemas.vocabulary import Decision, Family

Step = tuple[str, tuple[tuple[str, str], ...]]
"""A sentence and what fills it, as plain as can be sent from one process to another."""


class Verdict(NamedTuple):
    """What is decided of an outcome, and why: equal decisions are one verdict."""

    units: int
    decision: Decision
    reason: str
    version: str | None
    held: int | None
    """What was credited already of what only the best counts of; None when nobody asks."""
    forfeited: int
    """What the yearly cap took."""
    steps: tuple[Step, ...]

    def tells(self, other: "Verdict") -> bool:
        """Whether both decide the same, be it by another rule."""
        return self[:3] == other[:3]


class Ruling(NamedTuple):
    """What the book says of one family on one day."""

    rule: EarningRule | None
    version: str | None
    cap: YearlyCapRule | None
    cap_version: str | None
    counting: DoubleCountingRule | None
    """Which tests on double counting are on; of courses only."""
    shares: bool
    """Whether outcomes of one subject count once."""
    year: int
    """The calendar year, with the family: what a cap counts."""
    known: dict[object, Verdict]
    """What the rule decided of each shape."""
    has_exceptions: bool

    def says(self) -> tuple[object, ...]:
        """Return all that can make it decide otherwise than another ruling."""
        return (self.version, self.cap_version, _tests(self.counting))


_YEARS = 10_000


@dataclass
class Memory:
    """What was decided before by any book: a rule of two books decides the same in both."""

    seen: dict[Verdict, Verdict] = field(default_factory=dict)
    """Every verdict once, so that who gets the same one is found by identity."""
    known: dict[str | None, dict[object, Verdict]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    capped: dict[tuple[int, str | None, int], Verdict] = field(default_factory=dict)
    once: dict[tuple[int, str | None], Verdict] = field(default_factory=dict)
    fired: dict[tuple[str | None, int, int], str | None] = field(default_factory=dict)


@dataclass
class Law:
    """One rule book over one population."""

    population: Population
    book: RuleBook
    memory: Memory
    rulings: list[Ruling] = field(init=False)

    def __post_init__(self) -> None:
        """Find the rules of every day on which there is an outcome."""
        self.rulings = [self._ruling(*slot) for slot in self.population.slot_table]

    def judged(self, worker: int) -> list[Verdict]:  # noqa: C901  # The innermost loop: calls would cost.
        """Return what the book makes of a worker's outcomes, in their order."""
        population, rulings = self.population, self.rulings
        if worker in population.whole:
            return self._judged_whole(worker)
        begin, end = population.starts[worker], population.starts[worker + 1]
        credited: dict[int, int] = {}
        used: dict[int, int] = {}
        linked = population.linked.get(worker)
        twins = Twins(population.verdicts[worker]) if linked else None
        verdicts = []
        for place in range(begin, end):
            ruling = rulings[population.slots[place]]
            _, _, cap, _, counting, shares, year, known, has_exceptions = ruling
            subject = population.subjects[place]
            is_shared = shares and subject != ALONE
            held = credited.get(subject, 0) if is_shared else None
            key: object = population.shapes[place]
            if is_shared or has_exceptions:
                key = (key, held, self._exception(ruling, place) if has_exceptions else None)
            verdict = known.get(key)
            if verdict is None:
                verdict = known[key] = self._decided(ruling, place, held)
            if linked and twins and verdict.units:
                found = twins.context(linked[place - begin], counting, self.book)
                verdict = self._once(verdict, found) if found else verdict
            if cap is not None:
                before = used.get(year, 0)
                if verdict.units > cap.credits_a_year - before:
                    verdict = self._limited(verdict, ruling, before)
                used[year] = before + verdict.units
            elif verdict.units:
                used[year] = used.get(year, 0) + verdict.units
            if held is not None:
                credited[subject] = held + verdict.units
            if linked and twins:
                twins.remember(linked[place - begin], verdict.units)
            verdicts.append(verdict)
        return verdicts

    def touched(self, other: "Law") -> frozenset[int]:
        """Return the slots of which this book says other than another."""
        pairs = zip(self.rulings, other.rulings, strict=True)
        return frozenset(
            slot for slot, (mine, theirs) in enumerate(pairs) if mine.says() != theirs.says()
        )

    def _ruling(self, family: Family, day: date) -> Ruling:
        published = self.book.in_force(family, day)
        rule = published.rule if published else None
        earning = rule if isinstance(rule, EarningRule) else None
        cap, counting = self._cap(family, day), self._counting(family, day)
        version = published.version if published else None
        return Ruling(
            rule=earning,
            version=version,
            cap=cap.rule if cap and isinstance(cap.rule, YearlyCapRule) else None,
            cap_version=cap.version if cap else None,
            counting=counting,
            shares=family is not Family.TRAINING or (counting is not None and counting.same_course),
            year=list(Family).index(family) * _YEARS + day.year,
            known=self.memory.known[version],
            has_exceptions=bool(earning and earning.exception),
        )

    def _cap(self, family: Family, day: date) -> PublishedRule | None:
        cap = self.book.in_force(Family.YEARLY_CAP, day)
        if cap is None or not isinstance(cap.rule, YearlyCapRule) or cap.rule.capped is not family:
            return None
        return cap

    def _counting(self, family: Family, day: date) -> DoubleCountingRule | None:
        found = self.book.in_force(Family.DOUBLE_COUNTING, day)
        rule = found.rule if found and family is Family.TRAINING else None
        return rule if isinstance(rule, DoubleCountingRule) else None

    def _decided(self, ruling: Ruling, place: int, held: int | None) -> Verdict:
        population = self.population
        if ruling.version is None:
            return self._told(undecided("no_rule_in_force"), None, held)
        if ruling.rule is None:
            return self._told(undecided("no_rule_for_kind"), ruling.version, held)
        slot, shape = population.slots[place], population.shapes[place]
        if ruling.has_exceptions and self._exception(ruling, place) is not None:
            outcome = population.like(shape, slot, population.facts[place])
            result = ruling.rule.judge(outcome, held or 0)
        else:
            result = ruling.rule.decide(population.shape_table[shape], held or 0)
        return self._told(result, ruling.version, held)

    def _limited(self, verdict: Verdict, ruling: Ruling, used: int) -> Verdict:
        key = (id(verdict), ruling.cap_version, used)
        if key not in self.memory.capped and ruling.cap is not None:
            steps = tuple(_arithmetic(step) for step in verdict.steps)
            earned = Result(verdict.decision, verdict.reason, verdict.units, steps)
            result = ruling.cap.limited(earned, used)
            self.memory.capped[key] = self._told(
                result, verdict.version, verdict.held, verdict.units - result.units
            )
        return self.memory.capped[key]

    def _once(self, verdict: Verdict, found: Mapping[str, str]) -> Verdict:
        """Return what is left of a verdict when the same thing counts elsewhere."""
        why = "absorbed_by" if "absorbed_by" in found else found.get("verdict")
        key = (id(verdict), why)
        if key not in self.memory.once:
            steps = tuple(_arithmetic(step) for step in verdict.steps)
            earned = Result(verdict.decision, verdict.reason, verdict.units, steps)
            left = counted_once(earned, found)
            self.memory.once[key] = self._told(left, verdict.version, verdict.held)
        return self.memory.once[key]

    def _exception(self, ruling: Ruling, place: int) -> str | None:
        """Return which exception of the rule applies; those of one facts and day are one."""
        population = self.population
        slot, facts = population.slots[place], population.facts[place]
        key = (ruling.version, slot, facts)
        if key not in self.memory.fired and ruling.rule is not None:
            told, day = population.facts_table[facts], population.slot_table[slot].day
            fired = ruling.rule.exception_for(told._asdict(), day)
            self.memory.fired[key] = fired.id if fired else None
        return self.memory.fired[key]

    def _judged_whole(self, worker: int) -> list[Verdict]:
        outcomes = self.population.whole[worker]
        judged = judge_all(outcomes, self.book, verdicts=self.population.verdicts[worker])
        by_id = defaultdict[UUID, list[Verdict]](list)
        for one in judged:
            by_id[one.outcome.id].append(self._of_judgement(one))
        return [self._as_one(by_id[outcome.id]) for outcome in outcomes]

    def _as_one(self, told: list[Verdict]) -> Verdict:
        """Return what several rules decide of one outcome: its own, then an agreement.

        What grants speaks for both; an outcome's own rule when nothing does.
        """
        first, *others = told
        for other in others:
            speaks = other if other.units or not first.units else first
            merged = speaks._replace(
                units=first.units + other.units,
                held=first.held,
                forfeited=first.forfeited + other.forfeited,
                steps=first.steps + other.steps,
            )
            first = self.memory.seen.setdefault(merged, merged)
        return first

    def _of_judgement(self, judgement: Judgement) -> Verdict:
        held = judgement.context.get("held")
        steps = judgement.result.steps
        capped = next((step.facts for step in steps if step.text == CAPPED), None)
        forfeited = units_of(capped["earned"]) - units_of(capped["credits"]) if capped else 0
        asked = None if held is None else int(held)
        return self._told(judgement.result, judgement.version, asked, forfeited)

    def _told(
        self, result: Result, version: str | None, held: int | None, forfeited: int = 0
    ) -> Verdict:
        steps = tuple((step.text, tuple(step.facts.items())) for step in result.steps)
        told = (result.units, result.decision, result.reason)
        verdict = Verdict(*told, version, held, forfeited, steps)
        return self.memory.seen.setdefault(verdict, verdict)


def _tests(counting: DoubleCountingRule | None) -> tuple[bool, bool, bool]:
    if counting is None:
        return (False, False, False)
    absorbs = counting.certificate_absorbs_preparation
    return (counting.same_course, counting.same_name_to_review, absorbs)


def _arithmetic(step: Step) -> Arithmetic:
    return Arithmetic(text=step[0], facts=dict(step[1]))
