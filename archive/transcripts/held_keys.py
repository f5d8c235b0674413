"""Signing with a private key that this process holds in memory, and reading one from a file."""

from pathlib import Path

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archive.transcripts.signing_refusals import (
    DAMAGED,
    OPEN,
    OTHER_KIND,
    SigningKeyUnusableError,
)
from archive.transcripts.trust import TrustBundle, TrustUnreadableError
from schemas.refusals import Phrase

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_OTHERS = 0o077
_SHORT_CURVE = 256
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_MOST_OF_DER = 9
"""How many bytes more than two coordinates an ECDSA signature takes in DER, at most."""


class HeldKeySigner(Signer):
    """Signs with a key held in memory; pyHanko's own would load it twice a signature."""

    def __init__(
        self,
        key: PrivateKey,
        certificate: x509.Certificate,
        chain: tuple[x509.Certificate, ...],
    ) -> None:
        """Take the key, its certificate, and those above it without the root."""
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # It takes nothing.
        known.register_multiple(chain)
        super().__init__(signing_cert=certificate, cert_registry=known)
        self._key = key
        self._certificate = certificate

    async def async_sign_raw(  # pyHanko's signature.
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes:
        """Sign ``data``; a dry run only tells how long a signature can get."""
        digest = _DIGESTS[digest_algorithm]
        if dry_run:
            return bytes(longest_signature(self._certificate))
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


def digest_for(certificate: x509.Certificate) -> str:
    """Return the digest that fits a key: a longer curve wants a longer one."""
    key = certificate.public_key
    return "sha384" if key.algorithm == "ec" and key.bit_size > _SHORT_CURVE else "sha256"


def read_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """Read a key of the development authority; raises SigningKeyUnusableError."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise SigningKeyUnusableError(name=path.name, problem=Phrase(OPEN))
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(OTHER_KIND))
    return key


def read_certificates(path: Path) -> TrustBundle:
    """Read the certificates in a file; raises SigningKeyUnusableError."""
    try:
        return TrustBundle.from_pem(path.read_bytes())
    except (OSError, TrustUnreadableError) as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable


def longest_signature(certificate: x509.Certificate) -> int:
    """Return how many bytes a signature takes at most, by the key of a certificate."""
    key = certificate.public_key
    size: int = key.byte_size
    return size if key.algorithm == "rsa" else 2 * size + _MOST_OF_DER
