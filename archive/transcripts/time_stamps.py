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

OWN_POLICY = "2.25.204594853764769755318179496404143523041"
"""Names the manner of the development authority; anyone may use numbers below 2.25."""
_DIGEST = "sha256"
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
    """Stamps with a key held in this process, at the moment that it is told."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, chain: Chain) -> None:
        """Take the key, its certificate, and those above it without the root."""
        self.key = key
        self.chain = chain
        self._size = 0

    @property
    def certificate(self) -> x509.Certificate:
        """The certificate that is for stamping."""
        return self.chain[0]

    def size_of_token(self, *, at: datetime) -> int:
        """Return how many bytes a token takes at most."""
        if not self._size:
            token = OwnStamper(self, at).token(_imprint(bytes(64), "sha512"))
            self._size = len(token.dump()) + _MARGIN
        return self._size

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
        fingerprint = hashlib.sha256(self._authority.certificate.dump()).hexdigest()
        self.stamps.append(Stamp(self._at, fingerprint))
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
        told = {
            "version": "v1",
            "policy": OWN_POLICY,
            "message_imprint": imprint,
            "serial_number": secrets.randbits(63),
            "gen_time": self._at,
            "accuracy": {"seconds": 1},
            "tsa": x509.GeneralName("directory_name", self._authority.certificate.subject),
        }
        if nonce is not None:
            told["nonce"] = nonce
        info = tsp.TSTInfo(told).dump()
        attributes = self._attributes(info)
        signature = self._authority.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256()))
        return _packed(info, attributes, signature, self._authority.chain)

    def _attributes(self, info: bytes) -> cms.CMSAttributes:
        certificate = as_signing_certificate_v2(self._authority.certificate)
        told = {
            "content_type": "tst_info",
            "message_digest": hashlib.sha256(info).digest(),
            "signing_certificate_v2": certificate,
        }
        return cms.CMSAttributes(
            [cms.CMSAttribute({"type": kind, "values": (value,)}) for kind, value in told.items()]
        )


def _imprint(digest: bytes, algorithm: str) -> tsp.MessageImprint:
    named = algos.DigestAlgorithm({"algorithm": algorithm})
    return tsp.MessageImprint({"hash_algorithm": named, "hashed_message": digest})


def _packed(
    info: bytes,
    attributes: cms.CMSAttributes,
    signature: bytes,
    chain: Chain,
) -> cms.ContentInfo:
    digest = algos.DigestAlgorithm({"algorithm": _DIGEST})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": chain[0].issuer, "serial_number": chain[0].serial_number},
        ),
        "digest_algorithm": digest,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signed_attrs": attributes,
        "signature": signature,
    }
    content = cms.EncapsulatedContentInfo(
        {"content_type": "tst_info", "content": cms.ParsableOctetString(info)}
    )
    signed = {
        "version": "v3",
        "digest_algorithms": [digest],
        "encap_content_info": content,
        "certificates": chain,
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})
