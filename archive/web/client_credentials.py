"""How a program says which client it is (RFC 6749, 2.3), and what such requests are told back.

What is behind it stands in archive/people/access_tokens.py, the addresses in api/tokens.py.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import Depends, Request, Response
from fastapi.responses import JSONResponse
from starlette import status

from archive.audit.acts import name_actor
from archive.limiting.figures import Group
from archive.people import access_tokens
from archive.people.access_tokens import ClientUnknownError, TokenError, TokenRequestError
from archive.people.sessions import SignedIn
from archive.texts import explained, in_language
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now
from archive.web.limits import count_unknown, hit
from schemas.refusals import Refusal
from schemas.vocabulary import Language

OAUTH = "/oauth/"
BASIC = 'Basic realm="Skills Archive", charset="UTF-8"'
_FORM = "application/x-www-form-urlencoded"
_LATER = frozenset({status.HTTP_429_TOO_MANY_REQUESTS, status.HTTP_503_SERVICE_UNAVAILABLE})
_PLAIN = str.maketrans({"“": "'", "”": "'", '"': "'", "\\": "/"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent, without who sent it."""

    fields: Mapping[str, str]
    client_id: str
    secret: str


async def asked(request: Request) -> Asked:
    """Read the form and the client's credentials; raises TokenRequestError, ClientUnknownError."""
    if not request.headers.get("content-type", "").startswith(_FORM):
        raise TokenRequestError
    sent = (await request.form()).multi_items()
    fields = {name: value for name, value in sent if isinstance(value, str) and value}
    if len({name for name, _ in sent}) != len(sent):
        raise TokenRequestError
    basic = request.headers.get("authorization")
    if basic is None:
        return Asked(fields, fields.get("client_id", ""), fields.get("client_secret", ""))
    client_id, secret = _basic(basic)
    if "client_secret" in fields or fields.get("client_id", client_id) != client_id:
        raise TokenRequestError
    return Asked(fields, client_id, secret)


AskedDep = Annotated[Asked, Depends(asked)]


def client(
    request: Request, house: HouseDep, now: Now, _arriving: Arriving, told: AskedDep
) -> SignedIn:
    """Let pass only a key with its secret, and count it as any request of the key.

    Read in a session of its own, before the route begins to write. Raises ClientUnknownError,
    RateLimitedError.
    """
    with house.archive.reading() as session:
        found = access_tokens.client_of(session, told.client_id, told.secret, now=now)
    if found is None:
        count_unknown(request, house, f"{told.client_id}:{told.secret}")
        raise ClientUnknownError
    hit(request, house, Group.API, found)
    name_actor(found.actor)
    return found


ClientDep = Annotated[SignedIn, Depends(client)]


def refused(refusal: Refusal, code: int) -> Response:
    """Return a refusal as RFC 6749, 5.2 has it: its words, and a sentence in ASCII."""
    error = refusal.code if isinstance(refusal, TokenError) else _word_for(code)
    sentence = in_language(refusal.template, Language.ENGLISH, refusal.facts).translate(_PLAIN)
    content = {
        "error": error,
        "error_description": sentence.encode("ascii", "replace").decode(),
        "code": refusal.code,
        "messages": explained(refusal).model_dump(mode="json"),
    }
    headers = {"WWW-Authenticate": BASIC} if code == status.HTTP_401_UNAUTHORIZED else {}
    return answer(content, code, headers)


def answer(content: Mapping[str, object], code: int, headers: Mapping[str, str]) -> Response:
    """Return JSON that nobody on the way keeps."""
    kept_by_nobody = {"Cache-Control": "no-store", "Pragma": "no-cache"}
    return JSONResponse(content, code, {**kept_by_nobody, **headers})


def _basic(header: str) -> tuple[str, str]:
    """Return identifier and secret, each form-encoded before it was packed (RFC 6749, 2.3.1)."""
    scheme, _, packed = header.partition(" ")
    try:
        opened = base64.b64decode(packed.strip(), validate=True).decode()
    except ValueError:  # Letters that are none of base 64, or of no text.
        raise ClientUnknownError from None
    client_id, colon, secret = opened.partition(":")
    if scheme.lower() != "basic" or not colon:
        raise ClientUnknownError
    return unquote_plus(client_id), unquote_plus(secret)


def _word_for(code: int) -> str:
    if code in _LATER:
        return "temporarily_unavailable"
    if code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
        return "server_error"
    return "invalid_request"
