"""Whom to trust for the documents of all bodies, as the archive has it today."""

from datetime import UTC, datetime

from sqlmodel import Session

from archive.transcripts import issuing_keys, revoking
from archive.transcripts.key_models import IssuingKey, IssuingKeyRevocation
from archive.transcripts.keyring import Keyring
from archive.transcripts.keys import DevelopmentKeys, published
from archive.transcripts.list_files import ListFolder
from archive.transcripts.trust import Revoked, TrustBundle, Withdrawn
from schemas.keys import RevocationReason


def trust_bundle(session: Session, keyring: Keyring, *, at: datetime) -> TrustBundle:
    """Return whom verifiers have to trust: the roots of all keys and stamps, present and former.

    With the lists of revoked keys that are good at that moment; what was revoked here of the
    development authority's keys stands in its list from then on.
    """
    tell_revoked(session, keyring.fallback)
    own = published(keyring.fallback, at=at).with_stamp_roots(keyring.stamp_roots)
    return with_bodies(session, own, keyring.folder, at=at)


def with_bodies(
    session: Session, own: TrustBundle, folder: ListFolder, *, at: datetime
) -> TrustBundle:
    """Return a trust with the roots of the bodies' keys, and what was revoked of these."""
    keys = issuing_keys.everyone(session)
    if not keys:
        return own
    revoked = issuing_keys.revocations(session)
    chains = [issuing_keys.certificates_of(one) for one in keys]
    roots = {one.dump(): one for one in (*own.roots, *(chain[-1] for chain in chains))}
    lists = [one for chain in chains for one in folder.good(chain, at=at)]
    return TrustBundle(
        roots=tuple(roots.values()),
        stamp_roots=tuple(one for one in own.stamp_roots if one.dump() not in roots),
        lists=tuple({one.dump(): one for one in (*own.lists, *lists)}.values()),
        withdrawn=tuple(_withdrawn(one, revoked[one.id]) for one in keys if one.id in revoked),
    )


def tell_revoked(session: Session, keys: DevelopmentKeys) -> None:
    """Let the development authority's list say which of its keys two persons have revoked."""
    for key, told in issuing_keys.revoked_of_development(session):
        serial = issuing_keys.certificate_of(key).serial_number
        one = revoking.Revoked(serial, told.since, told.reason.value)
        revoking.revoke(keys.authority.folder, one)


def _withdrawn(key: IssuingKey, told: IssuingKeyRevocation) -> Withdrawn:
    is_compromised = told.reason is RevocationReason.COMPROMISED
    return Withdrawn(key.fingerprint, Revoked(told.since.astimezone(UTC), is_compromised))
