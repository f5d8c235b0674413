"""Which key signs for which body: registered, taken into use and revoked, the latter two by two.

A body without a key of its own is signed for by the development key, and its documents say
so. What is revoked signs nothing more; nothing takes its place by itself.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from asn1crypto import pem, x509
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from archive.people import approvals, organisations
from archive.people.access import refuse, refuse_administering
from archive.people.actors import Actor
from archive.people.approvals import Parties, ProposalView
from archive.people.models import Account, Organisation
from archive.transcripts.body_keys import Papers
from archive.transcripts.key_models import IssuingKey, IssuingKeyRevocation, IssuingKeyUse
from archive.transcripts.signing_refusals import (
    IssuingKeyKnownError,
    IssuingKeyOverError,
    IssuingKeyRevokedError,
    UnknownIssuingKeyError,
)
from schemas.keys import IssuingKeyView, KeyPlace, KeyStanding, RevocationReason
from schemas.vocabulary import Permission

USE = "issuing_key.use"
REVOKE = "issuing_key.revoke"


def add(
    session: Session,
    body: str,
    papers: Papers,
    place: KeyPlace,
    reference: str,
    *,
    by: Actor,
    now: datetime,
) -> IssuingKey:
    """Register a key of a body; it signs nothing until two persons took it into use.

    Raises NotAllowedError, UnknownOrganisationError, IssuingKeyKnownError.
    """
    refuse_administering(by)
    known = select(IssuingKey).where(col(IssuingKey.fingerprint) == papers.fingerprint)
    if session.exec(known).first():
        raise IssuingKeyKnownError
    certificates = (papers.certificate, *papers.chain, *papers.trust.roots)
    key = IssuingKey(
        organisation_id=organisations.coded(session, body).id,
        fingerprint=papers.fingerprint,
        chain=b"".join(pem.armor("CERTIFICATE", one.dump()) for one in certificates),
        place=place,
        reference=reference,
        valid_from=papers.certificate.not_valid_before,
        valid_to=papers.certificate.not_valid_after,
        added_by=by.id,
        added_at=now,
    )
    session.add(key)
    session.flush()
    return key


def propose_use(session: Session, fingerprint: str, *, by: Actor, now: datetime) -> ProposalView:
    """Propose that a key signs for its body from now on.

    Raises NotAllowedError, UnknownIssuingKeyError, IssuingKeyRevokedError, IssuingKeyOverError.
    """
    key = _usable(session, fingerprint, now)
    payload = {"fingerprint": key.fingerprint, "by": str(by.id), "ids": _ids(session, key)}
    return approvals.propose(session, USE, payload, by=by, now=now)


def propose_revocation(
    session: Session,
    fingerprint: str,
    reason: RevocationReason,
    *,
    since: datetime,
    by: Actor,
    now: datetime,
) -> ProposalView:
    """Propose that nothing a key signed after a moment is believed.

    Raises NotAllowedError, UnknownIssuingKeyError, IssuingKeyRevokedError.
    """
    key = _unrevoked(session, fingerprint)
    payload = {
        "fingerprint": key.fingerprint,
        "reason": reason.value,
        "since": min(since, now).isoformat(),
        "by": str(by.id),
        "ids": _ids(session, key),
    }
    return approvals.propose(session, REVOKE, payload, by=by, now=now)


def current_of(session: Session, organisation_id: UUID) -> IssuingKey | None:
    """Return the key that signs for a body; None when it has none of its own.

    Raises IssuingKeyRevokedError when it has one that was revoked: another must be taken.
    """
    key = last_of(session, organisation_id)
    if key is not None and session.get(IssuingKeyRevocation, key.id) is not None:
        raise IssuingKeyRevokedError
    return key


def last_of(session: Session, organisation_id: UUID) -> IssuingKey | None:
    """Return the key that was taken into use last for a body, revoked or not; None without one."""
    query = (
        select(IssuingKey)
        .join(IssuingKeyUse, col(IssuingKeyUse.key_id) == col(IssuingKey.id))
        .where(col(IssuingKey.organisation_id) == organisation_id)
        .order_by(col(IssuingKeyUse.since).desc(), col(IssuingKeyUse.id).desc())
        .limit(1)
    )
    return session.exec(query).one_or_none()


def everyone(session: Session) -> list[IssuingKey]:
    """Return the keys of all bodies, present and former, the oldest first."""
    return list(session.exec(select(IssuingKey).order_by(col(IssuingKey.added_at))))


def revocations(session: Session) -> Mapping[UUID, IssuingKeyRevocation]:
    """Return what was revoked, by key."""
    return {one.key_id: one for one in session.exec(select(IssuingKeyRevocation))}


def revoked_of_development(session: Session) -> list[tuple[IssuingKey, IssuingKeyRevocation]]:
    """Return the development authority's keys that were revoked."""
    query = (
        select(IssuingKey, IssuingKeyRevocation)
        .join(IssuingKeyRevocation, col(IssuingKeyRevocation.key_id) == col(IssuingKey.id))
        .where(col(IssuingKey.place) == KeyPlace.DEVELOPMENT)
    )
    return list(session.exec(query).all())


def listed(session: Session) -> tuple[IssuingKeyView, ...]:
    """Return the keys of all bodies, by body, the oldest first."""
    account = aliased(Account)
    query = (
        select(IssuingKey, Organisation.code, account.name)
        .join(Organisation, col(Organisation.id) == col(IssuingKey.organisation_id))
        .join(account, col(account.id) == col(IssuingKey.added_by))
        .order_by(col(Organisation.code), col(IssuingKey.added_at), col(IssuingKey.id))
    )
    uses = list(session.exec(select(IssuingKeyUse).order_by(col(IssuingKeyUse.since))))
    since = {one.key_id: one.since for one in uses}
    rows = session.exec(query).all()
    bodies = {key.id: key.organisation_id for key, _, _ in rows}
    newest = {bodies[one.key_id]: one.key_id for one in uses}
    revoked = revocations(session)
    return tuple(
        _view(key, code, name, since.get(key.id), revoked.get(key.id), newest)
        for key, code, name in rows
    )


def certificate_of(key: IssuingKey) -> x509.Certificate:
    """Return the certificate of a key."""
    return certificates_of(key)[0]


def certificates_of(key: IssuingKey) -> list[x509.Certificate]:
    """Return the certificate of a key and those above it, the root last."""
    blocks = pem.unarmor(key.chain, multiple=True)
    return [x509.Certificate.load(der) for _, _, der in blocks]


def _view(
    key: IssuingKey,
    code: str,
    added_by: str,
    since: datetime | None,
    revoked: IssuingKeyRevocation | None,
    newest: Mapping[UUID, UUID],
) -> IssuingKeyView:
    if revoked is not None:
        standing = KeyStanding.REVOKED
    elif since is None:
        standing = KeyStanding.WAITING
    else:
        is_newest = newest.get(key.organisation_id) == key.id
        standing = KeyStanding.CURRENT if is_newest else KeyStanding.FORMER
    return IssuingKeyView(
        organisation=code,
        fingerprint=key.fingerprint,
        subject=certificate_of(key).subject.human_friendly,
        place=key.place,
        standing=standing,
        valid_from=key.valid_from,
        valid_to=key.valid_to,
        added_by=added_by,
        added_at=key.added_at,
        current_since=since,
        revoked_since=revoked.since if revoked else None,
        revoked_for=revoked.reason if revoked else None,
    )


def _unrevoked(session: Session, fingerprint: str) -> IssuingKey:
    query = select(IssuingKey).where(col(IssuingKey.fingerprint) == fingerprint.strip().lower())
    key = session.exec(query).one_or_none()
    if key is None:
        raise UnknownIssuingKeyError(fingerprint=fingerprint)
    if session.get(IssuingKeyRevocation, key.id) is not None:
        raise IssuingKeyRevokedError
    return key


def _usable(session: Session, fingerprint: str, now: datetime) -> IssuingKey:
    key = _unrevoked(session, fingerprint)
    if not key.valid_from <= now < key.valid_to:
        raise IssuingKeyOverError
    return key


def _ids(session: Session, key: IssuingKey) -> list[str]:
    return [session.get_one(Organisation, key.organisation_id).code, key.fingerprint[:16]]


def _use(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    key = _usable(session, payload["fingerprint"], now)
    session.add(IssuingKeyUse(key_id=key.id, since=now, proposed_by=UUID(payload["by"])))
    session.flush()
    return [key.fingerprint]


def _revoke(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    key = _unrevoked(session, payload["fingerprint"])
    session.add(
        IssuingKeyRevocation(
            key_id=key.id,
            reason=RevocationReason(payload["reason"]),
            since=datetime.fromisoformat(payload["since"]),
            proposed_by=UUID(payload["by"]),
            decided_at=now,
        )
    )
    session.flush()
    return [key.fingerprint]


def _may(_session: Session, by: Actor, _payload: dict[str, Any]) -> None:
    """Whoever runs the system proposes and answers: a matter of machinery, not of the bureau's."""
    refuse(by, Permission.MANAGE_SYSTEM)


approvals.EFFECTS[USE] = _use
approvals.EFFECTS[REVOKE] = _revoke
approvals.PARTIES[USE] = Parties(_may, _may)
approvals.PARTIES[REVOKE] = Parties(_may, _may)
approvals.APART |= {USE, REVOKE}
