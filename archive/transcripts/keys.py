"""Where signing keys come from: the provider's protocol, and the development authority.

Other providers (PKCS#12, PKCS#11) implement the same protocol; nothing else knows files.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Protocol

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archive.errors import ArchiveError
from archive.transcripts import development_ca
from archive.transcripts.trust import TrustBundle, TrustUnreadableError
from schemas.refusals import Phrase

FOLDER_NAME = "signing"
OPEN = "others may read it"
DAMAGED = "it is missing or damaged"
OTHER_KIND = "it is no elliptic curve key"
CAUSES = (OPEN, DAMAGED, OTHER_KIND)
"""Why a key cannot be used, so that a test can see that each is translated."""

_OTHERS = 0o077
_LONGEST_SIGNATURE = 72  # Of ECDSA on P-256 in DER.


class SigningKeyUnusableError(ArchiveError):
    """The signing key is missing, unreadable, or open to others."""

    code: ClassVar[str] = "signing_key_unusable"
    template: ClassVar[str] = (
        "The signing key {name} cannot be used: {problem}. "
        "Put the original file back with mode 600; no document can be signed without it."
    )


class KeyProvider(Protocol):
    """Who signs, with what chain, and whom to trust for it."""

    @property
    def is_development(self) -> bool:
        """Whether documents have to say that the key is for tests only."""

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the signer's certificate."""

    @property
    def trust(self) -> TrustBundle:
        """The roots that verifiers of these signatures have to trust."""

    def signer(self) -> Signer:
        """Return what signs, ready and kept for the life of the process."""


class HeldKeySigner(Signer):
    """Signs with a P-256 key held in memory; pyHanko's own would load it twice a signature."""

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
    ) -> None:
        """Take the key, its certificate, and the certificates up to the root."""
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # It takes nothing.
        known.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=known, embed_roots=False)
        self._key = key

    async def async_sign_raw(  # pyHanko's signature.
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes:
        """Sign ``data``; a dry run only tells how long a signature can get."""
        if digest_algorithm != "sha256":
            message = f"this key signs SHA-256 only, not {digest_algorithm}"
            raise ValueError(message)
        if dry_run:
            return bytes(_LONGEST_SIGNATURE)
        return self._key.sign(data, ec.ECDSA(hashes.SHA256()))


@dataclass(frozen=True)
class DevelopmentKeys:
    """The keys of the development authority, as they were loaded."""

    held: HeldKeySigner
    fingerprint: str
    trust: TrustBundle
    is_development: bool = True

    def signer(self) -> Signer:
        """Return what signs."""
        return self.held


def development_keys(secrets_folder: Path, *, now: datetime) -> DevelopmentKeys:
    """Return the development keys below ``secrets_folder``; make them on the first run.

    Loaded once per process. Raises SigningKeyUnusableError.
    """
    folder = (secrets_folder / FOLDER_NAME).absolute()
    development_ca.make_once(folder, now)
    return _load(folder)


@lru_cache(maxsize=8)
def _load(folder: Path) -> DevelopmentKeys:
    trust = _certificates(folder / f"{development_ca.ROOT}.pem")
    certificate = _certificates(folder / f"{development_ca.SIGNER}.pem").roots[0]
    key = _private_key(folder / f"{development_ca.SIGNER}.key")
    return DevelopmentKeys(
        held=HeldKeySigner(key, certificate, trust.roots),
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        trust=trust,
    )


def _private_key(path: Path) -> ec.EllipticCurvePrivateKey:
    try:
        if path.stat().st_mode & _OTHERS:
            raise SigningKeyUnusableError(name=path.name, problem=Phrase(OPEN))
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(OTHER_KIND))
    return key


def _certificates(path: Path) -> TrustBundle:
    try:
        return TrustBundle.from_pem(path.read_bytes())
    except (OSError, TrustUnreadableError) as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable
