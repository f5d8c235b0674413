"""Where asking is counted: a small table of its own, shared by all processes of an archive.

On SQLite it is a file beside the database, on PostgreSQL an unlogged table: what is lost by a
crash is a few minutes of counting. Nothing else waits for it, and no rollback undoes it.
"""

import sqlite3
import threading
from collections.abc import Callable, Mapping, Sequence

from limits.storage import Storage
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from archive.db import write_ahead

FILE_NAME = "limits.db"
SWEEP_EVERY = 500
"""Counts of one process between two sweeps."""
_SWEPT_AT_ONCE = 1000  # Few enough that nobody waits for a sweep.
_WAIT_SECONDS = 5
_LOCK = 20_220_931  # A number that nobody else locks.
_MILLISECONDS = 1000

Row = tuple[bytes, int, int]


class SqlStorage(Storage):
    """Counts in fixed windows; a window begins with the first hit that it counts.

    A key is kept as its keyed digest: the table tells no address, number or name.
    """

    STORAGE_SCHEME: list[str] | None = None

    def __init__(
        self, url: URL, digest: Callable[[str], bytes], clock: Callable[[], float]
    ) -> None:
        """Open nothing yet; ``clock`` tells seconds since 1970."""
        super().__init__()
        self._digest = digest
        self._clock = clock
        self._engine = _engine(url)
        self._mark = "?" if self._engine.dialect.name == "sqlite" else "%s"
        self._making = threading.Lock()
        self._is_made = False
        self._counted = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database raises; the door answers it as any fault of a database."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count, and return how many were counted in this window."""
        return self.count({key: expiry}, amount)[key][0]

    def count(self, expiries: Mapping[str, int], amount: int = 1) -> dict[str, tuple[int, float]]:
        """Count several keys in one statement; return the hits of each and when it ends.

        ``expiries`` are the seconds of each key's window; the end is in seconds since 1970.
        """
        now = self._now()
        # Always in one order, so that two statements never wait for each other.
        named = dict(sorted((self._digest(key), key) for key in expiries))
        values: list[object] = []
        for digest, key in named.items():
            values += (digest, amount, now + expiries[key] * _MILLISECONDS)
        row = f"({self._mark}, {self._mark}, {self._mark})"
        statement = _COUNT.format(rows=", ".join([row] * len(named)), mark=self._mark)
        rows = self._ask(statement, [*values, now, now])
        self._counted += 1
        if self._counted % SWEEP_EVERY == 0:
            self.sweep()
        return {named[bytes(digest)]: (hits, ends / _MILLISECONDS) for digest, hits, ends in rows}

    def get(self, key: str) -> int:
        """Return how many were counted in the window that still runs."""
        return next((hits for _, hits, _ in self._running(key)), 0)

    def get_expiry(self, key: str) -> float:
        """Return when the running window ends; now when none runs."""
        return next((ends / _MILLISECONDS for _, _, ends in self._running(key)), self._clock())

    def check(self) -> bool:
        """Whether the store can be asked."""
        try:
            self.get("")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int:
        """Forget everything; return how many windows there were."""
        return len(self._ask(_FORGET, []))

    def clear(self, key: str) -> None:
        """Forget one key."""
        self._ask(_CLEAR.format(mark=self._mark), [self._digest(key)])

    def sweep(self) -> int:
        """Remove windows that have ended, at most a thousand; return how many.

        On PostgreSQL what another counts just now is left: the two would wait for each other.
        """
        skip = "" if self._engine.dialect.name == "sqlite" else "FOR UPDATE SKIP LOCKED"
        statement = _SWEEP.format(mark=self._mark, skip=skip)
        return len(self._ask(statement, [self._now(), _SWEPT_AT_ONCE]))

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def _running(self, key: str) -> Sequence[Row]:
        return self._ask(_RUNNING.format(mark=self._mark), [self._digest(key), self._now()])

    def _ask(self, statement: str, values: list[object]) -> Sequence[Row]:
        """Run a statement by the bare driver: the mapper's way costs four times its work."""
        if not self._is_made:
            self._make()
        dialect = self._engine.dialect
        failure = dialect.loaded_dbapi.Error
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute(statement, values)
            return cursor.fetchall()
        except failure as failed:
            raise DBAPIError.instance(
                statement, None, failed, failure, hide_parameters=True, dialect=dialect
            ) from failed
        finally:
            connection.close()  # Back to the pool.

    def _make(self) -> None:
        with self._making, self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql(_SQLITE_TABLE)
                connection.exec_driver_sql(_INDEX)
            else:
                _make_on_postgres(connection)
            self._is_made = True

    def _now(self) -> int:
        return int(self._clock() * _MILLISECONDS)


def _engine(url: URL) -> Engine:
    """Return an engine whose every statement is a transaction of its own."""
    options = {"hide_parameters": True, "isolation_level": "AUTOCOMMIT"}
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, pool_reset_on_return=None, **options)
    waits = {"timeout": _WAIT_SECONDS}
    engine = create_engine(url, connect_args=waits, pool_reset_on_return=None, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    write_ahead(connection)
    connection.execute("PRAGMA synchronous = OFF")  # Counting anew after a crash is no harm.


def _make_on_postgres(connection: Connection) -> None:
    """Make the table and its index; two that do so at once would collide without a lock."""
    connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (_LOCK,))
    try:
        connection.exec_driver_sql(_POSTGRES_TABLE)
        connection.exec_driver_sql(_INDEX)
    finally:
        connection.exec_driver_sql("SELECT pg_advisory_unlock(%s)", (_LOCK,))


_COLUMNS = "PRIMARY KEY, hits BIGINT NOT NULL, ends_at BIGINT NOT NULL"
_SQLITE_TABLE = f"CREATE TABLE IF NOT EXISTS rate_limit (key BLOB {_COLUMNS}) WITHOUT ROWID"
_POSTGRES_TABLE = f"CREATE UNLOGGED TABLE IF NOT EXISTS rate_limit (key BYTEA {_COLUMNS})"
_INDEX = "CREATE INDEX IF NOT EXISTS ix_rate_limit_ends_at ON rate_limit (ends_at)"
_COUNT = """
INSERT INTO rate_limit AS kept (key, hits, ends_at) VALUES {rows}
ON CONFLICT (key) DO UPDATE SET
hits = CASE WHEN kept.ends_at <= {mark} THEN excluded.hits ELSE kept.hits + excluded.hits END,
ends_at = CASE WHEN kept.ends_at <= {mark} THEN excluded.ends_at ELSE kept.ends_at END
RETURNING key, hits, ends_at
"""
_RUNNING = "SELECT key, hits, ends_at FROM rate_limit WHERE key = {mark} AND ends_at > {mark}"
_CLEAR = "DELETE FROM rate_limit WHERE key = {mark} RETURNING key, hits, ends_at"
_FORGET = "DELETE FROM rate_limit RETURNING key, hits, ends_at"
_SWEEP = """
DELETE FROM rate_limit WHERE key IN
(SELECT key FROM rate_limit WHERE ends_at <= {mark} LIMIT {mark} {skip})
RETURNING key, hits, ends_at
"""
