"""Running commands in this process, on a data folder of the test's own."""

import json
import logging
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.main import get_command
from typer.testing import CliRunner

from archive.cli.app import assembled
from archive.cli.schemas import SCHEMA_OF_COMMAND, contract_named
from archive.settings import Settings

EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


_of_typer = cache(get_command)
"""Building the tree of commands takes longer than most of them: a process builds it once."""


@cache
def _commands() -> Typer:
    return assembled()


@dataclass(frozen=True)
class Answered:
    """How a command ended, and what it said where."""

    status: int
    stdout: str
    stderr: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.stdout)


class CommandLine:
    """The commands, with the environment that they run in."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
        self._patch = monkeypatch
        self.home = settings.home
        self.set(
            HOME=str(settings.home),
            DATABASE_URL=settings.database_url,
            KEY_DATABASE_URL=settings.key_database_url,
            DEMO="0",
            LANG="en",
        )

    def set(self, **settings: str) -> None:
        for name, value in settings.items():
            self._patch.setenv(f"ARCHIVE_{name}", value)

    def __call__(self, *words: object, given: str | None = None) -> Answered:
        """Run a command; ``given`` is its standard input."""
        self._patch.setattr("typer.testing._get_command", _of_typer)
        found = CliRunner().invoke(_commands(), [str(word) for word in words], input=given)
        logging.getLogger("dbos").handlers.clear()  # They would write into what has been closed.
        assert "Traceback" not in found.output
        return Answered(found.exit_code, found.stdout, found.stderr)

    def done(self, *words: object, given: str | None = None) -> str:
        """Run a command that succeeds; return what it printed."""
        answered = self(*words, given=given)
        assert answered.status == 0, answered
        return answered.stdout

    def asked(self, *words: object, given: str | None = None, status: int = 0) -> Any:
        """Run a command with ``--json``; its document has to fit its schema."""
        answered = self(*words, "--json", given=given)
        assert answered.status == status, answered
        contract_named(schema_of(words)).model_validate_json(answered.stdout)
        return answered.document

    def refused(self, *words: object, given: str | None = None, status: int = 1) -> str:
        """Run a command that is refused; return the code, told alike in both manners."""
        answered = self(*words, given=given)
        assert (answered.status, answered.stdout) == (status, "")
        [line] = answered.stderr.splitlines()
        told = self(*words, "--json", given=given)
        assert told.status == status
        contract_named("refusal").model_validate_json(told.stdout)
        code = str(told.document["code"])
        assert line == f"{told.document['message']['en']} ({code})"
        return code


def schema_of(words: tuple[object, ...]) -> str:
    """Return the name of the schema of the command that some words begin with."""
    for length in (3, 2, 1):
        name = " ".join(str(word) for word in words[:length])
        if name in SCHEMA_OF_COMMAND:
            return SCHEMA_OF_COMMAND[name]
    raise AssertionError(words)
