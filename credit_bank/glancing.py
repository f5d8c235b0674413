"""Looking at a worker's book without locking it: for what only asks, and writes nothing."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from credit_bank.book import Book
from credit_bank.desk import Desk


class _Glance(Desk):
    """A desk that never puts anything back."""

    def look_at(self, worker_ids: Sequence[UUID]) -> None:
        self.begin(worker_ids)  # With an empty tail: what is appended to it is no chain.
        self._load(list(worker_ids))


def glance(session: Session, worker_id: UUID) -> Book:
    """Return a worker's book as it stands; empty for a worker without a dossier."""
    return glances(session, [worker_id]).books[worker_id]


def glances(session: Session, worker_ids: Sequence[UUID]) -> Desk:
    """Return a desk with some workers' books as they stand, which is never put back."""
    desk = _Glance(session)
    desk.look_at(worker_ids)
    return desk
