"""Finding a record that somebody may see, in as many statements whatever the reason why not."""

from uuid import UUID

from sqlalchemy import false
from sqlmodel import Session, col, or_, select

from archive.dossiers.carried import heir_of
from archive.dossiers.models import Record
from archive.errors import UnknownRecordError
from archive.people.access import within_reach
from archive.people.actors import Actor
from archive.people.look_ups import is_held, number_claim
from archive.people.models import BlindIndex, Merger, Worker
from archive.people.permissions import scope_of
from schemas.ids import read_archive_number
from schemas.vocabulary import Permission, Scope


def reached_record(session: Session, number: str, record_id: UUID, *, by: Actor) -> Record:
    """Return a row of a record, named by the holder's archive number and by any of its rows.

    A worker sees the own, an organisation what it vouches for, a street office those of its
    dossiers, the bureau all. A record of a dossier that was merged may be named as it was
    called there. Raises UnknownRecordError.
    """
    plain = read_archive_number(number)
    if plain is None:
        raise UnknownRecordError
    claim = number_claim(session, plain)
    seen = Permission.READ_RECORD
    vouches = (
        col(Record.organisation_id) == by.organisation_id
        if scope_of(by, seen) is Scope.ORGANISATION
        else false()
    )
    query = (
        select(Record)
        .join(BlindIndex, col(BlindIndex.worker_id) == col(Record.worker_id))
        .join(Worker, col(Worker.worker_id) == col(Record.worker_id))
        .where(
            is_held(claim),
            or_(within_reach(by, seen), vouches),
        )
    )
    found = session.exec(query.where(col(Record.id) == record_id)).one_or_none()
    if found is None:
        joined = query.join(Merger, col(Merger.into_id) == col(Record.worker_id)).limit(1)
        other = session.exec(joined).first()
        heir = heir_of(session, other.worker_id, record_id) if other else None
        found = session.exec(query.where(col(Record.id) == heir)).one_or_none() if heir else None
    if found is None:
        raise UnknownRecordError
    return found
