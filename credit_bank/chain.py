"""The hash chain of one dossier: canonical bytes, links, and what a check finds.

Each link hashes its worker, its place, what it is about and the exact bytes kept in
``chain_link.body``; so an edited, moved, inserted or removed link is found.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from schemas.contracts import plain_decimal

GENESIS = bytes(32)
"""What the first link of a dossier follows."""

_LINK = hashlib.sha256(b"skills-archive/link/1\0")  # Copied for each: begun is half done.
_GAP = "\udc00"  # Half a character: it stands in no text that can be written.
_QUOTED_GAP = f'"{_GAP}"'


def canonical_bytes(value: object) -> bytes:
    """Return the one JSON text of a value as bytes (RFC 8785 for what we store).

    Keys sorted, no spaces; UUIDs, days, moments, decimals and enums as text. Nothing that
    we store holds a float. Raises TypeError for what has no one text, ValueError for
    what is no number.
    """
    return _text(value).encode()


def canonical_around(told: Mapping[str, object], key: str) -> tuple[bytes, bytes]:
    """Return what stands before and after the value of ``key`` in the bytes with it.

    ``told`` does not have the key itself. What stands in several texts is written once.
    """
    before, after = _text({**told, key: _GAP}).split(_QUOTED_GAP)
    return before.encode(), after.encode()


class Link(NamedTuple):
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
    place = sequence.to_bytes(8, "big") + subject_kind.encode().ljust(16, b"\0")
    digest = _LINK.copy()
    digest.update(b"".join((previous, worker_id.bytes, place, subject_id.bytes, body)))
    return digest.digest()


@lru_cache(maxsize=8_192)
def _plain(value: object) -> str:
    """Return the text of what JSON does not know; most of it stands in several texts."""
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


_Pieces = Callable[[object, int], Iterable[str]]


def _encoder() -> _Pieces:
    """Return what writes JSON, made once: the library makes another for each value."""
    plain = json.JSONEncoder(
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
        check_circular=False,
        default=_plain,
    )
    quick: Callable[..., _Pieces] | None = getattr(json.encoder, "c_make_encoder", None)
    if quick is None:  # No CPython: as the library does it.
        return lambda value, _: plain.iterencode(value)
    quoted = json.encoder.encode_basestring
    return quick(None, _plain, quoted, None, ":", ",", True, False, False)  # noqa: FBT003  # Its order.


_pieces = _encoder()


def _text(value: object) -> str:
    return "".join(_pieces(value, 0))
