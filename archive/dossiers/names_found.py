"""Keeping names findable: whoever's names were told or untold is found by those that stand.

Called by the only way into a dossier, so that a correction, a withdrawal and the bulk path
of a demo district cannot forget it; and once for archives that are older than this look-up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from archive.db import Database
from archive.dossiers.names_on_file import KnownNames, known_names, names_of
from archive.people import finding
from archive.people.look_ups import Purpose
from archive.people.models import Merger, Worker
from archive.people.personal_models import SearchIndex
from archive.people.privacy import PersonKey, vault_of
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RecordKind

_NAMING = frozenset({RecordKind.IDENTITY, RecordKind.NAME_CHANGE})


@dataclass(slots=True)
class NamesFound:
    """Whose names one transaction touches, until the look-up is brought up to date."""

    session: Session
    keys: dict[UUID, PersonKey]
    _new: dict[UUID, dict[UUID, AnyRecord]] = field(default_factory=dict)
    """What stands in dossiers that begin here: nothing of them is in the database yet."""
    _touched: set[UUID] = field(default_factory=set)

    def begin(self, worker_ids: list[UUID]) -> None:
        """Take note of dossiers that begin in this transaction."""
        self._new |= {worker_id: {} for worker_id in worker_ids}

    def told(self, row: Mapping[str, Any], record: AnyRecord) -> None:
        """Take note of a row that is about to be appended."""
        if record.kind not in _NAMING:
            return
        worker_id = row["worker_id"]
        standing = self._new.get(worker_id)
        if standing is None:
            self._touched.add(worker_id)
        elif row["act"] is Act.WITHDRAW:
            standing.pop(row["original_id"], None)
        else:
            standing[row["original_id"]] = record

    def keep(self) -> None:
        """Bring the look-up up to date; the rows are in the database by now."""
        begun = {whose: known_names(told.values()) for whose, told in self._new.items()}
        finding.add(self.session, Purpose.NAME, _written(begun))
        if self._touched:
            names = names_of(self.session, sorted(self._touched), self.keys)
            finding.keep(self.session, Purpose.NAME, _written(names))


def fill(archive: Database) -> int:
    """Make every worker findable by name who is not yet; return how many were.

    Who has been erased has no name and is passed over.
    """
    return finding.fill(archive, _unfound, _make_findable)


def _make_findable(session: Session, whose: list[UUID]) -> int:
    names = names_of(session, whose, vault_of(session).keys_to_prove(whose))
    finding.add(session, Purpose.NAME, _written(names))
    return len(names)


def _unfound(session: Session, after: UUID) -> list[UUID]:
    has_name = exists().where(
        col(SearchIndex.worker_id) == col(Worker.worker_id),
        col(SearchIndex.purpose) == Purpose.NAME,
    )
    is_merged = exists().where(col(Merger.worker_id) == col(Worker.worker_id))
    query = (
        select(Worker.worker_id)
        .where(col(Worker.worker_id) > after, ~has_name, ~is_merged)
        .order_by(col(Worker.worker_id))
        .limit(finding.BATCH)
    )
    return list(session.exec(query))


def _written(names: Mapping[UUID, KnownNames]) -> dict[UUID, set[str]]:
    """Return all names of each in the form in which they are compared."""
    return {
        worker_id: {
            finding.name_sought(name).value for name in (known.present, *known.former) if name
        }
        for worker_id, known in names.items()
    }
