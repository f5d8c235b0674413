"""Under which names people are known: the present one, and those that they had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select, type_coerce
from sqlalchemy.types import NullType
from sqlmodel import Session

from archive.dossiers.models import Record
from archive.dossiers.sealing import unsealed_record
from archive.dossiers.shelves import Replaced, newest_last
from archive.people.names import same_name
from archive.people.privacy import PersonKey
from credit_bank.bulk import table_of
from schemas.identities import Identity, NameChange
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RecordKind

_BATCH = 400


class _Naming(NamedTuple):
    """What is read of a row that names somebody; identifiers as the driver gives them."""

    worker_id: UUID
    target_id: UUID | str | None
    id: UUID | str
    original_id: UUID | str
    act: str
    recorded_at: datetime
    sealed: bytes


_RECORDS = table_of(Record).c
_WHOSE: BindParameter[UUID] = bindparam("whose", expanding=True)
_NAMING = (
    select(
        _RECORDS.worker_id,
        *(type_coerce(_RECORDS[name], NullType()) for name in ("target_id", "id", "original_id")),
        _RECORDS.act,
        _RECORDS.recorded_at,
        _RECORDS.sealed,
    )
    .where(
        _RECORDS.worker_id.in_(_WHOSE),
        _RECORDS.kind.in_((RecordKind.IDENTITY, RecordKind.NAME_CHANGE)),
    )
    .order_by(_RECORDS.worker_id, _RECORDS.recorded_at, _RECORDS.id)
)


class _Dated(Replaced, Protocol):
    @property
    def original_id(self) -> UUID | str: ...
    @property
    def recorded_at(self) -> datetime: ...


Naming = TypeVar("Naming", bound=_Dated)
"""A row of a record that names somebody."""


@dataclass(slots=True)
class KnownNames:
    """The names of one person."""

    present: str = ""
    former: list[str] = field(default_factory=list)

    def is_present(self, name: str) -> bool:
        """Whether this is the name that the person has."""
        return same_name(name, self.present)

    def is_former(self, name: str) -> bool:
        """Whether the person had this name before."""
        return any(same_name(name, one) for one in self.former)


def names_of(
    session: Session, worker_ids: Sequence[UUID], keys: dict[UUID, PersonKey]
) -> dict[UUID, KnownNames]:
    """Return the names of the workers whose keys are given, in bulk."""
    found: dict[UUID, list[_Naming]] = {worker_id: [] for worker_id in keys}
    for at in range(0, len(worker_ids), _BATCH):
        rows = session.connection().execute(_NAMING, {"whose": worker_ids[at : at + _BATCH]})
        for row in newest_last([_Naming._make(one) for one in rows.all()]):
            if row.worker_id in found:
                found[row.worker_id].append(row)
    return {
        worker_id: known_names(
            unsealed_record(keys[worker_id], row.sealed) for row in standing(theirs)
        )
        for worker_id, theirs in found.items()
        if theirs
    }


def standing(rows: Iterable[Naming]) -> list[Naming]:
    """Return the newest row of each record that was not withdrawn, the earliest record first.

    Of a person whose dossiers were merged the document that came first says the present name.
    """
    told = list(rows)
    newest = {row.original_id: row for row in told}
    begun = {row.original_id: row.recorded_at for row in told if row.id == row.original_id}
    live = [row for row in newest.values() if row.act != Act.WITHDRAW]
    return sorted(live, key=lambda row: begun.get(row.original_id, row.recorded_at))


def known_names(contents: Iterable[AnyRecord]) -> KnownNames:
    """Return the names that a person's standing records tell, whatever order they came in."""
    told = list(contents)
    changes = sorted(
        (one for one in told if isinstance(one, NameChange)), key=lambda one: one.changed_on
    )
    had = [one.name for one in told if isinstance(one, Identity)]  # One more a merged dossier.
    known = KnownNames(had[0] if had else "")
    for change in changes:
        had += [known.present, change.former_name]
        known.present = change.name
    known.former = [name for name in dict.fromkeys(had) if name and name != known.present]
    return known
