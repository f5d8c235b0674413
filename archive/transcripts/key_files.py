"""A body's signing key in a PKCS#12 file, with the passphrase in a file of its own."""

from datetime import datetime
from pathlib import Path
from stat import S_ISREG

from asn1crypto import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, pkcs12
from cryptography.x509 import Certificate
from pydantic import SecretStr
from pyhanko.sign.signers import Signer

from archive.transcripts.body_keys import Papers, papers_of
from archive.transcripts.held_keys import HeldKeySigner, PrivateKey
from archive.transcripts.signing_refusals import (
    DAMAGED,
    MISSING,
    NOT_ITS_KEY,
    OPEN,
    OTHER_KIND,
    WRONG_WORDS,
    SigningCertificateUnusableError,
    SigningKeyUnusableError,
)
from schemas.refusals import Phrase

BESIDE = ".passphrase"
"""What the name of the file with the passphrase ends with, beside the key's."""
_OTHERS = 0o077


def open_file(path: Path, *, now: datetime) -> tuple[Papers, Signer]:
    """Return the certificate and the key in a file.

    Raises SigningKeyUnusableError, SigningCertificateUnusableError.
    """
    content = _private(path)
    passphrase = secret_in(path.with_name(path.name + BESIDE))
    try:
        found = pkcs12.load_pkcs12(content, passphrase.get_secret_value().encode())
    except ValueError as wrong:
        kind = WRONG_WORDS if "password" in str(wrong).lower() else DAMAGED
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(kind)) from wrong
    except (UnsupportedAlgorithm, TypeError) as wrong:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from wrong
    others = [plain(one.certificate) for one in found.additional_certs]
    certificate = None if found.cert is None else found.cert.certificate
    return _fitting(path, found.key, certificate, others, now)


def secret_in(path: Path) -> SecretStr:
    """Return the secret in a file that nobody else may read; raises SigningKeyUnusableError."""
    try:
        return SecretStr(_private(path).decode().strip())
    except UnicodeDecodeError as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable


def plain(certificate: Certificate) -> x509.Certificate:
    """Return a certificate as pyHanko takes it."""
    return x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _private(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED))
        if mode & _OTHERS:
            raise SigningKeyUnusableError(name=path.name, problem=Phrase(OPEN))
        return path.read_bytes()
    except OSError as unreadable:
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(DAMAGED)) from unreadable


def _fitting(
    path: Path,
    key: object,
    certificate: Certificate | None,
    others: list[x509.Certificate],
    now: datetime,
) -> tuple[Papers, Signer]:
    if key is None or certificate is None:
        # Libraries leave out the certificate when it is not the key's, or tell both apart.
        problem = NOT_ITS_KEY if key is not None and others else MISSING
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(problem))
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise SigningKeyUnusableError(name=path.name, problem=Phrase(OTHER_KIND))
    if _public(key) != _public_of(certificate):
        name = certificate.subject.rfc4514_string()
        raise SigningCertificateUnusableError(name=name, problem=Phrase(NOT_ITS_KEY))
    papers = papers_of(plain(certificate), others, now=now)
    return papers, HeldKeySigner(key, papers.certificate, papers.chain)


def _public(key: PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _public_of(certificate: Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
