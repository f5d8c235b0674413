"""A PKCS#11 token for tests: SoftHSM's, made by its own program in a folder of the test's."""

import os
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pkcs11
import pytest

from archive.people import master_key_token
from archive.settings import Settings
from archive.transcripts import key_tokens
from schemas.keys import MasterKeySource

PIN = "271828"
LABEL = "archive-test"
_FOLDERS = ("/usr/lib/softhsm", "/usr/lib/x86_64-linux-gnu/softhsm", "/usr/lib64/softhsm")
_FOLDERS_ELSEWHERE = ("/usr/local/lib/softhsm", "/opt/homebrew/lib/softhsm")


def module() -> str:
    """Return the file of SoftHSM's module."""
    places = [Path(one) / "libsofthsm2.so" for one in (*_FOLDERS, *_FOLDERS_ELSEWHERE)]
    return str(next(place for place in places if place.is_file()))


@dataclass(frozen=True)
class SoftToken:
    """A token that lives in a folder, which can be taken away."""

    folder: Path

    @property
    def _tokens(self) -> Path:
        return self.folder / "tokens"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to find the token."""
        return {"SOFTHSM2_CONF": str(self.folder / "softhsm2.conf")}

    def settings(self, home: Path, **others: Any) -> Settings:
        """Return settings of an archive whose master key is in the token."""
        told: dict[str, Any] = {
            "master_key_source": MasterKeySource.PKCS11,
            "master_pkcs11_module": module(),
            "master_pkcs11_token": LABEL,
            "master_pkcs11_pin": PIN,
        }
        return Settings(home=home, demo=False, **(told | others))

    def take_away(self) -> None:
        """Pull the token out."""
        self._tokens.rename(self.folder / "away")

    def put_back(self) -> None:
        """Plug the token in again."""
        (self.folder / "away").rename(self._tokens)

    def make(self) -> None:
        """Make the token, as an operator would."""
        self._tokens.mkdir(parents=True)
        text = f"""\
            directories.tokendir = {self._tokens}
            objectstore.backend = file
            log.level = ERROR
            """
        (self.folder / "softhsm2.conf").write_text(textwrap.dedent(text))
        program = shutil.which("softhsm2-util")
        assert program
        words = ["--init-token", "--free", "--label", LABEL, "--so-pin", "31415926", "--pin", PIN]
        subprocess.run(
            [program, *words], env=os.environ | self.environment, check=True, capture_output=True
        )


@contextmanager
def plugged_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoftToken]:
    """Yield a new token that this process can reach; forgotten at the end."""
    token = SoftToken(folder)
    token.make()
    for name, value in token.environment.items():
        monkeypatch.setenv(name, value)
    forget()
    try:
        yield token
    finally:
        forget()


def forget() -> None:
    """Let the module of this process read its configuration anew."""
    master_key_token.OPENED.clear()
    key_tokens.OPENED.clear()
    with suppress(pkcs11.PKCS11Error):
        pkcs11.lib(module()).reinitialize()
