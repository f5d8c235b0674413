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
_PRIVATE = 0o600
_OTHERS = 0o077


class MasterKeyUnusableError(ArchiveError):
    """The master key file is missing, unreadable, or open to others."""

    code: ClassVar[str] = "master_key_unusable"
    template: ClassVar[str] = (
        "The master key file {name} cannot be used: {problem}. "
        "Put the original file back with mode 600; without it nothing sealed can be read."
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
    if path.stat().st_mode & _OTHERS:
        raise MasterKeyUnusableError(name=FILE_NAME, problem="others may read it")
    try:
        kept = json.loads(path.read_text())
        keys = MasterKeys(bytes.fromhex(kept["wrapping"]), bytes.fromhex(kept["index"]))
    except (OSError, ValueError, KeyError, TypeError) as unreadable:
        raise MasterKeyUnusableError(name=FILE_NAME, problem="it is damaged") from unreadable
    return keys


def _make(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{FILE_NAME}.{secrets.token_hex(8)}"
    keys = {"wrapping": secrets.token_hex(32), "index": secrets.token_hex(32)}
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
