"""Where signing keys come from: the provider's protocol, and the development authority's keys.

Other providers (PKCS#12, PKCS#11) implement the same protocol; nothing else knows files.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from asn1crypto import crl, x509
from pyhanko.sign.signers import Signer

from archive.transcripts import development_ca
from archive.transcripts.development_authority import (
    DevelopmentAuthority,
    DevelopmentTimeStamps,
    plain,
    read_made,
)
from archive.transcripts.held_keys import HeldKeySigner
from archive.transcripts.time_stamps import TimeStamps
from archive.transcripts.trust import TrustBundle

FOLDER_NAME = "signing"


class KeyProvider(Protocol):
    """Who signs, with what chain, and whom to trust for it."""

    @property
    def is_development(self) -> bool:
        """Whether documents have to say that the key is for tests only."""

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the signer's certificate."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above the signer's, without the root."""

    @property
    def trust(self) -> TrustBundle:
        """The roots that verifiers of these signatures have to trust."""

    @property
    def stamps(self) -> TimeStamps:
        """Who says when something was signed."""

    def signer(self) -> Signer:
        """Return what signs, ready and kept for the life of the process."""

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the lists of revoked certificates that are good at that moment."""


def published(keys: KeyProvider, *, at: datetime) -> TrustBundle:
    """Return what verifiers have to trust, with the lists of revoked keys good at that moment.

    Lists of a time-stamping authority elsewhere are left out: it would have to be asked.
    """
    roots, others = keys.trust.roots, keys.stamps.trust.roots
    known = {root.dump() for root in roots}
    return TrustBundle(
        roots=roots,
        stamp_roots=tuple(one for one in others if one.dump() not in known),
        lists=keys.lists(at=at),
    )


@dataclass(frozen=True)
class DevelopmentKeys:
    """A signer of the development authority, and its time stamps."""

    held: HeldKeySigner
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    fingerprint: str
    trust: TrustBundle
    authority: DevelopmentAuthority
    stamps: TimeStamps
    is_development: bool = True

    def signer(self) -> Signer:
        """Return what signs."""
        return self.held

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the authority's lists of revoked certificates."""
        return self.authority.lists(at=at)


def development_keys(secrets_folder: Path, *, now: datetime) -> DevelopmentKeys:
    """Return the development keys below ``secrets_folder``; make them on the first run.

    Loaded once per process. Raises SigningKeyUnusableError.
    """
    folder = (secrets_folder / FOLDER_NAME).absolute()
    development_ca.make_once(folder, now)
    if not (folder / development_ca.AUTHORITY).exists():
        development_ca.complete(folder, read_made(folder, development_ca.ROOT), now)
    keys = _load(folder)
    keys.lists(at=now)
    return keys


@lru_cache(maxsize=8)
def _load(folder: Path) -> DevelopmentKeys:
    root = read_made(folder, development_ca.ROOT)
    authority = DevelopmentAuthority(folder / development_ca.AUTHORITY, root)
    made = read_made(authority.folder, development_ca.SIGNER)
    certificate = plain(made)
    chain = (plain(authority.issuing),)
    return DevelopmentKeys(
        held=HeldKeySigner(made.key, certificate, chain),
        certificate=certificate,
        chain=chain,
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        trust=authority.trust,
        authority=authority,
        stamps=DevelopmentTimeStamps(authority),
    )
