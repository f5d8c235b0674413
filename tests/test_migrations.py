"""What migrations made is what the tables say, words of the vocabulary included."""

import re

import pytest
from sqlalchemy import CheckConstraint, text

from archive.db import Database, is_sqlite
from archive.migrations.tables import METADATA


def checks_of(archive: Database, table: str) -> dict[str, set[str]]:
    """Return the words that each named check of a table allows."""
    with archive.engine.connect() as connection:
        if is_sqlite(connection):
            query = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
            told = connection.execute(query, {"table": table}).scalar_one()
            found = re.findall(r"CONSTRAINT (ck_\w+) CHECK (.*)", told)
        else:
            query = text(
                "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                "WHERE contype = 'c' AND conrelid = to_regclass(:table)"
            )
            found = [tuple(row) for row in connection.execute(query, {"table": table})]
    return {name: set(re.findall(r"'(\w+)'", check)) for name, check in found}


@pytest.mark.parametrize("table", sorted(METADATA.tables))
def test_the_database_knows_every_word_of_the_vocabulary(archive, table):
    meant = {
        str(check.name): set(re.findall(r"'(\w+)'", str(check.sqltext)))
        for check in METADATA.tables[table].constraints
        if isinstance(check, CheckConstraint)
    }

    made = checks_of(archive, table)

    assert {name: words for name, words in meant.items() if not words <= made[name]} == {}
    assert made.keys() == meant.keys()
