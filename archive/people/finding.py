"""Finding workers by what several persons may share, through keyed digests.

Only the whole value finds: digests know no beginning and no likeness. Which purpose has
which values is told in ``look_ups.Purpose``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, delete
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from archive.audit.acts import scan
from archive.db import Database
from archive.people.look_ups import Claim, Purpose, Sought, index_of
from archive.people.models import Worker
from archive.people.names import searched_form
from archive.people.personal_models import SearchIndex
from credit_bank.bulk import insert_rows, table_of

BATCH = 400
"""So many workers at once: below every database's limit on bound values."""


def name_claim(session: Session, name: str) -> Claim:
    """Return by what a name is found, however it was spaced and dotted."""
    return index_of(session).claim(name_sought(name))


def name_sought(name: str) -> Sought:
    """Return the form of a name that is digested."""
    return Sought(Purpose.NAME, searched_form(name))


def keep(session: Session, purpose: str, values: Mapping[UUID, Iterable[str]]) -> None:
    """Let some workers be found by these values for a purpose, and by no others."""
    whose = sorted(values)
    for at in range(0, len(whose), BATCH):
        theirs = col(SearchIndex.worker_id).in_(whose[at : at + BATCH])
        session.exec(delete(SearchIndex).where(theirs, col(SearchIndex.purpose) == purpose))
    add(session, purpose, values)


def add(session: Session, purpose: str, values: Mapping[UUID, Iterable[str]]) -> None:
    """Let workers who had no such value be found by these, in the form that is compared."""
    index = index_of(session)
    rows = [
        {"worker_id": worker_id, "purpose": purpose, "digest": digest, "version": index.version}
        for worker_id, theirs in sorted(values.items())
        for digest in sorted({index.digest(Sought(purpose, value)) for value in theirs})
    ]
    insert_rows(session, table_of(SearchIndex), rows)


def fill(
    archive: Database,
    unfound: Callable[[Session, UUID], list[UUID]],
    make_findable: Callable[[Session, list[UUID]], int],
) -> int:
    """Make everyone findable who is not yet; return how many were.

    ``unfound`` returns the next workers after one, in the order of their ids. A step commits by
    itself: what was interrupted goes on where it stopped.
    """
    filled, after = 0, UUID(int=0)
    while True:
        with archive.transaction() as session:
            whose = unfound(session, after)
            if not whose:
                return filled
            scan(session)
            filled, after = filled + make_findable(session, whose), whose[-1]


def is_found_by(claim: Claim) -> ColumnElement[bool]:
    """Return the condition that a row is the claim's, under whatever version of the key."""
    return and_(
        col(SearchIndex.purpose) == claim.purpose,
        col(SearchIndex.digest).in_((claim.digest, *claim.earlier)),
    )


def found(
    session: Session,
    claim: Claim,
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
        .where(is_found_by(claim))
        .order_by(col(Worker.worker_id))
        .limit(most)
    )
    if within is not None:
        query = query.where(within)
    return session.exec(query).all()


def reached_at(session: Session, purpose: str, value: str, *, most: int) -> Sequence[Worker]:
    """Return the workers with a telephone number or an e-mail address, as it is compared."""
    return found(session, index_of(session).claim(Sought(purpose, value)), most=most)
