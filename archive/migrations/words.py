"""Giving a text column more words: its CHECK is exchanged without rebuilding the table."""

import re
from collections.abc import Sequence

from alembic import op


def allow(table: str, column: str, words: Sequence[str]) -> None:
    """Let a column hold these words; raises RuntimeError when it has no such check.

    SQLite cannot alter a constraint. Rebuilding the table would copy every row of a
    district and lose its triggers, so the text of the schema is changed, as SQLite's manual
    describes for changes that leave the rows as they are ("Making Other Kinds Of Table
    Schema Changes").
    """
    name = f"ck_{table}_{column}_known"
    told = ", ".join(f"'{word}'" for word in words)
    check = f"{column} IN ({told})"
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.drop_constraint(op.f(name), table, type_="check")
        op.create_check_constraint(op.f(name), table, check)
        return
    query = "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?"
    before = str(connection.exec_driver_sql(query, (table,)).scalar_one())
    after, found = re.subn(
        rf"{name} CHECK \({column} IN \([^)]*\)\)", f"{name} CHECK ({check})", before
    )
    if found != 1:
        message = f"{table} has no check {name}"
        raise RuntimeError(message)
    version = connection.exec_driver_sql("PRAGMA schema_version").scalar_one()
    connection.exec_driver_sql("PRAGMA writable_schema = ON")
    changed = "UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?"
    connection.exec_driver_sql(changed, (after, table))
    connection.exec_driver_sql(f"PRAGMA schema_version = {int(version) + 1}")
    connection.exec_driver_sql("PRAGMA writable_schema = OFF")
