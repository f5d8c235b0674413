"""Filling a demand from sources within shares: a small flow network of whole units. Pure.

Providers, what is external and what is online limit overlapping parts of what is used, so
that taking the sources one by one can run into a dead end. A flow through modes, sources,
providers and the receiver's own or other side finds a way whenever there is one.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

_SOURCE, _SINK = "source", "sink"


class Tap(NamedTuple):
    """What one source can give, and which shares its units count toward."""

    units: int
    provider: UUID
    is_external: bool
    is_online: bool


@dataclass(frozen=True, slots=True)
class Caps:
    """The most units that each share of a demand may have."""

    provider: int
    external: int
    online: int


def usable(taps: Iterable[Tap], wanted: int, caps: Caps) -> int:
    """Return how many of the wanted units can be given within the caps."""
    cells: dict[tuple[UUID, bool, bool], int] = defaultdict(int)
    for units, provider, is_external, is_online in taps:
        cells[provider, is_external, is_online] += units
    network = _Network()
    _lay(network, [Tap(units, *cell) for cell, units in cells.items()], wanted, caps)
    return network.push(_SOURCE, _SINK, wanted)


def fill(taps: Sequence[Tap], wanted: int, caps: Caps) -> list[int] | None:
    """Return what each source gives: the first as much as it can, then the second, and so on.

    None when the demand cannot be filled. Of all ways to fill it this is the one that
    takes most from the first source; among those, most from the second; to the last.
    """
    network = _Network()
    pipes = _lay(network, taps, wanted, caps)
    if network.push(_SOURCE, _SINK, wanted) < wanted:
        return None
    return [network.settle(pipe) for pipe in pipes]


def _lay(network: "_Network", taps: Sequence[Tap], wanted: int, caps: Caps) -> list[int]:
    """Lay the pipes: mode, provider, own or external; return those of the sources."""
    for is_online, most in ((True, caps.online), (False, wanted)):
        network.lay(_SOURCE, ("mode", is_online), most)
    for is_external, most in ((True, caps.external), (False, wanted)):
        network.lay(("side", is_external), _SINK, most)
    for provider, is_external in dict.fromkeys((tap.provider, tap.is_external) for tap in taps):
        network.lay(("provider", provider), ("side", is_external), caps.provider)
    return [
        network.lay(("mode", tap.is_online), ("provider", tap.provider), tap.units) for tap in taps
    ]


class _Network:
    """Pipes with room left; each has a twin the other way, which holds what flows."""

    def __init__(self) -> None:
        self._heads: list[Hashable] = []
        self._room: list[int] = []
        self._from: dict[Hashable, list[int]] = defaultdict(list)

    def lay(self, tail: Hashable, head: Hashable, room: int) -> int:
        """Lay a pipe and return its number; its twin has the next."""
        number = len(self._heads)
        self._heads += [head, tail]
        self._room += [room, 0]
        self._from[tail].append(number)
        self._from[head].append(number + 1)
        return number

    def push(self, source: Hashable, sink: Hashable, most: int) -> int:
        """Send as much as goes through, ``most`` at most; return how much it was."""
        sent = 0
        while sent < most and (path := self._path(source, sink)):
            part = min(most - sent, *(self._room[pipe] for pipe in path))
            for pipe in path:
                self._room[pipe] -= part
                self._room[pipe ^ 1] += part
            sent += part
        return sent

    def settle(self, pipe: int) -> int:
        """Let as much flow through a pipe as can, without changing the whole; then close it."""
        left, flow = self._room[pipe], self._room[pipe ^ 1]
        self._room[pipe] = self._room[pipe ^ 1] = 0
        return flow + self.push(self._heads[pipe], self._heads[pipe ^ 1], left)

    def _path(self, source: Hashable, sink: Hashable) -> list[int]:
        """Return the pipes of a shortest way with room left; none when there is no way."""
        came: dict[Hashable, int] = {source: -1}
        waiting = deque([source])
        while waiting and sink not in came:
            for pipe in self._from[waiting.popleft()]:
                head = self._heads[pipe]
                if self._room[pipe] > 0 and head not in came:
                    came[head] = pipe
                    waiting.append(head)
        path, node = list[int](), sink
        while node in came and (pipe := came[node]) >= 0:
            path.append(pipe)
            node = self._heads[pipe ^ 1]
        return path
