"""Keys of programs as they are listed, and a secret as it is told once."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import typer

from archive.cli.answers import answer
from archive.cli.voice import Voice
from archive.people.api_keys import Told
from archive.settings import Settings
from schemas.api_keys import KeyLine, KeyList, KeyRevoked, KeySecret

_AS_CLIENT = "For OAuth 2.0 this is the client_secret; the client_id is {key}."

__all__ = ["KeyRevoked", "keys_told", "show_keys", "tell_secret"]


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
            )
            for one in found
        )
    )


def show_keys(voice: Voice, found: KeyList) -> None:
    """Print keys, a line each."""
    for one in found.keys:
        used = one.last_used_at.isoformat(timespec="hours") if one.last_used_at else "-"
        scopes = ",".join(one.scopes)
        voice.line(
            f"{one.key}  {one.organisation}  {one.prefix}…  {scopes}  "
            f"{one.expires_at.date()}  {used}  {one.title}"
        )


def tell_secret(
    key: UUID, secret: str, expires_at: datetime, settings: Settings, *, as_json: bool
) -> None:
    """Print a secret; it is never told again. What else to know goes to standard error."""
    told = KeySecret(key=key, client_id=key, secret=secret, expires_at=expires_at)

    def show(voice: Voice) -> None:
        voice.line(secret)
        typer.echo(voice.sentence(_AS_CLIENT, key=key), err=True)

    answer(told, settings, show, as_json=as_json)
