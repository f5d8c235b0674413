"""Time stamps of an authority elsewhere: RFC 3161 over HTTP.

Nothing of an answer is believed before it was looked at: it has to be about our digest and
our number, under the policy that was agreed, signed by a certificate for stamping that leads
to the authority's published root, and of about now. Only digests leave this machine.
"""

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import ClassVar, TypeVar

from asn1crypto import algos, cms, core, crl, tsp
from pydantic import SecretStr
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from archive.outgoing import OutgoingError, ask
from archive.transcripts.list_files import ListFolder
from archive.transcripts.signing_refusals import (
    DRIFTS,
    GARBAGE,
    NO_ANSWER,
    NOT_OURS,
    OTHER_NUMBER,
    OTHER_POLICY,
    REFUSED,
    TOO_LARGE,
    UNTRUSTED,
    TimestampUnavailableError,
    TimestampUnusableError,
)
from archive.transcripts.time_stamps import Chain, Stamp, Stamper
from archive.transcripts.trust import TrustBundle
from schemas.refusals import Phrase

MOST_DRIFT = timedelta(minutes=5)
"""By how much the authority's clock may differ from ours."""
Found = TypeVar("Found")
_GRANTED = ("granted", "granted_with_mods")
_QUESTION, _ANSWER = "application/timestamp-query", "application/timestamp-reply"
_OK = 200
_NUMBER_BITS = 63
_MOST_CHAINS = 4
"""Of how many certificates of one authority are remembered: some answer by several machines."""
_MOST_OF_TOKEN = 32 * 1024
"""Some authorities send five kilobytes; a document carries two tokens, and more with the years."""
_ROOM = 1024  # A token of the same authority may be longer by this much than those before.


@dataclass(frozen=True)
class ServiceAddress:
    """Where the authority is asked, how, and whom to trust for it."""

    url: str
    trust: TrustBundle
    lists: ListFolder
    policy: str = ""
    """The policy that its stamps have to be made under; empty: any."""
    user: str = ""
    password: SecretStr | None = None
    timeout_seconds: float = 10.0
    may_be_private: bool = False


class ServiceTimeStamps:
    """An authority elsewhere; its certificates are known from its answers."""

    def __init__(self, address: ServiceAddress) -> None:
        """Take how it is asked; nothing is asked yet."""
        self.address = address
        self._chains: dict[bytes, Chain] = {}
        self._size = 0
        self._lock = Lock()

    @property
    def trust(self) -> TrustBundle:
        """The roots that the authority publishes."""
        return self.address.trust

    def chains(self, *, at: datetime) -> tuple[Chain, ...]:
        """Return the certificates that it stamped with lately, each with those above it."""
        if not self._chains:
            asyncio.run(self.stamper(at=at).async_timestamp(secrets.token_bytes(32), "sha256"))
        return tuple(self._chains.values())

    def lists(self, *, at: datetime) -> tuple[crl.CertificateList, ...]:
        """Return the revocation lists that are at hand and good at that moment."""
        every = [one for chain in self.chains(at=at) for one in chain]
        return self.address.lists.good(every, at=at)

    def size_of_token(self, *, at: datetime) -> int:
        """Return how many bytes a token takes at most, by those before."""
        self.chains(at=at)
        return self._size

    def stamper(self, *, at: datetime) -> "ServiceStamper":
        """Return what asks the authority for the stamps of one document."""
        return ServiceStamper(self, at)

    def remember(self, token: bytes, chain: Chain) -> None:
        """Keep what a token tells of the authority."""
        with self._lock:
            self._size = max(self._size, len(token) + _ROOM)
            self._chains.pop(chain[0].sha256, None)
            self._chains[chain[0].sha256] = chain
            for oldest in list(self._chains)[:-_MOST_CHAINS]:
                del self._chains[oldest]


class ServiceStamper(Stamper):
    """Asks for the stamps of one document, and looks at each answer before it is used."""

    def __init__(self, service: ServiceTimeStamps, at: datetime) -> None:
        """Take whom to ask, and when the door says that it is."""
        super().__init__(include_nonce=True)
        self._service = service
        self._at = at

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a token that holds; raises TimestampUnavailableError, TimestampUnusableError."""
        request = _request(message_digest, md_algorithm, self._service.address.policy)
        answer = _asked(self._service.address, request.dump())
        token = _read(lambda: _token(answer))
        if len(token.dump()) > _MOST_OF_TOKEN:
            raise TimestampUnusableError(problem=Phrase(TOO_LARGE))
        info = _read(lambda: _info(token))
        _refuse_another(request, info, self._service.address.policy)
        if abs(info["gen_time"].native - self._at) > MOST_DRIFT:
            raise TimestampUnusableError(problem=Phrase(DRIFTS))
        chain = await self._chain(token, message_digest)
        self._service.remember(token.dump(), chain)
        fingerprint = hashlib.sha256(chain[0].dump()).hexdigest()
        self.stamps.append(Stamp(info["gen_time"].native, fingerprint))
        return token

    async def _chain(self, token: cms.ContentInfo, digest: bytes) -> Chain:
        """Return the way upwards from the certificate that stamped; it leads to our trust."""
        address = self._service.address
        carried = [one.chosen for one in token["content"]["certificates"]]
        context = ValidationContext(
            trust_roots=list(address.trust.roots),
            other_certs=carried,
            crls=list(address.lists.good(carried, at=self._at)),
            moment=self._at,
            allow_fetching=False,
        )
        try:
            told = await validate_tst_signed_data(token["content"], context, lambda _: digest)
        except (SignatureValidationError, ValueError, TypeError, KeyError) as failed:
            raise TimestampUnusableError(problem=Phrase(UNTRUSTED)) from failed
        way = told.get("validation_path")
        if not (told["intact"] and told["valid"]) or way is None or told["trust_problem_indic"]:
            raise TimestampUnusableError(problem=Phrase(UNTRUSTED))
        chain = tuple(reversed(list(way)[1:]))
        if not chain:  # The published root itself stamps: it is for no such thing.
            raise TimestampUnusableError(problem=Phrase(UNTRUSTED))
        return chain


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto is not annotated.
    """An answer as RFC 3161 has it: without a token when it is a refusal."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def _request(digest: bytes, algorithm: str, policy: str) -> tsp.TimeStampReq:
    named = algos.DigestAlgorithm({"algorithm": algorithm})
    told = {
        "version": "v1",
        "message_imprint": {"hash_algorithm": named, "hashed_message": digest},
        "nonce": secrets.randbits(_NUMBER_BITS),
        "cert_req": True,
    }
    return tsp.TimeStampReq(told | ({"req_policy": policy} if policy else {}))


def _asked(address: ServiceAddress, question: bytes) -> bytes:
    headers = {"Content-Type": _QUESTION, "Accept": _ANSWER}
    if address.password is not None:
        pair = f"{address.user}:{address.password.get_secret_value()}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    try:
        reply = ask(
            "POST",
            address.url,
            body=question,
            headers=headers,
            may_be_private=address.may_be_private,
            timeout=address.timeout_seconds,
        )
    except OutgoingError as failed:
        raise TimestampUnavailableError(problem=Phrase(NO_ANSWER)) from failed
    kind = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if reply.status != _OK:
        raise TimestampUnavailableError(problem=Phrase(REFUSED))
    if kind != _ANSWER:
        raise TimestampUnusableError(problem=Phrase(GARBAGE))
    return reply.body


def _read(read: Callable[[], Found]) -> Found:
    try:
        return read()
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as garbled:
        raise TimestampUnusableError(problem=Phrase(GARBAGE)) from garbled


def _token(answer: bytes) -> cms.ContentInfo:
    response = _Response.load(answer, strict=True)
    if response["status"]["status"].native not in _GRANTED:
        raise TimestampUnavailableError(problem=Phrase(REFUSED))
    token = response["time_stamp_token"]
    _ = [one.chosen.issuer.native for one in token["content"]["certificates"]]
    return token


def _info(token: cms.ContentInfo) -> tsp.TSTInfo:
    info = token["content"]["encap_content_info"]["content"].parsed
    if not isinstance(info, tsp.TSTInfo) or info["gen_time"].native.tzinfo is None:
        raise TypeError
    _ = info.native
    return info


def _refuse_another(request: tsp.TimeStampReq, info: tsp.TSTInfo, policy: str) -> None:
    if info["message_imprint"].native != request["message_imprint"].native:
        raise TimestampUnusableError(problem=Phrase(NOT_OURS))
    if info["nonce"].native != request["nonce"].native:
        raise TimestampUnusableError(problem=Phrase(OTHER_NUMBER))
    if policy and info["policy"].dotted != policy:
        raise TimestampUnusableError(problem=Phrase(OTHER_POLICY))
