"""Judging a range of workers by the law that binds and by drafts of another. Pure.

Everyone is judged once by the law that binds, and by a draft only who has an outcome on a
day of which the draft says something else.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from typing import NamedTuple

from credit_bank.collecting import no_collection
from credit_bank.rulebook import RuleBook
from credit_bank.simulation_effects import Changes, Effect, Sums, WhatIf
from credit_bank.simulation_law import Law, Memory, Verdict
from credit_bank.simulation_population import Kin, Population
from schemas.vocabulary import Family

_TOLD_EVERY = 1_000


class Books(NamedTuple):
    """The rule books that are compared."""

    before: RuleBook
    together: RuleBook
    alone: Sequence[RuleBook | None] = ()


def judge_range(
    population: Population,
    books: Books,
    first: int,
    end: int,
    *,
    tell: Callable[[int], None],
    everyone: bool = False,
) -> WhatIf:
    """Return what a draft changes for the workers from ``first`` to before ``end``.

    With ``everyone`` those are judged again too who cannot be concerned: the long way, by
    which the quick one is proved.
    """
    memory = Memory()
    binding = Law(population, books.before, memory)
    whole = _Draft(Law(population, books.together, memory), binding, Effect())
    alone = [
        None
        if book is None
        else whole  # A draft of one change is judged once.
        if book is books.together
        else _Draft(Law(population, book, memory), binding, Effect())
        for book in books.alone
    ]
    drafts = [whole, *(one for one in alone if one not in (None, whole))]
    sums, changes, index = Sums(), Changes(), dict[int, int]()
    with no_collection():
        for worker in range(first, end):
            before = binding.judged(worker)
            sums.count(before)
            begin, after_last = population.starts[worker], population.starts[worker + 1]
            slots = population.slots[begin:after_last]
            for draft in drafts:
                if not (everyone or draft.may_touch(worker, slots)):
                    continue
                after = draft.law.judged(worker)
                changed = draft.count(before, after)
                if draft is whole:
                    _note(changes, index, worker, begin, changed)
            if (worker - first) % _TOLD_EVERY == _TOLD_EVERY - 1:
                tell(worker + 1 - first)
    tell(end - first)
    effects = [None if one is None else deepcopy(one.effect) for one in alone]
    return WhatIf(sums, whole.effect, effects, changes)


class _Draft:
    """A book that may become the law, and what it has changed so far."""

    def __init__(self, law: Law, binding: Law, effect: Effect) -> None:
        self.law = law
        self.effect = effect
        self._touched = law.touched(binding)
        self._joins_otherwise = _joining(law.book) != _joining(binding.book)

    def may_touch(self, worker: int, slots: Sequence[int]) -> bool:
        """Whether the draft says something else of any of the outcomes' days, or parties."""
        if not self._touched.isdisjoint(slots):
            return True
        population = self.law.population
        is_joined = worker in population.whole or worker in population.linked
        return self._joins_otherwise and is_joined

    def count(
        self, before: Sequence[Verdict], after: Sequence[Verdict]
    ) -> list[tuple[int, Verdict, Verdict]]:
        """Count a worker who was judged again; return what is decided otherwise."""
        effect = self.effect
        effect.judged += 1
        changed = [
            (at, one, other)
            for at, (one, other) in enumerate(zip(before, after, strict=True))
            if one is not other and not one.tells(other)
        ]
        if not changed:
            return changed
        effect.difference.count(before, -1)
        effect.difference.count(after)
        effect.changed_workers += 1
        effect.changed_outcomes += len(changed)
        units = sum(other.units - one.units for _, one, other in changed)
        if units > 0:
            effect.gaining += 1
            effect.gained += units
        elif units < 0:
            effect.losing += 1
            effect.lost -= units
        return changed


def givers(books: Books) -> frozenset[str]:
    """Return the parties that give by an agreement in any of the books.

    Whoever has an outcome of theirs is judged with all outcomes at once.
    """
    return frozenset(giver for book in _every(books) for giver in book.agreements_from)


def kins(books: Books) -> list[Kin]:
    """Return the occupations that the crosswalks of each book join.

    Whoever has certificates of several of them is judged with all outcomes at once.
    """
    return [book.kin for book in _every(books)]


def _every(books: Books) -> list[RuleBook]:
    return [books.before, books.together, *(one for one in books.alone if one)]


def _joining(book: RuleBook) -> frozenset[tuple[str, date | None]]:
    """Return what can make outcomes depend on each other otherwise: versions and last days."""
    families = (Family.AGREEMENT, Family.OCCUPATION_CROSSWALK)
    return frozenset((one.version, one.until) for name in families for one in book.of(name))


def _note(
    changes: Changes,
    index: dict[int, int],
    worker: int,
    begin: int,
    changed: Sequence[tuple[int, Verdict, Verdict]],
) -> None:
    for at, before, after in changed:
        changes.workers.append(worker)
        changes.places.append(begin + at)
        for column, verdict in ((changes.before, before), (changes.after, after)):
            known = index.get(id(verdict))
            if known is None:
                known = index[id(verdict)] = len(changes.verdicts)
                changes.verdicts.append(verdict)
            column.append(known)
