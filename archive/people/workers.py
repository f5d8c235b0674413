"""Workers as such: which dossiers there are, told by pseudonyms only."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.models import Worker

_BATCH = 400  # Below every database's limit on bound values.


def listed(session: Session) -> list[Worker]:
    """Return every worker, in the order in which the dossiers were begun."""
    return list(session.exec(select(Worker).order_by(col(Worker.worker_id))))


def exist(session: Session) -> bool:
    """Whether there is any dossier at all."""
    return session.exec(select(Worker.worker_id).limit(1)).first() is not None


def numbers_of(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the archive numbers of some workers."""
    query = select(Worker.worker_id, Worker.archive_number)
    numbers: dict[UUID, str] = {}
    for at in range(0, len(worker_ids), _BATCH):
        part = worker_ids[at : at + _BATCH]
        numbers |= dict(session.exec(query.where(col(Worker.worker_id).in_(part))).all())
    return numbers
