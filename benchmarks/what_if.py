"""How long a draft of rules takes over 500,000 outcomes, against converting them twice.

The baseline converts every outcome by the law that binds and by the draft, in one process,
worker by worker, without writing any explanation (``judge_all``, as a deposit does). The
what-if explains every changed record. Outcomes are synthetic: the same for a seed.
"""

import cProfile
import gc
import os
import pstats
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from credit_bank.conversion import judge_all
from credit_bank.publishing import shipped_files
from credit_bank.rule_files import read_content, read_file
from credit_bank.rulebook import RuleBook, book_of
from credit_bank.simulation import simulate
from credit_bank.simulation_effects import WhatIf
from credit_bank.simulation_judging import Books, judge_range
from credit_bank.simulation_population import Gathering, Population
from schemas.credits import LearningOutcome
from tests.test_rulebook import a_rule

WORKERS, EACH = 100_000, 5
_TWINS = 8
"""One worker in so many has a course twice, from two organisations: a twelfth, with chance."""
_SHARE = 20
"""The baseline converts one worker in so many, whose outcomes would not fit as objects."""
_TODAY = date(2026, 1, 1)
_LINES = 10
_HOURS = (8, 16, 24, 36, 40, 64, 80, 120, 160, 240)
_TRADES = ("6-31-01-03", "6-18-02-04", "4-03-02-01", "6-18-01-07")
_TRAININGS, _CERTIFICATES = 0.7, 0.9

Result = TypeVar("Result")


def main() -> None:
    """Load once, try one change and three, compare with converting twice, and profile."""
    binding, drafts = _books()
    population, sample = _timed("load", _load)
    baseline = _converted_twice(sample, binding, drafts[0]) * _SHARE
    one = Books(binding, drafts[0], [drafts[0]])
    for hands in (1, 2):
        began, cpu = time.perf_counter(), _cpu()
        found = simulate(population, one, hands=hands)
        seconds, cpu = time.perf_counter() - began, _cpu() - cpu
        print(
            f"one change, {hands} process{'es' if hands > 1 else ''}: {seconds:.2f} s, "
            f"{cpu:.2f} s of processors; "
            f"ratio {seconds / baseline:.2f} to converting twice ({baseline:.1f} s, one process)"
        )
    _check(found)
    k = Books(binding, drafts[3], drafts[:3])
    _timed(
        "three changes alone and together, 2 processes", lambda: simulate(population, k, hands=2)
    )
    _timed("every explanation in words", lambda: _written_out(found))
    _profile(population, one)


def _books() -> tuple[RuleBook, list[RuleBook]]:
    """Return the law, and drafts: hours since 2022, the cap, prizes, all three together."""
    law = tuple(body for path in shipped_files() for body in read_file(path))
    hours = 'family = "training"\n' + a_rule("training-b", "2022-09-15")
    texts = [hours, *(_other(path, word) for path, word in _OTHERS)]
    fresh = [read_content(text.encode(), "draft.toml") for text in texts]
    books = [book_of((*law, *bodies)) for bodies in fresh]
    return book_of(law), [*books, book_of((*law, *(one for bodies in fresh for one in bodies)))]


_OTHERS = (("yearly_cap", "yearly-cap-2022"), ("competition", "competition-2022"))


def _other(family: str, replaced: str) -> str:
    return (
        f'family = "{family}"\n[[repeal]]\nid = "{replaced}-ends"\nrepeals = "{replaced}"\n'
        "in_force_from = 2024-01-01\nleaves_no_rule = true\n"
        'title = { zh = "废止", en = "Repeal" }\nclause = { zh = "废止。", en = "Repealed." }\n'
        'source = "benchmark"\n'
    )


def _load() -> tuple[Population, list[list[LearningOutcome]]]:
    chance, gathering, sample = Random(1), Gathering(_TODAY), []
    for worker in range(WORKERS):
        life = [_outcome(chance) for _ in range(EACH)]
        if worker % _TWINS == 0:
            life[1] = {**life[0], **_elsewhere(chance)}
        gathering.add(UUID(int=worker + 1), life)
        if worker % _SHARE == 0:
            sample.append([LearningOutcome.model_validate(told) for told in life])
    return gathering.population, sample


def _elsewhere(chance: Random) -> dict[str, Any]:
    """Return what differs of an outcome that another organisation posted as well."""
    return {
        "id": str(UUID(int=chance.getrandbits(128))),
        "issuer": str(UUID(int=chance.randrange(60, 120) + 1)),
        "issuer_key": f"{chance.getrandbits(64):x}",
    }


def _outcome(chance: Random) -> dict[str, Any]:
    """Return an outcome as the chain's bytes tell it: 70 % courses, 20 % levels, 10 % prizes."""
    day = date(2018, 1, 1) + timedelta(days=chance.randrange(8 * 365))
    told: dict[str, Any] = {
        "id": str(UUID(int=chance.getrandbits(128))),
        "effective_on": day.isoformat(),
        "issuer": str(UUID(int=chance.randrange(60) + 1)),
        "issuer_key": f"{chance.getrandbits(64):x}",
        "occupation": chance.choice(_TRADES),
        "rank": None,
    }
    kind = chance.random()
    if kind < _TRAININGS:
        course = chance.randrange(300)
        told["measures"] = {
            "kind": "training",
            "hours": str(_HOURS[course % len(_HOURS)]),
            "attendance": str(chance.randrange(70, 101)),
            "score": str(chance.randrange(80, 201) / 2).removesuffix(".0"),
            "grade": None,
            "mode": chance.choice((None, "classroom", "online", "blended")),
            "course_code": f"C{course}" if course % 2 else None,
            "course": f"{course:064x}",
        }
    elif kind < _CERTIFICATES:
        told["rank"] = chance.randrange(1, 6)
        told["measures"] = {"kind": "certificate", "instrument": "skill_level", "title": None}
    else:
        told["measures"] = {
            "kind": "competition",
            "tier": chance.choice(("province", "city", "district")),
            "prize": chance.choice(("first", "second", "third", "merit")),
            "event": f"{chance.randrange(50):064x}",
        }
    return told


def _converted_twice(sample: list[list[LearningOutcome]], one: RuleBook, other: RuleBook) -> float:
    """Return the seconds of converting the sample by both books, one process."""
    gc.collect()
    began = time.perf_counter()
    for life in sample:
        judge_all(life, one)
        judge_all(life, other)
    return time.perf_counter() - began


def _check(found: WhatIf) -> None:
    changed = len(found.changes.places)
    print(
        f"judged again: {found.together.judged:,} workers; explained: {changed:,} records of "
        f"{found.together.changed_workers:,} workers, {len(found.changes.verdicts):,} reasons"
    )
    assert changed > WORKERS // 2
    assert sum(change.difference for change in found.changes) == found.together.difference.units


def _written_out(found: WhatIf) -> int:
    """Write the sentences of every changed record, before and after."""
    size = 0
    for change in found.changes:
        for verdict in (change.before, change.after):
            size += sum(len(text.format(**dict(facts))) for text, facts in verdict.steps)
    return size


def _profile(population: Population, books: Books) -> None:
    profile = cProfile.Profile()
    profile.enable()
    judge_range(population, books, 0, len(population.workers) // 5, tell=lambda _: None)
    profile.disable()
    print("where a fifth of the workers spends the time (the profiler slows everything down):")
    for where, count, own in _tops(profile):
        print(f"  {own:6.2f} s  {count:>9,} x  {where}")


def _tops(profile: cProfile.Profile) -> Iterator[tuple[str, int, float]]:
    stats = pstats.Stats(profile)
    calls = sorted(stats.stats.items(), key=lambda item: -item[1][2])  # type: ignore[attr-defined]
    for (file, line, name), (_, count, own, _, _) in calls[:_LINES]:
        yield f"{name} ({Path(file).name}:{line})" if line else name, count, own


def _timed(what: str, work: Callable[[], Result]) -> Result:
    began, cpu = time.perf_counter(), _cpu()
    found = work()
    print(f"{what}: {time.perf_counter() - began:.2f} s, {_cpu() - cpu:.2f} s of processors")
    return found


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
