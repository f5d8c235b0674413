"""How the documents of a body are signed and sealed, as the archive has it today."""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.models import Organisation
from archive.transcripts.issuing_keys import current_of, last_of
from archive.transcripts.key_models import IssuingKey
from archive.transcripts.keys import KeyProvider
from archive.transcripts.orders import KeyOrder, Order
from archive.transcripts.payload import Payload
from archive.transcripts.seals import seal_named, seal_of
from archive.transcripts.signing_refusals import IssuingKeyRevokedError
from schemas.keys import KeyPlace


def order_of(session: Session, organisation_id: UUID, own: KeyProvider) -> Order:
    """Return how a body's documents are signed today; ``own`` is the key of the press.

    Raises IssuingKeyRevokedError.
    """
    return _by(session, organisation_id, current_of(session, organisation_id), own)


def order_meant(session: Session, organisation_id: UUID, own: KeyProvider) -> Order:
    """Return how a document is to be signed that may wait: by the last key, even a revoked one.

    By that nothing is signed (``order_for`` refuses); the document waits until two persons have
    taken another key into use, and is then made anew under that.
    """
    return _by(session, organisation_id, last_of(session, organisation_id), own)


def _by(session: Session, organisation_id: UUID, key: IssuingKey | None, own: KeyProvider) -> Order:
    seal, digest = seal_of(session, organisation_id) or (None, None)
    if key is None:
        return Order(own.fingerprint, own.is_development, None, seal, digest)
    is_development = key.place is KeyPlace.DEVELOPMENT
    return Order(key.fingerprint, is_development, _told(key), seal, digest)


def order_for(session: Session, payload: Payload, own: KeyProvider) -> Order | None:
    """Return how a document that is registered is signed; None when its signer was replaced.

    The body's key is looked up each time, so that a key that two persons took into use, or
    revoked, counts from the next document on, in every process. Raises IssuingKeyRevokedError.
    """
    seal = seal_named(session, payload.seal) if payload.seal else None
    query = select(Organisation.id).where(col(Organisation.code) == payload.issuer.code)
    body = session.exec(query).one_or_none()
    key = None if body is None else current_of(session, body)
    if payload.signer != (own.fingerprint if key is None else key.fingerprint):
        return None
    if key is None:
        return Order(own.fingerprint, own.is_development, None, seal, payload.seal)
    is_development = key.place is KeyPlace.DEVELOPMENT
    return Order(key.fingerprint, is_development, _told(key), seal, payload.seal)


def still_signs(session: Session, payload: Payload, own: KeyProvider) -> bool:
    """Whether the key that just signed a document still may: it was revoked or replaced else.

    Asked in the transaction that registers the file, so that nobody is handed a document which
    every verifier has to refuse.
    """
    try:
        return order_for(session, payload, own) is not None
    except IssuingKeyRevokedError:
        return False


def _told(key: IssuingKey) -> KeyOrder:
    return KeyOrder(key.fingerprint, key.chain, key.place, key.reference)
