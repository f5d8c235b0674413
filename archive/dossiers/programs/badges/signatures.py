"""Whether a badge was signed by a key that is trusted. Nothing is fetched.

Data Integrity proofs by eddsa-rdfc-2022 are verified by openbadgeslib, whose copies of the
contexts are pinned and whose canonicalisation has a budget of work; it also refuses JSON that
is not the very form of what was signed. eddsa-jcs-2022 signs the JSON itself.
"""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Mapping, Sequence
from typing import Any

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError
from openbadgeslib.ob3.ldp import verify_data_integrity_proof

from archive.dossiers.programs.badges.credentials import Badge
from archive.dossiers.programs.badges.keys import PublicKey, multibase_bytes, opened
from archive.dossiers.programs.badges.refusals import (
    BadgeForgedError,
    BadgeProofUnknownError,
    BadgeUnreadableError,
    BadgeUnsignedError,
)

RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
_ALGORITHMS = {"EdDSA": "EdDSA", "Ed25519": "EdDSA", "ES256": "ES256", "RS256": "RS256"}
"""What a header may name, and of which keys: Ed25519 has two names since RFC 9864."""
_LONGEST_SIGNATURE = 100
_OF_DAYS = ("has expired", "not yet valid")
"""How the library says that a badge is signed, and not valid today."""


def refuse_unsigned(badge: Badge, keys: Sequence[Mapping[str, Any]]) -> None:
    """Let pass a badge that one of the keys signed.

    Raises BadgeUnsignedError, BadgeProofUnknownError, BadgeForgedError.
    """
    found = [opened(one) for one in keys]
    if badge.claims is not None:
        _refuse_jwt(badge.text, found)
    else:
        _refuse_json(badge, [key for key, algorithm in found if algorithm == "EdDSA"])


def _refuse_jwt(token: str, keys: Sequence[tuple[PublicKey, str]]) -> None:
    """Ask only keys of the kind that the header names; a key in the header proves nothing."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError):
        raise BadgeUnreadableError from None
    named = str(header.get("alg"))
    if named == "none" or token.endswith("."):
        raise BadgeUnsignedError
    if named not in _ALGORITHMS or not header.keys().isdisjoint({"crit", "b64"}):
        raise BadgeProofUnknownError
    for key, algorithm in keys:
        if algorithm == _ALGORITHMS[named] and _is_signed(token, key, algorithm):
            return
    raise BadgeForgedError


def _is_signed(token: str, key: PublicKey, algorithm: str) -> bool:
    try:
        if isinstance(key, OKPKey):  # The library warns of the older of its two names.
            signed, _, signature = token.rpartition(".")
            return _holds(key, urlsafe_b64decode(f"{signature}=="), signed.encode())
        jws.deserialize_compact(token, key, algorithms=[algorithm])
    except (JoseError, ValueError):
        return False
    return True


def _refuse_json(badge: Badge, keys: Sequence[PublicKey]) -> None:
    """Verify the one proof of a suite that is known."""
    told = badge.document.get("proof")
    proofs = told if isinstance(told, list) else [told]
    suites = [one.get("cryptosuite") for one in proofs if isinstance(one, dict)]
    if not suites:
        raise BadgeUnsignedError
    if suites.count(RDFC) == 1:
        is_signed = _is_signed_as_graph
    elif suites.count(JCS) == 1 and RDFC not in suites:
        is_signed = _is_signed_as_text
    else:
        raise BadgeProofUnknownError
    if not any(isinstance(key, OKPKey) and is_signed(badge, key) for key in keys):
        raise BadgeForgedError


def _is_signed_as_graph(badge: Badge, key: OKPKey) -> bool:
    """Whether the graph was signed, and the JSON is its very form; whatever its days are."""
    pem = key.as_pem(private=False)
    try:
        OB3LdpVerifier(pubkey_pem=pem).verify(badge.text)
    except OB3VerificationError as refused:
        of_days = any(word in str(refused) for word in _OF_DAYS)
        return of_days and _is_signed_at_all(badge, pem)
    return True


def _is_signed_at_all(badge: Badge, pem: bytes) -> bool:
    """Whether a badge whose validity is over was signed: it is refused for its days, then."""
    try:
        verify_data_integrity_proof(json.loads(badge.text), pem)
    except OB3VerificationError:
        return False
    return True


def _is_signed_as_text(badge: Badge, key: OKPKey) -> bool:
    document = json.loads(badge.text)
    told = document.pop("proof")
    proofs = told if isinstance(told, list) else [told]
    (proof,) = [one for one in proofs if one.get("cryptosuite") == JCS]
    value = proof.pop("proofValue", None)
    signature = multibase_bytes(value, longest=_LONGEST_SIGNATURE) if _is_text(value) else None
    is_meant = (proof.get("type"), proof.get("proofPurpose")) == (
        "DataIntegrityProof",
        "assertionMethod",
    )
    if signature is None or not is_meant or not _shares_context(document, proof):
        return False
    return _holds(key, signature, hash_data(document, proof))


def hash_data(document: Mapping[str, Any], proof: Mapping[str, Any]) -> bytes:
    """Return what eddsa-jcs-2022 signs (W3C Data Integrity EdDSA 1.0, 3.3)."""
    texts = (rfc8785.dumps(dict(proof)), rfc8785.dumps(dict(document)))
    return b"".join(hashlib.sha256(one).digest() for one in texts)


def _holds(key: OKPKey, signature: bytes, signed: bytes) -> bool:
    public = key.public_key
    if not isinstance(public, Ed25519PublicKey):
        return False
    try:
        public.verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _shares_context(document: dict[str, Any], proof: Mapping[str, Any]) -> bool:
    """Whether the proof's context is the beginning of the badge's; it is what was signed."""
    told = proof.get("@context")
    if told is None:
        return True
    wanted, whole = (
        one if isinstance(one, list) else [one] for one in (told, document["@context"])
    )
    if whole[: len(wanted)] != wanted:
        return False
    document["@context"] = told
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)
