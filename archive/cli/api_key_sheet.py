"""Keys of programs as they are listed, and a secret as it is told once."""

import typer

from archive.cli.answers import answer
from archive.cli.voice import Voice
from archive.people.api_key_lines import keys_told, secret_told
from archive.settings import Settings
from schemas.api_keys import KeyList, KeyRevoked, KeySecret

_AS_CLIENT = "For OAuth 2.0 this is the client_secret; the client_id is {key}."

__all__ = ["KeyRevoked", "keys_told", "secret_told", "show_keys", "tell_secret"]


def show_keys(voice: Voice, found: KeyList) -> None:
    """Print keys, a line each."""
    for one in found.keys:
        used = one.last_used_at.isoformat(timespec="hours") if one.last_used_at else "-"
        scopes = ",".join(one.scopes)
        voice.line(
            f"{one.key}  {one.organisation}  {one.prefix}…  {scopes}  "
            f"{one.expires_at.date()}  {used}  {one.title}"
        )


def tell_secret(told: KeySecret, settings: Settings, *, as_json: bool) -> None:
    """Print a secret; it is never told again. What else to know goes to standard error."""

    def show(voice: Voice) -> None:
        voice.line(told.secret)
        typer.echo(voice.sentence(_AS_CLIENT, key=told.client_id), err=True)

    answer(told, settings, show, as_json=as_json)
