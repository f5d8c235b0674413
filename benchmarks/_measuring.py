"""Measuring time, of the clock and of the processors, and where it goes."""

import cProfile
import os
import pstats
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

_LINES = 10

Result = TypeVar("Result")


def cpu() -> float:
    """Return the seconds of processors that this process and its children have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measured(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """Return what work gives, its seconds by the clock, and its seconds of processors."""
    began, used = time.perf_counter(), cpu()
    found = work()
    return found, time.perf_counter() - began, cpu() - used


def print_profile(what: str, work: Callable[[], object]) -> None:
    """Print where work spends its time."""
    profile = cProfile.Profile()
    profile.enable()
    work()
    profile.disable()
    print(f"where {what} spends the time (the profiler slows everything down):")
    for where, count, own in _tops(profile):
        print(f"  {own:6.2f} s  {count:>9,} x  {where}")


def _tops(profile: cProfile.Profile) -> Iterator[tuple[str, int, float]]:
    stats = pstats.Stats(profile)
    calls = sorted(stats.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    for (file, line, name), (_, count, own, _, _) in calls[:_LINES]:
        yield f"{name} ({Path(file).name}:{line})" if line else name, count, own
