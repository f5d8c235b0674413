"""What a person is to be told of consent: requests, ends, locked links; on the page and by message.

Whoever notes a tiding does the same whether or not there is such a person: who that is, and
how to reach them, is looked up by the sender of notices, a moment later. What is sent names
nobody and nothing; the page tells more to who is signed in.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, exists, select

from archive.db import is_sqlite
from archive.notices.messages import Notice
from archive.people import contacts, outbox
from archive.people.contacts import CHANNELS
from archive.people.outbox import Told
from archive.people.personal_models import Tiding
from archive.people.privacy import PersonKey, vault_of
from archive.people.share_models import AccessRequest, Consent
from schemas.ids import new_id
from schemas.vocabulary import ConsentAct, ContactKind

_AT_ONCE = 100
_WORTH = timedelta(days=7)
_LOOKED_BACK = timedelta(days=20)
"""What ended so long ago is told of still, when the nightly run did not run before."""
_FIRST = (ContactKind.EMAIL, ContactKind.PHONE)
"""By mail where there is one, else by a text message, which costs money."""


class News(NamedTuple):
    """A tiding as its page shows it."""

    notice: Notice
    noted_at: datetime


def note(session: Session, worker_id: UUID, notice: Notice, key: str, *, now: datetime) -> None:
    """Have a person told; of two with one key, which names nothing personal, only the first is."""
    row = {
        "worker_id": worker_id,
        "id": new_id(),
        "notice": notice.value,
        "key": key,
        "noted_at": now,
    }
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    session.connection().execute(dialect.insert(Tiding).values(row).on_conflict_do_nothing())


def send(session: Session, *, now: datetime) -> int:
    """Put messages to the persons meant into the outbox; return how many persons there were.

    What was noted about nobody, as a request for a dossier that is not there, is forgotten.
    """
    waiting = select(Tiding).where(col(Tiding.looked_at).is_(None)).order_by(col(Tiding.id))
    found = session.exec(waiting.limit(_AT_ONCE).with_for_update(skip_locked=True)).all()
    if not found:
        return 0  # The commonest case opens no key.
    whose = sorted({one.worker_id for one in found})
    known, usable = vault_of(session).keys_to_prove(whose), vault_of(session).keys_of(whose)
    for one in found:
        if one.worker_id not in known:
            session.delete(one)
            continue
        one.looked_at = now
        session.add(one)
        if one.worker_id in usable:  # Who is frozen reads it later, on the page.
            _send(session, one, usable[one.worker_id], now)
    session.flush()
    return len(known)


def unread(session: Session, worker_id: UUID) -> list[News]:
    """Return what a person has not confirmed reading, the newest first."""
    query = (
        select(Tiding.notice, Tiding.noted_at)
        .where(col(Tiding.worker_id) == worker_id, col(Tiding.read_at).is_(None))
        .order_by(col(Tiding.noted_at).desc(), col(Tiding.id).desc())
    )
    return [News(Notice(notice), noted_at) for notice, noted_at in session.exec(query)]


def read(session: Session, worker_id: UUID, *, now: datetime) -> None:
    """Note that a person has read everything up to now."""
    mine = (col(Tiding.worker_id) == worker_id, col(Tiding.read_at).is_(None))
    session.exec(update(Tiding).where(*mine, col(Tiding.noted_at) <= now).values(read_at=now))


def note_ended(session: Session, *, now: datetime) -> int:
    """Note requests that nobody answered in time, and consents whose time was over.

    What a worker ended by hand is known to the worker. Old tidings that were read are
    forgotten. Return how many have ended lately; twice tells it once.
    """
    since = now - _LOOKED_BACK
    answered = exists().where(
        col(Consent.worker_id) == col(AccessRequest.worker_id),
        col(Consent.request_id) == col(AccessRequest.id),
    )
    lapsed = select(AccessRequest.worker_id, AccessRequest.id).where(
        col(AccessRequest.lapses_at) > since, col(AccessRequest.lapses_at) <= now, ~answered
    )
    expired = select(Consent.worker_id, Consent.request_id).where(
        col(Consent.act) == ConsentAct.GRANT,
        col(Consent.expires_at) > since,
        col(Consent.expires_at) <= now,
    )
    ended = [(whose, request_id) for whose, request_id in session.exec(lapsed)]
    granted = [(whose, request_id) for whose, request_id in session.exec(expired)]
    ended += _not_before(session, granted)
    for worker_id, request_id in ended:
        note(session, worker_id, Notice.ACCESS_ENDED, f"access/{request_id.hex}/ended", now=now)
    old = (col(Tiding.read_at).is_not(None), col(Tiding.noted_at) <= now - 2 * _LOOKED_BACK)
    session.exec(delete(Tiding).where(*old))
    return len(ended)


def _not_before(session: Session, expired: list[tuple[UUID, UUID]]) -> list[tuple[UUID, UUID]]:
    """Return the consents that were not ended by hand before their time was over."""
    kept = []
    for worker_id, request_id in expired:
        said = select(Consent.act).where(
            col(Consent.worker_id) == worker_id, col(Consent.request_id) == request_id
        )
        if set(session.exec(said)) == {ConsentAct.GRANT}:
            kept.append((worker_id, request_id))
    return kept


def _send(session: Session, one: Tiding, key: PersonKey, now: datetime) -> None:
    known = contacts.reached(session, one.worker_id, key).known
    kind = next((kind for kind in _FIRST if kind in known), None)
    if kind is None:
        return
    told = Told(CHANNELS[kind], known[kind], Notice(one.notice), {})
    outbox.put(
        session,
        (one.worker_id, key),
        f"tiding/{one.id.hex}",
        told,
        now=now,
        useless_at=now + _WORTH,
    )
