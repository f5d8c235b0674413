"""Workers as such: which dossiers there are, told by pseudonyms only."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.models import Worker

_BATCH = 400  # Below every database's limit on bound values.


def listed(session: Session, *, after: UUID | None = None, most: int | None = None) -> list[Worker]:
    """Return every worker, or at most so many after one, in the order of their beginning."""
    query = select(Worker).order_by(col(Worker.worker_id)).limit(most)
    if after is not None:
        query = query.where(col(Worker.worker_id) > after)
    return list(session.exec(query))


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


def take_turn(session: Session, worker_id: UUID) -> None:
    """Let whoever decides something once on a person wait for the others who do so just now.

    PostgreSQL lets two transactions look before either has written; SQLite's writers take
    turns by themselves.
    """
    mine = select(Worker.worker_id).where(col(Worker.worker_id) == worker_id)
    session.exec(mine.with_for_update(key_share=True)).first()
