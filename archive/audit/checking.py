"""Is what was told still as it was told? Every seal and every row under it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from archive.audit.events import TABLE_OF, Row, Stream, digest_of
from archive.audit.sealing import (
    GENESIS,
    Seal,
    Streams,
    members_of,
    newest,
    seal_hash,
    unsealed,
)
from archive.audit.tables import AUDIT_SEAL
from archive.db import Database
from archive.texts import both
from schemas.audit import SealFault, SealMark, SealReport, SealState

FAULTS = {
    "event_changed": "This row is not as it was sealed: it was edited.",
    "event_removed": "This row was sealed and is gone.",
    "event_inserted": "This row claims to be older than seals that were made without it.",
    "seal_changed": "This seal does not follow from its rows and the seal before it.",
    "seal_missing": "A seal is missing here.",
    "seal_cut": "The checkpoint knows this seal, and it is gone: the end of the log was cut off.",
    "seal_rewritten": "The checkpoint knows another seal here: the log was sealed anew.",
}
"""What can be found; the last two need a checkpoint."""

LATE = timedelta(hours=1)
"""No transaction commits its events later than this."""
LONGEST_ACT = timedelta(days=1)
_BATCH = 400  # Below every database's limit on bound values.


class _Found(NamedTuple):
    seals: int
    events: int
    unsealed: int
    faults: list[SealFault]


def verify(streams: Streams) -> SealReport:
    """Check every seal of both streams, and every row."""
    found = [_verified(streams, stream) for stream in Stream]
    return SealReport(
        seals=sum(one.seals for one in found),
        events=sum(one.events for one in found),
        unsealed=sum(one.unsealed for one in found),
        faults=tuple(fault for one in found for fault in one.faults),
    )


def marks(store: Database) -> tuple[SealMark, ...]:
    """Return the newest seal of each stream, for a checkpoint."""
    found = (newest(store, stream) for stream in Stream)
    return tuple(
        SealMark(stream=one.stream, number=one.number, hash=one.hash.hex()) for one in found if one
    )


def states(streams: Streams, *, now: datetime) -> tuple[SealState, ...]:
    """Return how far each stream is sealed; quick, since only a day's rows are read."""
    return tuple(_state(streams, stream, now - LONGEST_ACT) for stream in Stream)


def _state(streams: Streams, stream: Stream, since: datetime) -> SealState:
    last = newest(streams.store, stream)
    return SealState(
        stream=stream,
        number=last.number if last else None,
        sealed_at=last.sealed_at if last else None,
        hash=last.hash.hex() if last else None,
        unsealed=sum(1 for _ in unsealed(streams, stream, since)),
    )


def compare(store: Database, told: Sequence[SealMark]) -> list[SealFault]:
    """Return which of a checkpoint's seals are gone or were made anew."""
    faults = []
    for mark in told:
        query = select(AUDIT_SEAL.c.hash).where(
            AUDIT_SEAL.c.stream == mark.stream, AUDIT_SEAL.c.number == mark.number
        )
        with store.reading() as session:
            found = session.execute(query).scalar_one_or_none()
        if found is None:
            faults.append(_fault(mark.stream, mark.number, None, "seal_cut"))
        elif found.hex() != mark.hash:
            faults.append(_fault(mark.stream, mark.number, None, "seal_rewritten"))
    return faults


def _verified(streams: Streams, stream: Stream) -> _Found:
    faults: list[SealFault] = []
    expected, previous, latest, events = 1, GENESIS, datetime.min.replace(tzinfo=UTC), 0
    for seal in _seals(streams.store, stream):
        if seal.number != expected:
            faults.append(_fault(stream, expected, None, "seal_missing"))
        elif seal_hash(stream, seal.number, seal.members, previous) != seal.hash:
            faults.append(_fault(stream, seal.number, None, "seal_changed"))
        faults += _under(streams, stream, seal, latest)
        expected, previous = seal.number + 1, seal.hash
        latest, events = max(latest, seal.sealed_at), events + seal.events
    left = 0
    for row in unsealed(streams, stream):
        left += 1
        if _is_inserted(row, latest):
            faults.append(_fault(stream, None, row["id"], "event_inserted"))
    return _Found(expected - 1, events, left, faults)


def _under(streams: Streams, stream: Stream, seal: Seal, latest: datetime) -> Iterator[SealFault]:
    members = list(members_of(seal))
    for at in range(0, len(members), _BATCH):
        part = dict(members[at : at + _BATCH])
        rows = _rows(streams, stream, list(part))
        for one, digest in part.items():
            row = rows.get(one)
            if row is None:
                yield _fault(stream, seal.number, one, "event_removed")
            elif digest_of(row) != digest:
                yield _fault(stream, seal.number, one, "event_changed")
            elif _is_inserted(row, latest):
                yield _fault(stream, seal.number, one, "event_inserted")


def _is_inserted(row: Row, latest: datetime) -> bool:
    """Whether a row is older than it can be: an earlier seal should hold it."""
    made = datetime.fromtimestamp((row["id"].int >> 80) / 1000, UTC)
    return made + LATE < latest or row["at"] + LONGEST_ACT < made


def _seals(store: Database, stream: Stream) -> Iterator[Seal]:
    number = 0
    while True:
        query = (
            select(AUDIT_SEAL)
            .where(AUDIT_SEAL.c.stream == stream, AUDIT_SEAL.c.number > number)
            .order_by(AUDIT_SEAL.c.number)
            .limit(_BATCH)
        )
        with store.reading() as session:
            found = [Seal(*row) for row in session.execute(query)]
        if not found:
            return
        yield from found
        number = found[-1].number


def _rows(streams: Streams, stream: Stream, ids: list[UUID]) -> dict[UUID, Row]:
    table = TABLE_OF[stream]
    query = select(table).where(table.c.id.in_(ids))
    with streams.database(stream).reading() as session:
        return {row["id"]: dict(row) for row in session.execute(query).mappings()}


def _fault(stream: str, seal: int | None, event: UUID | None, code: str) -> SealFault:
    return SealFault(
        stream=stream, seal=seal, event_id=event, code=code, message=both(FAULTS[code])
    )
