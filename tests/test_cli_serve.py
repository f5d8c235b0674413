"""The installed command as a process of its own: starting, stopping, starting twice at once."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from schemas.vocabulary import Role

COMMAND = Path(sys.executable).with_name("skills-archive")
FIRST_START_SECONDS = 60


@pytest.fixture
def environment(tmp_path):
    own = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
    return own | {"ARCHIVE_HOME": str(tmp_path / "var"), "ARCHIVE_PORT": "0", "ARCHIVE_LANG": "en"}


@pytest.fixture
def start(environment):
    started = []

    def begin(**settings: str) -> "Running":
        running = Running(environment | settings)
        started.append(running)
        return running

    yield begin
    for one in started:
        one.kill()


class Running:
    """A server that was started, up to the line that tells where it is."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [COMMAND, "serve"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.said = ""

    def url(self) -> str:
        """Wait for the address."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said += line
            if found := re.search(r"http://\S+", line):
                return found[0]
        self.process.wait()
        assert self.process.stderr is not None
        raise AssertionError(self.said, self.process.stderr.read())

    def stopped_by(self, how: signal.Signals) -> int:
        """Send a signal; return the exit status."""
        self.process.send_signal(how)
        rest, _ = self.process.communicate(timeout=30)
        self.said += rest
        return self.process.returncode

    def kill(self) -> None:
        """End it whatever state it is in, and close its pipes."""
        self.process.kill()
        self.process.communicate()


def _run(environment, *words):
    return subprocess.run(
        [COMMAND, *words], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def _healthy(url: str) -> bool:
    with urllib.request.urlopen(f"{url}/healthz", timeout=10) as answered:
        return bool(json.load(answered) == {"status": "ok"})


@pytest.mark.slow
def test_of_two_first_starts_at_once_one_fills_the_demo_and_prints_a_sign_in_for_every_role(
    start, environment
):
    both = [start(), start()]
    assert all(_healthy(one.url()) for one in both)
    assert [one.stopped_by(signal.SIGTERM) for one in both] == [0, 0]
    assert all(one.said.endswith("Stopped.\n") for one in both)
    (first,) = [one for one in both if "200 workers, 1500 records and 12 organisations" in one.said]

    told = json.loads(_run(environment, "demo", "accounts", "--json").stdout)["accounts"]
    roles = [one["role"] for one in told]
    assert set(roles) == set(Role) - {Role.CONSOLE}
    assert all(one["password"] in first.said for one in told)

    later = start()
    assert _healthy(later.url())
    assert later.stopped_by(signal.SIGINT) == 0
    assert "demo accounts" in later.said
    assert not any(one["password"] in later.said for one in told)
    assert _run(environment, "db", "check").returncode == 0
    assert _run(environment, "chain", "verify").returncode == 0


@pytest.mark.slow
def test_without_the_demo_the_first_administrator_is_made_once(start, environment):
    environment["ARCHIVE_DEMO"] = "0"
    first = start()
    first.url()
    assert first.stopped_by(signal.SIGTERM) == 0
    assert re.search(
        r"^Account +admin\nPassword +\w{4}-\w{4}-\w{4}-\w{4}$", first.said, re.MULTILINE
    )

    second = start()
    second.url()
    assert second.stopped_by(signal.SIGTERM) == 0
    assert "Password" not in second.said
    accounts = json.loads(_run(environment, "account", "list", "--json").stdout)["accounts"]
    assert [(one["name"], one["can_sign_in"]) for one in accounts] == [
        ("admin", True), ("console", False),
    ]  # fmt: skip


def test_a_port_in_use_is_refused_before_anything_is_made(environment, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment["ARCHIVE_PORT"] = str(taken.getsockname()[1])
        ended = _run(environment, "serve")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "(port_taken)" in ended.stderr
    assert not (tmp_path / "var").exists()


def test_help_answers_at_once(environment):
    began = time.monotonic()
    ended = _run(environment, "--help")
    assert ended.returncode == 0
    assert "transcript" in ended.stdout
    assert time.monotonic() - began < 5  # Under a second alone; the machine may be busy.


def test_help_loads_no_heavy_library():
    heavy = {"alembic", "fastapi", "pyhanko", "python_calamine", "sqlalchemy", "weasyprint"}
    code = (
        "import sys; from archive.cli.app import assembled; from typer.main import get_command; "
        "get_command(assembled()); print(*sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert not heavy & set(ended.stdout.split())
    assert "typer" in ended.stdout.split()


def test_who_reads_only_the_beginning_of_an_answer_sees_no_traceback(environment):
    _run(environment, "db", "upgrade")
    piped = subprocess.run(
        ["sh", "-c", f"{COMMAND} rules show --json | head -c 1"],
        env=environment, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (piped.stdout, piped.stderr) == ("{", "")


def test_a_terminal_without_chinese_letters_is_no_reason_to_fail(environment):
    environment |= {"ARCHIVE_LANG": "zh", "PYTHONIOENCODING": "ascii"}
    ended = _run(environment, "worker", "list")
    assert (ended.returncode, "archive_missing" in ended.stderr) == (1, True)
    told = _run(environment, "worker", "list", "--json").stdout
    assert "档案" in json.loads(told)["message"]["zh"]


def test_a_start_without_the_fonts_of_documents_is_refused_before_anything_is_made(
    environment, tmp_path
):
    bare = tmp_path / "fonts.conf"
    bare.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')

    found = _run(environment | {"FONTCONFIG_FILE": str(bare)}, "serve")

    assert found.returncode == 1
    assert found.stderr.endswith(" (font_missing)\n")
    assert not (tmp_path / "var").exists()
