"""``keys master`` and ``keys index``: versions of the keys that protect persons."""

from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli import issuing_keys
from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlmodel import Session

    from archive.cli.opened import Acting
    from archive.files import Uploads
    from archive.people.privacy import Vault
    from archive.settings import Settings
    from schemas.keys import MasterKeyList

app = typer.Typer(no_args_is_help=True)
master = typer.Typer(no_args_is_help=True)
index = typer.Typer(no_args_is_help=True)
app.add_typer(master, name="master", help="The master key, which wraps all others.")
app.command("list")(issuing_keys.list_keys)
app.command("new")(issuing_keys.new)
app.command("rotate")(issuing_keys.rotate)
app.command("revoke")(issuing_keys.revoke)
app.command("seal")(issuing_keys.seal)
app.command("fetch-lists")(issuing_keys.fetch_lists)
app.command("export-trust")(issuing_keys.export_trust)
app.add_typer(index, name="index", help="The key of look-ups by number, code, name and contact.")

MasterVersion = Annotated[str, typer.Argument(metavar="VERSION", help="As status tells it.")]
IndexVersion = Annotated[int, typer.Argument(metavar="VERSION", help="As status tells it.")]


@master.command("status")
@plainly
def master_status(*, as_json: Json = False) -> None:
    """Show the versions of the master key, where each lies and what is under it."""
    from archive.cli.opened import acting_on

    with acting_on(CONSOLE) as acting:
        _tell_masters(acting, as_json=as_json)


@master.command("new")
@plainly
def master_new(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Make a master key and put it in use; until rotated the former is needed."""
    from archive.cli.opened import acting_on
    from archive.people import master_rotation
    from archive.people.access import refuse_administering
    from archive.people.privacy import vault_of

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        master_rotation.make(vault_of(acting.archive), now=acting.now)
        _tell_masters(acting, as_json=as_json)


@master.command("rotate")
@plainly
def master_rotate(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Wrap every key under the master key in use; a killed run goes on."""
    from archive.cli.opened import acting_on
    from archive.people import master_rotation
    from archive.people.access import refuse_administering

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        _rotate(acting, master_rotation.KIND, lambda _: None, as_json=as_json)


@master.command("retire")
@plainly
def master_retire(version: MasterVersion, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Destroy a master key that nothing needs any more."""
    from archive.cli.opened import acting_on
    from archive.people import master_rotation
    from archive.people.access import refuse_administering
    from archive.people.privacy import vault_of

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        vault = vault_of(acting.archive)
        waiting = _waiting(acting.settings, vault, acting.now)
        master_rotation.retire(vault, version, waiting)
        _tell_masters(acting, as_json=as_json)


@index.command("status")
@plainly
def index_status(*, as_json: Json = False) -> None:
    """Show the versions of the key of look-ups, and how many are under each."""
    from archive.cli.opened import acting_on

    with acting_on(CONSOLE) as acting:
        _tell_indexes(acting, as_json=as_json)


@index.command("rotate")
@plainly
def index_rotate(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Make a key of look-ups and move all under it; a killed run goes on."""
    from archive.cli.opened import acting_on
    from archive.people import index_rotation
    from archive.people.access import refuse_administering

    with acting_on(account) as acting:
        refuse_administering(acting.by)

        def begin(session: "Session") -> None:
            index_rotation.make(session, now=acting.now)

        _rotate(acting, index_rotation.KIND, begin, as_json=as_json)


@index.command("retire")
@plainly
def index_retire(version: IndexVersion, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Destroy a key of look-ups under which nothing is found any more."""
    from archive.cli.opened import acting_on
    from archive.people import index_rotation
    from archive.people.access import refuse_administering
    from archive.people.privacy import vault_of

    with acting_on(account) as acting:
        refuse_administering(acting.by)
        with acting.archive.transaction() as session:
            index_rotation.retire(session, version)
        index_rotation.destroy(vault_of(acting.archive), version)
        _tell_indexes(acting, as_json=as_json)


def _rotate(
    acting: "Acting", kind: str, begin: "Callable[[Session], None]", *, as_json: bool
) -> None:
    from archive.cli.answers import answer
    from archive.cli.job_runs import see_done
    from archive.cli.key_sheet import Progress, show_rotation
    from schemas.keys import RotationReport

    progress = Progress(acting.settings, is_shown=not as_json)
    job = see_done(acting, kind, begin, progress.tell)
    report: RotationReport = RotationReport.model_validate_json(job.result or b"")
    answer(report, acting.settings, lambda voice: show_rotation(voice, report), as_json=as_json)


def _tell_masters(acting: "Acting", *, as_json: bool) -> None:
    from archive.cli.answers import answer
    from archive.cli.key_sheet import show_masters
    from archive.people import master_rotation
    from archive.people.privacy import vault_of

    vault = vault_of(acting.archive)
    waiting = _waiting(acting.settings, vault, acting.now)
    found: MasterKeyList = master_rotation.listed(vault, waiting)
    answer(found, acting.settings, lambda voice: show_masters(voice, found), as_json=as_json)


def _tell_indexes(acting: "Acting", *, as_json: bool) -> None:
    from archive.cli.answers import answer
    from archive.cli.key_sheet import show_indexes
    from archive.people import index_rotation

    with acting.archive.reading() as session:
        found = index_rotation.listed(session)
    answer(found, acting.settings, lambda voice: show_indexes(voice, found), as_json=as_json)


def _waiting(settings: "Settings", vault: "Vault", now: "datetime") -> "list[Uploads]":
    """Return the folders of waiting files, without those whose day is over."""
    from archive.bureau.what_if_runs import FOLDER, SEALED
    from archive.files import UPLOADS, Uploads

    folders = [
        Uploads(settings.home / UPLOADS, vault),
        Uploads(settings.home / FOLDER / SEALED, vault),
    ]
    for folder in folders:
        folder.sweep(now=now)
    return folders
