"""What an archive on SQLite stores: taken down, put back, and what a request did to it.

Of what is drawn or measured anew at each request (identifiers, times, keys, what is sealed)
only that it is there can be compared; all else is compared as it stands.
"""

import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Self

DATABASES = ("archive.db", "access.db", "keys.db")
_UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}")
_DRAWN = re.compile(
    r"""\b[0-9a-f]{8}\b | [0-9a-f]{16,} | key-[0-9a-f]{12} | ska_[\w-]{6}   # Names by lot
    | [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4} | [A-Za-z0-9_-]{43}
    | \d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(Z|\+00:00)? | \d{10}\.\d+   # Moments
    | (?<![\w.-])\d{6}(?![\w.-])   # The size of a signed document, which is never twice the same
    """,
    re.VERBOSE,
)
Row = tuple[str, ...]


@dataclass(frozen=True)
class Stored:
    """All rows of an archive at one moment."""

    rows: Counter[Row]
    """The table's name, then each column's text."""

    @classmethod
    def under(cls, home: Path) -> Self:
        """Take down every row."""
        return cls(Counter(row for name in DATABASES for row in _rows(home / name)))

    @cached_property
    def known(self) -> frozenset[str]:
        """Every identifier that stands in some row."""
        return frozenset(_UUID.findall("\n".join("\t".join(row) for row in self.rows)))

    def new(self, home: Path) -> Counter[Row]:
        """Return the rows that an archive has more than these, as they stand."""
        return Stored.under(home).rows - self.rows

    def plain(self, new: Counter[Row]) -> Counter[Row]:
        """Return new rows without what is drawn anew each time."""
        return Counter(tuple(_plain(cell, self.known) for cell in row) for row in new.elements())


def put_back(home: Path, kept: Path) -> None:
    """Make an open archive's rows those of a copy again, and bring back what files it removed."""
    for path in kept.rglob("*"):
        gone = home / path.relative_to(kept)
        if path.is_file() and not gone.exists():
            shutil.copyfile(path, gone)
    for name in DATABASES:
        with (
            closing(sqlite3.connect(kept / name)) as source,
            closing(sqlite3.connect(home / name)) as target,
        ):
            source.backup(target)


def _rows(path: Path) -> Iterator[Row]:
    with closing(sqlite3.connect(path)) as connection:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in listed.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                yield (table, *(_text(cell) for cell in row))


def _text(cell: object) -> str:
    if not isinstance(cell, bytes):
        return str(cell)
    try:
        return cell.decode()
    except UnicodeDecodeError:
        return "sealed"


def _plain(cell: str, known: frozenset[str]) -> str:
    told = _UUID.sub(lambda found: found[0] if found[0] in known else "·", cell)
    return told if told in known else _DRAWN.sub("·", told)
