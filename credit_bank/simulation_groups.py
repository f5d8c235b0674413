"""Who gains and who loses by group, without telling of a few. Pure.

A number of 1 to 4 persons is hidden with its whole line. Of hidden lines there are at least
two, and in no column do they hold 1 to 4 persons together: what the totals leave over tells
nobody's own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass
class GroupSums:
    """Those of one group; units are whole."""

    key: str
    persons: int = 0
    gaining: int = 0
    losing: int = 0
    gained: int = 0
    lost: int = 0
    is_hidden: bool = False

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """The numbers of persons that a line tells, or lets compute."""
        return (self.persons, self.gaining, self.losing, self.persons - self.gaining - self.losing)


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
    """Mark the lines that tell of fewer than ``least`` persons, and those that guard them."""
    for line in lines:
        line.is_hidden = any(is_few(count, least) for count in line.counts)
    shown = sorted((one for one in lines if not one.is_hidden), key=lambda one: one.persons)
    for guard in shown:
        hidden = [one for one in lines if one.is_hidden]
        if not hidden or _is_guarded(hidden, least):
            return
        guard.is_hidden = True


def is_few(count: int, least: int) -> bool:
    """Whether a number of persons is too small to be told."""
    return 0 < count < least


def _is_guarded(hidden: list[GroupSums], least: int) -> bool:
    columns = zip(*(one.counts for one in hidden), strict=True)
    return len(hidden) > 1 and not any(is_few(sum(column), least) for column in columns)
