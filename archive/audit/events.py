"""An event as a row: its words, and its canonical bytes, which are what is sealed."""

from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Table

from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from credit_bank.chain import canonical_bytes

Row = Mapping[str, Any]


class Stream(StrEnum):
    """Which of the two streams."""

    WRITES = "writes"
    ACCESSES = "accesses"


class Outcome(StrEnum):
    """What became of what was asked for."""

    DONE = "done"
    REFUSED = "refused"


class Own(StrEnum):
    """Actions that no permission names."""

    SIGN_IN = "sign_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SHARE_PIN = "share_pin"
    """A PIN was typed at a share link; whether anything was seen, another event tells."""
    UNNAMED = "unnamed"
    """A door forgot to say what is asked for; tests look for it."""


TABLE_OF: dict[Stream, Table] = {Stream.WRITES: AUDIT_EVENT, Stream.ACCESSES: ACCESS_EVENT}
NAMES = tuple(column.name for column in ACCESS_EVENT.columns)
"""Every column, as both streams have it."""


def digest_of(row: Row) -> bytes:
    """Return the SHA-256 of a row's canonical bytes."""
    return sha256(canonical_bytes({name: row[name] for name in NAMES})).digest()
