"""The database: engines, and the only places where a transaction begins and commits.

Writers take turns. On SQLite every writing transaction takes the write lock before its
first read (BEGIN IMMEDIATE), in the order of ``turns``; on PostgreSQL services lock the
worker's chain head. Reading sessions cannot write at all.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, MetaData, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from archive.turns import Turn

BUSY_SECONDS = 60  # A writer waits for its turn this long before it gives up.
_DISK_FULL = "53100"  # PostgreSQL's code for it.
_PAUSE_SECONDS = 0.05
_TURN = "turn"


class Endings(Protocol):
    """Looks at each session as it ends: the trail, which tells whose keys were opened."""

    def before_commit(self, session: Session) -> None:
        """Add to a writing session what must be committed with it."""

    def during_reading(self, session: Session) -> AbstractContextManager[None]:
        """Know a reading session while it is open."""

    def after_reading(self, session: Session) -> None:
        """Look at a reading session whose work is done, before what it read is used."""

    def after_refusal(self, session: Session, fault: BaseException) -> None:
        """Look at a session that ended by an exception; nothing of it was written."""

    def close(self) -> None:
        """Give back what is held."""


class Database:
    """One database, and the sessions on it."""

    def __init__(
        self, url: str, info: dict[str, object] | None = None, endings: Endings | None = None
    ) -> None:
        """Open nothing yet; ``info`` is handed to every session (the vault stands there)."""
        self.engine = make_engine(url)
        self.info = dict(info or {})
        self.endings = endings
        self._writing = self._sessions("write")
        self._reading = self._sessions("read")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a writing session and commit it; roll everything back on any exception."""
        with self._looked_after(self._writing()) as session:
            try:
                yield session
                session.flush()
                if self.endings:
                    self.endings.before_commit(session)
                session.commit()
            except BaseException:
                _roll_back(session)
                raise

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that can only read, and sees one moment however many statements it takes.

        SQLite's readers do so by themselves.
        """
        with self._looked_after(self._reading()) as session:
            if self.endings is None:
                yield session
                return
            with self.endings.during_reading(session):
                yield session
            self.endings.after_reading(session)

    def close(self) -> None:
        """Give all connections back."""
        if self.endings:
            self.endings.close()
        self.engine.dispose()

    @contextmanager
    def _looked_after(self, opened: Session) -> Iterator[Session]:
        """Close a session; of one that failed it is told first what it had opened."""
        try:
            with opened as session:
                yield session
        except BaseException as fault:
            if self.endings:
                self.endings.after_refusal(opened, fault)
            raise

    def _sessions(self, mode: str) -> sessionmaker[Session]:
        options: dict[str, Any] = {"archive_mode": mode}
        if mode == "read" and self.engine.dialect.name == "postgresql":
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        bind = self.engine.execution_options(**options)
        return sessionmaker(
            bind,
            class_=Session,
            autoflush=False,
            expire_on_commit=False,
            info=self.info,
        )


def is_full(fault: BaseException | None) -> bool:
    """Tell whether a database refused because its disk is full, or something failed by that.

    SQLite ends the whole transaction then, so that to leave a savepoint fails in turn.
    """
    while fault is not None:
        cause = getattr(fault, "orig", None)
        if getattr(cause, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            return True
        if getattr(cause, "sqlstate", None) == _DISK_FULL:
            return True
        fault = fault.__context__
    return False


def _roll_back(session: Session) -> None:
    """Undo everything; a full disk made SQLite do so itself, which must not hide the fault."""
    try:
        session.rollback()
    except SQLAlchemyError:
        session.invalidate()


def make_engine(url: str) -> Engine:
    """Return an engine on SQLite or PostgreSQL that keeps our promises on either."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "checkin", _give_back)
        event.listen(engine, "close", _let_go)
        return engine
    return create_engine(parsed, hide_parameters=True, pool_pre_ping=True)


def is_sqlite(connection: Connection) -> bool:
    """Tell which of the two databases this is."""
    return connection.dialect.name == "sqlite"


def append_only_tables(metadata: MetaData) -> list[str]:
    """Return the tables whose rows are never changed, in a fixed order."""
    return sorted(t.name for t in metadata.tables.values() if t.info.get("append_only"))


def install_triggers(connection: Connection, tables: list[str]) -> None:
    """(Re)install the triggers that refuse to change or remove what was appended.

    Run after each migration: Alembic's batch mode rebuilds SQLite tables without them.
    """
    if is_sqlite(connection):
        for table in tables:
            for act in ("update", "delete"):
                connection.execute(text(_SQLITE_TRIGGER.format(table=table, act=act)))
        return
    connection.execute(text(_POSTGRES_FUNCTION))
    for table in tables:
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_is_kept ON {table}"))
        connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_is_not_cut ON {table}"))
        connection.execute(text(_POSTGRES_ROWS.format(table=table)))
        connection.execute(text(_POSTGRES_TRUNCATE.format(table=table)))


def missing_triggers(connection: Connection, tables: list[str]) -> list[str]:
    """Return the tables that lack a trigger which keeps them append-only."""
    if is_sqlite(connection):
        wanted = {(table, f"{table}_no_{act}") for table in tables for act in ("update", "delete")}
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
    else:
        wanted = {(table, f"{table}_is_{what}") for table in tables for what in ("kept", "not_cut")}
        query = (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') "
            "AND relnamespace = current_schema()::regnamespace"
        )
    there = {(table, name) for table, name in connection.execute(text(query))}
    return sorted({table for table, _ in wanted - there})


_SQLITE_TRIGGER = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""

_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_POSTGRES_ROWS = """
CREATE TRIGGER {table}_is_kept BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""
_POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_is_not_cut BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401  # A driver's object.
    connection.isolation_level = None  # We begin by ourselves; the driver would begin too late.
    write_ahead(connection)
    for pragma in (
        "synchronous = FULL",
        "foreign_keys = ON",
        "recursive_triggers = ON",  # INSERT OR REPLACE would slip past the triggers.
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")


def write_ahead(connection: Any) -> None:  # noqa: ANN401  # A driver's object.
    """Switch to write-ahead logging; a new database that two open at once is "locked" at once.

    SQLite does not wait here as it does everywhere else.
    """
    for patience in reversed(range(int(BUSY_SECONDS / _PAUSE_SECONDS))):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if not patience:
                raise
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get("archive_mode", "write")
    if connection.info.get("archive_mode") != mode:
        switch = "ON" if mode == "read" else "OFF"
        connection.exec_driver_sql(f"PRAGMA query_only = {switch}")
        connection.info["archive_mode"] = mode
    if mode == "read":
        connection.exec_driver_sql("BEGIN")
        return
    database = connection.engine.url.database
    if database and database != ":memory:":
        turn = connection.info.get(_TURN)
        if turn is None:
            turn = connection.info[_TURN] = Turn(Path(database), BUSY_SECONDS)
        turn.take()
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _give_back(_connection: object, record: ConnectionPoolEntry) -> None:
    """Let the next one write: the transaction is over when its connection comes back."""
    turn = record.info.get(_TURN)
    if isinstance(turn, Turn):
        turn.give_back()


def _let_go(_connection: object, record: ConnectionPoolEntry) -> None:
    turn = record.info.pop(_TURN, None)
    if isinstance(turn, Turn):
        turn.close()
