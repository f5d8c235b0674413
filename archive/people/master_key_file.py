"""Master keys in a file that only its owner may read, and in the environment."""

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from archive.people.master_key import KEY_BYTES, PlainKey
from archive.people.master_key_refusals import (
    MasterKeyElsewhereError,
    MasterKeyReadableError,
    MasterKeyUnsetError,
    MasterKeyUnusableError,
)
from schemas.keys import MasterKeySource

FILE_NAME = "master.json"
VARIABLE = "ARCHIVE_MASTER_KEYS"
_PRIVATE = 0o600
_OTHERS = 0o077


class KeyFile:
    """``keys/master.json``: hexadecimal keys, the newest last."""

    kind = MasterKeySource.FILE
    name = FILE_NAME

    def __init__(self, folder: Path) -> None:
        """Take the folder, which may not exist yet."""
        self._folder = folder
        self._path = folder / FILE_NAME

    def keys(self) -> Sequence[PlainKey]:
        """Return the keys of the file, none when there is no file.

        Raises MasterKeyReadableError, MasterKeyUnusableError.
        """
        return [PlainKey(bytes.fromhex(one)) for one in self._kept()["wrapping"]]

    def index_key(self) -> bytes | None:
        """Return the key of look-ups that version 0.1 kept here; None in a newer file."""
        kept = self._kept().get("index")
        return None if kept is None else bytes.fromhex(kept)

    def make_first(self) -> None:
        """Make the file with one key; two processes that start at once end with the same."""
        if self._path.exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._draft({"wrapping": [secrets.token_hex(KEY_BYTES)]})
        try:
            os.link(draft, self._path)  # Fails when another was first: then its key counts.
        except FileExistsError:
            pass
        finally:
            draft.unlink()

    def make(self) -> PlainKey:
        """Add a key; the caller sees to it that only one does so at a time."""
        self.make_first()
        kept, added = self._kept(), secrets.token_bytes(KEY_BYTES)
        self._write(kept | {"wrapping": [*kept["wrapping"], added.hex()]})
        return PlainKey(added)

    def remove(self, version: str) -> None:
        """Write the file without a key."""
        kept = self._kept()
        left = [one for one in kept["wrapping"] if PlainKey(bytes.fromhex(one)).id != version]
        self._write(kept | {"wrapping": left})

    def _kept(self) -> dict[str, Any]:
        """Return what the file holds, checked; version 0.1 wrote a single key."""
        if not self._path.exists():
            return {"wrapping": []}
        if self._path.stat().st_mode & _OTHERS:
            raise MasterKeyReadableError(name=FILE_NAME)
        try:
            kept = json.loads(self._path.read_text())
            keys = kept["wrapping"]
            keys = [keys] if isinstance(keys, str) else list(keys)
            every = [bytes.fromhex(one) for one in (*keys, *filter(None, [kept.get("index")]))]
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            every = [b""]  # Raised below, so that no part of the file is in the chain of causes.
        if any(len(key) != KEY_BYTES for key in every):
            raise MasterKeyUnusableError(name=FILE_NAME)
        told: dict[str, Any] = kept | {"wrapping": keys}
        return told

    def _write(self, kept: dict[str, Any]) -> None:
        self._draft(kept).replace(self._path)

    def _draft(self, kept: dict[str, Any]) -> Path:
        draft = self._folder / f".{FILE_NAME}.{secrets.token_hex(8)}"
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
        with os.fdopen(opened, "w") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        return draft


class KeyVariable:
    """``ARCHIVE_MASTER_KEYS``: hexadecimal keys with commas between them, in any order."""

    kind = MasterKeySource.ENVIRONMENT
    name = VARIABLE

    def __init__(self, text: SecretStr) -> None:
        """Take the value of the variable, which may be empty."""
        self._text = text

    def keys(self) -> Sequence[PlainKey]:
        """Return the keys; raises MasterKeyUnusableError."""
        told = [one.strip() for one in self._text.get_secret_value().split(",")]
        try:
            return [PlainKey(bytes.fromhex(one)) for one in told if one]
        except ValueError:
            pass  # Raised below, so that no part of the value is in the chain of causes.
        raise MasterKeyUnusableError(name=VARIABLE)

    def make_first(self) -> None:
        """Ask for a key when there is none; raises MasterKeyUnsetError."""
        if not self.keys():
            raise MasterKeyUnsetError(name=VARIABLE)

    def make(self) -> PlainKey:
        """Refuse: whoever sets the environment makes the key."""
        raise MasterKeyElsewhereError(name=VARIABLE)

    def remove(self, version: str) -> None:
        """Leave it: whoever sets the environment takes it away."""
