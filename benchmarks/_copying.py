"""The very rows that a step of the archive wrote, inserted again by the bare driver.

The other database begins as a copy of the archive's, so that it has the same rows, indexes,
keys and triggers. On SQLite the driver inserts by ``executemany``; on PostgreSQL both by
``executemany`` and by COPY, which is the quickest way that there is.
"""

import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

Rows = Sequence[tuple[Any, ...]]
Added = Mapping[str, Rows]
"""The rows of a step by table, in the order in which the archive wrote them."""

_PAGES = 2_000
_HEADS = "chain_head"  # Heads of dossiers that were there before are moved, not inserted.
_BESIDE = frozenset({"alembic_version", "account", "organisation", "rule_version"})
_PRAGMAS = ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON")


class Watched(Protocol):
    """A database into which the archive writes."""

    def added(self) -> Added:
        """Return what was written since this was asked last."""

    def counts(self) -> Mapping[str, int]:
        """Return how many rows each table has."""


class Driver(Protocol):
    """A database into which the bare driver writes."""

    def write(self, rows: Added) -> None:
        """Insert rows in one transaction, and move the heads that are there."""

    def counts(self) -> Mapping[str, int]:
        """Return how many rows each table has."""


class WatchedFile:
    """A file of SQLite; what is new there has higher row numbers."""

    def __init__(self, path: Path) -> None:
        """Look at what is there by now."""
        self._file = sqlite3.connect(path, isolation_level=None)
        found = self._file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        self.tables = sorted({name for (name,) in found} - _BESIDE)
        self._seen = {name: self._last(name) for name in self.tables}

    def added(self) -> Added:
        """Return what was written since this was asked last."""
        found: dict[str, Rows] = {}
        for name in self.tables:
            query = f'SELECT * FROM "{name}" WHERE rowid > ? ORDER BY rowid'  # noqa: S608  # Our own.
            found[name] = self._file.execute(query, [self._seen[name]]).fetchall()
            self._seen[name] = self._last(name)
        return _with_moved(found, self._heads(_whose(found)))

    def counts(self) -> Mapping[str, int]:
        """Return how many rows each table has."""
        return {
            name: self._file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # Our own.
            for name in self.tables
        }

    def _last(self, name: str) -> int:
        query = f'SELECT coalesce(max(rowid), 0) FROM "{name}"'  # noqa: S608  # Our own.
        return int(self._file.execute(query).fetchone()[0])

    def _heads(self, whose: list[Any]) -> Rows:
        found: list[tuple[Any, ...]] = []
        for one in whose:
            found += self._file.execute("SELECT * FROM chain_head WHERE worker_id = ?", [one])
        return found


class DriverFile(WatchedFile):
    """A copy of a file of SQLite, written by ``sqlite3`` alone."""

    def __init__(self, original: Path, copy: Path) -> None:
        """Copy a file as it is now, and open it as the archive opens its own."""
        copy.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(original)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
        super().__init__(copy)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA cache_size = -65536")
        for pragma in _PRAGMAS:
            self._file.execute(f"PRAGMA {pragma}")

    def write(self, rows: Added) -> None:
        """Insert rows in one transaction, and move the heads that are there."""
        self._file.execute("BEGIN IMMEDIATE")
        for name, some in rows.items():
            if name == _MOVED:
                move = "UPDATE chain_head SET sequence = ?, hash = ? WHERE worker_id = ?"
                self._file.executemany(move, [(at, head, whose) for whose, at, head in some])
            elif some:
                marks = ", ".join("?" for _ in some[0])
                self._file.executemany(f'INSERT INTO "{name}" VALUES ({marks})', some)  # noqa: S608  # Our own.
        self._file.execute("COMMIT")


class WatchedServer:
    """A database of PostgreSQL; what is new there lies behind what was there."""

    def __init__(self, url: str) -> None:
        """Look at what is there by now."""
        parsed = make_url(url)
        self._server = psycopg.connect(
            host=str(parsed.query["host"]), user=parsed.username, dbname=parsed.database
        )
        self._server.autocommit = True
        found = self._server.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        self.tables = sorted({name for (name,) in found} - _BESIDE)
        self._seen = self._now()

    def added(self) -> Added:
        """Return what was written since this was asked last."""
        found = {name: self._behind(name) for name in self.tables}
        self._seen = self._now()
        return _with_moved(found, self._heads(_whose(found)))

    def counts(self) -> Mapping[str, int]:
        """Return how many rows each table has."""
        query = sql.SQL("SELECT count(*) FROM {}")
        return {name: self._one(query.format(sql.Identifier(name))) for name in self.tables}

    def processes(self) -> list[int]:
        """Return the server's processes that serve this database, but not this connection."""
        query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> %s"
        own = self._server.info.backend_pid
        return [pid for (pid,) in self._server.execute(query, [own])]

    def _behind(self, name: str) -> Rows:
        """Return what transactions wrote since; one step fills few of the last pages."""
        query = sql.SQL(
            "SELECT * FROM {0} WHERE xmin::text::bigint > %s AND ctid >= (SELECT format('(%%s,0)', "
            "greatest(0, pg_relation_size({1}) / 8192 - %s))::tid) ORDER BY ctid"
        ).format(_named(name), sql.Literal(f'"{name}"'))
        rows = self._server.execute(query, [self._seen, _PAGES]).fetchall()
        if name == "posting":  # A lot's own posting stands before those that name it.
            rows.sort(key=lambda row: row[1] not in row[4:])
        return rows

    def _now(self) -> int:
        return int(str(self._one(sql.SQL("SELECT pg_current_xact_id()::text").format())))

    def _one(self, query: sql.Composed) -> Any:  # noqa: ANN401  # Whatever the column has.
        row = self._server.execute(query).fetchone()
        assert row is not None
        return row[0]

    def _heads(self, whose: list[Any]) -> Rows:
        query = "SELECT * FROM chain_head WHERE worker_id = ANY(%s)"
        return self._server.execute(query, [whose]).fetchall() if whose else []


class DriverServer(WatchedServer):
    """Another database of PostgreSQL, written by ``psycopg`` alone."""

    def __init__(self, url: str, *, by_copy: bool) -> None:
        """Open what was made as a copy."""
        super().__init__(url)
        self._by_copy = by_copy

    def write(self, rows: Added) -> None:
        """Insert rows in one transaction, and move the heads that are there."""
        with self._server.transaction(), self._server.cursor() as cursor:
            for name, some in rows.items():
                if name == _MOVED:
                    move = "UPDATE chain_head SET sequence = %s, hash = %s WHERE worker_id = %s"
                    cursor.executemany(move, [(at, head, whose) for whose, at, head in some])
                elif some and self._by_copy:
                    with cursor.copy(sql.SQL("COPY {} FROM STDIN").format(_named(name))) as copy:
                        for row in some:
                            copy.write_row(row)
                elif some:
                    marks = sql.SQL(", ").join([sql.Placeholder()] * len(some[0]))
                    insert = sql.SQL("INSERT INTO {} VALUES ({})").format(_named(name), marks)
                    cursor.executemany(insert, some)

    def processor_seconds(self) -> float:
        """Return the processor time of the server's process that serves this driver."""
        return seconds_of(self._server.info.backend_pid)


def copied_on_server(original: str, name: str) -> str:
    """Copy a database of PostgreSQL as it is now; return the address of the copy.

    Nobody else may be connected to the original meanwhile.
    """
    parsed = make_url(original)
    host = str(parsed.query["host"])
    with psycopg.connect(host=host, user=parsed.username, autocommit=True) as server:
        told = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(told.format(_named(name), _named(str(parsed.database))))
    return original.replace(f"/{parsed.database}?", f"/{name}?")


def seconds_of(process: int) -> float:
    """Return the processor time of another process so far."""
    told = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


_MOVED = "moved heads"


def _named(name: str) -> sql.Identifier:
    return sql.Identifier(name)


def _whose(found: Added) -> list[Any]:
    """Return the workers whose dossiers were there before and grew."""
    new = {row[0] for row in found.get("worker", ())}
    return sorted({row[0] for row in found.get("chain_link", ())} - new)


def _with_moved(found: dict[str, Rows], moved: Rows) -> Added:
    """Return rows in an order that every foreign key allows, and the heads that moved."""
    whose = {row[0] for row in moved}
    heads = [row for row in found.get(_HEADS, ()) if row[0] not in whose]
    told = {**found, _HEADS: heads, _MOVED: moved}
    first = [name for name in _ORDER if name in told]
    return {name: told[name] for name in [*first, *sorted(told.keys() - set(first))] if told[name]}


_ORDER = ("intake_batch", "worker", "record", "chain_head", "chain_link", "outcome", "entry")
