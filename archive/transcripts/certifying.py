"""The certificates of the development authority: root, issuing authority, signer, time stamps.

Pure: keys and certificates are made here and kept by ``development_ca``; lists of what was
revoked are made in ``revoking``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANISATION = "开发测试 Development only"
SKEW = timedelta(days=1)
"""By how much the clocks of verifiers may be behind ours."""
ROOT_DAYS, ISSUING_DAYS, LEAF_DAYS = 30 * 365, 20 * 365, 10 * 365
_ROOT_NAME = "技能人才电子档案开发测试根证书 Development Root"
_ISSUING_NAME = "电子档案开发测试签发机构 Development Issuing"
_SIGNER_NAME = "技能人才电子档案开发测试签章 Development Signer"
_STAMPER_NAME = "电子档案开发测试时间戳 Development Time Stamps"


@dataclass(frozen=True)
class Made:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


def root(now: datetime, unit: str = "") -> Made:
    """Make a root, which may certify one level of authorities below it; ``unit`` tells whose."""
    key = _new_key()
    name = _name(_ROOT_NAME, unit)
    draft = _draft(name, name, key, now, now + timedelta(days=ROOT_DAYS))
    return Made(key, _authority(draft, depth=1).sign(key, hashes.SHA256()))


def issuing_authority(above: Made, now: datetime, unit: str = "") -> Made:
    """Make what certifies signers and time stamps, so that the root is seldom needed."""
    key, draft = _below(above, _ISSUING_NAME, now, ISSUING_DAYS, unit)
    return Made(key, _authority(draft, depth=0).sign(above.key, hashes.SHA256()))


def signer(above: Made, now: datetime, unit: str = "") -> Made:
    """Make a key that signs documents, and nothing else."""
    key, draft = _below(above, _SIGNER_NAME, now, LEAF_DAYS, unit)
    draft = draft.add_extension(_usage(content_commitment=True), critical=True)
    return Made(key, _leaf(draft).sign(above.key, hashes.SHA256()))


def stamper(above: Made, now: datetime) -> Made:
    """Make a key that says when; RFC 3161 wants its one purpose marked critical."""
    key, draft = _below(above, _STAMPER_NAME, now, LEAF_DAYS)
    purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    draft = draft.add_extension(_usage(digital_signature=True), critical=True)
    draft = _leaf(draft).add_extension(purpose, critical=True)
    return Made(key, draft.sign(above.key, hashes.SHA256()))


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _below(
    above: Made, name: str, now: datetime, days: int, unit: str = ""
) -> tuple[ec.EllipticCurvePrivateKey, x509.CertificateBuilder]:
    """Draft a certificate that does not outlive the one above it."""
    key = _new_key()
    end = min(now + timedelta(days=days), above.certificate.not_valid_after_utc)
    draft = _draft(_name(name, unit), above.certificate.subject, key, now, end)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(above.key.public_key())
    return key, draft.add_extension(authority, critical=False)


def _draft(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    now: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(end)
        .add_extension(identifier, critical=False)
    )


def _authority(draft: x509.CertificateBuilder, *, depth: int) -> x509.CertificateBuilder:
    basic = x509.BasicConstraints(ca=True, path_length=depth)
    usage = _usage(key_cert_sign=True, crl_sign=True)
    return draft.add_extension(basic, critical=True).add_extension(usage, critical=True)


def _leaf(draft: x509.CertificateBuilder) -> x509.CertificateBuilder:
    basic = x509.BasicConstraints(ca=False, path_length=None)
    return draft.add_extension(basic, critical=True)


def _usage(
    *,
    digital_signature: bool = False,
    content_commitment: bool = False,
    key_cert_sign: bool = False,
    crl_sign: bool = False,
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=content_commitment,  # As nonRepudiation is called today.
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str, unit: str = "") -> x509.Name:
    told = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANISATION),
    ]
    if unit:
        told.append(x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit))
    return x509.Name([*told, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
