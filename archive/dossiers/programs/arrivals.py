"""What course platforms sent lately, for the trainer to see what could not be used, and why.

Nothing personal is told in clear, and everything is removed after thirty days.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlmodel import Session, col, select

from archive.dossiers.programs.outcome_models import ARRIVAL, PlatformArrival
from archive.people.access import refuse_posting
from archive.people.actors import Actor
from archive.people.names import masked_name
from archive.people.privacy import PersonKey, vault_of
from archive.people.written_numbers import masked
from archive.texts import explained
from credit_bank.bulk import insert_rows, table_of
from credit_bank.chain import canonical_bytes
from schemas.ids import new_id
from schemas.platforms import ArrivalList, ArrivalView
from schemas.refusals import Refusal
from schemas.vocabulary import RowState, Way

KEPT = timedelta(days=30)
_MOST = 200
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Arrival:
    """A result that came, as it is told to the trainer."""

    way: Way
    reference: str
    course: str
    """The platform's identifier of the course."""
    whom: str
    """Masked: see ``shown_name`` and ``shown_account``."""
    state: RowState
    record_id: UUID | None = None
    refusal: Refusal | None = None


def shown_name(name: str) -> str:
    """Return a name of which only the first character is shown."""
    return masked_name(name)


def shown_account(account: str) -> str:
    """Return an account of which only the ends are shown."""
    return masked(account[:_LONGEST])


def note(
    session: Session, organisation_id: UUID, arrived: Iterable[Arrival], *, now: datetime
) -> None:
    """Note what came; what is older than thirty days goes."""
    told = list(arrived)
    if not told:
        return
    forget(session, now=now)
    key = _key(session, organisation_id, now)
    rows = [
        {
            "id": new_id(),
            "organisation_id": organisation_id,
            "way": one.way,
            "state": one.state,
            "code": one.refusal.code if one.refusal else None,
            "sealed": key.seal(ARRIVAL, canonical_bytes(_told(one))),
            "arrived_at": now,
        }
        for one in told
    ]
    insert_rows(session, table_of(PlatformArrival), rows)


def forget(session: Session, *, now: datetime) -> int:
    """Remove what came more than thirty days ago, of everybody; return how many."""
    old = col(PlatformArrival.arrived_at) < now - KEPT
    return session.exec(delete(PlatformArrival).where(old)).rowcount


def listed(session: Session, organisation_id: UUID, *, by: Actor, now: datetime) -> ArrivalList:
    """Return what platforms sent to an organisation, the newest first; at most 200.

    Raises NotAllowedError.
    """
    refuse_posting(by, organisation_id)
    mine = (
        col(PlatformArrival.organisation_id) == organisation_id,
        col(PlatformArrival.arrived_at) >= now - KEPT,
    )
    newest = col(PlatformArrival.arrived_at).desc(), col(PlatformArrival.id).desc()
    rows = list(session.exec(select(PlatformArrival).where(*mine).order_by(*newest).limit(_MOST)))
    if not rows:
        return ArrivalList(arrivals=())
    key = _key(session, organisation_id, now)
    return ArrivalList(arrivals=tuple(_view(one, key) for one in rows))


def _key(session: Session, organisation_id: UUID, now: datetime) -> PersonKey:
    """Return the organisation's own key, which is kept as an account's is."""
    return vault_of(session).key_of_account(organisation_id, now=now)


def _told(one: Arrival) -> dict[str, object]:
    return {
        "reference": one.reference[:_LONGEST],
        "course": one.course[:_LONGEST],
        "whom": one.whom,
        "record_id": str(one.record_id) if one.record_id else None,
        "message": explained(one.refusal).model_dump() if one.refusal else None,
    }


def _view(row: PlatformArrival, key: PersonKey) -> ArrivalView:
    told = json.loads(key.open(ARRIVAL, row.sealed))
    return ArrivalView.model_validate(
        {
            **told,
            "way": row.way,
            "state": row.state,
            "code": row.code,
            "arrived_at": row.arrived_at,
        }
    )
