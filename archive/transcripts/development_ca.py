"""The development authority as it is kept: keys that anyone can see are for tests.

Made on the first run, so that the archive signs out of the box. A body that issues
documents in earnest brings keys of its own; every document signed by these says so. What a
former version made (a root and a signer) goes on: the same root certifies what is new.
"""

import os
import secrets
import shutil
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from archive.transcripts import certifying
from archive.transcripts.certifying import Made

ROOT, ISSUING, SIGNER, STAMPER = "root", "issuing", "signer", "stamper"
AUTHORITY = "authority"
"""The folder of all that stands under the root."""
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


def make_once(folder: Path, now: datetime) -> None:
    """Make a root in ``folder`` and what stands under it, unless it is there.

    Everything is written beside and renamed as a whole: of two processes that start at
    once the second finds the first one's folder, drops its own and uses that.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
        root = certifying.root(now)
        draft = _draft_of(folder)
        keep(draft, ROOT, root)
        (draft / AUTHORITY).mkdir(mode=_PRIVATE_FOLDER)
        _fill(draft / AUTHORITY, root, now)
        _put(draft, folder)


def complete(folder: Path, root: Made, now: datetime) -> None:
    """Make what stands under the root where a former version made no such thing."""
    authority = folder / AUTHORITY
    if not authority.exists():
        draft = _draft_of(authority)
        _fill(draft, root, now)
        _put(draft, authority)


def keep(folder: Path, name: str, made: Made) -> None:
    """Write a key and its certificate, for nobody else to read."""
    secret = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{name}.key", secret)
    _write(folder / f"{name}.pem", made.certificate.public_bytes(Encoding.PEM))


def _fill(folder: Path, root: Made, now: datetime) -> None:
    issuing = certifying.issuing_authority(root, now)
    keep(folder, ISSUING, issuing)
    keep(folder, SIGNER, certifying.signer(issuing, now))
    keep(folder, STAMPER, certifying.stamper(issuing, now))


def _draft_of(folder: Path) -> Path:
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    draft.mkdir(mode=_PRIVATE_FOLDER)
    return draft


def _put(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, _PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
