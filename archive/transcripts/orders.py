"""By whose key a document is signed, and which seal it shows: plain values for any process.

What signs opens the key by them; the private part never crosses.
"""

from dataclasses import dataclass

from schemas.keys import KeyPlace
from schemas.transcripts import SealV1


@dataclass(frozen=True)
class KeyOrder:
    """A key of a body, and where its private part is."""

    fingerprint: str
    chain: bytes
    place: KeyPlace
    reference: str


@dataclass(frozen=True)
class Order:
    """How a document is to be signed and sealed."""

    fingerprint: str
    """Hex SHA-256 of the certificate that is to sign."""
    is_development: bool
    key: KeyOrder | None = None
    """None for the key that the press has by itself: a body without a key of its own."""
    seal: SealV1 | None = None
    seal_sha256: str | None = None
