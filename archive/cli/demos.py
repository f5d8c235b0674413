"""``demo``: the synthetic district, its sign-ins, and its removal."""

from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly

app = typer.Typer()
Workers = Annotated[int, typer.Option("--workers", min=1, max=1_000_000, help="How many workers.")]
Records = Annotated[
    int, typer.Option("--records", min=0, max=10_000_000, help="How many records of learning.")
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed makes the same facts.")]


@app.callback(invoke_without_command=True)
@plainly
def demo(
    context: typer.Context,
    *,
    workers: Workers = 200,
    records: Records = 1500,
    seed: Seed = 1,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Fill an empty archive with a synthetic district, or show and remove it."""
    if context.invoked_subcommand is not None:
        return
    from datetime import UTC, datetime

    from archive.cli.answers import answer
    from archive.cli.demo_sheet import progress_told, show_built, view_of
    from archive.cli.opened import acting
    from archive.cli.preparing import only_one, prepared
    from archive.demo import building
    from archive.people.access import refuse_administering
    from archive.settings import load_settings

    settings, now = load_settings(), datetime.now(UTC)
    with only_one(settings), prepared(settings, now=now) as (archive, _):
        with archive.transaction() as session:
            refuse_administering(acting(session, account, now))
        built = view_of(
            building.build(
                archive,
                settings,
                workers=workers,
                records=records,
                seed=seed,
                now=now,
                progress=progress_told,
            )
        )
    answer(built, settings, lambda voice: show_built(voice, built), as_json=as_json)


@app.command("accounts")
@plainly
def accounts(*, as_json: Json = False) -> None:
    """Print the sign-ins of the demo again, with their passwords."""
    from archive.cli.answers import answer
    from archive.cli.demo_sheet import show_accounts, sign_ins
    from archive.cli.opened import existing
    from archive.migrations.running import refuse_unready
    from archive.settings import load_settings

    settings = load_settings()
    with existing(settings) as archive:
        refuse_unready(archive)
        found = sign_ins(archive)
    answer(found, settings, lambda voice: show_accounts(voice, found), as_json=as_json)


@app.command("code")
@plainly
def code(
    name: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The demo account's name.")],
    *,
    as_json: Json = False,
) -> None:
    """Print the code that a demo account's second step accepts now; each works once."""
    import time
    from datetime import UTC, datetime

    from archive.cli.answers import answer
    from archive.cli.opened import existing
    from archive.demo.accounts import code_of
    from archive.migrations.running import refuse_unready
    from archive.settings import load_settings
    from schemas.sign_ins import DemoCode

    settings = load_settings()
    with existing(settings) as archive:
        refuse_unready(archive)
        found = None
        while found is None:  # Half a minute at most: then the next step begins.
            with archive.reading() as session:
                found = code_of(session, name, now=datetime.now(UTC))
            if found is None:
                time.sleep(1)
    told = DemoCode(account=name, code=found)
    answer(told, settings, lambda voice: voice.line(told.code), as_json=as_json)


@app.command("purge")
@plainly
def purge(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Remove the demo district with all its people, records and keys, for good."""
    from archive.cli.answers import answer
    from archive.cli.demo_sheet import purged_of, show_purged
    from archive.cli.opened import acting_on
    from archive.demo import purging
    from archive.people.access import refuse_administering

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        purged = purged_of(purging.purge(acting.archive))
    answer(purged, acting.settings, lambda voice: show_purged(voice, purged), as_json=as_json)
