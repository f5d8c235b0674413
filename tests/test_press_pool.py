"""A process that makes documents may die, hang or grow: it costs one document, and no other."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archive.transcripts.field_names import FIELD_NAME
from archive.transcripts.keys import development_keys
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.orders import Order
from archive.transcripts.own_works import press
from archive.transcripts.pool import Limits, PressPool
from archive.transcripts.refusals import DocumentsBusyError
from archive.transcripts.sample import sample_of
from archive.transcripts.signing_refusals import SigningUnavailableError
from tests.builders import NOW
from tests.press_workers import opened
from tests.transcript_samples import a_record

ORDER = Order("cd" * 32, is_development=True)

Pools = Callable[..., PressPool]


@pytest.fixture
def pools(sqlite_settings) -> Iterator[Pools]:
    made: list[PressPool] = []

    def a_pool(**limits: Any) -> PressPool:
        told = Limits(**{"processes": 1, "seconds": 5.0, **limits})
        made.append(PressPool(sqlite_settings, lambda: datetime.now(UTC), told, opened))
        return made[-1]

    yield a_pool
    for one in made:
        one.close()


@pytest.fixture
def ask(sqlite_settings):
    keys = development_keys(sqlite_settings.secrets_folder, now=NOW)
    own = press(keys, base_url="https://archive.example", timezone="Asia/Shanghai")
    sample = sample_of(own, NOW)

    def asked(pool: PressPool, purpose: str = "", **changes: object) -> int:
        payload = sample.model_copy(update={"purpose": purpose or None} | changes)
        return int(pool.make(payload, at=NOW, order=ORDER).pdf)

    return asked


def is_running(pid: int) -> bool:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"  # Whose parent was killed, init collects.


def gone_within(seconds: float, *pids: int) -> bool:
    until = time.monotonic() + seconds
    while any(map(is_running, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    return not any(map(is_running, pids))


@pytest.mark.parametrize("purpose", ["die", "hang"])
def test_a_process_that_dies_or_hangs_costs_one_document_and_leaves_no_zombie(pools, ask, purpose):
    pool = pools(seconds=2.0)
    first = ask(pool)
    begun = time.monotonic()
    with pytest.raises(DocumentFailedError):
        ask(pool, purpose)
    assert time.monotonic() - begun < 30  # It would sleep for sixty.
    assert gone_within(20, first)
    second = ask(pool)
    assert second != first
    assert ask(pool) == second


def test_a_document_of_a_lifetime_may_take_longer_than_one_of_a_year(pools, ask):
    pool = pools(seconds=0.25, seconds_a_line=0.25)
    assert ask(pool, "wait", records=tuple(map(a_record, range(1, 11))))
    with pytest.raises(DocumentFailedError):
        ask(pool, "wait")


def test_a_fault_nobody_foresaw_costs_one_document_and_the_process_goes_on(pools, ask):
    pool = pools()
    first = ask(pool)
    with pytest.raises(DocumentFailedError):
        ask(pool, "fail")
    assert ask(pool) == first


def test_a_process_gets_no_memory_beyond_measure_and_is_replaced_when_it_has_grown(pools, ask):
    pool = pools(most_bytes=600 * 2**20, usual_bytes=250 * 2**20)
    first = ask(pool)
    with pytest.raises(DocumentFailedError):
        ask(pool, "eat")
    second = ask(pool)
    assert second != first
    ask(pool, "grow")
    assert ask(pool) != second
    assert gone_within(20, first, second)


def test_a_process_is_replaced_after_its_share_of_documents(pools, ask):
    pool = pools(documents=2)
    made = [ask(pool) for _ in range(5)]
    assert made[0] == made[1] != made[2] == made[3] != made[4]


def test_who_finds_the_line_full_is_refused_at_once_and_the_others_are_served(pools, ask):
    pool = pools(processes=2, waiting=2)
    pool.warm()

    def asked(_: int) -> str:
        try:
            with pool.place():
                return str(ask(pool, "wait"))
        except DocumentsBusyError:
            return "busy"

    with ThreadPoolExecutor(8) as askers:
        told = list(askers.map(asked, range(8)))
    assert told.count("busy") == 4
    assert len(set(told)) == 3  # Two processes, and the refusal.


def test_processes_of_a_server_that_was_killed_end_with_it(sqlite_settings):
    environment = os.environ | {"ARCHIVE_HOME": str(sqlite_settings.home)}
    command = [sys.executable, "-m", "tests.press_workers"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        pids = [int(one) for one in server.stdout.readline().split()]
        assert len(pids) == 2
        assert all(map(is_running, pids))
        server.kill()
    assert gone_within(20, *pids)


def test_a_real_process_signs_for_its_own_signer_only_and_refusals_cross(sqlite_settings):
    keys = development_keys(sqlite_settings.secrets_folder, now=NOW)
    own = press(keys, base_url="https://archive.example", timezone="Asia/Shanghai")
    sample = sample_of(own, NOW)
    pool = PressPool(sqlite_settings, lambda: datetime.now(UTC), Limits(processes=1))
    try:
        payload = sample.model_copy(update={"signer": keys.fingerprint})
        signed = pool.make(payload, at=datetime.now(UTC), order=ORDER)
        assert FIELD_NAME.encode() in signed.pdf
        with pytest.raises(SigningUnavailableError):
            pool.make(sample, at=NOW, order=ORDER)
    finally:
        pool.close()
