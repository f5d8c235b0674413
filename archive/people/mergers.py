"""Who became whom: dossiers that were closed because another of the same person goes on.

What is carried from one to the other stands in ``dossiers/merging.py``.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, delete, or_, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, select

from archive.notices.messages import Notice
from archive.people import activations, consents, contacts, sessions, shares, tidings
from archive.people.look_ups import Purpose
from archive.people.models import Account, BlindIndex, Merger, StreetOf
from archive.people.personal_models import SearchIndex
from credit_bank.errors import DossierClosedError


def goes_on_in(session: Session, worker_id: UUID) -> UUID:
    """Return whose dossier goes on: the worker's own, or the last that it was merged into."""
    while (merger := session.get(Merger, worker_id)) is not None:
        worker_id = merger.into_id
    return worker_id


def is_or_was(owner: Mapped[UUID], worker_id: UUID) -> ColumnElement[bool]:
    """Return the condition that a row is a worker's, or of a dossier merged into theirs."""
    return or_(owner == worker_id, owner.in_(select(_joined(worker_id).c.worker_id)))


def _joined(worker_id: UUID) -> CTE:
    first = select(Merger.worker_id).where(col(Merger.into_id) == worker_id)
    joined = first.cte("joined", recursive=True)
    earlier = select(Merger.worker_id).where(col(Merger.into_id) == joined.c.worker_id)
    return joined.union(earlier)


def merger_of(session: Session, worker_id: UUID) -> Merger | None:
    """Return how a dossier was closed; None while it goes on."""
    return session.get(Merger, worker_id)


def refuse_merged(session: Session, worker_ids: Sequence[UUID]) -> None:
    """Raise DossierClosedError when one of some dossiers was merged into another.

    Whoever writes asks when the dossiers are locked, so that no merger can come between.
    """
    query = select(Merger.worker_id).where(col(Merger.worker_id).in_(worker_ids)).limit(1)
    if session.exec(query).first() is not None:
        raise DossierClosedError


def listed(session: Session, *, most: int) -> list[Merger]:
    """Return mergers, the newest first."""
    query = select(Merger).order_by(col(Merger.merged_at).desc(), col(Merger.worker_id))
    return list(session.exec(query.limit(most)))


def hand_over(
    session: Session, closing_id: UUID, into_id: UUID, *, by: UUID, now: datetime
) -> None:
    """Let number, account and street office of a person lead to the dossier that goes on.

    One who has an account there already keeps that one: the other is closed, and its sign-ins
    end. Contacts that the other does not know are carried; share links, requests for access,
    consents and codes on paper end, and the person is told. ``by`` is the account that proposed it.
    """
    contacts.carry(session, closing_id, into_id, by=by, now=now)
    ended = shares.end_all(session, closing_id, now=now)
    ended += consents.end_all(session, closing_id, by=by, now=now)
    if ended:
        key = f"merger/{closing_id.hex}"
        tidings.note(session, into_id, Notice.SHARES_MERGED, key, now=now)
    mine = (
        col(BlindIndex.worker_id) == closing_id,
        col(BlindIndex.purpose) == Purpose.ARCHIVE_NUMBER,
    )
    session.exec(update(BlindIndex).where(*mine).values(worker_id=into_id))
    session.exec(delete(SearchIndex).where(col(SearchIndex.worker_id) == closing_id))
    accounts = list(session.exec(select(Account).where(col(Account.worker_id) == closing_id)))
    taken = select(Account.id).where(col(Account.worker_id) == into_id, col(Account.is_active))
    has_one = session.exec(taken.limit(1)).first() is not None
    for account in accounts:
        if has_one:
            account.is_active = False
            sessions.end_all(session, account, now=now)
        else:
            account.worker_id = into_id
        session.add(account)
    activations.end_of_worker(session, closing_id, now=now)
    street = session.get(StreetOf, closing_id)
    if street and session.get(StreetOf, into_id) is None:
        session.add(StreetOf(worker_id=into_id, organisation_id=street.organisation_id, since=now))
    session.flush()
