"""What an identity service vouches for: its signed token, judged (OpenID Connect Core 3.1.3.7).

Pure: keys, expectations and the time come from outside.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeGuard

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey

from archive.people.vouching_refusals import VouchingNonceError, VouchingTokenError

ALGORITHMS = ("RS256", "PS256", "ES256")
"""Never ``none``, and nothing that is signed by the client's own secret."""
LEEWAY = timedelta(minutes=1)
OLDEST = timedelta(minutes=10)
"""A token is made for this sign-in, so that it is never older."""
_LONGEST = 32 * 1024
_LONGEST_SUBJECT = 255
_FEWEST_BITS = 2048
_END_OF_TIME = 2**53

Claims = Mapping[str, object]


class KeyUnknownError(Exception):
    """The token names a key that is not among those at hand; they may have been rotated."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say."""

    issuer: str
    client_id: str
    nonce: str


def judged(token: str, keys: KeySet, expected: Expected, *, now: datetime) -> Claims:
    """Return the claims of a token that is whole, and meant for this sign-in.

    Raises KeyUnknownError, VouchingTokenError, or VouchingNonceError.
    """
    if len(token) > _LONGEST:
        raise VouchingTokenError
    try:
        header = jws.extract_compact(token.encode("ascii")).headers()
        key = _key(keys, header)
        claims = jwt.decode(token, key, algorithms=list(ALGORITHMS)).claims
    except (JoseError, ValueError, TypeError):  # Its parts are whatever somebody sent.
        raise VouchingTokenError from None
    if not (_is_for_us(claims, expected) and _is_of_now(claims, now) and _has_subject(claims)):
        raise VouchingTokenError
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(
        nonce.encode(), expected.nonce.encode()
    ):
        raise VouchingNonceError
    return claims


def _key(keys: KeySet, header: Mapping[str, object]) -> RSAKey | ECKey:
    """Return the one key that a header means; raises KeyUnknownError when there is none."""
    algorithm, name = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS:
        raise VouchingTokenError
    fitting = [
        key
        for key in keys.keys
        if isinstance(key, RSAKey | ECKey)
        and key.key_type == ("EC" if algorithm == "ES256" else "RSA")
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, algorithm)
        and name in (None, key.kid)
    ]
    if len(fitting) != 1:
        raise KeyUnknownError
    [key] = fitting
    if isinstance(key, RSAKey) and key.public_key.key_size < _FEWEST_BITS:
        raise VouchingTokenError
    return key


def _is_for_us(claims: Claims, expected: Expected) -> bool:
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    return (
        claims.get("iss") == expected.issuer
        and expected.client_id in named
        and (party == expected.client_id if party is not None else len(named) == 1)
    )


def _is_of_now(claims: Claims, now: datetime) -> bool:
    moment, leeway = now.timestamp(), LEEWAY.total_seconds()
    until, made, after = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    return (
        _is_time(until)
        and _is_time(made)
        and _is_time(after)
        and moment < until + leeway
        and moment - OLDEST.total_seconds() - leeway < made <= moment + leeway
        and after <= moment + leeway
    )


def _is_time(value: object) -> TypeGuard[float]:
    """Whether it is seconds since 1970: a finite number, which JSON's ``Infinity`` is not."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return abs(value) < _END_OF_TIME


def _has_subject(claims: Claims) -> bool:
    subject = claims.get("sub")
    return isinstance(subject, str) and 0 < len(subject) <= _LONGEST_SUBJECT
