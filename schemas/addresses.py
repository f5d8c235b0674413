"""Addresses that organisations give: what can be followed, and what only names something."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, StringConstraints


def _followable(value: str) -> str:
    """Refuse what a browser would run, ask another protocol for, or show as another host."""
    parts = urlsplit(value)
    try:
        host = parts.hostname or ""
        is_whole = parts.port is None or parts.port > 0
    except ValueError:
        host, is_whole = "", False
    named = "." in host and not host.startswith(".") and is_whole
    if parts.scheme != "https" or not named or "@" in parts.netloc:
        message = "an address begins with https:// and names a host, without a user"
        raise ValueError(message)
    return value


HttpsAddress = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=500, pattern=r"^https://[^\s\x00-\x1f<>\"'`\\]+$"
    ),
    AfterValidator(_followable),
]
"""The address of a page that everyone can open safely."""

Iri = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=500,
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f<>\"{}|\\^`]+$",
    ),
]
"""An identifier of the whole web (RFC 3987): an xAPI activity's, an Open Badges achievement's."""
