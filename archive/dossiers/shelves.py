"""What a dossier holds, as far as a writer must know it: no content, only digests."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select, type_coerce
from sqlalchemy.types import NullType
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
    """What is read of a row, as the driver gives it: nothing of what is sealed.

    Most rows only say that they are not the one that is looked for.
    """

    worker_id: UUID | str
    target_id: UUID | str | None
    id: UUID | str
    original_id: UUID | str
    act: str
    kind: str
    organisation_id: UUID | str
    identity_digest: bytes
    content_digest: bytes
    effective_on: date | str | None
    occupation: str | None
    rank: int | None
    batch_id: UUID | str | None

    def version(self) -> Version:
        """Return the row as the rest of the archive knows it."""
        return Version(
            id=as_id(self.id),
            original_id=as_id(self.original_id),
            act=Act(self.act),
            kind=RecordKind(self.kind),
            organisation_id=as_id(self.organisation_id),
            identity=self.identity_digest,
            content=self.content_digest,
            effective_on=_as_day(self.effective_on),
            occupation=self.occupation,
            rank=Rank(self.rank) if self.rank is not None else None,
            batch_id=as_id(self.batch_id) if self.batch_id else None,
        )


_RECORDS = table_of(Record).c
_WHOSE: BindParameter[UUID] = bindparam("whose", expanding=True)
_TOLD = select(*[type_coerce(_RECORDS[name], NullType()) for name in _Told._fields]).where(
    _RECORDS.worker_id.in_(_WHOSE)
)


class Replaced(Protocol):
    """What tells of a row whether it replaces another."""

    @property
    def id(self) -> UUID | str:
        """The row's own identifier."""

    @property
    def target_id(self) -> UUID | str | None:
        """The row that it replaces."""

    @property
    def act(self) -> str:
        """What it does."""


Replacing = TypeVar("Replacing", bound=Replaced)
"""A row that may replace another."""


class Shelf:
    """What a dossier holds, as far as the writer must know it."""

    __slots__ = ("_newest", "_originals")

    def __init__(self, told: Iterable[_Told] = ()) -> None:
        """Take the rows on file, the newest of each record after those that it replaces."""
        self._newest: dict[str, _Told | Version] = {}
        self._originals: dict[bytes, str] = {}
        for row in told:
            self._put(digits(row.original_id), row.identity_digest, row)

    def put_row(self, row: Mapping[str, Any]) -> None:
        """Remember a row that is about to be appended."""
        version = Version(
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
        self._put(version.original_id.hex, version.identity, version)

    def _put(self, original: str, identity: bytes, row: _Told | Version) -> None:
        """Remember the newest row of a record, and every identity it ever had."""
        self._newest[original] = row
        self._originals[identity] = original

    def find(self, identity: bytes) -> Version | None:
        """Return the newest row of the record with this identity."""
        original = self._originals.get(identity)
        return _known(self._newest[original]) if original else None

    def record(self, record_id: UUID) -> Version | None:
        """Return the newest row of a record, told by its id or by that very row's."""
        wanted = record_id.hex
        rows = self._newest.values()
        found = self._newest.get(wanted) or next((r for r in rows if digits(r.id) == wanted), None)
        return _known(found) if found else None


def shelves_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, Shelf]:
    """Return what the dossiers of some workers hold, without opening anything sealed."""
    found: dict[str, list[_Told]] = defaultdict(list)
    for at in range(0, len(worker_ids), _BATCH):
        rows = session.connection().execute(_TOLD, {"whose": worker_ids[at : at + _BATCH]})
        for row in newest_last([_Told._make(one) for one in rows.all()]):
            found[digits(row.worker_id)].append(row)
    return {worker_id: Shelf(found[worker_id.hex]) for worker_id in worker_ids}


def newest_last(rows: Sequence[Replacing]) -> list[Replacing]:
    """Return rows so that the newest of each record comes after those that it replaces.

    Told by who replaces whom: an identifier made by another process may be older or
    younger than its row. What stands comes after what was withdrawn, so that it is found
    first.
    """
    replaced = {row.target_id for row in rows}
    return sorted(rows, key=lambda row: (row.id not in replaced, row.act != Act.WITHDRAW))


def digits(told: UUID | str) -> str:
    """Return an identifier's digits, as SQLite keeps it; PostgreSQL's driver knows its type."""
    return told if isinstance(told, str) else told.hex


def as_id(told: UUID | str) -> UUID:
    """Return an identifier that a driver gave."""
    return UUID(told) if isinstance(told, str) else told


def _as_day(told: date | str | None) -> date | None:
    return date.fromisoformat(told) if isinstance(told, str) else told


def _known(row: _Told | Version) -> Version:
    return row if isinstance(row, Version) else row.version()
