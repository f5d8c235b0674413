"""The master keys: one wraps the keys of persons, one makes the digests of look-ups."""

import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from archive.errors import ArchiveError

FILE_NAME = "master.json"
_KEY_BYTES = 32
_PRIVATE = 0o600
_OTHERS = 0o077


class MasterKeyUnusableError(ArchiveError):
    """The master key file cannot be read as such."""

    code: ClassVar[str] = "master_key_unusable"
    template: ClassVar[str] = (
        "The master key file {name} is damaged. "
        "Put the original file back with mode 600; without it nothing sealed can be read."
    )


class MasterKeyReadableError(MasterKeyUnusableError):
    """Others than the owner may read the master key file."""

    code: ClassVar[str] = "master_key_readable"
    template: ClassVar[str] = (
        "Others may read the master key file {name}. "
        "Give it mode 600, and find out whether someone has copied it."
    )


class MasterKeyMissingError(MasterKeyUnusableError):
    """The key store holds persons' keys, and the file that opens them is gone."""

    code: ClassVar[str] = "master_key_missing"
    template: ClassVar[str] = (
        "The key store holds keys, but the master key file {name} is missing. "
        "Put the original file back with mode 600; a new one would open nothing."
    )


class MasterKeyForeignError(MasterKeyUnusableError):
    """The key store's keys were wrapped under another master key."""

    code: ClassVar[str] = "master_key_foreign"
    template: ClassVar[str] = (
        "The master key file {name} is not the one under which the keys in the key store were "
        "wrapped. Put the file and the key store of one archive together."
    )


@dataclass(frozen=True)
class MasterKeys:
    """Both master keys of 32 bytes, and the name under which rows remember the first."""

    wrapping: bytes
    index: bytes

    @property
    def id(self) -> str:
        """A short digest that tells two wrapping keys apart and reveals neither."""
        return hashlib.sha256(b"master\0" + self.wrapping).hexdigest()[:16]


def load_or_make(folder: Path) -> MasterKeys:
    """Return the keys in ``folder``; make them on the first run.

    Two processes that start at once end with the same keys: the file appears whole, and
    only once. Raises MasterKeyUnusableError.
    """
    path = folder / FILE_NAME
    if not path.exists():
        _make(folder, path)
    return load(folder)


def load(folder: Path) -> MasterKeys:
    """Return the keys in ``folder``, which must be there; raises MasterKeyUnusableError."""
    path = folder / FILE_NAME
    if not path.exists():
        raise MasterKeyMissingError(name=FILE_NAME)
    if path.stat().st_mode & _OTHERS:
        raise MasterKeyReadableError(name=FILE_NAME)
    try:
        kept = json.loads(path.read_text())
        keys = MasterKeys(bytes.fromhex(kept["wrapping"]), bytes.fromhex(kept["index"]))
    except (OSError, ValueError, KeyError, TypeError):
        keys = MasterKeys(b"", b"")
    if len(keys.wrapping) != _KEY_BYTES or len(keys.index) != _KEY_BYTES:
        raise MasterKeyUnusableError(name=FILE_NAME)
    return keys


def _make(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{FILE_NAME}.{secrets.token_hex(8)}"
    keys = {"wrapping": secrets.token_hex(_KEY_BYTES), "index": secrets.token_hex(_KEY_BYTES)}
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # Fails when another process was first: then its keys count.
    except FileExistsError:
        pass
    finally:
        draft.unlink()
