"""Finding workers by what several persons may share, through keyed digests.

Only the whole value finds: digests know no beginning and no likeness. Which purpose has
which values is told in ``look_ups.Purpose``.
"""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from archive.people.look_ups import Purpose
from archive.people.models import Worker
from archive.people.names import searched_form
from archive.people.personal_models import SearchIndex
from archive.people.privacy import Vault, vault_of
from credit_bank.bulk import insert_rows, table_of

_BATCH = 400  # Below every database's limit on bound values.


def name_digest(vault: Vault, name: str) -> bytes:
    """Return the digest by which a name is found, however it was spaced and dotted."""
    return vault.digest(Purpose.NAME, searched_form(name))


def keep(session: Session, purpose: str, digests: Mapping[UUID, Iterable[bytes]]) -> None:
    """Let some workers be found by these digests for a purpose, and by no others."""
    whose = sorted(digests)
    for at in range(0, len(whose), _BATCH):
        theirs = col(SearchIndex.worker_id).in_(whose[at : at + _BATCH])
        session.exec(delete(SearchIndex).where(theirs, col(SearchIndex.purpose) == purpose))
    add(session, purpose, digests)


def add(session: Session, purpose: str, digests: Mapping[UUID, Iterable[bytes]]) -> None:
    """Let workers who had no such digest be found by these."""
    rows = [
        {"worker_id": worker_id, "purpose": purpose, "digest": digest}
        for worker_id, theirs in sorted(digests.items())
        for digest in sorted(set(theirs))
    ]
    insert_rows(session, table_of(SearchIndex), rows)


def found(
    session: Session,
    purpose: str,
    digest: bytes,
    *,
    within: ColumnElement[bool] | None = None,
    most: int,
) -> Sequence[Worker]:
    """Return at most so many workers, in the order in which their dossiers were begun.

    ``within`` is a condition on them, such as whom somebody may see; None leaves all.
    """
    query = (
        select(Worker)
        .join(SearchIndex, col(SearchIndex.worker_id) == col(Worker.worker_id))
        .where(col(SearchIndex.purpose) == purpose, col(SearchIndex.digest) == digest)
        .order_by(col(Worker.worker_id))
        .limit(most)
    )
    if within is not None:
        query = query.where(within)
    return session.exec(query).all()


def reached_at(session: Session, purpose: str, value: str, *, most: int) -> Sequence[Worker]:
    """Return the workers with a telephone number or an e-mail address, as it is compared."""
    return found(session, purpose, vault_of(session).digest(purpose, value), most=most)
