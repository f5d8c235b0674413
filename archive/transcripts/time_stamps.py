"""Time stamps (RFC 3161): who says when something was signed; the authority in this process.

An authority elsewhere is asked by ``time_stamp_service``. Tokens are made for the moment that
the door tells, and hold nothing but digests.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from asn1crypto import algos, cms, core, crl, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2
from pyhanko.sign.timestamps.api import TimeStamper

from archive.transcripts.trust import TrustBundle

OWN_POLICY = "1.3.6.1.4.1.32473.1"
"""Names the manner of the development authority: a number for examples (RFC 5612). One below
2.25, which anyone may use as well, is more than some programs of others can read."""
_SEQUENCE, _SET, _OCTETS, _FIRST, _LONG = 0x30, 0x31, 0x04, 0xA0, 0x80
"""Tags of DER; the first tag of a choice, and the mark of a length of several bytes."""
_MARGIN = 64  # Numbers and signatures differ by a few bytes.


Chain = tuple[x509.Certificate, ...]
"""A certificate and those above it, without the root."""


class TimeStamps(Protocol):
    """An authority for time stamps."""

    @property
    def trust(self) -> TrustBundle:
        """The roots that verifiers of its stamps have to trust."""

    def chains(self, *, at: datetime) -> tuple[Chain, ...]:
        """Return the certificates that it stamps with, each with those above it."""

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the lists of revoked certificates that are good at that moment."""

    def size_of_token(self, *, at: datetime) -> int:
        """Return how many bytes a token takes at most."""

    def stamper(self, *, at: datetime) -> "Stamper":
        """Return what stamps one document, at ``at``."""


@dataclass(frozen=True)
class Stamp:
    """What a token says."""

    at: datetime
    fingerprint: str
    """Hex SHA-256 of the certificate that stamped."""


class Stamper(TimeStamper):
    """Stamps one document, and tells what it has stamped."""

    def __init__(self, *, include_nonce: bool) -> None:
        """Begin with nothing stamped."""
        super().__init__(include_nonce=include_nonce)  # type: ignore[no-untyped-call]
        self.stamps: list[Stamp] = []


class OwnTimeStamps:
    """Stamps with a key held in this process, at the moment that it is told.

    What is the same in all its tokens is encoded once: a token takes less than a millisecond.
    """

    def __init__(self, key: ec.EllipticCurvePrivateKey, chain: Chain) -> None:
        """Take the key, its certificate, and those above it without the root."""
        self.key = key
        self.chain = chain
        self.fingerprint = hashlib.sha256(chain[0].dump()).hexdigest()
        name = x509.GeneralName("directory_name", chain[0].subject)
        self.name = der(_FIRST, name.dump())
        self.marks = (
            _attribute("content_type", cms.ContentType("tst_info").dump()),
            _attribute("signing_certificate_v2", as_signing_certificate_v2(chain[0]).dump()),
        )
        number = cms.IssuerAndSerialNumber(
            {"issuer": chain[0].issuer, "serial_number": chain[0].serial_number}
        )
        self.number = number.dump()
        self.certificates = der(_FIRST, *sorted(one.dump() for one in chain))

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that is for stamping."""
        return self.chain[0]

    def size_of_token(self, *, at: datetime) -> int:
        """Return how many bytes a token takes at most."""
        token = OwnStamper(self, at).token(_imprint(bytes(64), "sha512"))
        return len(token.dump()) + _MARGIN

    def stamper(self, *, at: datetime) -> Stamper:
        """Return what stamps one document."""
        return OwnStamper(self, at)


class OwnStamper(Stamper):
    """Stamps one document; its answers hold what was asked, and the moment it was made for."""

    def __init__(self, authority: OwnTimeStamps, at: datetime) -> None:
        """Take whose key stamps, and the moment."""
        super().__init__(include_nonce=False)
        self._authority = authority
        self._at = at.astimezone(UTC).replace(microsecond=0)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token; nobody else is asked, so that no nonce is needed."""
        self.stamps.append(Stamp(self._at, self._authority.fingerprint))
        return self.token(_imprint(message_digest, md_algorithm))

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Answer a request as a server would."""
        nonce = None if req["nonce"].native is None else req["nonce"]
        token = self.token(req["message_imprint"], nonce)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token})

    def token(
        self, imprint: tsp.MessageImprint, nonce: core.Integer | None = None
    ) -> cms.ContentInfo:
        """Return the signed statement that something existed at the moment."""
        info = der(
            _SEQUENCE,
            core.Integer(1).dump(),
            _POLICY,
            imprint.dump(),
            core.Integer(secrets.randbits(63)).dump(),
            core.GeneralizedTime(self._at).dump(),
            der(_SEQUENCE, core.Integer(1).dump()),  # Exact to a second.
            b"" if nonce is None else core.Integer(nonce.native).dump(),
            self._authority.name,
        )
        digest = _attribute("message_digest", der(_OCTETS, hashlib.sha256(info).digest()))
        marks = sorted((*self._authority.marks, digest))
        signature = self._authority.key.sign(der(_SET, *marks), ec.ECDSA(hashes.SHA256()))
        return cms.ContentInfo.load(self._packed(info, marks, signature))

    def _packed(self, info: bytes, marks: list[bytes], signature: bytes) -> bytes:
        signer = der(
            _SEQUENCE,
            core.Integer(1).dump(),
            self._authority.number,
            _DIGEST,
            der(_FIRST, *marks),
            _ALGORITHM,
            der(_OCTETS, signature),
        )
        signed = der(
            _SEQUENCE,
            core.Integer(3).dump(),
            der(_SET, _DIGEST),
            der(_SEQUENCE, _KIND, der(_FIRST, der(_OCTETS, info))),
            self._authority.certificates,
            der(_SET, signer),
        )
        return der(_SEQUENCE, _SIGNED, der(_FIRST, signed))


def der(tag: int, *parts: bytes) -> bytes:
    """Return a value in DER, of parts that are encoded already."""
    content = b"".join(parts)
    length = len(content)
    if length < _LONG:
        return bytes((tag, length)) + content
    told = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, _LONG | len(told))) + told + content


def _attribute(kind: str, value: bytes) -> bytes:
    return der(_SEQUENCE, cms.CMSAttributeType(kind).dump(), der(_SET, value))


def _imprint(digest: bytes, algorithm: str) -> tsp.MessageImprint:
    named = algos.DigestAlgorithm({"algorithm": algorithm})
    return tsp.MessageImprint({"hash_algorithm": named, "hashed_message": digest})


_POLICY: bytes = tsp.ObjectIdentifier(OWN_POLICY).dump()
_DIGEST: bytes = algos.DigestAlgorithm({"algorithm": "sha256"}).dump()
_ALGORITHM: bytes = algos.SignedDigestAlgorithm({"algorithm": "sha256_ecdsa"}).dump()
_KIND: bytes = cms.ContentType("tst_info").dump()
_SIGNED: bytes = cms.ContentType("signed_data").dump()
