"""The cheapest set that reaches a goal: branch and bound. Pure.

What reaches the goal is asked of the caller; here stand only costs, and for each candidate
the most that it can bring. Everything is a whole number, so that the answer is exact.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Cost = tuple[int, ...]

MOST_STEPS = 20_000
MOST_QUESTIONS = 600
"""How far a search goes before it is cut: about two seconds of a page's time."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Thing]):
    """Something that could be taken: what it costs, and the most that it can bring."""

    thing: Thing
    cost: Cost
    """Compared in this order; every part is at least 0."""
    gain: int


@dataclass(frozen=True, slots=True)
class Cheapest(Generic[Thing]):
    """What was found; None when no set reaches the goal, or none was met before the cut."""

    things: tuple[Thing, ...] | None
    is_cut: bool
    """Whether the search ended early: then something cheaper may exist."""


def cheapest(
    candidates: Sequence[Candidate[Thing]],
    missing: int,
    reaches: Callable[[tuple[Thing, ...]], bool],
    *,
    most_steps: int = MOST_STEPS,
    most_questions: int = MOST_QUESTIONS,
) -> Cheapest[Thing]:
    """Return the cheapest set that reaches a goal of which so much is missing.

    No set reaches it whose gains sum to less than ``missing``; candidates that bring
    nothing are never taken. Of two sets that cost the same the one found first stays.
    """
    useful = sorted((one for one in candidates if one.gain > 0), key=lambda one: _density(one, 0))
    search = _Search(useful, reaches, most_steps, most_questions)
    nothing = (0,) * (len(useful[0].cost) if useful else 0)
    if missing <= 0 and search.asks(()):
        return Cheapest((), is_cut=False)
    search.go((), nothing, missing, 0)
    return Cheapest(search.best, search.is_cut)


def _density(one: Candidate[Thing], part: int) -> Fraction:
    return Fraction(one.cost[part], one.gain)


class _Search(Generic[Thing]):
    """One search: what is the best so far, and how much of it may still be done."""

    def __init__(
        self,
        candidates: Sequence[Candidate[Thing]],
        reaches: Callable[[tuple[Thing, ...]], bool],
        steps: int,
        questions: int,
    ) -> None:
        self._candidates = candidates
        self._reaches = reaches
        self._steps, self._questions = steps, questions
        self.best: tuple[Thing, ...] | None = None
        self._best_cost: Cost = ()
        self.is_cut = False
        parts = range(len(candidates[0].cost)) if candidates else range(0)
        self._by_density = [self._sorted(part) for part in parts]
        self._left = [sum(one.gain for one in candidates[at:]) for at in range(len(candidates) + 1)]

    def go(self, taken: tuple[Thing, ...], cost: Cost, missing: int, place: int) -> None:
        """Decide on the candidates from a place on; taking the next one is tried first."""
        if place == len(self._candidates) or self._is_over(cost, missing, place):
            return
        one = self._candidates[place]
        more = (*taken, one.thing)
        dearer = _sum(cost, one.cost)
        if missing - one.gain <= 0 and self._is_better(dearer) and self.asks(more):
            self.best, self._best_cost = more, dearer  # More of them would only cost more.
        else:
            self.go(more, dearer, missing - one.gain, place + 1)
        self.go(taken, cost, missing, place + 1)

    def asks(self, taken: tuple[Thing, ...]) -> bool:
        """Ask whether a set reaches the goal."""
        self._questions -= 1
        return self._reaches(taken)

    def _sorted(self, part: int) -> list[int]:
        places = range(len(self._candidates))
        return sorted(places, key=lambda at: _density(self._candidates[at], part))

    def _is_better(self, cost: Cost) -> bool:
        return self.best is None or cost < self._best_cost

    def _is_over(self, cost: Cost, missing: int, place: int) -> bool:
        """Whether nothing cheaper can come of this branch, or the search is cut."""
        if missing > self._left[place]:
            return True
        if self.best is not None and not self._is_better(self._at_least(cost, missing, place)):
            return True
        self._steps -= 1
        if self._steps < 0 or self._questions <= 0:
            self.is_cut = True
        return self.is_cut

    def _at_least(self, cost: Cost, missing: int, place: int) -> Cost:
        """Return what every set of this branch costs at least, part by part."""
        parts = range(len(cost))
        return _sum(cost, tuple(self._least(part, missing, place) for part in parts))

    def _least(self, part: int, missing: int, place: int) -> int:
        """Return by how much a part of the cost would grow, were candidates divisible."""
        least = 0
        for at in self._by_density[part]:
            if missing <= 0:
                break
            if at >= place:
                one = self._candidates[at]
                used = min(one.gain, missing)
                least += one.cost[part] * used // one.gain
                missing -= used
        return least


def _sum(one: Cost, other: Cost) -> Cost:
    return tuple(left + right for left, right in zip(one, other, strict=True))
