"""Keys that a body brings: a key with its certificate is looked at before anything is signed.

Where the private part is (a PKCS#12 file, a PKCS#11 token) is told by ``key_files`` and
``key_tokens``; the lists of what its authority revoked come from a folder.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import crl, x509
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from archive.transcripts.list_files import ListFolder
from archive.transcripts.signing_refusals import (
    NO_ROOT,
    NOT_FOR_SIGNING,
    NOT_TODAY,
    WEAK,
    SigningCertificateUnusableError,
)
from archive.transcripts.time_stamps import Chain, TimeStamps
from archive.transcripts.trust import TrustBundle
from schemas.refusals import Phrase

FEWEST_RSA_BITS = 2048
CURVES = ("secp256r1", "secp384r1")


@dataclass(frozen=True)
class Papers:
    """A signer's certificate with all above it."""

    certificate: x509.Certificate
    chain: Chain
    """Those above it, without the root."""
    trust: TrustBundle

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the signer's certificate."""
        return hashlib.sha256(self.certificate.dump()).hexdigest()


@dataclass(frozen=True)
class BodyKeys:
    """A body's key, ready to sign."""

    papers: Papers
    held: Signer
    stamps: TimeStamps
    folder: ListFolder
    is_development: bool = False

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's certificate."""
        return self.papers.certificate

    @property
    def chain(self) -> Chain:
        """The certificates above the signer's, without the root."""
        return self.papers.chain

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the signer's certificate."""
        return self.papers.fingerprint

    @property
    def trust(self) -> TrustBundle:
        """The root above the signer's certificate."""
        return self.papers.trust

    def signer(self) -> Signer:
        """Return what signs."""
        return self.held

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the revocation lists that are at hand and good at that moment."""
        return self.folder.good((self.certificate, *self.chain), at=at)


def papers_of(
    certificate: x509.Certificate, others: Iterable[x509.Certificate], *, now: datetime
) -> Papers:
    """Return a certificate with all above it; raises SigningCertificateUnusableError.

    It has to be for signing documents, of a key that is long enough, in its life, and lead to
    a root among ``others``.
    """
    name = certificate.subject.human_friendly
    usage = certificate.key_usage_value
    if certificate.ca or usage is None or "non_repudiation" not in usage.native:
        raise SigningCertificateUnusableError(name=name, problem=Phrase(NOT_FOR_SIGNING))
    if not _is_long_enough(certificate):
        raise SigningCertificateUnusableError(name=name, problem=Phrase(WEAK))
    if not certificate.not_valid_before <= now < certificate.not_valid_after:
        raise SigningCertificateUnusableError(name=name, problem=Phrase(NOT_TODAY))
    known = list(others)
    roots = [one for one in known if one.self_signed in ("yes", "maybe") and one.ca]
    context = ValidationContext(
        trust_roots=roots, other_certs=known, moment=now, allow_fetching=False
    )
    validator = CertificateValidator(certificate, validation_context=context)
    looking = validator.async_validate_usage({"non_repudiation"})  # type: ignore[no-untyped-call]
    try:
        way = list(asyncio.run(looking))
    except (PathBuildingError, PathValidationError) as failed:
        raise SigningCertificateUnusableError(name=name, problem=Phrase(NO_ROOT)) from failed
    return Papers(certificate, tuple(reversed(way[1:-1])), TrustBundle((way[0],)))


def _is_long_enough(certificate: x509.Certificate) -> bool:
    key = certificate.public_key
    if key.algorithm == "rsa":
        return bool(key.bit_size >= FEWEST_RSA_BITS)
    return key.algorithm == "ec" and key.curve in {("named", curve) for curve in CURVES}
