"""Uploaded files: sealed, whether they wait a day for confirmation or are kept as evidence.

What a file says of people never lies on the disk in clear: bytes, name and owner are
sealed together under a key of the file's own, which the master key wraps. Paths tell nothing.
"""

import hashlib
import json
import os
import re
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from archive.errors import ArchiveError, SealBrokenError
from archive.scans import scan_type
from schemas.ids import new_id

UPLOADS = "uploads"
"""The folder, in the data folder, of files that wait for a confirmation."""
LARGEST_BYTES = 20 * 1024 * 1024
KEPT = timedelta(hours=24)
_NONCE_BYTES = 12
_KEY_BYTES = 32
_LENGTH = struct.Struct(">I")
_VERSION = re.compile(rb"[0-9a-f]{16}")
_VERSION_BYTES = 16
_HEAD = struct.Struct(f">{_VERSION_BYTES}sH")
"""How a file begins: under which master key its own key is wrapped, and how long that is."""


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


class EvidenceGoneError(ArchiveError):
    """A scan that something rests on is not in the folder of evidence, or was changed."""

    code: ClassVar[str] = "evidence_gone"
    template: ClassVar[str] = (
        "The scan is not in the archive's folder of evidence, or was changed. Restore the folder "
        "from a backup; the digest of the scan stands in the records."
    )


class EvidenceEmptyError(ArchiveError):
    """A scan without content proves nothing."""

    code: ClassVar[str] = "evidence_empty"
    template: ClassVar[str] = "The scan is empty. Choose the file that holds the scan."


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


class Wrapping(Protocol):
    """What wraps the keys of files: the vault."""

    def wrap(self, plain: bytes, bound_to: bytes) -> tuple[str, bytes]:
        """Wrap a key; returns the version of the master key with it."""

    def unwrap(self, version: str, wrapped: bytes, bound_to: bytes) -> bytes:
        """Open a key; raises a refusal."""


class Uploads:
    """The folder of uploads, and what wraps the key of each."""

    def __init__(self, folder: Path, wrapping: Wrapping) -> None:
        """Take the folder, which may not exist yet, and the vault."""
        self._folder = folder
        self._wrapping = wrapping

    def keep(
        self, name: str, content: bytes, *, owner: UUID, note: dict[str, str], now: datetime
    ) -> UUID:
        """Seal and keep a file for one day. Raises UploadTooLargeError."""
        if len(content) > LARGEST_BYTES:
            raise UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
        self.sweep(now=now)
        upload_id = new_id()
        until = (now + KEPT).timestamp()
        head = {"name": name, "owner": owner.hex, "note": note, "until": until}
        plain = json.dumps(head).encode()
        whole = _LENGTH.pack(len(plain)) + plain + content
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        sealed = self._seal(upload_id, whole)
        path = self._path(upload_id)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
        os.utime(path, (until, until))  # The sweep reads the end of its time from here.
        return upload_id

    def get(self, upload_id: UUID, *, owner: UUID, now: datetime) -> Upload:
        """Return an upload of this owner; raises UploadGoneError."""
        try:
            whole = self._opened(upload_id, self._path(upload_id).read_bytes())
        except (OSError, InvalidTag, SealBrokenError) as missing:
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

    def count_under(self, version: str) -> int:
        """Return how many files need a version of the master key to be opened."""
        if not self._folder.is_dir():
            return 0
        return sum(_version_of(path) == version for path in self._folder.iterdir())

    def _seal(self, upload_id: UUID, whole: bytes) -> bytes:
        own, nonce = os.urandom(_KEY_BYTES), os.urandom(_NONCE_BYTES)
        version, wrapped = self._wrapping.wrap(own, _binding(upload_id))
        head = _HEAD.pack(version.encode(), len(wrapped)) + wrapped
        return head + nonce + AESGCM(own).encrypt(nonce, whole, upload_id.bytes)

    def _opened(self, upload_id: UUID, sealed: bytes) -> bytes:
        """Return what a file holds; raises InvalidTag, or the vault's refusal."""
        if len(sealed) < _HEAD.size or not _VERSION.match(sealed):
            raise InvalidTag  # Of version 0.1, or cut.
        version, length = _HEAD.unpack_from(sealed)
        begins = _HEAD.size + length
        wrapped, body = sealed[_HEAD.size : begins], sealed[begins:]
        own = self._wrapping.unwrap(version.decode(), wrapped, _binding(upload_id))
        return AESGCM(own).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], upload_id.bytes)

    def _path(self, upload_id: UUID) -> Path:
        return self._folder / upload_id.hex


def _version_of(path: Path) -> str:
    """Return under which version a file's key is wrapped; empty when it was removed meanwhile."""
    try:
        with path.open("rb") as file:
            return file.read(_VERSION_BYTES).decode("ascii", "replace")
    except OSError:
        return ""


def _binding(upload_id: UUID) -> bytes:
    return b"upload\0" + upload_id.bytes


class Sealing(Protocol):
    """What seals a scan: the key of the person whom it is about."""

    def seal(self, column: str, plain: bytes) -> bytes:
        """Encrypt."""

    def open(self, column: str, sealed: bytes) -> bytes:
        """Decrypt; raises SealBrokenError."""


class Evidence:
    """The folder of scans that decisions rest on: sealed, named by their digest, kept for good.

    A scan names people, so it is sealed under the key of the person whom it is about: it is
    re-wrapped, frozen and erased with the person.
    """

    _COLUMN = "evidence.content"

    def __init__(self, folder: Path) -> None:
        """Take the folder, which may not exist yet."""
        self._folder = folder

    def keep(self, content: bytes, worker_id: UUID, key: Sealing) -> bytes:
        """Seal and keep a scan; return its SHA-256. The same scan of a person is kept once.

        Raises EvidenceEmptyError, ScanTooLargeError, ScanUnreadableError.
        """
        if not content:
            raise EvidenceEmptyError
        scan_type(content)  # It is handed to the second person, who opens it.
        digest = hashlib.sha256(content).digest()
        path = self._path(worker_id, digest)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if path.exists():
            return digest
        waiting = path.with_name(f"{new_id().hex}.part")  # Whole under its name, or not there.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(waiting, flags, 0o600), "wb") as file:
            file.write(key.seal(self._COLUMN, content))
            file.flush()
            os.fsync(file.fileno())
        waiting.replace(path)
        return digest

    def get(self, digest: bytes, worker_id: UUID, key: Sealing) -> bytes:
        """Return a scan; raises EvidenceGoneError."""
        try:
            return key.open(self._COLUMN, self._path(worker_id, digest).read_bytes())
        except (OSError, SealBrokenError) as missing:
            raise EvidenceGoneError from missing

    def _path(self, worker_id: UUID, digest: bytes) -> Path:
        return self._folder / worker_id.hex / digest.hex()
