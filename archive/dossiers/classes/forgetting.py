"""Rosters that name nobody any more: of a worker who is erased, and of classes of long ago.

Nobody was looked up when they were enrolled, so that a worker's places are found by the
worker's identity documents, as long as these can be opened.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.classes.models import ClassFiling, ClassMember
from archive.dossiers.classes.roster import person_digest
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.identity import IdentityDocument
from archive.people.keys_apart import ROSTER_YEARS, destroy_apart, kept_of
from archive.people.privacy import vault_of
from schemas.identities import Identity
from schemas.vocabulary import RecordKind

STEP = 20
"""Classes a step: of each up to 5,000 places."""


def places_of(session: Session, worker_id: UUID) -> list[UUID]:
    """Return the places on rosters that are a worker's, in whatever class."""
    vault = vault_of(session)
    key = vault.keys_to_prove([worker_id]).get(worker_id)
    if key is None:
        return []
    query = select(Record.sealed).where(
        col(Record.worker_id) == worker_id, col(Record.kind) == RecordKind.IDENTITY
    )
    told = (unseal(key, sealed).content for sealed in session.exec(query))
    digests = {
        person_digest(vault, IdentityDocument(one.document_type, one.document_number))
        for one in told
        if isinstance(one, Identity)
    }
    theirs = select(ClassMember.id).where(col(ClassMember.person_digest).in_(digests))
    return list(session.exec(theirs))


def forget_old(session: Session, *, today: date, most: int = STEP) -> int:
    """Destroy the keys of classes that ended long ago, and of their places; return how many.

    Counted in whole calendar years after the one in which a class ended. What was posted stays
    in the dossiers; hours, results as counts and what became of each place stay in clear.
    """
    years = session.info.get(ROSTER_YEARS)
    if not isinstance(years, int) or not years:
        return 0
    ended = (
        select(ClassFiling.class_id)
        .group_by(col(ClassFiling.class_id))
        .having(func.max(ClassFiling.last_on) < date(today.year - years, 1, 1))
    )
    old = list(session.exec(ended.order_by(col(ClassFiling.class_id))))
    named = sorted(kept_of(session, old))[:most]
    if named:
        places = select(ClassMember.id).where(col(ClassMember.class_id).in_(named))
        destroy_apart(session, [*session.exec(places), *named])
    return len(named)
