"""What is told of the keys of programs."""

from datetime import datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.vocabulary import Permission


class KeyHolder(Contract):
    """Who made or rotated a key, and saw its secret."""

    account: str
    is_active: bool
    """Whether the account can still sign in; of a closed one the key should be rotated."""


class KeyLine(Contract):
    """A key, without its secret."""

    key: UUID
    title: str
    organisation: str
    prefix: str
    scopes: tuple[Permission, ...]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    """To the hour; None when it was never used."""
    made_by: KeyHolder
    rotated_by: KeyHolder | None
    """Who saw the newest secret; None while it is the first, which its maker saw."""


class KeyList(Contract):
    """The open keys, the newest first."""

    keys: tuple[KeyLine, ...]


class KeySecret(Contract):
    """The secret of a key, told only this once."""

    key: UUID
    client_id: UUID
    """The key's identifier once more, by the name that OAuth 2.0 has for it."""
    secret: str
    """The bearer token, and the client_secret of OAuth 2.0."""
    expires_at: datetime


class KeyRevoked(Contract):
    """That a key opens nothing any more."""

    key: UUID
    revoked_at: datetime
