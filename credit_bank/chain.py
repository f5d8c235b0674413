"""The hash chain of one dossier: canonical bytes, links, and what a check finds.

Each link hashes its worker, its place, what it is about and the exact bytes kept in
``chain_link.body``; so an edited, moved, inserted or removed link is found.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from schemas.contracts import plain_decimal

GENESIS = bytes(32)
"""What the first link of a dossier follows."""


def canonical_bytes(value: object) -> bytes:
    """Return the one JSON text of a value as bytes (RFC 8785 for what we store).

    Keys sorted, no spaces; UUIDs, days, moments, decimals and enums as text. Nothing that
    we store holds a float. Raises TypeError for what has no one text, ValueError for
    what is no number.
    """
    return _JSON.encode(value).encode()


def canonical_with(told: Mapping[str, object], key: str, part: bytes) -> bytes:
    """Return the canonical bytes of ``told`` with one value more, whose bytes are known already.

    ``told`` does not have the key itself. What stands in several texts is written once.
    """
    before = {name: value for name, value in told.items() if name < key}
    after = {name: value for name, value in told.items() if name > key}
    inner = [canonical_bytes(some)[1:-1] for some in (before, after)]
    inner.insert(1, canonical_bytes(key) + b":" + part)
    return b"{" + b",".join(text for text in inner if text) + b"}"


@dataclass(frozen=True, slots=True)
class Link:
    """One link, as it is stored."""

    worker_id: UUID
    sequence: int
    subject_kind: str
    subject_id: UUID
    body: bytes
    hash: bytes


@dataclass(slots=True)
class Tail:
    """The end of one dossier's chain, to which links are appended."""

    worker_id: UUID
    sequence: int = 0
    hash: bytes = GENESIS

    def append(self, subject_kind: str, subject_id: UUID, body: bytes) -> Link:
        """Return the next link and move the tail to it."""
        self.sequence += 1
        self.hash = link_hash(
            self.hash, self.worker_id, self.sequence, subject_kind, subject_id, body
        )
        return Link(self.worker_id, self.sequence, subject_kind, subject_id, body, self.hash)


def link_hash(
    previous: bytes,
    worker_id: UUID,
    sequence: int,
    subject_kind: str,
    subject_id: UUID,
    body: bytes,
) -> bytes:
    """Return the SHA-256 of a link."""
    digest = hashlib.sha256(b"skills-archive/link/1\0")
    digest.update(previous)
    digest.update(worker_id.bytes)
    digest.update(sequence.to_bytes(8, "big"))
    digest.update(subject_kind.encode().ljust(16, b"\0"))
    digest.update(subject_id.bytes)
    digest.update(body)
    return digest.digest()


def _plain(value: object) -> str:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, bytes):
        return value.hex()
    message = "this value has no canonical form"
    raise TypeError(message)


_JSON = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
    default=_plain,
)
