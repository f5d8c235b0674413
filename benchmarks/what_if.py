"""How long a draft of rules takes over 500,000 outcomes, against converting them twice.

The baseline converts every outcome by the law that binds and by the draft, in one process,
worker by worker, without writing any explanation (``judge_all``, as a deposit does). The
what-if explains every changed record. Outcomes are synthetic: the same for a seed.
"""

import gc
import time
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from benchmarks._book import lives
from benchmarks._measuring import cpu, measured, print_profile
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

WORKERS = 100_000
_SHARE = 20
"""The baseline converts one worker in so many, whose outcomes would not fit as objects."""
_TODAY = date(2026, 1, 1)

Result = TypeVar("Result")


def main() -> None:
    """Load once, try one change and three, compare with converting twice, and profile."""
    binding, drafts = _books()
    population, sample = _timed("load", _load)
    baseline = _converted_twice(sample, binding, drafts[0]) * _SHARE
    one = Books(binding, drafts[0], [drafts[0]])
    for hands in (1, 2):
        began, used = time.perf_counter(), cpu()
        found = simulate(population, one, hands=hands)
        seconds, used = time.perf_counter() - began, cpu() - used
        print(
            f"one change, {hands} process{'es' if hands > 1 else ''}: {seconds:.2f} s, "
            f"{used:.2f} s of processors; "
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
    gathering, sample = Gathering(_TODAY), []
    for worker, (whose, life) in enumerate(lives(WORKERS)):
        gathering.add(whose, life)
        if worker % _SHARE == 0:
            sample.append([LearningOutcome.model_validate(told) for told in life])
    return gathering.population, sample


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
    share = len(population.workers) // 5
    print_profile(
        "a fifth of the workers",
        lambda: judge_range(population, books, 0, share, tell=lambda _: None),
    )


def _timed(what: str, work: Callable[[], Result]) -> Result:
    found, seconds, used = measured(work)
    print(f"{what}: {seconds:.2f} s, {used:.2f} s of processors")
    return found
