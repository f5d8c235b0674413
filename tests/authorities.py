"""Certificate authorities that tests make up, and what they sign: B-B to B-LTA, also wrongly.

The archive's own keys come from ``archive.transcripts``; these here may be expired, revoked,
forged, or meant for something else, as no key of the archive ever should be.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from io import BytesIO

from asn1crypto import crl, keys
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_signer import (
    DSSContentSettings,
    PdfSigner,
    PdfSigningSession,
    PdfTimeStamper,
    SigDSSPlacementPreference,
    TimestampDSSContentSettings,
)
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archive.transcripts.field_names import FIELD_NAME
from archive.transcripts.signing import REASON
from archive.transcripts.trust import TrustBundle

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Party:
    """A key and its certificate."""

    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @cached_property
    def told(self) -> asn1.Certificate:
        """The certificate as pyHanko takes it."""
        return asn1.Certificate.load(self.certificate.public_bytes(Encoding.DER))

    @cached_property
    def secret(self) -> keys.PrivateKeyInfo:
        """The key as pyHanko takes it."""
        form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return keys.PrivateKeyInfo.load(self.key.private_bytes(*form))


@dataclass(frozen=True)
class Authority:
    """A root, an issuing authority, a signer and a time-stamping authority."""

    root: Party
    issuing: Party
    signer: Party
    stamper: Party
    revoked: tuple[tuple[Party, datetime], ...] = ()
    """Whom the issuing authority revoked, and since when."""

    @property
    def trust(self) -> TrustBundle:
        """Trust in this root alone."""
        return TrustBundle((self.root.told,))

    def revoking(self, party: Party, since: datetime) -> "Authority":
        """Return the same authority when it has revoked one of its certificates."""
        return replace(self, revoked=(*self.revoked, (party, since)))

    def lists(self, at: datetime, *, days: int = 30) -> list[crl.CertificateList]:
        """Return the revocation lists of root and issuing authority as they were ``at``."""
        gone = [(party, since) for party, since in self.revoked if since <= at]
        return [
            _list(self.root, [], at, days),
            _list(self.issuing, gone, at, days),
        ]

    def others(self) -> list[asn1.Certificate]:
        """Return the certificates between a signer and the root."""
        return [self.issuing.told]


def an_authority(
    since: datetime,
    *,
    name: str = "Test",
    signer_days: int = 3650,
    stamper_days: int = 5 * 365,
    signer_since: datetime | None = None,
) -> Authority:
    """Make an authority whose certificates begin a day before ``since``."""
    root = _party(f"{name} Root", None, since, 30 * 365, _usage("certificates"), is_ca=True)
    issuing = _party(f"{name} Issuing", root, since, 20 * 365, _usage("certificates"), is_ca=True)
    return Authority(
        root,
        issuing,
        _party(f"{name} Signer", issuing, signer_since or since, signer_days, _usage("documents")),
        a_stamper(issuing, since, name=f"{name} Stamper", days=stamper_days),
    )


def a_stamper(issuer: Party, since: datetime, *, name: str, days: int) -> Party:
    """Make a time-stamping authority under an issuing one."""
    return _party(name, issuer, since, days, _usage("stamps"), is_stamper=True)


def no_stamper(issuer: Party, since: datetime) -> Party:
    """Make a key that is for documents, and yet can be made to stamp times."""
    return _party("No Stamper", issuer, since, 365, _usage("documents"), is_rsa=True)


def signed(
    pdf: bytes,
    by: Authority,
    at: datetime,
    *,
    profile: str = "B-LTA",
    signer: Party | None = None,
    stamped: datetime | None = None,
    stamper: Party | None = None,
    certify: bool = True,
    field: str = FIELD_NAME,
) -> bytes:
    """Return ``pdf`` signed as the archive signs, with whatever keys and times were asked for."""
    signer = signer or by.signer
    stamped = stamped or at
    lta = profile == "B-LTA"
    has_lists = profile in {"B-LT", "B-LTA"}
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        reason=REASON,
        subfilter=SigSeedSubFilter.PADES,
        certify=certify,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=has_lists,
        use_pades_lta=lta,
        validation_context=_context(by, stamped) if has_lists else None,
        dss_settings=DSSContentSettings(
            include_vri=False,
            placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE,
            next_ts_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
        ),
    )
    known = SimpleCertificateStore()
    known.register_multiple(by.others())
    held = SimpleSigner(
        signing_cert=signer.told,
        signing_key=signer.secret,
        cert_registry=known,
        embed_roots=False,
    )
    clock = None if profile == "B-B" else _clock(stamper or by.stamper, by, stamped)
    made = _Timed(metadata, held, timestamper=clock)
    made.at = at
    out = BytesIO()
    made.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), output=out)
    return out.getvalue()


def refreshed(
    pdf: bytes,
    by: Authority,
    at: datetime,
    *,
    stamper: Party | None = None,
    lists: list[crl.CertificateList] | None = None,
) -> bytes:
    """Return ``pdf`` with one more document time stamp, as an archive refresh adds it."""
    clock = PdfTimeStamper(_clock(stamper or by.stamper, by, at))
    out = BytesIO()
    clock.timestamp_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        "sha256",
        validation_context=_context(by, at, lists),
        output=out,
        dss_settings=TimestampDSSContentSettings(include_vri=False, update_before_ts=True),
    )
    return out.getvalue()


def _context(
    by: Authority, at: datetime, lists: list[crl.CertificateList] | None = None
) -> ValidationContext:
    return ValidationContext(
        trust_roots=[by.root.told],
        other_certs=by.others(),
        crls=lists or replace(by, revoked=()).lists(at - timedelta(hours=1)),
        allow_fetching=False,
        moment=at.astimezone(UTC),
    )


def _clock(stamper: Party, by: Authority, at: datetime) -> DummyTimeStamper:
    known = SimpleCertificateStore()
    known.register_multiple(by.others())
    return DummyTimeStamper(
        tsa_cert=stamper.told, tsa_key=stamper.secret, certs_to_embed=known, fixed_dt=at
    )


class _Timed(PdfSigner):
    """Signs at the time that it was told."""

    at: datetime

    def init_signing_session(  # pyHanko's signature.
        self,
        pdf_out: BasePdfFileWriter,
        existing_fields_only: bool = False,  # noqa: FBT001, FBT002
    ) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.at
        return session

    def _enforce_certification_constraints(self, reader: PdfFileReader) -> None:
        """Let tests sign what must not be signed."""

    def register_extensions(self, pdf_out: BasePdfFileWriter, **_unused: str) -> None:
        pdf_out.register_extension(ESIC_EXTENSION_1)


def _party(
    name: str,
    issuer: Party | None,
    since: datetime,
    days: int,
    usage: x509.KeyUsage,
    *,
    is_ca: bool = False,
    is_stamper: bool = False,
    is_rsa: bool = False,
) -> Party:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey = ec.generate_private_key(ec.SECP256R1())
    if is_stamper or is_rsa:  # pyHanko's stamper for tests takes no other.
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = _name(name)
    by = issuer.certificate.subject if issuer else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since - _DAY)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())
        point = x509.DistributionPoint(
            [x509.UniformResourceIdentifier("http://127.0.0.1/none.crl")], None, None, None
        )
        builder = builder.add_extension(authority, critical=False)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    if is_stamper:
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purpose, critical=True)
    return Party(key, builder.sign((issuer.key if issuer else key), hashes.SHA256()))


def _list(
    issuer: Party, gone: list[tuple[Party, datetime]], at: datetime, days: int
) -> crl.CertificateList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + timedelta(days=days))
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            critical=False,
        )
        .add_extension(x509.CRLNumber(int(at.timestamp())), critical=False)
    )
    for party, since in gone:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(party.certificate.serial_number)
            .revocation_date(since)
            .build()
        )
    made = builder.sign(issuer.key, hashes.SHA256())
    return crl.CertificateList.load(made.public_bytes(Encoding.DER))


def _usage(purpose: str) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=purpose == "stamps",
        content_commitment=purpose == "documents",
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=purpose == "certificates",
        crl_sign=purpose == "certificates",
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "测试 Test only"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )
