"""Who gains and who loses by group, without telling of a few. Pure.

A number of 1 to 4 persons is hidden, with the credits behind it. Of a column's hidden
numbers there are at least two, and together they are not few: what the total leaves over
tells of nobody's own. That someone stays as he is, is no number here and is not guarded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Column(StrEnum):
    """A number of persons that a line tells."""

    PERSONS = "persons"
    GAINING = "gaining"
    LOSING = "losing"


@dataclass
class GroupSums:
    """Those of one group; units are whole."""

    key: str
    persons: int = 0
    gaining: int = 0
    losing: int = 0
    gained: int = 0
    lost: int = 0
    hidden: frozenset[Column] = frozenset()

    def count(self, column: Column) -> int:
        """Return the number of persons of a column."""
        return {
            Column.PERSONS: self.persons,
            Column.GAINING: self.gaining,
            Column.LOSING: self.losing,
        }[column]

    def hides(self, column: Column) -> bool:
        """Whether a column's number is not told of this group."""
        return column in self.hidden


def by_group(
    persons: Mapping[str, int], nets: Iterable[tuple[str, int]], *, least: int
) -> list[GroupSums]:
    """Return the sums of each group of ``persons``, in their order.

    ``nets`` are what persons gain (+) or lose (-), each with the group. ``least`` is the
    smallest number of persons that may be told, besides none.
    """
    sums = {key: GroupSums(key, persons=count) for key, count in persons.items()}
    for key, units in nets:
        one = sums[key]
        if units > 0:
            one.gaining += 1
            one.gained += units
        elif units < 0:
            one.losing += 1
            one.lost -= units
    lines = list(sums.values())
    hide(lines, least)
    return lines


def hide(lines: list[GroupSums], least: int) -> None:
    """Hide every number of fewer than ``least`` persons, and those that guard it."""
    for line in lines:
        line.hidden = frozenset(one for one in Column if is_few(line.count(one), least))
    _guard(lines, Column.PERSONS, least)
    for line in lines:
        if line.hides(Column.PERSONS):
            line.hidden = frozenset(Column)
    for column in (Column.GAINING, Column.LOSING):
        _guard(lines, column, least)


def is_few(count: int, least: int) -> bool:
    """Whether a number of persons is too small to be told."""
    return 0 < count < least


def _guard(lines: list[GroupSums], column: Column, least: int) -> None:
    """Hide more numbers of a column until what the total leaves over tells of no few."""
    if is_few(sum(line.count(column) for line in lines), least):
        return  # The total is hidden, too: it leaves nothing over.
    shown = [line for line in lines if not line.hides(column)]
    shown.sort(key=lambda line: (line.count(column) == 0, line.count(column)))
    for guard in shown:
        hidden = [line.count(column) for line in lines if line.hides(column)]
        if not hidden or (len(hidden) > 1 and not is_few(sum(hidden), least)):
            return
        guard.hidden |= {column}
