"""Hundreds of lives at the bank, with everything that can happen, audited after every step."""

import os
import secrets
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from archive.db import Database
from tests.bank_machine import BankMachine

_SEED, _LIVES = "ARCHIVE_TEST_SEED", "ARCHIVE_SOAK_LIVES"
_A_TURN = 50  # Lives with one seed: few enough to be tried again.
_TURNS = range(int(os.environ.get(_LIVES, "10000")) // _A_TURN // 2)  # On each database.
_UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
Tell = Callable[[str, object], None]


def live(archive: Database, lives: int, steps: int, *, chance: int, tell: Tell) -> None:
    """Run the machine; what it ran is told at the end of the run, with its seed.

    With a seed of its own a failing life is made as short as can be, which takes minutes.
    """

    class Machine(BankMachine):
        database = archive

    told = f"{lives} lives of up to {steps} steps on {archive.engine.name}: {_SEED}={chance}"
    tell("seed", told)
    print(told)  # noqa: T201  # A soak is watched while it runs.
    run_state_machine_as_test(
        seed(chance)(Machine),
        settings=settings(
            max_examples=lives,
            stateful_step_count=steps,
            derandomize=False,
            database=None,
            phases=(Phase.generate, Phase.shrink) if _SEED in os.environ else (Phase.generate,),
            report_multiple_bugs=False,
            suppress_health_check=_UNHURRIED,
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("part", range(8))
def test_the_bank_holds_whatever_happens(
    sqlite_archive: Database, part: int, record_property: Tell
) -> None:
    live(sqlite_archive, 25, 30, chance=20_220_915 + part, tell=record_property)


@pytest.mark.slow
def test_the_bank_holds_on_both_databases(archive: Database, record_property: Tell) -> None:
    live(archive, 10, 30, chance=secrets.randbits(32), tell=record_property)


@pytest.mark.soak
@pytest.mark.parametrize("turn", _TURNS)
def test_the_bank_holds_for_ten_thousand_long_lives(
    archive: Database, turn: int, record_property: Tell
) -> None:
    """One seed begins the turns when it is given; else each turn has one of its own."""
    begin = os.environ.get(_SEED)
    chance = int(begin) + turn if begin else secrets.randbits(32)
    live(archive, _A_TURN, 120, chance=chance, tell=record_property)
