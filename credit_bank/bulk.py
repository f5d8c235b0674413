"""Bulk inserts on bare tables: many rows, one statement, no mapper.

Values are bound column by column with each column's own type, which costs a third of what
SQLAlchemy's general way costs; the driver then gets plain tuples.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Dialect, LargeBinary, Table
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]
"""A row about to be inserted: columns and their values."""


def table_of(model: type[SQLModel]) -> Table:
    """Return the bare table of a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def insert_rows(session: Session, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; no row, no statement."""
    if not rows:
        return
    connection = session.connection()
    names = tuple(rows[0])
    columns = (_bound(table.columns[name], rows, connection.dialect) for name in names)
    statement = _statement(table, names, connection.dialect)
    connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _bound(column: Column[Any], rows: Iterable[Row], dialect: Dialect) -> list[Any]:
    """Return a column's values as the driver takes them; bytes it takes as they are."""
    name, kind = column.name, column.type
    values = [row[name] for row in rows]
    if isinstance(kind, LargeBinary):
        return values
    bind: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    return values if bind is None else [bind(value) for value in values]


@lru_cache(maxsize=64)
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.format_column(table.columns[name]) for name in names)
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join(mark for _ in names)
    return f"INSERT INTO {quoted.format_table(table)} ({columns}) VALUES ({marks})"  # noqa: S608  # Names of our own tables.
