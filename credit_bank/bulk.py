"""Bulk inserts on bare tables: many rows, one statement, no mapper.

Values are bound column by column with each column's own type, which spares SQLAlchemy's
work on each value; the driver gets plain tuples. PostgreSQL takes them by COPY, which spares
its server a statement a row.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Connection, Date, Dialect, LargeBinary, Table, Uuid
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, SQLModel

from credit_bank.columns import Hundredth, Level, UtcTime, Word

_FEW = (Word, Level, Hundredth, UtcTime, Date, Boolean)
"""Types of whose values few differ within a batch; equal ones are bound once."""

Row = Mapping[str, Any]
"""A row about to be inserted: columns and their values."""


def table_of(model: type[SQLModel]) -> Table:
    """Return the bare table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def insert_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; no row, no statement.

    Raises what any insert raises: IntegrityError for what a constraint refuses.
    """
    if not rows:
        return
    connection = session.connection()
    names = tuple(rows[0])
    columns = (_bound(table.columns[name], rows, connection.dialect) for name in names)
    bound = zip(*columns, strict=True)
    where = _target(table, names, connection.dialect)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {where} FROM STDIN", bound)
        return
    marks = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {where} VALUES ({marks})"  # noqa: S608  # Names of our own columns.
    connection.exec_driver_sql(statement, list(bound))


def _copy(connection: Connection, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Copy rows in by the driver's own way, with SQLAlchemy's errors."""
    failure = connection.dialect.loaded_dbapi.Error
    cursor: Any = connection.connection.cursor()  # Only psycopg's has copy().
    try:
        with cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except failure as failed:
        raise DBAPIError.instance(
            statement, None, failed, failure, hide_parameters=True, dialect=connection.dialect
        ) from failed


def _bound(column: Column[Any], rows: Iterable[Row], dialect: Dialect) -> list[Any]:
    """Return a column's values as the driver takes them; bytes it takes as they are."""
    name, kind = column.name, column.type
    values = [row[name] for row in rows]
    if isinstance(kind, LargeBinary):
        return values
    bind: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if bind is None:
        return values
    if isinstance(kind, Uuid):  # Nearly all differ, and a driver with a processor takes digits.
        return list(_digits(values))
    if isinstance(kind, _FEW):
        known = {value: bind(value) for value in set(values)}
        return [known[value] for value in values]
    return [bind(value) for value in values]


def _digits(values: Iterable[UUID | None]) -> Iterator[str | None]:
    """Yield the digits of identifiers; of rows about one thing they are worked out once."""
    last: UUID | None = None
    digits: str | None = None
    for value in values:
        if value is not last:
            last, digits = value, value.hex if value else None
        yield digits


@lru_cache(maxsize=64)
def _target(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    """Return the table and its columns, quoted where their names are the database's words."""
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(table.columns[name]) for name in names)
    return f"{quoted.format_table(table)} ({columns})"
