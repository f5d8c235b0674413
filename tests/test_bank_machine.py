"""Hundreds of lives at the bank, with everything that can happen, audited after every step."""

import os
import secrets

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from archive.db import Database
from tests.bank_machine import BankMachine

_SEED = "ARCHIVE_TEST_SEED"
_UNHURRIED = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def live(archive: Database, lives: int, steps: int, *, chance: int) -> None:
    """Run the machine; what fails is told with its seed.

    With a seed of its own a failing life is made as short as can be, which takes minutes.
    """

    class Machine(BankMachine):
        database = archive

    print(f"{lives} lives of up to {steps} steps, {_SEED}={chance}")  # noqa: T201  # Told on failure.
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
@pytest.mark.parametrize("part", range(4))
def test_the_bank_holds_whatever_happens(sqlite_archive: Database, part: int) -> None:
    live(sqlite_archive, 50, 30, chance=20_220_915 + part)


@pytest.mark.slow
def test_the_bank_holds_on_both_databases(archive: Database) -> None:
    live(archive, 10, 30, chance=secrets.randbits(32))


@pytest.mark.soak
def test_the_bank_holds_for_ten_thousand_long_lives(archive: Database) -> None:
    live(archive, 5_000, 120, chance=int(os.environ.get(_SEED, secrets.randbits(32))))
