"""Under which names people are known: the present one, and those that they had."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.dossiers.shelves import newest_last
from archive.people.names import same_name
from archive.people.privacy import PersonKey
from schemas.identities import Identity, NameChange
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RecordKind

_BATCH = 400


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
    rows: dict[UUID, list[Record]] = {}
    for at in range(0, len(worker_ids), _BATCH):
        query = (
            select(Record)
            .where(
                col(Record.worker_id).in_(worker_ids[at : at + _BATCH]),
                col(Record.kind).in_((RecordKind.IDENTITY, RecordKind.NAME_CHANGE)),
            )
            .order_by(col(Record.worker_id), col(Record.recorded_at), col(Record.id))
        )
        for row in newest_last(list(session.exec(query))):
            rows.setdefault(row.worker_id, []).append(row)
    return {
        worker_id: known_names(
            unseal(keys[worker_id], row.sealed).content for row in standing(found)
        )
        for worker_id, found in rows.items()
        if worker_id in keys
    }


def standing(rows: Iterable[Record]) -> list[Record]:
    """Return the newest row of each record that was not withdrawn, the earliest record first.

    Of a person whose dossiers were merged the document that came first says the present name.
    """
    told = list(rows)
    newest = {row.original_id: row for row in told}
    begun = {row.original_id: row.recorded_at for row in told if row.id == row.original_id}
    live = [row for row in newest.values() if row.act is not Act.WITHDRAW]
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
