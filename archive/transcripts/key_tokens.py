"""A body's signing key in a PKCS#11 token: it signs there and never leaves it.

One session a process, opened when it is needed and kept. Only this module knows the binding,
which is an extra; the token of master keys is another matter (``people.master_key_token``).
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from asn1crypto import algos, core, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import SecretStr
from pyhanko.sign.signers import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archive.people.master_key_token import OPENED as OF_MASTER_KEYS
from archive.people.master_key_token import TAKEN_AT_ONCE
from archive.transcripts.body_keys import Papers
from archive.transcripts.held_keys import longest_signature
from archive.transcripts.signing_refusals import (
    MISSING,
    NO_MODULE,
    NOT_ITS_KEY,
    PIN,
    SILENT,
    SigningCertificateUnusableError,
    SigningKeyUnusableError,
    SigningTokenUnavailableError,
)
from schemas.refusals import Phrase

if TYPE_CHECKING:
    import pkcs11

Result = TypeVar("Result")
_WRONG_PIN = ("PinIncorrect", "PinInvalid", "PinLenRange", "PinLocked", "PinExpired")
OPENED: dict[tuple[int, str, str], "pkcs11.Session"] = {}
_PROBE = b"skills-archive/probe/1"


class _Key(Protocol):
    """A private key in a token, as far as it is used here."""

    def sign(self, data: bytes, **how: object) -> bytes: ...


@dataclass(frozen=True)
class Token:
    """Which token, by whose module, and its PIN."""

    module: str
    label: str
    pin: SecretStr


class TokenSigner(Signer):
    """Signs with a key that lives in a token."""

    def __init__(self, token: Token, key: str, papers: Papers) -> None:
        """Take the token, the key's label there, and its certificate with those above."""
        known = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # It takes nothing.
        known.register_multiple(papers.chain)
        super().__init__(signing_cert=papers.certificate, cert_registry=known)
        self._token = token
        self._key = key
        self._certificate = papers.certificate

    async def async_sign_raw(  # pyHanko's signature.
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes:
        """Sign ``data``; a dry run only tells how long a signature can get."""
        public = self._certificate.public_key
        if dry_run:
            return bytes(longest_signature(self._certificate))
        digest = hashlib.new(digest_algorithm, data).digest()
        if public.algorithm == "rsa":
            told = algos.DigestInfo(
                {"digest_algorithm": {"algorithm": digest_algorithm}, "digest": digest}
            ).dump()
            return self._use(lambda key: key.sign(told, mechanism=_mechanism("RSA_PKCS")))
        raw = self._use(lambda key: key.sign(digest, mechanism=_mechanism("ECDSA")))
        half = len(raw) // 2
        pair = (int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
        return bytes(core.SequenceOf(pair, spec=core.Integer).dump())

    def _use(self, act: Callable[[_Key], Result]) -> Result:
        """Do something with the key; once more in a fresh session if the one there is broken."""
        with TAKEN_AT_ONCE:
            where = (os.getpid(), self._token.module, self._token.label)
            if where in OPENED:
                with suppress(_errors()):
                    return act(_found(OPENED[where], self._key))
                del OPENED[where]
            OPENED[where] = _opened(self._token)
            try:
                return act(_found(OPENED[where], self._key))
            except _errors() as failed:
                raise SigningTokenUnavailableError(problem=Phrase(SILENT)) from failed


def open_token(token: Token, key: str, papers: Papers) -> TokenSigner:
    """Return what signs, having seen that key and certificate belong to each other.

    Raises SigningTokenUnavailableError, SigningCertificateUnusableError.
    """
    signer = TokenSigner(token, key, papers)
    made = asyncio.run(signer.async_sign_raw(_PROBE, "sha256"))
    if not _holds(papers.certificate, made):
        name = papers.certificate.subject.human_friendly
        raise SigningCertificateUnusableError(name=name, problem=Phrase(NOT_ITS_KEY))
    return signer


def _holds(certificate: x509.Certificate, signature: bytes) -> bool:
    public = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, _PROBE, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, _PROBE, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _opened(token: Token) -> "pkcs11.Session":
    """Open a session; a wrong PIN is tried once and never again by itself."""
    import pkcs11  # noqa: PLC0415  # An extra.

    fault = _errors()
    try:
        module = pkcs11.lib(token.module)
    except fault as failed:
        raise SigningTokenUnavailableError(problem=Phrase(NO_MODULE)) from failed
    pin = token.pin.get_secret_value()
    try:
        there = module.get_token(token_label=token.label)
        try:
            return there.open(user_pin=pin)
        except pkcs11.UserAlreadyLoggedIn:  # Another part of this process is in the token.
            return there.open()
    except fault as failed:
        kind = PIN if type(failed).__name__ in _WRONG_PIN else SILENT
    if kind is SILENT and not _others_are_in(token.module):
        with suppress(fault):  # A token that comes back is only seen by a fresh module.
            module.reinitialize()
    raise SigningTokenUnavailableError(problem=Phrase(kind))


def _others_are_in(module: str) -> bool:
    return any(where[1] == module for where in OPENED) or any(
        where[0] == module for where in OF_MASTER_KEYS
    )


def _found(session: "pkcs11.Session", label: str) -> _Key:
    """Return a private key; raises SigningKeyUnusableError when there is none of that name."""
    from pkcs11 import Attribute, ObjectClass  # noqa: PLC0415  # An extra.

    wanted = {Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.LABEL: label}
    found = next(iter(session.get_objects(wanted)), None)
    if found is None:
        raise SigningKeyUnusableError(name=label, problem=Phrase(MISSING))
    return cast("_Key", found)


def _mechanism(name: str) -> object:
    from pkcs11 import Mechanism  # noqa: PLC0415  # An extra.

    return Mechanism[name]


def _errors() -> type[Exception]:
    """Return what the binding raises; raises SigningTokenUnavailableError without it."""
    try:
        from pkcs11 import PKCS11Error  # noqa: PLC0415  # An extra.
    except ImportError as missing:
        raise SigningTokenUnavailableError(problem=Phrase(NO_MODULE)) from missing
    return PKCS11Error
