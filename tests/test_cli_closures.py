"""Deciding on a whole dossier from the command line: one proposes, another approves."""

import pytest

from archive.settings import Settings
from tests.command_line import CommandLine
from tests.doors import a_door


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, sqlite_settings: Settings) -> tuple[CommandLine, str]:
    """Return the commands on a small archive, and a worker's archive number."""
    door = a_door(sqlite_settings)
    door.house.close()
    return CommandLine(monkeypatch, sqlite_settings), door.numbers[0]


def test_a_dossier_is_frozen_unfrozen_and_erased_by_two(cli):
    run, worker = cli
    for words, code in (
        (("dossier", "freeze", worker), "dossier_frozen"),
        (("dossier", "unfreeze", worker), None),
        (("dossier", "erase", worker), "dossier_erased"),
    ):
        view = run.asked(*words, "--reason", "本人申请", "--as", "clerk")
        run.done("approve", view["id"], "--as", "approver")
        if code is None:
            assert run.asked("dossier", worker)["archive_number"] == worker
            assert run.asked("dossier", "show", worker)["archive_number"] == worker
        else:
            assert run.refused("dossier", worker) == code


def test_a_ground_that_is_none_and_a_reason_that_is_empty_are_refused(cli):
    run, worker = cli
    told = ("dossier", "freeze", worker, "--as", "clerk", "--reason")
    assert run.refused(*told, "x", "--ground", "because") == "keeping_ground_unknown"
    assert run.refused(*told, " ") == "closure_reason_missing"
    assert "erase" in run.done("dossier", "--help")
