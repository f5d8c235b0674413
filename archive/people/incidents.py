"""The register of incidents with personal data (PIPL, article 57; GB/T 22239, 8.1.10).

Kept by the security administrator, step by step, never overwritten. Whom one affects and what
they are told is in ``affected.py``. The register's texts may name people: they are sealed under
a key that belongs to the incident alone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, SQLModel, col, select

from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.incident_models import (
    IncidentNotice,
    IncidentPerson,
    IncidentReceipt,
    IncidentStep,
)
from archive.people.incident_refusals import (
    IncidentClosedError,
    IncidentDaysError,
    IncidentUntoldError,
    IncidentWordsMissingError,
    UnknownIncidentError,
)
from archive.people.models import Account
from archive.people.privacy import PersonKey, vault_of
from schemas.ids import new_id
from schemas.incidents import IncidentAsked, IncidentList, IncidentStepView, IncidentView
from schemas.vocabulary import IncidentStepKind, Permission

_COLUMN = "incident_step.sealed"


def begin(session: Session, asked: IncidentAsked, *, by: Actor, now: datetime) -> UUID:
    """Open an incident and return its identifier.

    Raises NotAllowedError, IncidentWordsMissingError, IncidentDaysError.
    """
    refuse(by, Permission.KEEP_INCIDENTS)
    refuse_empty(asked.happened, asked.data, asked.measures)
    if asked.began_on > min(asked.found_on, asked.ended_on or asked.found_on):
        raise IncidentDaysError
    own = new_id()
    _add(session, own, IncidentStepKind.OPENED, asked.model_dump_json(), by, now, own=own)
    return own


def note(
    session: Session,
    incident_id: UUID,
    kind: IncidentStepKind,
    text: str,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write down a measure, or who was told, when and how.

    Raises NotAllowedError, UnknownIncidentError, IncidentClosedError, IncidentWordsMissingError.
    """
    refuse(by, Permission.KEEP_INCIDENTS)
    open_one(session, incident_id, now=now)
    refuse_empty(text)
    _add(session, incident_id, kind, text.strip(), by, now)


def close(
    session: Session,
    incident_id: UUID,
    report: str,
    *,
    untold: bool = False,
    by: Actor,
    now: datetime,
) -> None:
    """Close an incident with its report; ``untold`` confirms that some need not be told.

    Not telling is lawful where the measures prevent the harm (article 57). Raises as ``note``,
    and IncidentUntoldError.
    """
    refuse(by, Permission.KEEP_INCIDENTS)
    found = open_one(session, incident_id, now=now)
    if found.waiting and not untold:
        raise IncidentUntoldError(count=found.waiting)
    note(session, incident_id, IncidentStepKind.CLOSED, report, by=by, now=now)


def open_one(session: Session, incident_id: UUID, *, now: datetime) -> IncidentView:
    """Return an incident to which something can be added.

    Raises UnknownIncidentError, IncidentClosedError.
    """
    found = one(session, incident_id, now=now)
    if found.is_closed:
        raise IncidentClosedError
    return found


def one(session: Session, incident_id: UUID, *, now: datetime) -> IncidentView:
    """Return an incident; raises UnknownIncidentError."""
    query = select(IncidentStep).where(col(IncidentStep.incident_id) == incident_id)
    steps = session.exec(query.order_by(col(IncidentStep.id))).all()
    if not steps:
        raise UnknownIncidentError
    return _view(session, steps, now)


def every(session: Session, *, by: Actor, now: datetime) -> IncidentList:
    """Return all incidents, the newest first; raises NotAllowedError."""
    refuse(by, Permission.KEEP_INCIDENTS)
    steps = session.exec(select(IncidentStep).order_by(col(IncidentStep.id))).all()
    of_each: dict[UUID, list[IncidentStep]] = {}
    for step in steps:
        of_each.setdefault(step.incident_id, []).append(step)
    views = [_view(session, some, now) for some in of_each.values()]
    return IncidentList(incidents=tuple(reversed(views)))


def refuse_empty(*texts: str) -> None:
    """Raise IncidentWordsMissingError when one of them says nothing."""
    if not all(text.strip() for text in texts):
        raise IncidentWordsMissingError


def _add(
    session: Session,
    incident_id: UUID,
    kind: IncidentStepKind,
    text: str,
    by: Actor,
    now: datetime,
    *,
    own: UUID | None = None,
) -> None:
    sealed = _key(session, incident_id, now).seal(_COLUMN, text.encode())
    row = IncidentStep(
        id=own or new_id(),
        incident_id=incident_id,
        kind=kind,
        sealed=sealed,
        recorded_at=now,
        recorded_by=by.id,
    )
    session.add(row)
    session.flush()


def _view(session: Session, steps: Sequence[IncidentStep], now: datetime) -> IncidentView:
    first, key = steps[0], _key(session, steps[0].incident_id, now)
    names = _names(session, (step.recorded_by for step in steps))
    told = tuple(
        IncidentStepView(
            kind=step.kind,
            text=key.open(_COLUMN, step.sealed).decode(),
            at=step.recorded_at,
            by=names.get(step.recorded_by, ""),
        )
        for step in steps
    )
    return IncidentView(
        id=first.incident_id,
        asked=IncidentAsked.model_validate_json(told[0].text),
        opened_at=first.recorded_at,
        steps=told[1:],
        affected=_count(session, IncidentPerson, first.incident_id),
        told=_count(session, IncidentNotice, first.incident_id),
        read=_count(session, IncidentReceipt, first.incident_id),
        is_closed=any(step.kind is IncidentStepKind.CLOSED for step in steps),
    )


def _names(session: Session, ids: Iterable[UUID]) -> dict[UUID, str]:
    query = select(Account.id, Account.name).where(col(Account.id).in_(set(ids)))
    return dict(session.exec(query).all())


def _count(session: Session, table: type[SQLModel], incident_id: UUID) -> int:
    rows = SQLModel.metadata.tables[str(table.__tablename__)]
    query = select(func.count()).select_from(rows).where(rows.c.incident_id == incident_id)
    return session.exec(query).one()


def _key(session: Session, incident_id: UUID, now: datetime) -> PersonKey:
    return vault_of(session).key_of_account(incident_id, now=now)
