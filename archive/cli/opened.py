"""The archive as a command has it open: a session, the settings, the clock, who acts."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import make_url
from sqlmodel import Session
from typer._click.globals import get_current_context  # It has no public name.

from archive.audit.acts import Act, name_actor
from archive.audit.acts import acting as telling
from archive.audit.events import Own
from archive.cli.options import CONSOLE
from archive.cli.refusals import ArchiveMissingError
from archive.db import Database
from archive.files import Evidence
from archive.migrations.running import refuse_unready
from archive.people import accounts
from archive.people.master_key_file import FILE_NAME
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings, load_settings
from schemas.keys import MasterKeySource
from schemas.vocabulary import Role

_ACTION_WIDTH = 40

if TYPE_CHECKING:
    from archive.people.actors import Actor


@dataclass(frozen=True)
class Opened:
    """What a command works on; the session ends, and commits, with the command."""

    session: Session
    settings: Settings
    now: datetime

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.settings.zone).date()


@dataclass(frozen=True)
class OpenedToWrite(Opened):
    """The same, with the account that acts."""

    by: "Actor"


@dataclass(frozen=True)
class Acting:
    """The whole archive, for services that keep transactions of their own; and who acts."""

    archive: Database
    settings: Settings
    now: datetime
    by: "Actor"

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.settings.zone).date()


@contextmanager
def reading() -> Iterator[Opened]:
    """Open the archive to read; makes nothing.

    Raises ArchiveMissingError, DatabaseNotReadyError.
    """
    settings = load_settings()
    with existing(settings) as archive:
        refuse_unready(archive)
        with archive.reading() as session:
            yield Opened(session, settings, datetime.now(UTC))


@contextmanager
def writing(account: str) -> Iterator[OpenedToWrite]:
    """Open the archive to write as an account; commits at the end, or nothing at all.

    Raises ArchiveMissingError, DatabaseNotReadyError, UnknownAccountError.
    """
    settings = load_settings()
    with existing(settings) as archive:
        refuse_unready(archive)
        with archive.transaction() as session:
            now = datetime.now(UTC)
            yield OpenedToWrite(session, settings, now, acting(session, account, now))


@contextmanager
def acting_on(account: str) -> Iterator[Acting]:
    """Open the archive as an account, without a transaction.

    Raises ArchiveMissingError, DatabaseNotReadyError, UnknownAccountError.
    """
    settings = load_settings()
    with existing(settings) as archive:
        refuse_unready(archive)
        now = datetime.now(UTC)
        with archive.transaction() as session:
            by = acting(session, account, now)
        yield Acting(archive, settings, now, by)


def acting(session: Session, name: str, now: datetime) -> "Actor":
    """Return the account that acts; the console's own is made when it is missing."""
    is_own = name == CONSOLE
    by = accounts.ensure_console(session, now=now) if is_own else accounts.named(session, name)
    name_actor(by)
    return by


def evidence_of(settings: Settings) -> Evidence:
    """Return the folder of scans that decisions rest on."""
    return Evidence(settings.evidence_folder)


@contextmanager
def existing(settings: Settings) -> Iterator[Database]:
    """Open an archive that was set up before; raises ArchiveMissingError, and makes nothing."""
    if not is_set_up(settings):
        raise ArchiveMissingError
    with opened(settings) as archive, telling(_act()):
        yield archive


def _act() -> Act:
    """Return what is going on: a command, by its name; its account is named when it is known."""
    context = get_current_context(silent=True)
    name = context.command_path.partition(" ")[2] if context else ""
    return Act(
        at=datetime.now(UTC),
        request=secrets.token_hex(4),
        action=f"command:{name or Own.UNNAMED}"[:_ACTION_WIDTH],
        role=Role.CONSOLE,
    )


@contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the archive, also on its first run, and give all connections back at the end."""
    archive = open_archive(settings)
    try:
        yield archive
    finally:
        vault_of(archive).store.close()
        archive.close()


def is_set_up(settings: Settings) -> bool:
    """Whether there are databases where files are to hold them.

    On servers of their own there is none to look for: then a master key tells, if it is to
    lie in a file.
    """
    wanted = []
    for url in (settings.archive_url, settings.keys_url):
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            wanted.append(Path(parsed.database))
    if not wanted and settings.master_key_source is MasterKeySource.FILE:
        wanted = [settings.secrets_folder / FILE_NAME]
    return all(path.is_file() for path in wanted)
