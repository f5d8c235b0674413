"""Keeping people findable by telephone and e-mail: told anew for a new key, filled in once.

How a person can be reached, and who tells it, stands in ``contacts``.
"""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import exists
from sqlmodel import Session, col, select

from archive.db import Database
from archive.people import finding
from archive.people.contacts import PURPOSES, reached, sealed_in
from archive.people.index_rotation import VALUES
from archive.people.look_ups import Sought
from archive.people.models import Merger
from archive.people.personal_models import Contact, SearchIndex
from archive.people.privacy import vault_of


def values_of(session: Session, whose: Sequence[UUID]) -> Iterable[Sought]:
    """Return every telephone number and e-mail address that some workers ever told."""
    keys = vault_of(session).keys_to_prove(whose)
    rows = select(Contact).where(
        col(Contact.worker_id).in_(list(keys)), col(Contact.kind).in_(list(PURPOSES))
    )
    for row in session.exec(rows):
        if row.sealed is not None:
            value = keys[row.worker_id].open(sealed_in(row.kind), row.sealed).decode()
            yield Sought(PURPOSES[row.kind], value)


def fill(archive: Database) -> int:
    """Make everyone findable who left a contact and is not found by it; return how many.

    For archives whose look-ups were emptied because their digests got a version.
    """
    return finding.fill(archive, _unfound, _make_findable)


def _make_findable(session: Session, whose: list[UUID]) -> int:
    filled = 0
    for worker_id, key in vault_of(session).keys_to_prove(whose).items():
        known = reached(session, worker_id, key).known
        for kind in PURPOSES.keys() & known.keys():
            finding.add(session, PURPOSES[kind], {worker_id: [known[kind]]})
        filled += bool(PURPOSES.keys() & known.keys())
    return filled


def _unfound(session: Session, after: UUID) -> list[UUID]:
    """Return the next who left a contact and are found by none."""
    theirs = col(Contact.worker_id)
    is_found = exists().where(
        col(SearchIndex.worker_id) == theirs,
        col(SearchIndex.purpose).in_(list(PURPOSES.values())),
    )
    is_merged = exists().where(col(Merger.worker_id) == theirs)
    query = (
        select(Contact.worker_id)
        .where(theirs > after, col(Contact.sealed).is_not(None), ~is_found, ~is_merged)
        .where(col(Contact.kind).in_(list(PURPOSES)))
        .distinct()
        .order_by(theirs)
        .limit(finding.BATCH)
    )
    return list(session.exec(query))


VALUES.append(values_of)
