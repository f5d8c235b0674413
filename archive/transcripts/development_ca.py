"""The development authority: a root and a signer that anyone can see are for tests.

Made on the first run, so that the archive signs out of the box. A body that issues
documents in earnest brings keys of its own; every document signed by these says so.
"""

import os
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

ROOT, SIGNER = "root", "signer"
ORGANISATION = "开发测试 Development only"
ROOT_DAYS, SIGNER_DAYS = 30 * 365, 10 * 365
_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600
_SKEW = timedelta(days=1)  # Clocks of verifiers may be behind ours.

Made = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def make_once(folder: Path, now: datetime) -> None:
    """Make the keys in ``folder`` unless they are there.

    Everything is written beside and renamed as a whole: of two processes that start at
    once the second finds the first one's folder, drops its own and uses that.
    """
    if folder.exists():
        return
    folder.parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE_FOLDER)
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    draft.mkdir(mode=_PRIVATE_FOLDER)
    root = _root(now)
    for name, made in ((ROOT, root), (SIGNER, _signer(root, now))):
        _keep(draft, name, made)
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise


def _root(now: datetime) -> Made:
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("技能人才电子档案开发测试根证书 Development Root")
    usage = _usage(signs_certificates=True)
    draft = _draft(name, name, key, now, ROOT_DAYS, usage)
    basic = x509.BasicConstraints(ca=True, path_length=1)
    return key, draft.add_extension(basic, critical=True).sign(key, hashes.SHA256())


def _signer(root: Made, now: datetime) -> Made:
    root_key, root_certificate = root
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("技能人才电子档案开发测试签章 Development Signer")
    usage = _usage(signs_certificates=False)
    draft = _draft(name, root_certificate.subject, key, now, SIGNER_DAYS, usage)
    basic = x509.BasicConstraints(ca=False, path_length=None)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key())
    draft = draft.add_extension(basic, critical=True).add_extension(authority, critical=False)
    return key, draft.sign(root_key, hashes.SHA256())


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    validity_days: int,
    usage: x509.KeyUsage,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(now + timedelta(days=validity_days))
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=not signs_certificates,  # As nonRepudiation is called today.
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _keep(folder: Path, name: str, made: Made) -> None:
    key, certificate = made
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{name}.key", secret)
    _write(folder / f"{name}.pem", certificate.public_bytes(Encoding.PEM))


def _write(path: Path, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    with os.fdopen(os.open(path, flags, _PRIVATE_FILE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
