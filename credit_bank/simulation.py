"""What-if: what a draft would change for everyone, without writing anything. Pure.

A loaded population and rule books come in: the law that binds, the whole draft, and each
change of it alone; effects go out. Two processes share the population by fork where that
can be done.
"""

import gc
import threading
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from os import cpu_count

from credit_bank.simulation_effects import Effect, WhatIf
from credit_bank.simulation_judging import Books, judge_range
from credit_bank.simulation_population import Population

Progress = Callable[[int, int], None]
"""Called with the number of workers that are judged, and of all."""

FEW = 2_000
"""Workers below which one process is quicker than two that must be started."""
_MOST_HANDS = 8


def simulate(
    population: Population,
    books: Books,
    *,
    hands: int | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Return what a draft changes for everyone.

    ``hands`` are the processes; left out, as many as there are cores, if it pays and this
    process may fork: one that runs threads must not.
    """
    wanted = hands or _hands(population)
    ranges = _ranges(population, wanted)
    tell = _Told(progress, len(population.workers))
    if len(ranges) == 1:
        return judge_range(population, books, *ranges[0], tell=tell.here)
    found = WhatIf(alone=[None if book is None else Effect() for book in books.alone])
    for share in _forked(population, books, ranges, tell):
        found.add(share)
    return found


class _Told:
    """Adds up how far the processes are."""

    def __init__(self, progress: Progress | None, workers: int) -> None:
        self._progress = progress
        self._workers = workers
        self._done: dict[int, int] = {}

    def here(self, done: int) -> None:
        """Tell how far the only process is."""
        self.of(0, done)

    def of(self, hand: int, done: int) -> None:
        """Tell how far one of the processes is."""
        self._done[hand] = done
        if self._progress:
            self._progress(sum(self._done.values()), self._workers)


def _hands(population: Population) -> int:
    can_fork = "fork" in get_all_start_methods() and threading.active_count() == 1
    if not can_fork or len(population.workers) < FEW:
        return 1
    return min(cpu_count() or 1, _MOST_HANDS)


def _ranges(population: Population, hands: int) -> list[tuple[int, int]]:
    """Return ranges of workers with about as many outcomes each."""
    workers, starts = len(population.workers), population.starts
    ends, share = [0], population.outcomes / max(1, hands)
    for hand in range(1, hands):
        end = ends[-1]
        while end < workers and starts[end] < hand * share:
            end += 1
        ends.append(end)
    ends.append(workers)
    ranges = [(a, b) for a, b in pairwise(ends) if b > a]
    return ranges or [(0, workers)]


def _forked(
    population: Population, books: Books, ranges: Sequence[tuple[int, int]], told: _Told
) -> Iterator[WhatIf]:
    """Yield what each process found, in the order of the workers."""
    context = get_context("fork")
    lines: list[Connection] = []
    processes = []
    for first, end in ranges:
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=_elsewhere, args=(there, population, books, first, end), daemon=True
        )
        process.start()
        there.close()
        lines.append(here)
        processes.append(process)
    found = _heard(lines, told)
    for process in processes:
        process.join()
    for hand, (first, end) in enumerate(ranges):
        share = found.get(hand)
        if share is None:  # The process was ended from outside: do its part here.
            share = judge_range(population, books, first, end, tell=lambda _: None)
        yield share


def _heard(lines: Sequence[Connection], told: _Told) -> dict[int, WhatIf]:
    """Listen until every process has told what it found, or is gone."""
    hands = {line: hand for hand, line in enumerate(lines)}
    found: dict[int, WhatIf] = {}
    while hands:
        ready = wait(list(hands))
        for line in [one for one in hands if one in ready]:
            hand = hands[line]
            try:
                heard = line.recv()
            except EOFError:
                del hands[line]
                line.close()
                continue
            if isinstance(heard, WhatIf):
                found[hand] = heard
            else:
                told.of(hand, heard)
    return found


def _elsewhere(
    line: Connection, population: Population, books: Books, first: int, end: int
) -> None:
    gc.disable()  # For good: the process ends, and a search would copy what is shared.
    line.send(judge_range(population, books, first, end, tell=line.send))
    line.close()
