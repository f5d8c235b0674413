"""Asking another server over HTTPS: only where a setting says, and never inside by accident.

The name is resolved once, every address it has is looked at, and one of these is connected
to; so a name that changes its answer in between leads nowhere else. No redirect is followed,
an answer is read up to a limit, and a proxy of the environment is not used.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

TIMEOUT_SECONDS = 10.0
MOST_BYTES = 512 * 1024


class OutgoingError(Exception):
    """Another server could not be asked; never repeats what was sent or answered."""


class AddressForbiddenError(OutgoingError):
    """The address is none that may be asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What another server answered."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


def ask(
    method: str,
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    may_be_private: bool = False,
    may_be_plain: bool = False,
    timeout: float = TIMEOUT_SECONDS,
) -> Reply:
    """Ask another server and return its answer, whatever its status.

    Plain http is spoken to this very machine only, and only where private addresses may be
    asked; or where it may be plain, for what proves itself by a signature. Raises
    AddressForbiddenError or OutgoingError.
    """
    parts = _parts(url)
    address = _resolved(parts, may_be_private=may_be_private, may_be_plain=may_be_plain)
    connection = _Pinned(parts, address, timeout)
    target = parts.path or "/"
    try:
        connection.request(
            method, f"{target}?{parts.query}" if parts.query else target, body, dict(headers or {})
        )
        answered = connection.getresponse()
        read = answered.read(MOST_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise OutgoingError(type(fault).__qualname__) from None
    finally:
        connection.close()
    if len(read) > MOST_BYTES:
        message = "the answer is too long"
        raise OutgoingError(message)
    return Reply(answered.status, read, {k.lower(): v for k, v in answered.getheaders()})


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        raise AddressForbiddenError from None
    if parts.scheme not in ("https", "http") or not is_usable or "@" in parts.netloc:
        raise AddressForbiddenError
    return parts


def _resolved(parts: SplitResult, *, may_be_private: bool, may_be_plain: bool) -> tuple[str, int]:
    """Return the address to connect to; refuses a name of which any address is forbidden."""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise OutgoingError(type(fault).__qualname__) from None
    addresses = [ip_address(str(one[4][0]).partition("%")[0]) for one in found]
    is_outside = all(one.is_global and not one.is_multicast for one in addresses)
    is_here = all(one.is_loopback for one in addresses)
    is_readable = parts.scheme == "http" and not (is_here or may_be_plain)
    if not (is_outside or may_be_private) or is_readable:
        raise AddressForbiddenError
    return str(addresses[0]), port


class _Pinned(http.client.HTTPConnection):
    """A connection to an address that was looked at, under the name that was asked for."""

    def __init__(self, parts: SplitResult, address: tuple[str, int], timeout: float) -> None:
        super().__init__(parts.hostname or "", address[1], timeout=timeout)
        self._address = address
        self._is_encrypted = parts.scheme == "https"
        if self._is_encrypted:
            self.default_port = 443

    def connect(self) -> None:
        plain = socket.create_connection(self._address, self.timeout)
        if self._is_encrypted:
            context = ssl.create_default_context()
            plain = context.wrap_socket(plain, server_hostname=self.host)
        self.sock = plain
