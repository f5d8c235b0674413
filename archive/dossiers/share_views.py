"""Shares as their worker sees them: terms, state, and who looked."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from archive.people import look_ups, shares
from archive.people.actors import Actor
from archive.people.share_looks import looks_at
from archive.people.shares import OpenedShare
from schemas.shares import ShareList, ShareLook, ShareMade, ShareView


def listed(session: Session, worker_id: UUID, *, by: Actor, now: datetime) -> ShareList:
    """Return a worker's shares, the newest first; raises UnknownWorkerError."""
    found = shares.listed(session, worker_id, by=by)
    looks = looks_at(session, worker_id, [one.row.id for one in found])
    return ShareList(
        archive_number=look_ups.worker_known_as(session, worker_id).archive_number,
        shares=tuple(view_of(one, now=now, looks=looks.get(one.row.id, ())) for one in found),
    )


def one(
    session: Session, worker_id: UUID, share_id: UUID, *, by: Actor, now: datetime
) -> ShareView:
    """Return one of a worker's shares; raises UnknownWorkerError, UnknownShareError."""
    found = shares.one(session, worker_id, share_id, by=by)
    looks = looks_at(session, worker_id, [share_id])
    return view_of(found, now=now, looks=looks.get(share_id, ()))


def view_of(share: OpenedShare, *, now: datetime, looks: tuple[ShareLook, ...] = ()) -> ShareView:
    """Return a share as its worker sees it."""
    row, told = share.row, share.told
    return ShareView(
        id=row.id,
        for_whom=told.for_whom,
        purpose=told.purpose,
        scope=told.scope,
        frozen_at=row.frozen_at,
        state=shares.state_of(row, now),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        has_pin=told.pin_hash is not None,
        may_download=told.may_download,
        looks=looks,
    )


def made(
    session: Session, share: OpenedShare, token: str, *, base_url: str, now: datetime
) -> ShareMade:
    """Return a share with its token and address, to be told this once."""
    worker = look_ups.worker_known_as(session, share.row.worker_id)
    return ShareMade(
        archive_number=worker.archive_number,
        share=view_of(share, now=now),
        token=token,
        url=f"{base_url}/s/{token}",
    )
