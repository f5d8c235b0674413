"""Access tokens: what a program gets for its key, for minutes and for no more than it asked.

OAuth 2.0 client credentials (RFC 6749, 4.4): the key's identifier is the client's, its secret
the client's secret. A token is a row of sign_in as every other, found and counted as one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people import sessions
from archive.people.api_key_models import ApiKey
from archive.people.models import SignIn
from archive.people.sessions import SignedIn
from schemas.vocabulary import Permission

MARK = "skt_"
"""Every token begins so, to be told from the secrets of keys."""
LASTS = timedelta(minutes=30)
GRANT = "client_credentials"


class TokenError(ArchiveError):
    """The base of what RFC 6749, 5.2 has a word for; the code is that word."""


class ClientUnknownError(TokenError):
    """No open key has this identifier and this secret; which of the two is wrong is not told."""

    code: ClassVar[str] = "invalid_client"
    template: ClassVar[str] = (
        "Client and secret do not belong together, or the key has expired or was revoked. "
        "Send the key's identifier and its secret, by HTTP Basic or as fields of the form."
    )


class TokenScopeError(TokenError):
    """A scope was asked for that the key does not name."""

    code: ClassVar[str] = "invalid_scope"
    template: ClassVar[str] = (
        "The key does not name everything that was asked for. "
        "Ask for some of its permissions, with spaces between them, or leave scope out for all."
    )


class GrantTypeError(TokenError):
    """Tokens are given for client credentials only."""

    code: ClassVar[str] = "unsupported_grant_type"
    template: ClassVar[str] = (
        "Tokens are given for client credentials only. Send grant_type=client_credentials."
    )


class TokenRequestError(TokenError):
    """A field is missing or sent twice, or the client says in two ways who it is."""

    code: ClassVar[str] = "invalid_request"
    template: ClassVar[str] = (
        "Send a form (application/x-www-form-urlencoded) with grant_type, or with token to "
        "revoke one; each field once, and the client's secret in one place only."
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A token, told only this once."""

    token: str
    scopes: tuple[Permission, ...]
    expires_at: datetime


def client_of(session: Session, client_id: str, secret: str, *, now: datetime) -> SignedIn | None:
    """Return the key of this identifier and secret; None when they do not belong together.

    An unknown identifier and a wrong secret take the same one statement: the secret alone is
    looked up, by its digest.
    """
    found = sessions.find(session, secret, now=now)
    if found is None or found.account.scopes is None or found.scopes is not None:
        return None
    mine = select(ApiKey.id).where(col(ApiKey.account_id) == found.account.id)
    key_id = session.exec(mine).first()
    is_whose = key_id is not None and str(key_id) == client_id.strip().lower()
    return found if is_whose else None


def issue(session: Session, client: SignedIn, scope: str, *, now: datetime) -> Issued:
    """Give a key a token for what it asks, by spaces; for all that it names when it asks nothing.

    The token ends with the secret at the latest, and at once when the key is rotated or
    revoked. Raises TokenScopeError.
    """
    named = client.account.narrowed_to or frozenset()
    wanted = set(scope.split()) or set(named)
    if not wanted <= named:
        raise TokenScopeError
    scopes = tuple(sorted(Permission(one) for one in wanted))
    opened_by = session.get_one(SignIn, client.token_digest)
    opened_by.seen_at = now
    token = MARK + sessions.new_token()
    opens = SignIn(
        token_digest=sessions.digest_of(token),
        account_id=client.account.id,
        is_bearer=True,
        scopes=" ".join(scopes),
        created_at=now,
        seen_at=now,
        expires_at=min(now + LASTS, opened_by.expires_at),
    )
    ended = (*tokens_of(client.account.id), col(SignIn.expires_at) <= now)
    session.exec(delete(SignIn).where(*ended))
    session.add_all((opened_by, opens))
    session.flush()
    return Issued(token, scopes, opens.expires_at)


def revoke(session: Session, client: SignedIn, token: str, *, now: datetime) -> None:
    """End a token of this key; what is no token of it is left alone and not told (RFC 7009)."""
    this = col(SignIn.token_digest) == sessions.digest_of(token)
    _end(session, *tokens_of(client.account.id), this, now=now)


def end_all(session: Session, account_id: UUID, *, now: datetime) -> None:
    """End every token of a key, whose programs then ask for new ones."""
    _end(session, *tokens_of(account_id), now=now)


def tokens_of(account_id: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on rows of sign_in: the tokens of a key, not its secrets."""
    return (col(SignIn.account_id) == account_id, col(SignIn.scopes).is_not(None))


def _end(session: Session, *conditions: ColumnElement[bool], now: datetime) -> None:
    still_open = (*conditions, col(SignIn.revoked_at).is_(None))
    session.exec(update(SignIn).where(*still_open).values(revoked_at=now))
