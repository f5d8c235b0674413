"""The development authority as a process holds it: loaded once, its lists kept fresh."""

from datetime import datetime
from pathlib import Path

from asn1crypto import crl, x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate

from archive.transcripts import development_ca, revoking
from archive.transcripts.certifying import Made
from archive.transcripts.held_keys import read_certificates, read_key
from archive.transcripts.time_stamps import Chain, OwnTimeStamps
from archive.transcripts.trust import TrustBundle


class DevelopmentAuthority:
    """The root and what stands under it, with the lists of what it has revoked."""

    def __init__(self, folder: Path, root: Made) -> None:
        """Take its folder and its root; the rest is read from there."""
        self.folder = folder
        self.root = root
        self.issuing = read_made(folder, development_ca.ISSUING)
        self._lists: tuple[object, tuple[crl.CertificateList, ...]] = (None, ())

    @property
    def trust(self) -> TrustBundle:
        """The root, as verifiers have to trust it."""
        return TrustBundle((plain(self.root),))

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the lists of revoked certificates, good at that moment.

        Another process may have revoked something meanwhile: what is written counts.
        """
        revoked = revoking.revoked_in(self.folder)
        told = (
            revoking.fresh(self.folder / "root.crl", self.root, at=at),
            revoking.fresh(self.folder / "issuing.crl", self.issuing, at=at, revoked=revoked),
        )
        if self._lists[0] != told:
            self._lists = (told, tuple(crl.CertificateList.load(one) for one in told))
        return self._lists[1]


class DevelopmentTimeStamps(OwnTimeStamps):
    """The time stamps of the development authority."""

    def __init__(self, authority: DevelopmentAuthority) -> None:
        """Take whose they are."""
        made = read_made(authority.folder, development_ca.STAMPER)
        super().__init__(made.key, (plain(made), plain(authority.issuing)))
        self._authority = authority

    @property
    def trust(self) -> TrustBundle:
        """The root above its certificate."""
        return self._authority.trust

    def chains(self, *, at: datetime) -> tuple[Chain, ...]:
        """Return its certificate and the one above it, whenever it is asked."""
        del at
        return (self.chain,)

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the authority's lists of revoked certificates."""
        return self._authority.lists(at=at)


def read_made(folder: Path, name: str) -> Made:
    """Read a key and its certificate; raises SigningKeyUnusableError."""
    key = read_key(folder / f"{name}.key")
    certificate = read_certificates(folder / f"{name}.pem").roots[0]
    return Made(key, load_der_x509_certificate(certificate.dump()))


def plain(made: Made) -> x509.Certificate:
    """Return a certificate as pyHanko takes it."""
    return x509.Certificate.load(made.certificate.public_bytes(Encoding.DER))
