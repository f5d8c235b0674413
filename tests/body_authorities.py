"""A certification authority such as a body buys from: root, intermediate, lists, signers."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from asn1crypto import pem
from asn1crypto import x509 as plain_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    load_der_public_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from archive.transcripts import certifying, revoking
from archive.transcripts.certifying import Made
from archive.transcripts.key_files import BESIDE

WORDS = "a passphrase"
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass
class Authority:
    """Certifies keys of bodies, and publishes what it revoked."""

    now: datetime
    lists: Path
    root: Made = field(init=False)
    issuing: Made = field(init=False)

    def __post_init__(self) -> None:
        made = self.now - timedelta(days=365)
        self.root = certifying.root(made)
        self.issuing = certifying.issuing_authority(self.root, made)
        self.publish(self.now)

    def publish(self, at: datetime, *revoked: revoking.Revoked) -> None:
        """Put the lists of a day where they are looked for."""
        self.lists.mkdir(exist_ok=True, parents=True)
        revoking.fresh(self.lists / "root.crl", self.root, at=at)
        revoking.fresh(self.lists / "issuing.crl", self.issuing, at=at, revoked=revoked)

    def certify(
        self,
        key: PublicKey,
        *,
        content_commitment: bool = True,
        begin: datetime | None = None,
        days: int = 730,
        name: str = "示范区人力资源局 电子签章",
        lists: Sequence[str] = (),
    ) -> x509.Certificate:
        """Return a certificate of a body's key."""
        start = begin or self.now - timedelta(days=30)
        usage = certifying._usage(
            digital_signature=not content_commitment, content_commitment=content_commitment
        )
        basic = x509.BasicConstraints(ca=False, path_length=None)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issuing.key.public_key())
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self.issuing.certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=days))
            .add_extension(usage, critical=True)
            .add_extension(basic, critical=True)
            .add_extension(above, critical=False)
        )
        if lists:
            points = [
                x509.DistributionPoint([x509.UniformResourceIdentifier(one)], None, None, None)
                for one in lists
            ]
            builder = builder.add_extension(x509.CRLDistributionPoints(points), critical=False)
        return builder.sign(self.issuing.key, hashes.SHA256())

    @property
    def signed_list(self) -> bytes:
        """The list of its issuing authority, as it is published."""
        return (self.lists / "issuing.crl").read_bytes()

    def chain_pem(self, certificate: x509.Certificate) -> bytes:
        """Return a certificate with all above it."""
        every = (certificate, self.issuing.certificate, self.root.certificate)
        return b"".join(one.public_bytes(Encoding.PEM) for one in every)

    def file(
        self,
        folder: Path,
        key: PrivateKey,
        certificate: x509.Certificate | None = None,
        *,
        with_root: bool = True,
        words: str = WORDS,
    ) -> Path:
        """Return a PKCS#12 file as the authority would send it, with its passphrase beside."""
        folder.mkdir(exist_ok=True, parents=True)
        above = [self.issuing.certificate, *([self.root.certificate] if with_root else [])]
        told = certificate or self.certify(key.public_key())
        content = pkcs12.serialize_key_and_certificates(
            b"body", key, told, above, BestAvailableEncryption(WORDS.encode())
        )
        path = folder / "body.p12"
        secret = path.with_name(path.name + BESIDE)
        path.write_bytes(content)
        secret.write_text(f"{words}\n")
        for one in (path, secret):
            one.chmod(0o600)
        return path


def public_key(der: bytes) -> PublicKey:
    """Return a public key as a certificate takes it."""
    key = load_der_public_key(der)
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return key


def certificates_in(text: bytes) -> list[plain_x509.Certificate]:
    """Return certificates as pyHanko takes them."""
    return [plain_x509.Certificate.load(der) for _, _, der in pem.unarmor(text, multiple=True)]


@contextmanager
def served(files: Mapping[str, bytes]) -> Iterator[str]:
    """Serve files on this machine; yield the address before their paths."""

    class Handler(BaseHTTPRequestHandler):
        """Sends a file, or 404."""

        def do_GET(self) -> None:
            """Answer."""
            found = files.get(self.path)
            self.send_response(200 if found else 404)
            self.end_headers()
            self.wfile.write(found or b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
