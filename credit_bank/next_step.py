"""The cheapest set of offered courses that reaches a redemption or a level. Pure.

Each course is tried as if it were passed on one day: the rules of that day judge it together
with everything else, so that the yearly cap, the tests on double counting and the limits of a
redemption hold. A level is never earned by credits: for it the courses fill what its
conditions ask of training, and nothing else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from decimal import Decimal
from itertools import chain
from typing import Literal
from uuid import UUID, uuid5

from credit_bank import redemption
from credit_bank.cheapest import Candidate, Cheapest, cheapest
from credit_bank.conversion import Judgement, judge_all
from credit_bank.eligibility import Application, eligibility
from credit_bank.lots import Lot
from credit_bank.redemption import Plan
from credit_bank.redemption_sources import Wanted
from credit_bank.rulebook import RuleBook
from credit_bank.twins import Pair
from schemas.credits import LearningOutcome
from schemas.eligibility import ClassHours, Eligibility, Way
from schemas.vocabulary import Account, Fulfilment, PairVerdict, RequirementKind

By = Literal["hours", "fee"]
_HUNDREDTHS = 100


@dataclass(frozen=True, slots=True)
class Choice:
    """A course that is offered, as it would be posted once it is passed."""

    outcome: LearningOutcome
    hours: Decimal
    fee: int | None
    """In fen; None when nobody told it."""

    def cost(self, by: By) -> tuple[int, ...]:
        """Return what is compared; a fee that nobody told counts before any that is known."""
        hours = int(self.hours * _HUNDREDTHS)
        fee = (int(self.fee is None), self.fee or 0)
        return (hours, *fee) if by == "hours" else (*fee, hours)


@dataclass(frozen=True, slots=True)
class Held:
    """What a worker has: live outcomes, lots, what is owed, and what reviews found."""

    outcomes: tuple[LearningOutcome, ...]
    lots: tuple[Lot, ...] = ()
    owed: int = 0
    verdicts: Mapping[Pair, PairVerdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What was found on the way to a goal."""

    chosen: tuple[Choice, ...] | None
    """The courses, in the order in which they were offered; None when no set was found."""
    is_cut: bool
    earned: Mapping[UUID, Judgement]
    """What each chosen course would earn, by its outcome."""
    useless: Mapping[UUID, Judgement]
    """Courses that would earn nothing, and why."""
    plan: Plan | None = None
    """How the redemption would be filled then; without a set, as if no cap bound."""
    level: Eligibility | None = None
    """Whether the level could be applied for then; without a set, as things are."""


def toward_redemption(
    held: Held,
    wanted: Wanted,
    choices: Sequence[Choice],
    rules: RuleBook,
    *,
    zone: tzinfo,
    by: By = "hours",
) -> Step:
    """Return the cheapest courses with which a redemption could be filled."""
    alone = {one.outcome.id: _judged(held, [one], rules) for one in choices}
    gains = {known: sum(one.result.units for one in found) for known, found in alone.items()}
    useless = {known: found[0] for known, found in alone.items() if not gains[known]}

    def planned(taken: Iterable[Choice]) -> Plan:
        lots = [*held.lots, *_new_lots(_judged(held, taken, rules), held.owed)]
        return redemption.plan(lots, wanted, rules, zone)

    missing = planned(()).missing
    if missing:
        missing += held.owed
    best_case = [*held.lots, *_new_lots(chain.from_iterable(alone.values()), held.owed)]
    at_best = redemption.plan(best_case, wanted, rules, zone)
    if at_best.problems:  # Not even without a cap: nothing needs to be searched.
        return Step(None, is_cut=False, earned={}, useless=useless, plan=at_best)
    candidates = [Candidate(one, one.cost(by), gains[one.outcome.id]) for one in choices]
    found = cheapest(candidates, missing, lambda taken: not planned(taken).problems)
    return Step(
        _in_order(found, choices),
        is_cut=found.is_cut,
        earned=_first(_judged(held, found.things or (), rules)),
        useless=useless,
        plan=planned(found.things) if found.things is not None else at_best,
    )


def toward_level(
    held: Held,
    asked: Application,
    choices: Sequence[Choice],
    rules: RuleBook,
    *,
    by: By = "hours",
) -> Step:
    """Return the cheapest courses with which a level could be applied for."""

    def answered(taken: Iterable[Choice]) -> Eligibility:
        outcomes = (*held.outcomes, *(one.outcome for one in taken))
        return eligibility(asked, outcomes, rules)

    now = answered(())
    missing = _hours_missing(now)
    if missing is None:
        return Step(None, is_cut=False, earned={}, useless={}, level=now)

    def gain(one: Choice) -> int:
        left = _hours_missing(answered([one]))
        return 0 if left is None else missing - left

    candidates = [Candidate(one, one.cost(by), gain(one)) for one in choices]
    found = cheapest(candidates, missing, lambda taken: answered(taken).state is Fulfilment.HOLDS)
    return Step(
        _in_order(found, choices),
        is_cut=found.is_cut,
        earned=_first(_judged(held, found.things or (), rules)),
        useless={},
        level=answered(found.things or ()),
    )


def nearest_way(found: Eligibility) -> Way | None:
    """Return the way to a level of which least is missing; None when there is no way."""
    ways = found.binding.ways if found.binding else ()
    return min(ways, key=lambda way: sum(map(_is_missing, way.requirements)), default=None)


def _is_missing(requirement: object) -> bool:
    return getattr(requirement, "state", None) is not Fulfilment.HOLDS


def _hours_missing(found: Eligibility) -> int | None:
    """Return the least hundredths of class hours that open a way; None when none can.

    0 when the level can be applied for already.
    """
    if found.state is Fulfilment.HOLDS:
        return 0
    if found.exists is False or found.binding is None:
        return None
    missing = [_hours_of(way) for way in found.binding.ways]
    return min((hours for hours in missing if hours is not None), default=None)


def _hours_of(way: Way) -> int | None:
    """Return what a way lacks in training; None when it lacks anything else."""
    hours = 0
    for one in way.requirements:
        if one.state is Fulfilment.HOLDS:
            continue
        if one.kind is not RequirementKind.TRAINING or not isinstance(one.needed, ClassHours):
            return None
        has = one.has.hours if isinstance(one.has, ClassHours) else Decimal(0)
        hours = int((one.needed.hours - has) * _HUNDREDTHS)
    return hours


def _judged(held: Held, taken: Iterable[Choice], rules: RuleBook) -> list[Judgement]:
    """Return what courses would earn, judged together with all that is there.

    What agreements transfer of one stands behind what its own kind earns.
    """
    new = [one.outcome for one in taken]
    if not new:
        return []
    wanted = {one.id for one in new}
    judged = judge_all([*held.outcomes, *new], rules, None, held.verdicts)
    return [one for one in judged if one.outcome.id in wanted]


def _first(judged: Iterable[Judgement]) -> dict[UUID, Judgement]:
    """Return what each course earns by the rules of its own kind."""
    found: dict[UUID, Judgement] = {}
    for one in judged:
        found.setdefault(one.outcome.id, one)
    return found


def _new_lots(judged: Iterable[Judgement], owed: int) -> list[Lot]:
    """Return the lots of courses that were passed; what is owed is covered first."""
    lots = []
    for one in judged:
        covered = min(owed, one.result.units)
        owed -= covered
        granted_at = datetime.combine(one.outcome.effective_on, time(12), UTC)
        lot = Lot(uuid5(one.outcome.id, one.family), one.family, one.outcome, granted_at)
        lot.units[Account.AVAILABLE] = one.result.units - covered
        lots.append(lot)
    return lots


def _in_order(found: Cheapest[Choice], choices: Sequence[Choice]) -> tuple[Choice, ...] | None:
    if found.things is None:
        return None
    return tuple(one for one in choices if one in found.things)
