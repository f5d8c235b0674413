"""The one slot in which an archive's jobs run: of all its servers, one holds it.

On PostgreSQL an advisory lock that ends with its connection, on SQLite a lock on a file
beside the database that ends with its process; so a killed server leaves it at once.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, literal, select
from sqlalchemy.exc import SQLAlchemyError

from archive.db import Database

NAME = "jobs"
_LOCK = 20_220_930  # Another than those of migrations and of the rules.

StillHeld = Callable[[], bool]


@contextmanager
def holding(archive: Database) -> Iterator[StillHeld | None]:
    """Hold the slot; yields a question whether it still is, or None when another has it."""
    if archive.engine.dialect.name == "sqlite":
        with _file_lock(beside(archive, "jobs.lock")) as is_held:
            yield (lambda: True) if is_held else None
        return
    with _advisory_lock(archive.engine) as still_held:
        yield still_held


def beside(archive: Database, name: str) -> Path:
    """Return the path of a file beside a SQLite database."""
    return Path(archive.engine.url.database or "").with_name(name)


@contextmanager
def _file_lock(path: Path) -> Iterator[bool]:
    with path.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[StillHeld | None]:
    lock = select(func.pg_try_advisory_lock(_LOCK))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:

        def still_held() -> bool:
            try:
                return connection.execute(select(literal(1))).scalar_one() == 1
            except SQLAlchemyError:
                return False

        if not connection.execute(lock).scalar_one():
            yield None
            return
        try:
            yield still_held
        finally:
            connection.invalidate()  # Closes it: a pooled connection would go on holding.
