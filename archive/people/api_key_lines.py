"""Keys of programs as they are told outside; see api_keys.py for what they are."""

from collections.abc import Iterable

from archive.people.api_key_holders import Holder
from archive.people.api_keys import Made, Told
from schemas.api_keys import KeyHolder, KeyLine, KeyList, KeySecret


def keys_told(found: Iterable[Told]) -> KeyList:
    """Return keys as they are listed."""
    return KeyList(
        keys=tuple(
            KeyLine(
                key=one.key.id,
                title=one.key.title,
                organisation=one.organisation.code,
                prefix=one.key.prefix,
                scopes=one.scopes,
                made_at=one.key.made_at,
                expires_at=one.expires_at,
                last_used_at=one.last_used_at,
                made_by=_holder(one.made_by),
                rotated_by=_holder(one.rotated_by) if one.rotated_by else None,
            )
            for one in found
        )
    )


def secret_told(made: Made) -> KeySecret:
    """Return a secret as it is told once, with what OAuth 2.0 calls the key."""
    key_id = made.key.id
    return KeySecret(key=key_id, client_id=key_id, secret=made.secret, expires_at=made.expires_at)


def _holder(told: Holder) -> KeyHolder:
    return KeyHolder(account=told.name, is_active=told.is_active)
