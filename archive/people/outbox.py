"""The outbox: what is to be sent is written with what caused it, and sent after the commit.

A message is claimed in a transaction of its own before it is sent, so that two senders, or one
that was killed, never send it twice: what nobody can say of is left as uncertain.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archive.db import is_sqlite
from archive.notices.messages import Channel, Message, Notice
from archive.people.outbox_models import Outbox, OutboxState
from archive.people.privacy import PersonKey
from schemas.ids import new_id

FIRST_WAIT = timedelta(seconds=20)
MOST_ATTEMPTS = 8
"""With waits that double, the last is after three quarters of an hour."""
LOST_AFTER = timedelta(minutes=5)
"""A sender that has said nothing for so long was killed while it sent."""
FORGOTTEN_AFTER = timedelta(days=30)
_AT_ONCE = 50


class Told(NamedTuple):
    """What is to be told to whom, by which way."""

    channel: Channel
    to: str
    notice: Notice
    facts: Mapping[str, str]


def put(
    session: Session,
    owner: tuple[UUID, PersonKey],
    key: str,
    told: Told,
    *,
    now: datetime,
    useless_at: datetime,
) -> bool:
    """Have something sent once this transaction commits; tell whether the key was new."""
    own, (owner_id, sealing) = new_id(), owner
    plain = json.dumps({**told._asdict(), "facts": dict(told.facts)}).encode()
    row = {
        "id": own,
        "key": key,
        "owner_id": owner_id,
        "sealed": sealing.seal(_column(own), plain),
        "state": OutboxState.WAITING,
        "attempts": 0,
        "asked_at": now,
        "due_at": now,
        "useless_at": useless_at,
    }
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    added = dialect.insert(Outbox).values(row).on_conflict_do_nothing().returning(col(Outbox.id))
    return session.connection().execute(added).first() is not None


def claim(session: Session, *, now: datetime) -> list[Outbox]:
    """Return what is to be sent now, marked so that nobody else sends it."""
    _set_aside(session, now)
    waiting = (col(Outbox.state) == OutboxState.WAITING, col(Outbox.due_at) <= now)
    query = select(Outbox).where(*waiting).order_by(col(Outbox.due_at)).limit(_AT_ONCE)
    claimed = list(session.exec(query.with_for_update(skip_locked=True)))
    for one in claimed:
        one.state, one.attempts, one.due_at = OutboxState.SENDING, one.attempts + 1, now
        session.add(one)
    session.flush()
    return claimed


def opened(row: Outbox, sealing: PersonKey) -> Message:
    """Return what a row says; raises SealBrokenError."""
    told = json.loads(sealing.open(_column(row.id), row.sealed or b""))
    channel, notice = Channel(told["channel"]), Notice(told["notice"])
    return Message(row.id.hex, channel, told["to"], notice, told["facts"])


def sent(session: Session, row: Outbox, fault: str | None, *, now: datetime) -> None:
    """Note that it was sent, and forget what it said."""
    _end(session, row.id, OutboxState.SENT, fault, now)


def given_up(session: Session, row: Outbox, fault: str | None, *, now: datetime) -> None:
    """Note that it cannot be sent, and forget what it said."""
    _end(session, row.id, OutboxState.FAILED, fault, now)


def left_uncertain(session: Session, row: Outbox, fault: str | None, *, now: datetime) -> None:
    """Note that nobody can say whether it was sent; it is not sent again."""
    _end(session, row.id, OutboxState.UNCERTAIN, fault, now)


def put_off(session: Session, row: Outbox, fault: str | None, *, now: datetime) -> None:
    """Note that it was not taken: try again after a wait that doubles, or give up."""
    next_at = now + FIRST_WAIT * 2 ** (row.attempts - 1)
    if row.attempts >= MOST_ATTEMPTS or next_at >= row.useless_at:
        given_up(session, row, fault, now=now)
        return
    _note(session, row.id, state=OutboxState.WAITING, due_at=next_at, fault=fault)


def _set_aside(session: Session, now: datetime) -> None:
    """End what came too late and what was lost; forget what ended long ago."""
    late = (col(Outbox.state) == OutboxState.WAITING, col(Outbox.useless_at) <= now)
    lost = (col(Outbox.state) == OutboxState.SENDING, col(Outbox.due_at) <= now - LOST_AFTER)
    for which, state, fault in (
        (late, OutboxState.FAILED, "late"),
        (lost, OutboxState.UNCERTAIN, "lost"),
    ):
        told = {"state": state, "fault": fault, "sealed": None, "ended_at": now}
        session.exec(update(Outbox).where(*which).values(**told))
    session.exec(delete(Outbox).where(col(Outbox.ended_at) <= now - FORGOTTEN_AFTER))


def _end(session: Session, own: UUID, state: OutboxState, fault: str | None, now: datetime) -> None:
    _note(session, own, state=state, fault=fault, sealed=None, ended_at=now)


def _note(session: Session, own: UUID, **told: object) -> None:
    session.exec(update(Outbox).where(col(Outbox.id) == own).values(**told))


def _column(own: UUID) -> str:
    return f"outbox.sealed.{own.hex}"
