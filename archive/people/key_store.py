"""The key store: wrapped keys of persons and of look-ups, and the versions of the master key.

A database of its own, never in the same backup as the archive. Only ``privacy`` and the
rotations use it; what the master key itself is stands in ``master_key``.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import (
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlmodel import Session

from archive.db import Database
from credit_bank.columns import UtcTime
from schemas.keys import KeyState, MasterKeySource

KEY_STORE = MetaData()
WRAPPED_KEY = Table(
    "wrapped_key",
    KEY_STORE,
    Column("worker_id", Uuid, primary_key=True),
    Column("master_id", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Index("ix_wrapped_key_master", "master_id", "worker_id"),
)
CLOSED_KEY = Table(
    "closed_key",
    KEY_STORE,
    Column("worker_id", Uuid, primary_key=True),
    Column("closed_as", String(16), nullable=False),
    Column("closed_at", UtcTime, nullable=False),
)
"""Keys that are handed to nobody: see ``archive.people.closing``."""
MASTER_VERSION = Table(
    "master_version",
    KEY_STORE,
    Column("id", String(16), primary_key=True),
    Column("state", String(40), nullable=False),
    Column("source", String(40), nullable=False),
    Column("created_at", UtcTime, nullable=False),
)
INDEX_KEY = Table(
    "index_key",
    KEY_STORE,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("master_id", String(16), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
)
_HOLDING = (WRAPPED_KEY, INDEX_KEY)


class MasterVersion(NamedTuple):
    """A version of the master key, as the key store knows it."""

    id: str
    state: KeyState
    source: MasterKeySource
    created_at: datetime


def masters_in_use(store: Database) -> set[str]:
    """Return under which master keys anything is wrapped; empty before the first use.

    Each is found by one step along the index: no table is read from end to end.
    """
    found: set[str] = set()
    with store.reading() as session:
        there = set(inspect(session.connection()).get_table_names())
        for table in _HOLDING:
            if table.name in there:
                found |= _distinct(session, table.c.master_id)
    return found


def _distinct(session: Session, column: Column[str]) -> set[str]:
    found: set[str] = set()
    last = ""
    while True:
        after = session.execute(select(func.min(column)).where(column > last)).scalar()
        if after is None:
            return found
        found.add(after)
        last = after


def current_master(session: Session, *, kept: bool = False) -> str:
    """Return the version under which new keys are wrapped.

    With ``kept`` it stays so until the transaction ends, so that nothing is wrapped under
    a version that was left meanwhile.
    """
    query = select(MASTER_VERSION.c.id).where(MASTER_VERSION.c.state == KeyState.CURRENT)
    if kept:
        query = query.with_for_update(read=True)
    found: str | None = session.execute(query).scalar()
    # A change that was waited for has put another row in its place: look once more.
    return found or str(session.execute(query).scalar_one())


def master_versions(session: Session) -> list[MasterVersion]:
    """Return all versions that were ever used and not retired, the oldest first."""
    columns = MASTER_VERSION.c
    query = select(columns.id, columns.state, columns.source, columns.created_at)
    return [
        MasterVersion(version, KeyState(state), MasterKeySource(source), created_at)
        for version, state, source, created_at in session.execute(
            query.order_by(columns.created_at, columns.id)
        )
    ]


def put_in_use(session: Session, version: str, source: MasterKeySource, *, now: datetime) -> None:
    """Let a master key be the one under which new keys are wrapped."""
    left = update(MASTER_VERSION).where(MASTER_VERSION.c.state == KeyState.CURRENT)
    session.connection().execute(left.values(state=KeyState.PREVIOUS))
    row = {"id": version, "state": KeyState.CURRENT, "source": source, "created_at": now}
    session.connection().execute(insert(MASTER_VERSION).values(row))


def rows_under(session: Session, version: str) -> int:
    """Return how many keys are wrapped under a master key."""
    return sum(
        session.execute(
            select(func.count()).select_from(table).where(table.c.master_id == version)
        ).scalar_one()
        for table in _HOLDING
    )


def strike_out(session: Session, version: str) -> None:
    """Forget a version of the master key; the caller has seen that nothing is under it."""
    session.connection().execute(delete(MASTER_VERSION).where(MASTER_VERSION.c.id == version))


def index_versions_kept(session: Session) -> Sequence[tuple[int, datetime]]:
    """Return the versions of the look-up key that are kept, and since when."""
    query = select(INDEX_KEY.c.version, INDEX_KEY.c.created_at).order_by(INDEX_KEY.c.version)
    return [(version, created_at) for version, created_at in session.execute(query)]
