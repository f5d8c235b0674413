"""Which occupation is meant: renumbered ones, and those that are related. Pure.

Occupations are renamed and renumbered with each edition of the classification, and a
number may come to mean another occupation: what a record says is read by its own day.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from schemas.contracts import Contract, Line

Coded = Annotated[
    str,
    StringConstraints(pattern=r"^\d-\d{2}-\d{2}-\d{2} \S.{0,80}$", strip_whitespace=True),
]
"""An occupation as people read it: its number, a space, its name."""


def code_of(coded: str) -> str:
    """Return the number of ``6-31-01-03 电工``."""
    return coded.partition(" ")[0]


class Renumbered(Contract):
    """An occupation that has another number since some day, or was joined or divided."""

    before: Coded
    now: tuple[Coded, ...]
    """Several when it was divided: work in it counts for each."""
    edition: Line
    until: date | None = None
    """The last day on which the old number meant this; None when it was never used again."""


class Relatives(Contract):
    """The occupations whose work counts for an occupation, as its standard names them."""

    occupation: Coded
    related: tuple[Coded, ...]
    source: Line | None = None


class Nearness(StrEnum):
    """How an occupation stands to the one that is applied for."""

    OWN = "own"
    RELATED = "related"
    UNSET = "unset"
    """Of the same small group (小类), and no table says whether it is related."""
    UNTOLD = "untold"
    OTHER = "other"


class Occupations:
    """Reads the numbers of occupations as of a day."""

    def __init__(
        self, renumbered: Iterable[Renumbered] = (), relatives: Iterable[Relatives] = ()
    ) -> None:
        """Take the lines of the crosswalk and of the table that are in force."""
        self._lines = defaultdict[str, list[Renumbered]](list)
        for line in renumbered:
            self._lines[code_of(line.before)].append(line)
        self._related = {
            code_of(one.occupation): frozenset(code_of(other) for other in one.related)
            for one in relatives
        }

    def now(self, code: str, on: date) -> frozenset[str]:
        """Return the numbers that an occupation written on a day has now."""
        found, seen, waiting = set[str](), set[str](), [code]
        while waiting:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            after = self._after(one, on)
            waiting += after
            if not after or one in after:
                found.add(one)
        return frozenset(found)

    def counts_as(self, code: str, on: date) -> str:
        """Return the one occupation for which a certificate written on a day counts.

        Of an occupation that was divided it is the first that the table names: no
        certificate brings its credits twice.
        """
        seen = set[str]()
        while code not in seen:
            seen.add(code)
            after = self._after(code, on)
            if not after or code in after:
                break
            code = after[0]
        return code

    def is_renumbered(self, code: str) -> bool:
        """Whether a number meant something else on some day."""
        return code in self._lines

    def told(self, code: str) -> str:
        """Return a number with its name, as far as the table tells it."""
        lines = [line for some in self._lines.values() for line in some]
        coded = [one for line in lines for one in (line.before, *line.now)]
        return next((one for one in coded if code_of(one) == code), code)

    def _after(self, code: str, on: date) -> list[str]:
        """Return the numbers that a line puts in the place of one written on a day."""
        return [
            code_of(other)
            for line in self._lines.get(code, ())
            if line.until is None or on <= line.until
            for other in line.now
        ]

    def nearness(self, code: str | None, on: date, wanted: str) -> Nearness:
        """Return how the occupation of a record stands to the one that is wanted."""
        if code is None:
            return Nearness.UNTOLD
        codes = self.now(code, on)
        if wanted in codes:
            return Nearness.OWN
        related = self._related.get(wanted)
        if related is None:
            group = wanted.rpartition("-")[0]
            alike = any(one.rpartition("-")[0] == group for one in codes)
            return Nearness.UNSET if alike else Nearness.OTHER
        return Nearness.RELATED if codes & related else Nearness.OTHER
