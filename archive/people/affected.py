"""Whom an incident affects, and what they are told: on their page, and where they are reached.

A notice is sealed under the person's own key. What is sent says only that there is one: a text
message is no place for it.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select as selecting
from sqlmodel import Session, col, select

from archive.audit.events import Outcome
from archive.audit.sealing import first_id_at
from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT
from archive.errors import ClosedError
from archive.notices.messages import Notice
from archive.people import accounts, contacts, incidents, look_ups, outbox
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.audit_search import Wanted, of_days
from archive.people.contacts import CHANNELS
from archive.people.incident_models import IncidentNotice, IncidentPerson, IncidentReceipt
from archive.people.incident_refusals import IncidentNobodyError, UnknownIncidentError
from archive.people.outbox import Told
from archive.people.privacy import PersonKey, vault_of
from archive.people.trail import trail_of
from schemas.incidents import IncidentTold, IncidentView, NoticeAsked
from schemas.vocabulary import Permission

_COLUMN = "incident_notice.sealed"
_WORTH = timedelta(days=7)


class Accesses(NamedTuple):
    """Everything that an account opened from one moment until another."""

    account: str
    since: datetime
    until: datetime


def accesses_of(
    account: str | None, since: date | None, until: date | None, *, zone: tzinfo, now: datetime
) -> Accesses | None:
    """Return which accesses are meant, by local days; None where no account is named.

    Raises IncidentNobodyError when it is not said from when on.
    """
    if not account or not account.strip():
        return None
    days = of_days(Wanted(), since, until, zone)
    if days.since is None:
        raise IncidentNobodyError
    return Accesses(account.strip(), days.since, days.until or now)


def add(
    session: Session,
    incident_id: UUID,
    *,
    numbers: Sequence[str] = (),
    accesses: Accesses | None = None,
    by: Actor,
    now: datetime,
) -> int:
    """List whom an incident affects; return how many are new.

    Raises NotAllowedError, UnknownIncidentError, IncidentClosedError, UnknownWorkerError,
    UnknownAccountError, IncidentNobodyError.
    """
    refuse(by, Permission.KEEP_INCIDENTS)
    incidents.open_one(session, incident_id, now=now)
    found = {look_ups.worker_numbered(session, number).worker_id for number in numbers}
    if accesses is not None:
        found |= _opened(session, accesses)
    fresh = sorted(found - set(_listed(session, incident_id)))
    if not fresh:
        raise IncidentNobodyError
    session.add_all(
        IncidentPerson(worker_id=one, incident_id=incident_id, recorded_at=now) for one in fresh
    )
    session.flush()
    return len(fresh)


def tell(
    session: Session, incident_id: UUID, asked: NoticeAsked, *, by: Actor, now: datetime
) -> int:
    """Tell everyone who is listed and was not told yet; return how many.

    An erased person can be told nothing; a frozen one reads it on the own page. Raises
    NotAllowedError, UnknownIncidentError, IncidentClosedError, IncidentWordsMissingError,
    IncidentNobodyError.
    """
    refuse(by, Permission.KEEP_INCIDENTS)
    incident = incidents.open_one(session, incident_id, now=now)
    incidents.refuse_empty(asked.harm, asked.advice, asked.contact)
    mine = col(IncidentNotice.incident_id) == incident_id
    told = session.exec(select(IncidentNotice.worker_id).where(mine)).all()
    waiting = set(_listed(session, incident_id)) - set(told)
    keys = vault_of(session).keys_to_prove(sorted(waiting))
    if not keys:
        raise IncidentNobodyError
    plain = _plain(incident, asked)
    for worker_id, key in keys.items():
        row = IncidentNotice(
            worker_id=worker_id,
            incident_id=incident_id,
            sealed=key.seal(_COLUMN, plain),
            told_at=now,
            told_by=by.id,
        )
        session.add(row)
        _send(session, (worker_id, key), incident_id, now)
    session.flush()
    return len(keys)


def of_worker(session: Session, worker_id: UUID, *, unread: bool = False) -> list[IncidentTold]:
    """Return what a person was told of incidents, the newest first."""
    query = (
        select(IncidentNotice, IncidentReceipt.read_at)
        .outerjoin(
            IncidentReceipt,
            (col(IncidentReceipt.worker_id) == col(IncidentNotice.worker_id))
            & (col(IncidentReceipt.incident_id) == col(IncidentNotice.incident_id)),
        )
        .where(col(IncidentNotice.worker_id) == worker_id)
        .order_by(col(IncidentNotice.told_at).desc())
    )
    rows = [row for row in session.exec(query).all() if not (unread and row[1] is not None)]
    if not rows:
        return []  # The commonest case opens no key.
    key = vault_of(session).keys_to_prove([worker_id]).get(worker_id)
    if key is None:
        return []
    return [
        IncidentTold(
            **json.loads(key.open(_COLUMN, notice.sealed)),
            incident_id=notice.incident_id,
            told_at=notice.told_at,
            read_at=read_at,
        )
        for notice, read_at in rows
    ]


def read(session: Session, worker_id: UUID, incident_id: UUID, *, now: datetime) -> None:
    """Note that a person has read a notice; twice is once. Raises UnknownIncidentError."""
    if session.get(IncidentNotice, (worker_id, incident_id)) is None:
        raise UnknownIncidentError
    if session.get(IncidentReceipt, (worker_id, incident_id)) is None:
        session.add(IncidentReceipt(worker_id=worker_id, incident_id=incident_id, read_at=now))
        session.flush()


def _listed(session: Session, incident_id: UUID) -> Iterable[UUID]:
    query = select(IncidentPerson.worker_id).where(col(IncidentPerson.incident_id) == incident_id)
    return session.exec(query).all()


def _opened(session: Session, accesses: Accesses) -> set[UUID]:
    """Return whose dossiers an account opened or wrote to, of both streams of the audit."""
    account = accounts.named(session, accesses.account)
    found: set[UUID] = set()
    for table in (ACCESS_EVENT, AUDIT_EVENT):
        query = selecting(table.c.worker_id).where(
            table.c.actor_id == account.id,
            table.c.id >= first_id_at(accesses.since),
            table.c.id < first_id_at(accesses.until),
            table.c.worker_id.is_not(None),
            table.c.outcome == Outcome.DONE.value,
        )
        if table is AUDIT_EVENT:
            found.update(session.connection().execute(query.distinct()).scalars())
            continue
        with trail_of(session).store.reading() as store:
            found.update(store.connection().execute(query.distinct()).scalars())
    return found


def _plain(incident: IncidentView, asked: NoticeAsked) -> bytes:
    known = incident.asked.model_dump(mode="json", include={"began_on", "found_on"})
    known |= {"data": incident.asked.data, "measures": incident.asked.measures}
    return json.dumps(known | asked.model_dump(mode="json")).encode()


def _send(
    session: Session, owner: tuple[UUID, PersonKey], incident_id: UUID, now: datetime
) -> None:
    try:
        reached = contacts.contacts_of(session, owner[0])
    except ClosedError:
        return
    for kind, channel in CHANNELS.items():
        if kind in reached:
            told = Told(channel, reached[kind], Notice.INCIDENT, {})
            key = f"incident/{incident_id.hex}/{owner[0].hex[:24]}/{channel}"
            outbox.put(session, owner, key, told, now=now, useless_at=now + _WORTH)
