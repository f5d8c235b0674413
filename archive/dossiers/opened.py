"""Dossiers that are opened once for all that a transaction does with them: to judge, to write."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.shelves import Shelf, shelves_of
from archive.people.privacy import PersonKey, vault_of
from credit_bank import bank


@dataclass(slots=True)
class Opened:
    """Keys of persons, and what their dossiers hold; who has no key here was erased, or is frozen.

    A writer that is handed it adds what it writes.
    """

    keys: dict[UUID, PersonKey] = field(default_factory=dict)
    shelves: dict[UUID, Shelf] = field(default_factory=dict)
    is_to_write: bool = False
    """Whether the dossiers are locked before they are opened, so that they stay as they are."""

    def take(self, session: Session, worker_ids: Sequence[UUID]) -> Self:
        """Open dossiers; each is opened anew."""
        if self.is_to_write:
            bank.hold_books(session, worker_ids)
        self.keys = vault_of(session).keys_of(worker_ids)
        self.shelves = shelves_of(session, worker_ids)
        return self
