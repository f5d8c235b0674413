"""Scans that are kept for good: their type told by content, their files named by digest.

Whoever keeps a scan seals it first under a person's key, so that the file of an erased
person opens nowhere; this module sees sealed bytes only. Uploads of a day: see files.py.
"""

import hashlib
import os
from pathlib import Path
from typing import ClassVar

from archive.errors import ArchiveError
from schemas.vocabulary import ScanType

LARGEST_BYTES = 10 * 1024 * 1024
_TAIL_BYTES = 1024  # Readers look for a PDF's end in so many bytes.
_PNG_HEAD, _PNG_END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_JPEG_HEAD, _JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


class ScanTooLargeError(ArchiveError):
    """A scan is larger than what is kept."""

    code: ClassVar[str] = "scan_too_large"
    template: ClassVar[str] = (
        "The scan is larger than {megabytes} MB. Scan it again in grey at 200 dots an inch."
    )


class ScanUnreadableError(ArchiveError):
    """A file is no whole PDF, JPEG or PNG, whatever its name says."""

    code: ClassVar[str] = "scan_unreadable"
    template: ClassVar[str] = (
        "The file is not a whole PDF, JPEG or PNG. Its name does not count, its content does: "
        "scan the paper again and upload that file."
    )


class ScanGoneError(ArchiveError):
    """The file of a scan is not among those that are kept, or was changed."""

    code: ClassVar[str] = "scan_gone"
    template: ClassVar[str] = (
        "The file of this scan is missing or was changed. Restore the folder “scans” from a backup."
    )


def scan_type(content: bytes) -> ScanType:
    """Return what kind of file a scan is. Raises ScanTooLargeError, ScanUnreadableError."""
    if len(content) > LARGEST_BYTES:
        raise ScanTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
    tail = content[-_TAIL_BYTES:].rstrip(b"\0\r\n ")
    if content.startswith(b"%PDF-") and b"%%EOF" in tail:
        return ScanType.PDF
    if content.startswith(_PNG_HEAD) and tail.endswith(_PNG_END):
        return ScanType.PNG
    if content.startswith(_JPEG_HEAD) and tail.endswith(_JPEG_END):
        return ScanType.JPEG
    raise ScanUnreadableError


class Scans:
    """The folder of sealed scans."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which may not exist yet."""
        self._folder = folder

    def keep(self, sealed: bytes) -> bytes:
        """Keep a sealed scan for good; return its SHA-256, which names it.

        A file without a row is harmless, a row without its file is not: keep it first.
        """
        digest = hashlib.sha256(sealed).digest()
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._path(digest)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
        return digest

    def get(self, digest: bytes) -> bytes:
        """Return a sealed scan; raises ScanGoneError."""
        try:
            sealed = self._path(digest).read_bytes()
        except OSError as missing:
            raise ScanGoneError from missing
        if hashlib.sha256(sealed).digest() != digest:
            raise ScanGoneError
        return sealed

    def _path(self, digest: bytes) -> Path:
        return self._folder / digest.hex()
