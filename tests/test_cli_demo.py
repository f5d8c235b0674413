"""The demo district by commands: filled, its sign-ins told again, purged."""

import pytest

from tests.command_line import CommandLine

SMALL = ("demo", "--workers", "12", "--records", "60", "--seed", "7")


@pytest.fixture
def cli(monkeypatch, sqlite_settings):
    return CommandLine(monkeypatch, sqlite_settings)


def test_the_demo_is_filled_once_and_purged(cli):
    assert cli.asked("demo", "accounts") == {"accounts": []}

    built = cli.asked(*SMALL)

    assert (built["workers"], built["records"]) == (12, 60)
    assert cli.asked("demo", "accounts")["accounts"] == built["accounts"]
    assert built["accounts"][0]["password"] in cli.done("demo", "accounts")
    assert cli.refused(*SMALL) == "demo_not_empty"
    assert cli.refused("demo", "purge", "--as", "clerk") == "not_allowed"
    assert all(worker["is_demo"] for worker in cli.asked("worker", "list")["workers"])

    assert cli.asked("demo", "purge")["workers"] == 12

    assert cli.asked("worker", "list") == {"workers": []}
    assert cli.asked("demo", "accounts") == {"accounts": []}
    assert cli.asked("db", "check")["is_ready"]


def test_the_demo_can_be_filled_before_anything_else_was_done(cli, tmp_path):
    cli.set(HOME=str(tmp_path / "fresh"))
    told = cli.done(*SMALL)
    assert "12 workers, 60 records" in told
    assert "Demo data" in cli.done("dossier", cli.done("worker", "list").split()[0])
    assert "Removed: 12 demo workers" in cli.done("demo", "purge")
    assert "no demo" in cli.done("demo", "accounts")
