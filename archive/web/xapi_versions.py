"""In which version of xAPI a course platform is answered; every answer says so, refusals too."""

import re

from fastapi import Request

from archive.dossiers.programs.statement_refusals import XapiVersionError
from archive.web.deps import XAPI

VERSION = "X-Experience-API-Version"
SPOKEN = {"1": "1.0.3", "2": "2.0.0"}
_KNOWN = re.compile(r"([12])\.0(\.\d{1,3})?")


def version_of(request: Request) -> str:
    """Return the version that is spoken for the one asked for; raises XapiVersionError."""
    found = _KNOWN.fullmatch(request.headers.get(VERSION, ""))
    if found is None:
        raise XapiVersionError
    return SPOKEN[found[1]]


def spoken_to(request: Request) -> dict[str, str]:
    """Return the header of a refusal; the newest version when none that is known was asked for."""
    if not request.url.path.startswith(XAPI):
        return {}
    try:
        return {VERSION: version_of(request)}
    except XapiVersionError:
        return {VERSION: SPOKEN["2"]}
