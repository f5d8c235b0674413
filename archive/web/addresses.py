"""From which network address a request comes, also behind a proxy that is trusted."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from fastapi import Request

_HOME_BITS = 64
"""One household or phone has this many bits of IPv6 to itself: its addresses are one."""

Network = IPv4Network | IPv6Network
UNKNOWN = "unknown"
"""Stands for a client that the server cannot name, such as one on a local socket."""


def address_of(request: Request, trusted: Iterable[Network]) -> str:
    """Return the address that asks, as it is counted.

    ``X-Forwarded-For`` is believed only as far as trusted proxies have written it: from the
    right, up to the first address that is none of them. Anyone can write what stands left.
    """
    peer = _read(request.client.host if request.client else "")
    proxies = tuple(trusted)
    told = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while peer is not None and told and _is_in(peer, proxies):
        before = _read(told.pop())
        if before is None:
            break
        peer = before
    return UNKNOWN if peer is None else _counted(peer)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _is_in(address: IPv4Address | IPv6Address, networks: tuple[Network, ...]) -> bool:
    return any(address.version == one.version and address in one for one in networks)


def _counted(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(ip_network((address, _HOME_BITS), strict=False))
