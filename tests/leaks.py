"""Finds identity numbers of (synthetic) people where none may stand: in logs, databases, files.

A number counts when its area is one of those given to nobody and its check character is right,
so that chance finds none: what the tests make up is all like that.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

from archive.people.identity import check_character

_NUMBERS = [re.compile(area + rb"[0-9]{11}[0-9Xx](?![0-9])") for area in (b"990000", b"000000")]
"""One each: what begins with known letters is found far sooner than a choice behind a look."""
_TOLD = ("job", "audit", "access", "limit", "attempt", "outbox", "notice")
"""How tables begin whose rows must name nobody; all else is sealed, and searched on SQLite."""


def numbers_in(content: bytes) -> set[str]:
    """Return the identity numbers that stand somewhere in some bytes."""
    found = (
        match[0].decode().upper()
        for pattern in _NUMBERS
        for match in pattern.finditer(content)
        if not content[max(match.start() - 1, 0) : match.start()].isdigit()
    )
    return {number for number in found if check_character(number[:17]) == number[17]}


def numbers_under(folder: Path) -> dict[str, set[str]]:
    """Return the files below a folder that hold identity numbers in clear."""
    files = (path for path in folder.rglob("*") if path.is_file())
    found = {str(path.relative_to(folder)): numbers_in(path.read_bytes()) for path in files}
    return {name: numbers for name, numbers in found.items() if numbers}


def numbers_in_tables(url: str) -> dict[str, set[str]]:
    """Return the tables of a PostgreSQL archive about work and access that hold such numbers."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = {name: numbers_in(_told(connection, name)) for name in _tables(connection)}
    return {".".join(name): numbers for name, numbers in found.items() if numbers}


def _tables(connection: psycopg.Connection) -> Iterator[tuple[str, str]]:
    query = """
        SELECT schemaname, relname FROM pg_stat_user_tables
        WHERE schemaname NOT LIKE 'pg_%'
    """
    rows: Iterable[tuple[str, str]] = connection.execute(query)
    for schema, name in rows:
        if schema == "dbos" or name.startswith(_TOLD):
            yield schema, name


def _told(connection: psycopg.Connection, name: tuple[str, str]) -> bytes:
    query = sql.SQL("SELECT told::text FROM {table} AS told").format(table=sql.Identifier(*name))
    return "\n".join(row[0] for row in connection.execute(query)).encode()
