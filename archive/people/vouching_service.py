"""Asking the city's identity service (OpenID Connect): where it is, its keys, a code's token.

What it says of itself and its keys are kept for an hour; a key that is unknown has them read
anew, at most once a minute. Call it without a connection of the database. What a token must
say is judged in ``vouching_tokens``.
"""

import json
import stat
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from urllib.parse import quote, urlencode, urlsplit

from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import SecretStr

from archive.errors import SettingInvalidError
from archive.outgoing import OutgoingError, ask
from archive.people.vouching_refusals import (
    VouchingRefusedError,
    VouchingTokenError,
    VouchingUnavailableError,
)
from archive.people.vouching_states import Attempt
from archive.people.vouching_tokens import Claims, Expected, KeyUnknownError, judged

KEPT = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=1)
_TIMEOUT = 5.0  # Seconds; somebody waits for the page.
_OK, _SERVER_FAULT = 200, 500
_METHODS = ("client_secret_basic", "client_secret_post", "none")


@dataclass(frozen=True, slots=True)
class Registered:
    """How the archive is registered with the identity service."""

    issuer: str
    client_id: str
    secret: SecretStr
    secret_file: Path | None
    scopes: str
    returns_to: str
    """The address of ours to which browsers come back."""
    may_be_private: bool

    def password(self) -> str:
        """Return the client's secret; empty for a client without one.

        Raises SettingInvalidError for a file that others may read, or that cannot be read.
        """
        if self.secret_file is None:
            return self.secret.get_secret_value()
        try:
            if self.secret_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SettingInvalidError(names="ARCHIVE_OIDC_CLIENT_SECRET_FILE")
            return self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as unreadable:
            raise SettingInvalidError(names="ARCHIVE_OIDC_CLIENT_SECRET_FILE") from unreadable


@dataclass(frozen=True, slots=True)
class _Known:
    """What the service said of itself (OpenID Connect Discovery 1.0, section 3)."""

    authorization: str
    token: str
    keys: str
    methods: tuple[str, ...]
    names_itself: bool
    """Whether it says in each answer who it is (RFC 9207)."""
    read_at: datetime


class IdentityService:
    """One identity service, with what was learnt of it; shared by all requests of a process."""

    def __init__(self, registered: Registered) -> None:
        """Take how the archive is registered; nothing is asked yet."""
        self.registered = registered
        self._lock = Lock()
        self._known: _Known | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    def address_for(self, attempt: Attempt, *, now: datetime) -> str:
        """Return where the browser signs in. Raises VouchingUnavailableError."""
        there = self._discovered(now).authorization
        asked = {
            "response_type": "code",
            "client_id": self.registered.client_id,
            "redirect_uri": self.registered.returns_to,
            "scope": self.registered.scopes,
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}"

    def vouched(self, attempt: Attempt, code: str, said: str | None, *, now: datetime) -> Claims:
        """Redeem a code and return the claims that the service signed.

        ``said`` is who answered, by RFC 9207; None when that is not told. Raises a VouchingError.
        """
        known = self._discovered(now)
        if said != self.registered.issuer and (said is not None or known.names_itself):
            raise VouchingTokenError
        token = self._redeemed(known, attempt, code)
        expected = Expected(self.registered.issuer, self.registered.client_id, attempt.nonce)
        try:
            return judged(token, self._key_set(known, now, KEPT), expected, now=now)
        except KeyUnknownError:
            pass
        try:
            return judged(token, self._key_set(known, now, AGAIN_AFTER), expected, now=now)
        except KeyUnknownError:
            raise VouchingTokenError from None

    def _redeemed(self, known: _Known, attempt: Attempt, code: str) -> str:
        ours = self.registered
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": ours.returns_to,
            "code_verifier": attempt.verifier,
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        password = ours.password()
        if password and "client_secret_basic" in known.methods:
            pair = f"{quote(ours.client_id, safe='')}:{quote(password, safe='')}"
            headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        else:
            form |= {"client_id": ours.client_id}
            form |= {"client_secret": password} if password else {}
        told = self._asked("POST", known.token, urlencode(form).encode(), headers)
        token = told.get("id_token")
        if not isinstance(token, str):
            raise VouchingTokenError
        return token

    def _discovered(self, now: datetime) -> _Known:
        with self._lock:
            known = self._known
        if known is not None and now - known.read_at < KEPT:
            return known
        issuer = self.registered.issuer
        told = self._asked("GET", f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise VouchingUnavailableError
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        known = _Known(
            self._address(told, "authorization_endpoint"),
            self._address(told, "token_endpoint"),
            self._address(told, "jwks_uri"),
            tuple(one for one in _METHODS if isinstance(methods, list) and one in methods),
            told.get("authorization_response_iss_parameter_supported") is True,
            now,
        )
        with self._lock:
            self._known = known
        return known

    def _key_set(self, known: _Known, now: datetime, kept: timedelta) -> KeySet:
        """Return the service's keys, read anew when they are older than ``kept``."""
        with self._lock:
            have = self._keys
        if have is not None and now - have[1] < kept:
            return have[0]
        told = self._asked("GET", known.keys)
        try:
            keys = KeySet.import_key_set({"keys": _usable(told.get("keys"))})
        except (JoseError, ValueError, TypeError, KeyError):
            raise VouchingUnavailableError from None
        with self._lock:
            self._keys = (keys, now)
        return keys

    def _address(self, told: Mapping[str, object], name: str) -> str:
        """Return an address that the service told: https, or this machine where that is allowed."""
        address = told.get(name)
        try:
            parts = urlsplit(address if isinstance(address, str) else "")
            host = parts.hostname
        except ValueError:
            raise VouchingUnavailableError from None
        is_here = self.registered.may_be_private and host in ("127.0.0.1", "::1", "localhost")
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and is_here)
        if not (is_safe and host and isinstance(address, str)) or parts.fragment:
            raise VouchingUnavailableError
        return address

    def _asked(
        self,
        method: str,
        address: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Mapping[str, object]:
        """Return the JSON object that the service answers."""
        try:
            reply = ask(
                method,
                address,
                body=body,
                headers={"accept": "application/json", **(headers or {})},
                may_be_private=self.registered.may_be_private,
                timeout=_TIMEOUT,
            )
        except OutgoingError:
            raise VouchingUnavailableError from None
        if method == "POST" and _OK < reply.status < _SERVER_FAULT:
            raise VouchingRefusedError
        try:
            told = json.loads(reply.body)
        except (ValueError, RecursionError):
            raise VouchingUnavailableError from None
        if reply.status != _OK or not isinstance(told, dict):
            raise VouchingUnavailableError
        return told


def _usable(keys: object) -> list[dict[str, str | list[str]]]:
    """Return the keys of kinds that may sign; others are no fault of a set."""
    listed = keys if isinstance(keys, list) else []
    return [one for one in listed if isinstance(one, dict) and one.get("kty") in ("RSA", "EC")]
