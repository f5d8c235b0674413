"""Public keys of platforms, pasted by people: JWKs, sets of them, multikeys. Pure."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey

from archive.dossiers.programs.badges.platform_refusals import (
    PlatformKeyPrivateError,
    PlatformKeyUnreadableError,
)

MOST = 10
ALGORITHM_OF = {"Ed25519": "EdDSA", "P-256": "ES256", "RSA": "RS256"}
"""By which algorithm each kind of key signs."""
PublicKey = OKPKey | ECKey | RSAKey
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
_KEPT = ("kty", "crv", "x", "y", "n", "e", "kid")
_LONGEST = 20_000
_LONGEST_NAME = 300
_SHORTEST_RSA_BITS = 2048
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"
_ED25519_BYTES = 32
_LONGEST_MULTIKEY = 60


def read_keys(text: str) -> list[dict[str, str]]:
    """Return the public keys of a pasted text.

    Raises PlatformKeyPrivateError, PlatformKeyUnreadableError.
    """
    unreadable = PlatformKeyUnreadableError(most=MOST)
    if len(text) > _LONGEST:
        raise unreadable
    found = [_public(one) for one in _pasted(text.strip())]
    if not 1 <= len(found) <= MOST:
        raise unreadable
    return found


def opened(jwk: Mapping[str, Any]) -> tuple[PublicKey, str]:
    """Return a key that was kept, and the algorithm by which it signs."""
    told = dict(jwk)
    match told["kty"]:
        case "OKP":
            return OKPKey.import_key(told), ALGORITHM_OF["Ed25519"]
        case "EC":
            return ECKey.import_key(told), ALGORITHM_OF["P-256"]
        case _:
            return RSAKey.import_key(told), ALGORITHM_OF["RSA"]


def multibase_bytes(text: str, *, longest: int) -> bytes | None:
    """Return what a base58btc text (``z…``) holds; None when it is none."""
    if not text.startswith("z") or len(text) > longest:
        return None
    number = 0
    for one in text[1:]:
        place = _BASE58.find(one)
        if place < 0:
            return None
        number = number * len(_BASE58) + place
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _pasted(text: str) -> Sequence[object]:
    if text.startswith("z"):
        return [_of_multikey(one) for one in text.split()]
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise PlatformKeyUnreadableError(most=MOST) from None
    if isinstance(told, dict) and isinstance(told.get("keys"), list):
        told = told["keys"]
    return told if isinstance(told, list) else [told]


def _of_multikey(text: str) -> dict[str, str]:
    found = multibase_bytes(text, longest=_LONGEST_MULTIKEY)
    if found is None or not found.startswith(_ED25519) or len(found) != _ED25519_BYTES + 2:
        raise PlatformKeyUnreadableError(most=MOST)
    x = base64.urlsafe_b64encode(found.removeprefix(_ED25519)).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "x": x, "kid": text}


def _public(told: object) -> dict[str, str]:
    """Return what is kept of a key: its public members alone."""
    unreadable = PlatformKeyUnreadableError(most=MOST)
    if not isinstance(told, dict):
        raise unreadable
    if _PRIVATE & told.keys():
        raise PlatformKeyPrivateError
    kept = {name: told[name] for name in _KEPT if name in told}
    if not all(isinstance(one, str) for one in kept.values()):
        raise unreadable
    if len(kept.get("kid", "")) > _LONGEST_NAME or _kind(kept) not in ALGORITHM_OF:
        raise unreadable
    try:
        key, _ = opened(kept)
        is_short = isinstance(key, RSAKey) and key.public_key.key_size < _SHORTEST_RSA_BITS
    except (JoseError, ValueError, TypeError, KeyError, binascii.Error):
        raise unreadable from None
    if is_short:
        raise unreadable
    return kept


def _kind(jwk: Mapping[str, str]) -> str | None:
    return "RSA" if jwk.get("kty") == "RSA" else jwk.get("crv")
