"""What a draft changes, in numbers and reasons: for everyone in all, and for each outcome."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from credit_bank.simulation_law import Verdict
from schemas.vocabulary import Decision


@dataclass
class Sums:
    """What a book gives in all, or by how much a draft differs from the law that binds."""

    units: int = 0
    forfeited: int = 0
    """What the yearly cap takes."""
    undecided: int = 0
    """Outcomes that cannot be decided."""
    capped: int = 0
    """Workers from whom the cap takes something."""

    def count(self, verdicts: Sequence[Verdict], sign: int = 1) -> None:
        """Add the verdicts of a worker, or take them away."""
        units = forfeited = undecided = 0
        for verdict in verdicts:
            units += verdict.units
            forfeited += verdict.forfeited
            undecided += verdict.decision is Decision.UNDECIDED
        self.units += sign * units
        self.undecided += sign * undecided
        if forfeited:
            self.forfeited += sign * forfeited
            self.capped += sign

    def add(self, other: "Sums") -> None:
        """Add what another process found."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Effect:
    """What a draft changes in all; units are whole."""

    difference: Sums = field(default_factory=Sums)
    judged: int = 0
    """Workers who were judged again; everyone else is not concerned."""
    gaining: int = 0
    losing: int = 0
    gained: int = 0
    lost: int = 0
    changed_workers: int = 0
    changed_outcomes: int = 0

    def add(self, other: "Effect") -> None:
        """Add what another process found."""
        self.difference.add(other.difference)
        for one in fields(self)[1:]:
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass
class Changes:
    """Every outcome that the whole draft decides otherwise: columns, in the workers' order."""

    workers: "array[int]" = field(default_factory=lambda: array("l"))
    places: "array[int]" = field(default_factory=lambda: array("l"))
    before: "array[int]" = field(default_factory=lambda: array("l"))
    after: "array[int]" = field(default_factory=lambda: array("l"))
    verdicts: list[Verdict] = field(default_factory=list)
    """What ``before`` and ``after`` point to: the explanations."""

    def __iter__(self) -> Iterator["Change"]:
        """Yield each change with its explanations."""
        columns = zip(self.workers, self.places, self.before, self.after, strict=True)
        for worker, place, before, after in columns:
            yield Change(worker, place, self.verdicts[before], self.verdicts[after])

    def add(self, other: "Changes") -> None:
        """Append what another process found."""
        shift = len(self.verdicts)
        self.workers += other.workers
        self.places += other.places
        self.before += array("l", [shift + one for one in other.before])
        self.after += array("l", [shift + one for one in other.after])
        self.verdicts += other.verdicts


class Change(NamedTuple):
    """One outcome that is decided otherwise, and why before and after."""

    worker: int
    place: int
    before: Verdict
    after: Verdict

    @property
    def difference(self) -> int:
        """The units gained (+) or lost (-)."""
        return self.after.units - self.before.units


@dataclass
class WhatIf:
    """What was found: the law that binds, the whole draft, each of its changes alone."""

    before: Sums = field(default_factory=Sums)
    together: Effect = field(default_factory=Effect)
    alone: list[Effect | None] = field(default_factory=list)
    """None for a change that cannot stand alone."""
    changes: Changes = field(default_factory=Changes)

    def add(self, other: "WhatIf") -> None:
        """Add what another process found of later workers."""
        self.before.add(other.before)
        self.together.add(other.together)
        self.changes.add(other.changes)
        for mine, theirs in zip(self.alone, other.alone, strict=True):
            if mine is not None and theirs is not None:
                mine.add(theirs)
