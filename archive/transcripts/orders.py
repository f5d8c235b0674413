"""By whose key a document is signed, and which seal it shows: plain values for any process.

What signs opens the key by them; the private part never crosses.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from archive.transcripts.issuing_keys import current_of
from archive.transcripts.key_models import IssuingKey
from archive.transcripts.keys import KeyProvider
from archive.transcripts.payload import Payload
from archive.transcripts.seals import seal_named, seal_of
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


def order_of(session: Session, organisation_id: UUID, own: KeyProvider) -> Order:
    """Return how a body's documents are signed today; ``own`` is the key of the press.

    Raises IssuingKeyRevokedError.
    """
    seal, digest = seal_of(session, organisation_id) or (None, None)
    key = current_of(session, organisation_id)
    if key is None:
        return Order(own.fingerprint, own.is_development, None, seal, digest)
    is_development = key.place is KeyPlace.DEVELOPMENT
    return Order(key.fingerprint, is_development, _told(key), seal, digest)


def order_for(session: Session, payload: Payload, own: KeyProvider) -> Order | None:
    """Return how a document that is registered is signed; None when its signer was replaced."""
    seal = seal_named(session, payload.seal) if payload.seal else None
    if payload.signer == own.fingerprint:
        return Order(own.fingerprint, own.is_development, None, seal, payload.seal)
    query = select(IssuingKey).where(col(IssuingKey.fingerprint) == payload.signer)
    key = session.exec(query).one_or_none()
    if key is None:
        return None
    current = current_of(session, key.organisation_id)
    if current is None or current.id != key.id:
        return None
    is_development = key.place is KeyPlace.DEVELOPMENT
    return Order(key.fingerprint, is_development, _told(key), seal, payload.seal)


def _told(key: IssuingKey) -> KeyOrder:
    return KeyOrder(key.fingerprint, key.chain, key.place, key.reference)
