"""The tables of the two streams, and of the seals over both.

Writes are told in the archive's own database, in the transaction of the write itself.
Accesses have a database of their own: a reader must not wait for a writer of dossiers.
No name, number or address stands in either.
"""

from typing import Any

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, String, Table, Uuid
from sqlmodel import SQLModel

from credit_bank.columns import WORD, UtcTime

ACCESS_STORE = MetaData(naming_convention=SQLModel.metadata.naming_convention)
_KEPT: dict[str, object] = {"append_only": True}


def _columns() -> list[Column[Any]]:
    """Return the columns of an event; both streams tell the same."""
    return [
        Column("id", Uuid, primary_key=True),
        Column("at", UtcTime, nullable=False),
        Column("actor_id", Uuid),  # The account; none for a stranger and for the house itself.
        Column("role", WORD),
        Column("organisation_id", Uuid),
        Column("visit_id", Uuid),  # Counter mode: the worker stood at the counter.
        Column("action", WORD, nullable=False),
        Column("worker_id", Uuid),
        Column("subject_kind", WORD),
        Column("subject_id", Uuid),
        Column("people", Integer),  # Of a scan over everyone: how many keys it opened.
        Column("request", String(16)),
        Column("purpose", WORD),
        Column("reason", LargeBinary),  # What somebody typed, sealed under the worker's key.
        Column("source", LargeBinary),  # Keyed digest of the network address.
        Column("outcome", WORD, nullable=False),
        Column("code", String(60)),  # Why it was refused.
    ]


AUDIT_EVENT = Table(
    "audit_event",
    SQLModel.metadata,
    *_columns(),
    Index("ix_audit_event_worker", "worker_id", "id"),
    Index("ix_audit_event_actor", "actor_id", "id"),
    info=_KEPT,
)
"""What was written, or decided, and by whom."""

ACCESS_EVENT = Table(
    "access_event",
    ACCESS_STORE,
    *_columns(),
    Index("ix_access_event_worker", "worker_id", "id"),
    Index("ix_access_event_actor", "actor_id", "id"),
    info=_KEPT,
)
"""Whose personal data were opened, by whom; and what was refused."""

AUDIT_SEAL = Table(
    "audit_seal",
    ACCESS_STORE,
    Column("stream", WORD, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed_at", UtcTime, nullable=False),
    Column("first_id", Uuid, nullable=False),
    Column("last_id", Uuid, nullable=False),
    Column("events", Integer, nullable=False),
    Column("members", LargeBinary, nullable=False),  # Each row's id and SHA-256, in their order.
    Column("hash", LargeBinary, nullable=False),
    Index("ix_audit_seal_last", "stream", "last_id"),
    info=_KEPT,
)
"""Batches of rows of either stream, chained."""
