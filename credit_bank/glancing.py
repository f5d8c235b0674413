"""Looking at a worker's book without locking it: for what only asks, and writes nothing."""

from uuid import UUID

from sqlmodel import Session

from credit_bank.book import Book
from credit_bank.desk import Desk


class _Glance(Desk):
    """A desk that never puts anything back."""

    def book_of(self, worker_id: UUID) -> Book:
        self.begin([worker_id])  # With an empty tail: nothing can be appended to it.
        newest = self._load_outcomes([worker_id])
        self._load_series([worker_id], newest)
        self._load_cases([worker_id])
        return self.books[worker_id]


def glance(session: Session, worker_id: UUID) -> Book:
    """Return a worker's book as it stands; empty for a worker without a dossier."""
    return _Glance(session).book_of(worker_id)
