"""Preparing the archive: one start at a time, databases of this version, the console's account."""

import fcntl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from archive.cli.opened import opened
from archive.cli.voice import Voice
from archive.db import Database
from archive.migrations.running import upgrade
from archive.people import accounts
from archive.settings import Settings

LOCK = "preparing.lock"


@contextmanager
def only_one(settings: Settings, *, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Let one process at a time prepare a data folder; the others wait for their turn.

    ``waiting`` is called by those that have to.
    """
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.home / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def prepared(settings: Settings, *, now: datetime) -> Iterator[tuple[Database, list[str]]]:
    """Open the archive with databases of this version; yields what had to be done."""
    with opened(settings) as archive:
        done = upgrade(archive, now=now)
        with archive.transaction() as session:
            accounts.ensure_console(session, now=now)
        yield archive, done


def tell_upgrade(voice: Voice, done: Sequence[str]) -> None:
    """Print what an upgrade did, a line each."""
    for step in done:
        subject, _, name = step.partition(" ")
        if subject == "rule":
            voice.say("Rule published: {rule}", rule=name)
        else:
            voice.say(
                "Database {database} brought to version {version}.", database=subject, version=name
            )
    if not done:
        voice.say("The databases are of this version.")
