"""What a dossier holds, as far as a writer must know it: no content, only digests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from archive.dossiers.models import Record
from credit_bank.bulk import table_of
from schemas.vocabulary import Act, Rank, RecordKind

_BATCH = 400


@dataclass(slots=True)
class Version:
    """The newest row of one record."""

    id: UUID
    original_id: UUID
    act: Act
    kind: RecordKind
    organisation_id: UUID
    identity: bytes
    content: bytes
    effective_on: date | None
    occupation: str | None
    rank: Rank | None
    batch_id: UUID | None = None
    """The file that the row came from, or whose undoing withdrew the record."""

    @property
    def is_undone(self) -> bool:
        """Whether the record is gone because its file was undone: it may come again.

        Whoever withdraws a single record names no file.
        """
        return self.act is Act.WITHDRAW and self.batch_id is not None


class _Told(NamedTuple):
    """What is read of a row: nothing of what is sealed, which is most of it."""

    worker_id: UUID
    target_id: UUID | None
    id: UUID
    original_id: UUID
    act: Act
    kind: RecordKind
    organisation_id: UUID
    identity_digest: bytes
    content_digest: bytes
    effective_on: date | None
    occupation: str | None
    rank: Rank | None
    batch_id: UUID | None


_RECORDS = table_of(Record)
_TOLD = [_RECORDS.c[name] for name in _Told._fields]


class _Replacing(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def target_id(self) -> UUID | None: ...
    @property
    def act(self) -> Act: ...


Replacing = TypeVar("Replacing", bound=_Replacing)
"""A row that may replace another."""


@dataclass(slots=True)
class Shelf:
    """What a dossier holds, as far as the writer must know it."""

    newest: dict[UUID, Version] = field(default_factory=dict)
    by_identity: dict[bytes, UUID] = field(default_factory=dict)

    def put_row(self, row: Mapping[str, Any]) -> None:
        """Remember a row that is about to be appended."""
        self.put(
            Version(
                id=row["id"],
                original_id=row["original_id"],
                act=row["act"],
                kind=row["kind"],
                organisation_id=row["organisation_id"],
                identity=row["identity_digest"],
                content=row["content_digest"],
                effective_on=row["effective_on"],
                occupation=row["occupation"],
                rank=row["rank"],
                batch_id=row["batch_id"],
            )
        )

    def put(self, version: Version) -> None:
        """Remember the newest row of a record, and every identity it ever had."""
        self.newest[version.original_id] = version
        self.by_identity[version.identity] = version.original_id

    def find(self, identity: bytes) -> Version | None:
        """Return the newest row of the record with this identity."""
        original = self.by_identity.get(identity)
        return self.newest[original] if original else None

    def record(self, record_id: UUID) -> Version | None:
        """Return the newest row of a record, told by its id or by that very row's."""
        if record_id in self.newest:
            return self.newest[record_id]
        return next((row for row in self.newest.values() if row.id == record_id), None)


def shelves_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, Shelf]:
    """Return what the dossiers of some workers hold, without opening anything sealed."""
    shelves = {worker_id: Shelf() for worker_id in worker_ids}
    for at in range(0, len(worker_ids), _BATCH):
        mine = _RECORDS.c.worker_id.in_(worker_ids[at : at + _BATCH])
        rows = session.connection().execute(select(*_TOLD).where(mine))
        for row in newest_last([_Told(*one) for one in rows]):
            shelves[row.worker_id].put(Version(*row[2:]))
    return shelves


def newest_last(rows: Sequence[Replacing]) -> list[Replacing]:
    """Return rows so that the newest of each record comes after those that it replaces.

    Told by who replaces whom: an identifier made by another process may be older or
    younger than its row. What stands comes after what was withdrawn, so that it is found
    first.
    """
    replaced = {row.target_id for row in rows}
    return sorted(rows, key=lambda row: (row.id not in replaced, row.act is not Act.WITHDRAW))
