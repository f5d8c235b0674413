"""The keys of all bodies as a process holds them: each opened once, and whom to trust for them."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlmodel import Session

from archive.settings import Settings
from archive.transcripts import certifying, development_ca, issuing_keys, revoking
from archive.transcripts.body_keys import BodyKeys, Papers, papers_of
from archive.transcripts.development_authority import plain, read_made
from archive.transcripts.held_keys import HeldKeySigner
from archive.transcripts.key_files import open_file, secret_in
from archive.transcripts.key_models import IssuingKey, IssuingKeyRevocation
from archive.transcripts.key_tokens import Token, open_token
from archive.transcripts.keys import DevelopmentKeys, KeyProvider, development_keys, published
from archive.transcripts.list_files import ListFolder
from archive.transcripts.orders import KeyOrder
from archive.transcripts.providing import lists_folder, signing_keys
from archive.transcripts.trust import Revoked, TrustBundle, Withdrawn, certificates_in
from schemas.keys import KeyPlace, RevocationReason


class Keyring:
    """Opens the keys of bodies, and the development key for bodies that have none."""

    def __init__(self, settings: Settings, *, now: datetime) -> None:
        """Take where keys lie; raises SigningKeyUnusableError, TrustUnreadableError."""
        self._settings = settings
        self.fallback = signing_keys(settings, now=now)
        self.folder = ListFolder(lists_folder(settings))
        self._opened: dict[str, KeyProvider] = {}

    def keys_of(self, session: Session, organisation_id: UUID, *, now: datetime) -> KeyProvider:
        """Return what signs for a body.

        Raises IssuingKeyRevokedError, SigningKeyUnusableError, SigningCertificateUnusableError,
        SigningTokenUnavailableError.
        """
        key = issuing_keys.current_of(session, organisation_id)
        return self.fallback if key is None else self.opened(key, now=now)

    def opened(self, key: IssuingKey | KeyOrder, *, now: datetime) -> KeyProvider:
        """Return a key that is registered, ready to sign; it is opened once."""
        if key.fingerprint not in self._opened:
            self._opened[key.fingerprint] = self._open(key, now)
        return self._opened[key.fingerprint]

    def _open(self, key: IssuingKey | KeyOrder, now: datetime) -> KeyProvider:
        match key.place:
            case KeyPlace.DEVELOPMENT:
                return _development(self.fallback, key)
            case KeyPlace.PKCS12:
                papers, held = open_file(Path(key.reference), now=now)
            case KeyPlace.PKCS11:
                certificate, *others = certificates_in(key.chain)
                papers = papers_of(certificate, others, now=now)
                held = open_token(token_of(self._settings), key.reference, papers)
        return BodyKeys(papers, held, self.fallback.stamps, self.folder)


def token_of(settings: Settings) -> Token:
    """Return the token with the bodies' keys; raises SigningKeyUnusableError."""
    path = settings.signing_pkcs11_pin_file
    pin = settings.signing_pkcs11_pin if path is None else secret_in(path)
    return Token(settings.signing_pkcs11_module, settings.signing_pkcs11_token, pin)


def new_development_key(settings: Settings, body: str, *, now: datetime) -> tuple[Papers, str]:
    """Make a key of the development authority for a body; return it, and its name there."""
    keys = development_keys(settings.secrets_folder, now=now)
    made = certifying.signer(keys.authority.issuing, now, body)
    papers = Papers(plain(made), (plain(keys.authority.issuing),), keys.trust)
    name = f"{development_ca.SIGNER}-{papers.fingerprint[:16]}"
    development_ca.keep(keys.authority.folder, name, made)
    return papers, name


def trust_bundle(session: Session, keyring: Keyring, *, at: datetime) -> TrustBundle:
    """Return whom verifiers have to trust: the roots of all keys, present and former.

    With the lists of revoked keys that are good at that moment; what was revoked here of the
    development authority's keys stands in its list from then on.
    """
    tell_revoked(session, keyring.fallback)
    return with_bodies(session, published(keyring.fallback, at=at), keyring.folder, at=at)


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


def _development(fallback: DevelopmentKeys, key: IssuingKey | KeyOrder) -> DevelopmentKeys:
    authority = fallback.authority
    made = read_made(authority.folder, key.reference)
    certificate, chain = plain(made), (plain(authority.issuing),)
    return DevelopmentKeys(
        held=HeldKeySigner(made.key, certificate, chain),
        certificate=certificate,
        chain=chain,
        fingerprint=key.fingerprint,
        trust=authority.trust,
        authority=authority,
        stamps=fallback.stamps,
    )
