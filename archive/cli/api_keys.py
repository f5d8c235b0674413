"""``key list | make | rotate | revoke``: how programs of organisations act."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Organisation
from archive.cli.plainly import plainly
from schemas.vocabulary import Permission

app = typer.Typer(no_args_is_help=True)
Key = Annotated[UUID, typer.Argument(metavar="KEY", help="The key's identifier.")]
Days = Annotated[int, typer.Option("--days", help="How long its secret opens.")]


@app.command("list")
@plainly
def list_keys(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the open keys, with what they may and when they were used last."""
    from archive.cli.answers import answer
    from archive.cli.api_key_sheet import keys_told, show_keys
    from archive.cli.opened import writing
    from archive.people import api_keys

    with writing(account) as opened:
        found = keys_told(api_keys.listed(opened.session, by=opened.by))
    answer(found, opened.settings, lambda voice: show_keys(voice, found), as_json=as_json)


@app.command("make")
@plainly
def make(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What the program is called.")],
    *,
    organisation: Organisation,
    scope: Annotated[list[Permission], typer.Option("--scope", help="What it may do; repeat it.")],
    days: Days = 365,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Make a key of an organisation; its secret is told once."""
    from archive.cli.api_key_sheet import secret_told, tell_secret
    from archive.cli.opened import writing
    from archive.people import api_keys, organisations

    with writing(account) as opened:
        made = api_keys.make(
            opened.session,
            organisations.coded(opened.session, organisation),
            title,
            scope,
            lasts=timedelta(days=days),
            by=opened.by,
            now=opened.now,
        )
        told = secret_told(made)
    tell_secret(told, opened.settings, as_json=as_json)


@app.command("rotate")
@plainly
def rotate(key: Key, *, days: Days = 365, account: As = CONSOLE, as_json: Json = False) -> None:
    """Give a key a new secret; the old one opens for seven days more."""
    from archive.cli.api_key_sheet import secret_told, tell_secret
    from archive.cli.opened import writing
    from archive.people import api_keys

    with writing(account) as opened:
        made = api_keys.rotate(
            opened.session, key, lasts=timedelta(days=days), by=opened.by, now=opened.now
        )
        told = secret_told(made)
    tell_secret(told, opened.settings, as_json=as_json)


@app.command("revoke")
@plainly
def revoke(key: Key, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Revoke a key: from the next request on it opens nothing."""
    from archive.cli.answers import answer
    from archive.cli.api_key_sheet import KeyRevoked
    from archive.cli.opened import writing
    from archive.people import api_keys

    with writing(account) as opened:
        api_keys.revoke(opened.session, key, by=opened.by, now=opened.now)
        told = KeyRevoked(key=key, revoked_at=opened.now)
    answer(told, opened.settings, lambda voice: voice.say("The key is revoked."), as_json=as_json)
