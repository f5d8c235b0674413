"""The key that speaks for the archive as a whole: it signs checkpoints and the proofs of exports.

It is the present key of the bureau in whose name documents are issued; the development key only
where that has none. One that was revoked, or whose time is over, signs nothing.
"""

from datetime import datetime

from sqlmodel import Session

from archive.transcripts.intents import issuer_of_all
from archive.transcripts.keyring import Keyring
from archive.transcripts.keys import KeyProvider
from archive.transcripts.ordering import order_of
from archive.transcripts.refusals import IssuerMissingError
from archive.transcripts.signing_refusals import IssuingKeyOverError


def keys_of_house(session: Session, ring: Keyring, *, now: datetime) -> KeyProvider:
    """Return what signs for the archive at this moment.

    Raises IssuingKeyRevokedError, IssuingKeyOverError, and what opening a key raises.
    """
    try:
        body = issuer_of_all(session)
    except IssuerMissingError:  # An archive that is being set up; nothing speaks for it yet.
        return ring.fallback
    key = order_of(session, body.id, ring.fallback).key
    keys = ring.fallback if key is None else ring.opened(key, now=now)
    if not keys.certificate.not_valid_before <= now < keys.certificate.not_valid_after:
        raise IssuingKeyOverError
    return keys
