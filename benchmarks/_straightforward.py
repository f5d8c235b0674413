"""The straightforward way to a signed document: the baseline of ``benchmarks/documents.py``.

What somebody writes first who reads the manuals of WeasyPrint and pyHanko: style sheet and fonts
read for each document, the system's collection of Chinese faces, an RSA key of 2048 bits, key and
certificates read from their files for each signature, pyHanko's own order of the revisions. The
HTML is the product's own, so that both ways set the same words. It stands here to be measured
against and nowhere in the product.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import crl, keys, pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration

_BITS = 2048
_YEAR = timedelta(days=365)

Made = tuple[rsa.RSAPrivateKey, x509.Certificate]


@dataclass(frozen=True)
class Files:
    """Where keys and certificates lie, as PEM without a password."""

    folder: Path

    def key(self, name: str) -> str:
        """Return the path of a private key."""
        return str(self.folder / f"{name}.key")

    def certificate(self, name: str) -> str:
        """Return the path of a certificate."""
        return str(self.folder / f"{name}.pem")

    @property
    def revoked(self) -> tuple[Path, Path]:
        """The authorities' lists of revoked certificates, in DER."""
        return self.folder / "root.crl", self.folder / "issuing.crl"


def make_files(folder: Path) -> Files:
    """Make what the product's development authority has, with RSA keys.

    A root, an issuing authority below it, a signer and a time stamper below that, and the two
    authorities' lists of revoked certificates.
    """
    now, files = datetime.now(UTC), Files(folder)
    root = _made("root", None, now)
    issuing = _made("issuing", root, now)
    pairs = {"root": root, "issuing": issuing}
    pairs |= {name: _made(name, issuing, now) for name in ("signer", "stamper")}
    for name, (key, certificate) in pairs.items():
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        Path(files.key(name)).write_bytes(secret)
        Path(files.certificate(name)).write_bytes(certificate.public_bytes(Encoding.PEM))
    for path, (key, certificate) in zip(files.revoked, (root, issuing), strict=True):
        listed = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
        listed = listed.last_update(now - timedelta(days=1)).next_update(now + _YEAR)
        path.write_bytes(listed.sign(key, hashes.SHA256()).public_bytes(Encoding.DER))
    return files


def render(html: str, css: str, folder: Path, payload: bytes) -> bytes:
    """Return the unsigned document."""
    fonts = FontConfiguration()
    style = CSS(string=css, font_config=fonts)
    attached = Attachment(string=payload, name="transcript.json", relationship="Data")
    page = HTML(string=html, base_url=str(folder))
    pdf = page.write_pdf(
        stylesheets=[style], font_config=fonts, pdf_variant="pdf/a-3u", attachments=[attached]
    )
    return bytes(pdf)


def sign(pdf: bytes, files: Files) -> bytes:
    """Return the document with a signature of the level B-LTA."""
    chain = (files.certificate("issuing"), files.certificate("root"))
    signer = SimpleSigner.load(  # type: ignore[no-untyped-call]  # As the manual writes it.
        files.key("signer"), files.certificate("signer"), ca_chain_files=chain
    )
    root = _certificate(files, "root")
    stamper = DummyTimeStamper(
        tsa_cert=_certificate(files, "stamper"),
        tsa_key=_key(files, "stamper"),
        certs_to_embed=_store(_certificate(files, "issuing")),
    )
    context = ValidationContext(
        trust_roots=[root],
        other_certs=[_certificate(files, "issuing")],
        crls=[crl.CertificateList.load(path.read_bytes()) for path in files.revoked],
        allow_fetching=False,
        revocation_mode="hard-fail",
    )
    metadata = PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
    )
    signed = BytesIO()
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    sign_pdf(writer, metadata, signer=signer, timestamper=stamper, output=signed)
    return signed.getvalue()


def _made(name: str, by: Made | None, now: datetime) -> Made:
    key = rsa.generate_private_key(65537, _BITS)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Baseline {name}")])
    signing, issuer = (key, subject) if by is None else (by[0], by[1].subject)
    is_authority = name in {"root", "issuing"}
    usage = _usage(is_authority=is_authority)
    draft = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _YEAR)
        .add_extension(usage, critical=True)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if name == "stamper":
        stamping = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        draft = draft.add_extension(stamping, critical=True)
    return key, draft.sign(signing, hashes.SHA256())


def _usage(*, is_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_authority,
        content_commitment=not is_authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=is_authority,
        crl_sign=is_authority,
        encipher_only=False,
        decipher_only=False,
    )


def _store(*certificates: asn1_x509.Certificate) -> SimpleCertificateStore:
    known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # It takes nothing.
    known.register_multiple(certificates)
    return known


def _certificate(files: Files, name: str) -> asn1_x509.Certificate:
    _, _, der = pem.unarmor(Path(files.certificate(name)).read_bytes())
    return asn1_x509.Certificate.load(der)


def _key(files: Files, name: str) -> keys.PrivateKeyInfo:
    _, _, der = pem.unarmor(Path(files.key(name)).read_bytes())
    return keys.PrivateKeyInfo.load(der)
