"""Share links: tokens, terms and PINs. What a share shows is the dossiers' room's to say.

A token is 256 random bits, told once; the archive keeps its SHA-256. Everything that could
name somebody is sealed under the worker's key. Nothing is remembered between two requests:
each reads the row, so that a share that was taken back is closed at once in every process.
"""

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from archive.audit.acts import concern
from archive.people import passwords
from archive.people.access import refuse_reading
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.models import Merger
from archive.people.privacy import PersonKey, vault_of
from archive.people.share_looks import SHARE
from archive.people.share_models import Share, ShareToken
from archive.people.share_refusals import (
    ShareClosedError,
    ShareExpiredError,
    ShareMergedError,
    ShareNoDownloadError,
    ShareRevokedError,
    UnknownShareError,
)
from credit_bank.chain import canonical_bytes
from schemas.ids import new_id
from schemas.shares import ShareAsked, ShareTold
from schemas.vocabulary import Permission, ShareState

TOKEN_BYTES = 32
SEALED, FROZEN = "share.sealed", "share.frozen"


@dataclass(frozen=True, slots=True)
class OpenedShare:
    """A share, its text opened."""

    row: Share
    told: ShareTold
    key: PersonKey

    @property
    def frozen(self) -> bytes | None:
        """The content as it was frozen; None for a share that shows the dossier as it is."""
        return None if self.row.frozen is None else self.key.open(FROZEN, self.row.frozen)


def make(
    session: Session,
    worker_id: UUID,
    asked: ShareAsked,
    *,
    content: bytes | None,
    by: Actor,
    now: datetime,
) -> tuple[OpenedShare, str]:
    """Make a share and return it with its token; ``content`` is what a frozen one keeps.

    Raises UnknownWorkerError when somebody else's dossier is meant, ErasedError, FrozenError.
    """
    refuse_reading(session, by, worker_id, Permission.SHARE)
    key = _key_of(session, worker_id)
    told = ShareTold(
        for_whom=asked.for_whom,
        purpose=asked.purpose,
        scope=asked.scope,
        may_download=asked.may_download,
        pin_hash=None if asked.pin is None else passwords.kept_pin(asked.pin),
    )
    row = Share(
        worker_id=worker_id,
        id=new_id(),
        sealed=key.seal(SEALED, canonical_bytes(told.model_dump(mode="json"))),
        frozen=None if content is None else key.seal(FROZEN, content),
        frozen_at=None if content is None else now,
        created_at=now,
        created_by=by.id,
        expires_at=now + timedelta(days=asked.days),
    )
    session.add(row)
    session.flush()
    return OpenedShare(row, told, key), _new_token(session, row)


def listed(session: Session, worker_id: UUID, *, by: Actor) -> list[OpenedShare]:
    """Return a worker's shares, the newest first; raises UnknownWorkerError."""
    refuse_reading(session, by, worker_id, Permission.SHARE)
    query = select(Share).where(col(Share.worker_id) == worker_id)
    rows = session.exec(query.order_by(col(Share.created_at).desc(), col(Share.id).desc())).all()
    return _opened(session, worker_id, rows)


def one(session: Session, worker_id: UUID, share_id: UUID, *, by: Actor) -> OpenedShare:
    """Return one of a worker's shares; raises UnknownWorkerError, UnknownShareError."""
    refuse_reading(session, by, worker_id, Permission.SHARE)
    query = select(Share).where(col(Share.worker_id) == worker_id, col(Share.id) == share_id)
    found = _opened(session, worker_id, session.exec(query).all())
    if not found:
        raise UnknownShareError
    return found[0]


def revoke(
    session: Session, worker_id: UUID, share_id: UUID, *, by: Actor, now: datetime
) -> OpenedShare:
    """Take a share back for good; once more changes nothing. Raises UnknownShareError."""
    found = one(session, worker_id, share_id, by=by)
    if found.row.revoked_at is None:
        found.row.revoked_at = now
        session.add(found.row)
        session.flush()
    return found


def end_all(session: Session, worker_id: UUID, *, now: datetime) -> int:
    """End the open links of a dossier that is merged at this moment; return how many.

    A link promised records of that dossier, which takes nothing any more: whoever follows it
    is told so.
    """
    is_open = (col(Share.revoked_at).is_(None), col(Share.expires_at) > now)
    ended = update(Share).where(col(Share.worker_id) == worker_id, *is_open)
    return session.exec(ended.values(revoked_at=now)).rowcount


def extend(
    session: Session, worker_id: UUID, share_id: UUID, days: int, *, by: Actor, now: datetime
) -> OpenedShare:
    """Let a share last so many days from now, also one that has ended.

    It is never shortened by that. Raises UnknownShareError, ShareClosedError.
    """
    found = one(session, worker_id, share_id, by=by)
    _refuse_closed(found.row)
    found.row.expires_at = max(found.row.expires_at, now + timedelta(days=days))
    session.add(found.row)
    session.flush()
    return found


def rotate(
    session: Session, worker_id: UUID, share_id: UUID, *, by: Actor
) -> tuple[OpenedShare, str]:
    """Give a share a new token; the old one is unknown from now on.

    Raises UnknownShareError, ShareClosedError.
    """
    found = one(session, worker_id, share_id, by=by)
    _refuse_closed(found.row)
    theirs = (col(ShareToken.worker_id) == worker_id, col(ShareToken.share_id) == share_id)
    session.exec(delete(ShareToken).where(*theirs))
    return found, _new_token(session, found.row)


def found_by(session: Session, token: str, *, now: datetime) -> OpenedShare:
    """Return the share that a token opens, whatever PIN it may ask for besides.

    Raises UnknownShareError, the same for a token that was never given, one that was
    replaced and one of a person who was erased; ShareRevokedError, ShareMergedError,
    ShareExpiredError.
    """
    query = (
        select(Share)
        .join(
            ShareToken,
            (col(ShareToken.worker_id) == col(Share.worker_id))
            & (col(ShareToken.share_id) == col(Share.id)),
        )
        .where(col(ShareToken.digest) == _digest(token))
    )
    row = session.exec(query).one_or_none()
    found = _opened(session, row.worker_id, [row]) if row else []
    if not found:
        raise UnknownShareError
    concern(session, found[0].row.worker_id, SHARE, found[0].row.id)
    state = state_of(found[0].row, now)
    if state is ShareState.REVOKED:
        merger = session.get(Merger, found[0].row.worker_id)
        is_merged = merger is not None and merger.merged_at == found[0].row.revoked_at
        raise ShareMergedError if is_merged else ShareRevokedError
    if state is ShareState.EXPIRED:
        raise ShareExpiredError
    return found[0]


def state_of(row: Share, now: datetime) -> ShareState:
    """Return whether a share works at a moment."""
    if row.revoked_at is not None:
        return ShareState.REVOKED
    return ShareState.OPEN if now < row.expires_at else ShareState.EXPIRED


def refuse_download(share: OpenedShare) -> None:
    """Raise ShareNoDownloadError unless what is shared may be taken away as a file."""
    if not share.told.may_download:
        raise ShareNoDownloadError


def _refuse_closed(row: Share) -> None:
    if row.revoked_at is not None:
        raise ShareClosedError


def _new_token(session: Session, row: Share) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(ShareToken(digest=_digest(token), worker_id=row.worker_id, share_id=row.id))
    session.flush()
    return token


def _opened(session: Session, worker_id: UUID, rows: Sequence[Share]) -> list[OpenedShare]:
    """Return shares with their texts; nothing of a person who was erased."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        return []
    return [
        OpenedShare(row, ShareTold.model_validate(json.loads(key.open(SEALED, row.sealed))), key)
        for row in rows
    ]


def _key_of(session: Session, worker_id: UUID) -> PersonKey:
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
