"""“Original seen” and “checked on the national site”: noted on a record, never overwritten."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.errors import DayInFutureError
from archive.dossiers.records import newest_version
from archive.dossiers.sighting_models import Sighting
from archive.dossiers.titles import organisation_view
from archive.people import organisations
from archive.people.access import refuse_reading
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.models import Account
from archive.people.privacy import vault_of
from schemas.counter import SightingView
from schemas.vocabulary import Permission, SightingKind

_COLUMN = "sighting.sealed"


def note(  # noqa: PLR0913  # Whose, which, what was seen, who, when.
    session: Session,
    worker_id: UUID,
    record_id: UUID,
    kind: SightingKind,
    *,
    seen_on: date,
    text: str,
    by: Actor,
    now: datetime,
    today: date,
) -> UUID:
    """Note what was seen of a record; return the note's id. An empty text says nothing.

    Raises UnknownWorkerError, UnknownRecordError, DayInFutureError, ErasedError, FrozenError.
    """
    refuse_reading(session, by, worker_id, Permission.NOTE_SIGHTING)
    record = newest_version(session, worker_id, record_id)
    if seen_on > today:
        raise DayInFutureError(day=seen_on)
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    told = text.strip()
    sighting = Sighting(
        worker_id=worker_id,
        record_id=record.original_id,
        kind=kind,
        seen_on=seen_on,
        account_id=by.id,
        organisation_id=by.organisation_id,
        sealed=key.seal(_COLUMN, told.encode()) if told else None,
        noted_at=now,
    )
    session.add(sighting)
    session.flush()
    return sighting.id


def of_record(session: Session, worker_id: UUID, record_id: UUID) -> tuple[SightingView, ...]:
    """Return what was seen of a record, named by its id for good; the newest first."""
    query = (
        select(Sighting, Account.name)
        .join(Account, col(Account.id) == col(Sighting.account_id))
        .where(col(Sighting.worker_id) == worker_id, col(Sighting.record_id) == record_id)
        .order_by(col(Sighting.noted_at).desc(), col(Sighting.id).desc())
    )
    found = list(session.exec(query))
    if not found:
        return ()
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    ids = {one.organisation_id for one, _ in found if one.organisation_id}
    offices = organisations.by_id(session, ids)
    return tuple(
        SightingView(
            id=one.id,
            kind=one.kind,
            seen_on=one.seen_on,
            account=name,
            office=organisation_view(offices[one.organisation_id]) if one.organisation_id else None,
            text=key.open(_COLUMN, one.sealed).decode() if key and one.sealed else None,
            noted_at=one.noted_at,
        )
        for one, name in found
    )
