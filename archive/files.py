"""Uploaded files between preview and confirmation: encrypted, owned, kept for one day.

What a file says of people never lies on the disk in clear: bytes, name and owner are
sealed together under a key derived from the master key. Paths tell nothing.
"""

import json
import os
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archive.errors import ArchiveError
from schemas.ids import new_id

LARGEST_BYTES = 20 * 1024 * 1024
KEPT = timedelta(hours=24)
_NONCE_BYTES = 12
_LENGTH = struct.Struct(">I")


class UploadTooLargeError(ArchiveError):
    """A file is larger than the archive reads."""

    code: ClassVar[str] = "upload_too_large"
    template: ClassVar[str] = (
        "The file is larger than {megabytes} MB. Split a list into several files, each with its "
        "header; a transcript is never so large."
    )


class UploadGoneError(ArchiveError):
    """An upload is unknown, someone else's, or was kept for a day and removed."""

    code: ClassVar[str] = "upload_gone"
    template: ClassVar[str] = (
        "This upload is no longer kept: unconfirmed files are removed after one day. "
        "Upload the file again."
    )


class NotJsonError(ArchiveError):
    """A file that should hold one JSON object does not."""

    code: ClassVar[str] = "not_json"
    template: ClassVar[str] = (
        "The file does not hold one JSON object. Check quotes, commas and brackets, "
        "and that it is written in UTF-8."
    )


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that waits for confirmation."""

    id: UUID
    name: str
    note: dict[str, str]
    """What the door wants to remember with it, such as the kind that was chosen."""
    content: bytes


def object_in(content: bytes) -> dict[str, Any]:
    """Return the one JSON object that a file holds; raises NotJsonError."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as wrong:
        raise NotJsonError from wrong
    if not isinstance(found, dict):
        raise NotJsonError
    return found


class Uploads:
    """The folder of uploads, and the key under which they are sealed."""

    def __init__(self, folder: Path, master: bytes) -> None:
        """Take the folder, which may not exist yet, and the master key."""
        self._folder = folder
        derived = HKDF(SHA256(), length=32, salt=None, info=b"skills-archive/uploads")
        self._cipher = AESGCM(derived.derive(master))

    def keep(
        self, name: str, content: bytes, *, owner: UUID, note: dict[str, str], now: datetime
    ) -> UUID:
        """Seal and keep a file for one day. Raises UploadTooLargeError."""
        if len(content) > LARGEST_BYTES:
            raise UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
        self.sweep(now=now)
        upload_id, nonce = new_id(), os.urandom(_NONCE_BYTES)
        until = (now + KEPT).timestamp()
        head = {"name": name, "owner": owner.hex, "note": note, "until": until}
        plain = json.dumps(head).encode()
        whole = _LENGTH.pack(len(plain)) + plain + content
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = nonce + self._cipher.encrypt(nonce, whole, upload_id.bytes)
        path = self._path(upload_id)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        os.utime(path, (until, until))  # The sweep reads the end of its time from here.
        return upload_id

    def get(self, upload_id: UUID, *, owner: UUID, now: datetime) -> Upload:
        """Return an upload of this owner; raises UploadGoneError."""
        try:
            sealed = self._path(upload_id).read_bytes()
            nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
            whole = self._cipher.decrypt(nonce, body, upload_id.bytes)
        except (OSError, InvalidTag) as missing:
            raise UploadGoneError from missing
        (length,) = _LENGTH.unpack_from(whole)
        begins = _LENGTH.size + length
        head = json.loads(whole[_LENGTH.size : begins])
        if head["owner"] != owner.hex or now.timestamp() >= head["until"]:
            raise UploadGoneError
        return Upload(upload_id, head["name"], head["note"], whole[begins:])

    def remove(self, upload_id: UUID) -> None:
        """Remove an upload once it was confirmed; that it is gone already is no fault."""
        self._path(upload_id).unlink(missing_ok=True)

    def sweep(self, *, now: datetime) -> None:
        """Remove what nobody confirmed in time."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            try:
                if path.stat().st_mtime <= now.timestamp():
                    path.unlink()
            except FileNotFoundError:
                continue  # Another request swept it.

    def _path(self, upload_id: UUID) -> Path:
        return self._folder / upload_id.hex
