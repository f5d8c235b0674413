"""The cross-site guard: what changes something must come from a page of our own.

Browsers say where a request comes from (``Sec-Fetch-Site``, else ``Origin``). One that says
neither is let through only when it brings no cookie to ride on, or the form's own token.
"""

import hmac
from collections.abc import Mapping
from enum import Enum
from urllib.parse import urlsplit

from fastapi import Request

from archive.people.sessions import form_token
from archive.web.deps import HouseDep
from archive.web.refusals import CrossSiteError

FORM_FIELD = "form_token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN = frozenset({"same-origin", "none"})
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Origin(Enum):
    """What the headers of a request say about the page that sent it."""

    OURS = "ours"
    FOREIGN = "foreign"
    UNTOLD = "untold"


def told(headers: Mapping[str, str], own_hosts: frozenset[str]) -> Origin:
    """Return what the headers tell. Pure."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return Origin.OURS if site in _OWN else Origin.FOREIGN
    origin = headers.get("origin")
    if origin is None:
        return Origin.UNTOLD
    try:
        host = urlsplit(origin).netloc
    except ValueError:  # Such as http://[x, which no browser sends.
        return Origin.FOREIGN
    return Origin.OURS if host in own_hosts else Origin.FOREIGN


def carries_form(request: Request) -> bool:
    """Return whether a request says that its body is a form."""
    return request.headers.get("content-type", "").startswith(_FORMS)


async def own_site_only(request: Request, house: HouseDep) -> None:
    """Let through what reads, and what one of our own pages sends; raises CrossSiteError."""
    if request.method in _SAFE:
        return
    own = frozenset(
        {request.headers.get("host", ""), urlsplit(house.settings.public_url).netloc} - {""}
    )
    origin = told(request.headers, own)
    if origin is Origin.FOREIGN:
        raise CrossSiteError
    if origin is Origin.UNTOLD:
        await _ask_for_token(request, house.form_secret(request.cookies))


async def _ask_for_token(request: Request, session_token: str | None) -> None:
    """Accept a request without a cookie of ours, or with the token that only our form has.

    A bearer token goes before the cookie, and no other site has it. Any other credentials leave
    the cookie in force, and browsers send them unasked, as where a proxy wants a password.
    """
    scheme = request.headers.get("authorization", "").partition(" ")[0]
    if session_token is None or scheme.lower() == "bearer":
        return
    given = None
    if carries_form(request):
        given = (await request.form()).get(FORM_FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(
        given.encode(), form_token(session_token).encode()
    ):
        raise CrossSiteError
