"""Sealing what was told: batches of rows of either stream, each seal hashing the one before it.

Whoever seals reads first which seal is the newest and then what is not sealed; the next number
is taken once, by the table's key. So of all processes one seals at a time, and the chain
cannot fork. Rows are found by what seals hold and never by "after the last one": a row
whose transaction took long stands before rows that are sealed already, and is sealed late.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from archive.audit.events import TABLE_OF, Row, Stream, digest_of
from archive.audit.tables import AUDIT_SEAL
from archive.db import Database
from credit_bank.bulk import insert_rows

MOST = 1_000
"""Events a seal: so many digests are compared to find the one row that was changed."""
RECENT = timedelta(minutes=10)
"""How far a sealer looks back each time; a thorough one looks at everything."""
GENESIS = bytes(32)
_CHUNK = 5_000
_ID, _DIGEST = 16, 32
_BEFORE_ALL = UUID(int=0)


class Streams(NamedTuple):
    """Where the two streams lie; the seals over both lie with the accesses."""

    archive: Database
    store: Database

    def database(self, stream: Stream) -> Database:
        """Return where a stream's rows are."""
        return self.archive if stream is Stream.WRITES else self.store


class Seal(NamedTuple):
    """One seal, as it is stored."""

    stream: str
    number: int
    sealed_at: datetime
    first_id: UUID
    last_id: UUID
    events: int
    members: bytes
    hash: bytes


def seal_all(streams: Streams, *, now: datetime, since: datetime | None = None) -> int:
    """Seal what is not sealed in either stream; return how many events that were.

    ``since`` leaves out rows that are older. Stops where another process seals, too.
    """
    return sum(_seal(streams, stream, now, since) for stream in Stream)


def _seal(streams: Streams, stream: Stream, now: datetime, since: datetime | None) -> int:
    last, sealed = newest(streams.store, stream), 0
    for batch in _batches(unsealed(streams, stream, since)):
        made = _made(stream, last, batch, now)
        try:
            with streams.store.transaction() as session:
                insert_rows(session, AUDIT_SEAL, [made._asdict()])
        except IntegrityError:
            return sealed  # Another process was first; the rest is its, or the next round's.
        last, sealed = made, sealed + len(batch)
    return sealed


def newest(store: Database, stream: Stream) -> Seal | None:
    """Return the last seal of a stream."""
    query = (
        select(AUDIT_SEAL)
        .where(AUDIT_SEAL.c.stream == stream)
        .order_by(AUDIT_SEAL.c.number.desc())
        .limit(1)
    )
    with store.reading() as session:
        found = session.execute(query).one_or_none()
    return Seal(*found) if found else None


def unsealed(
    streams: Streams, stream: Stream, since: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """Yield the rows that no seal holds, by their identifiers; memory holds a chunk of them."""
    table, after = TABLE_OF[stream], first_id_at(since) if since else _BEFORE_ALL
    while True:
        query = select(table).where(table.c.id > after).order_by(table.c.id).limit(_CHUNK)
        with streams.database(stream).reading() as session:
            rows = [dict(row) for row in session.execute(query).mappings()]
        if not rows:
            return
        held = _held(streams.store, stream, rows[0]["id"], rows[-1]["id"])
        yield from (row for row in rows if row["id"] not in held)
        after = rows[-1]["id"]


def seal_hash(stream: str, number: int, members: bytes, previous: bytes) -> bytes:
    """Return the SHA-256 of a seal."""
    told = b"skills-archive/audit-seal/1\0" + previous + stream.encode().ljust(16, b"\0")
    return sha256(told + number.to_bytes(8, "big") + members).digest()


def members_of(seal: Seal) -> Iterator[tuple[UUID, bytes]]:
    """Yield the identifier and digest of each row that a seal holds, in their order."""
    size = _ID + _DIGEST
    for at in range(0, len(seal.members), size):
        one = seal.members[at : at + size]
        yield UUID(bytes=one[:_ID].ljust(_ID, b"\0")), one[_ID:]


def first_id_at(moment: datetime) -> UUID:
    """Return the least identifier (UUIDv7) that can be made at a moment."""
    return UUID(int=max(int(moment.timestamp() * 1000), 0) << 80)


def _made(stream: Stream, last: Seal | None, batch: Sequence[Row], now: datetime) -> Seal:
    number, previous = (last.number + 1, last.hash) if last else (1, GENESIS)
    members = b"".join(row["id"].bytes + digest_of(row) for row in batch)
    return Seal(
        stream=stream.value,
        number=number,
        sealed_at=now,
        first_id=min(row["id"] for row in batch),
        last_id=max(row["id"] for row in batch),
        events=len(batch),
        members=members,
        hash=seal_hash(stream, number, members, previous),
    )


def _held(store: Database, stream: Stream, first: UUID, last: UUID) -> set[UUID]:
    query = select(AUDIT_SEAL).where(
        AUDIT_SEAL.c.stream == stream, AUDIT_SEAL.c.first_id <= last, AUDIT_SEAL.c.last_id >= first
    )
    with store.reading() as session:
        return {one for row in session.execute(query) for one, _ in members_of(Seal(*row))}


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows:
        batch.append(row)
        if len(batch) == MOST:
            yield batch
            batch = []
    if batch:
        yield batch
