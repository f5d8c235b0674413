"""Access tokens by OAuth 2.0 client credentials: given (RFC 6749, 4.4) and revoked (RFC 7009).

Described by RFC 8414 and docs/api.md, not by OpenAPI: bodies and errors are those of OAuth.
"""

from fastapi import APIRouter, Response, status

from archive.people import access_tokens
from archive.people.access_tokens import GRANT, GrantTypeError, TokenRequestError
from archive.people.api_keys import all_scopes
from archive.web.audiences import Arriving, Reader
from archive.web.client_credentials import AskedDep, ClientDep, answer
from archive.web.deps import HouseDep, Now, SessionDep

router = APIRouter(include_in_schema=False)

TOKENS = "/oauth/token"
REVOCATIONS = "/oauth/revoke"
_WAYS = ["client_secret_basic", "client_secret_post"]


@router.post(TOKENS)
def give(
    _asker: Arriving, client: ClientDep, told: AskedDep, session: SessionDep, now: Now
) -> Response:
    """Give a program a token for its key."""
    match told.fields.get("grant_type"):
        case None:
            raise TokenRequestError
        case grant if grant != GRANT:
            raise GrantTypeError
    issued = access_tokens.issue(session, client, told.fields.get("scope", ""), now=now)
    content = {
        "access_token": issued.token,
        "token_type": "Bearer",
        "expires_in": int((issued.expires_at - now).total_seconds()),
        "scope": " ".join(issued.scopes),
    }
    return answer(content, status.HTTP_200_OK, {})


@router.post(REVOCATIONS)
def revoke(
    _asker: Arriving, client: ClientDep, told: AskedDep, session: SessionDep, now: Now
) -> Response:
    """End a token of the key; an unknown one is answered alike."""
    if "token" not in told.fields:
        raise TokenRequestError
    access_tokens.revoke(session, client, told.fields["token"], now=now)
    return answer({}, status.HTTP_200_OK, {})


@router.get("/.well-known/oauth-authorization-server")
def metadata(house: HouseDep, _asker: Reader) -> Response:
    """Tell programs where tokens are given, and how (RFC 8414)."""
    issuer = house.settings.public_url
    content = {
        "issuer": issuer,
        "token_endpoint": issuer + TOKENS,
        "token_endpoint_auth_methods_supported": _WAYS,
        "revocation_endpoint": issuer + REVOCATIONS,
        "revocation_endpoint_auth_methods_supported": _WAYS,
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "scopes_supported": sorted(all_scopes()),
        "ui_locales_supported": ["zh-CN", "en"],
    }
    return answer(content, status.HTTP_200_OK, {})
