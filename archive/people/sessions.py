"""Signed-in sessions of browsers and bearer tokens of programs: begin, find, list, end.

A token is 256 random bits; the archive keeps only its digest, so that a stolen table
signs nobody in. Of a device only the family of its browser is kept, of an address nothing.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.actors import Actor, narrowed
from archive.people.at_counter import OpenVisit, visit_of
from archive.people.incident_models import has_unread
from archive.people.models import Account, Organisation, SignIn, permissions_in
from archive.people.personal_models import NewsMark, has_tidings
from schemas.vocabulary import Permission

IDLE = timedelta(minutes=30)
AT_LONGEST = timedelta(hours=12)
BEARER = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=1)  # Writing "seen" at each request would cost a write a page.
FRESH = timedelta(minutes=10)
"""So long a proof (password and second factor) counts for what is sensitive."""
UNKNOWN_DEVICE = "other"
_TOKEN_BYTES = 32
_HANDLE_BYTES = 12


class SignInNeededError(ArchiveError):
    """Nobody is signed in, and only someone who is may see this."""

    code: ClassVar[str] = "sign_in_needed"
    template: ClassVar[str] = (
        "Please sign in first. If you were signed in, you were away too long or have signed out."
    )


class ProofNeededError(ArchiveError):
    """Something sensitive was asked for, and the last proof of who asks is too old."""

    code: ClassVar[str] = "proof_needed"
    template: ClassVar[str] = (
        "This needs a fresh proof that it is you. Confirm with your second factor, "
        "then do it again."
    )


class UnknownSessionError(ArchiveError):
    """The account has no open session of this handle."""

    code: ClassVar[str] = "session_unknown"
    template: ClassVar[str] = "This session has ended already. Look at the list again."


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom a token belongs to."""

    account: Account
    organisation: Organisation | None
    token_digest: bytes
    seen_at: datetime
    is_bearer: bool
    proved_at: datetime | None = None
    """When the account last proved itself whole; None for a program."""

    visit: OpenVisit | None = None
    """The visit to the counter at which the account acts for a worker."""

    has_news: bool = False
    """Whether the worker was told something and has not confirmed reading it."""

    heard: NewsMark | None = None
    """What the worker has heard of the own records; None before the first time."""

    scopes: frozenset[Permission] | None = None
    """What an access token may of all that its key names; None for all others."""

    @property
    def actor(self) -> Actor:
        """As whom services see it: at the counter as the worker, by a token with less."""
        if self.scopes is not None:
            return narrowed(self.account, self.scopes)
        return self.visit.acting(self.account) if self.visit else self.account

    def is_due(self, now: datetime) -> bool:
        """Whether "last seen" should be written again."""
        return now - self.seen_at >= SEEN_EVERY

    def is_fresh(self, now: datetime) -> bool:
        """Whether the last proof is recent enough for what is sensitive."""
        return self.proved_at is not None and now - self.proved_at < FRESH


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session or token as its owner sees it in a list."""

    handle: str
    """Names it towards its owner; opens nothing."""
    device: str
    """Family of browser and system, such as ``chrome/windows``."""
    is_bearer: bool
    is_this: bool
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def begin(
    session: Session, account: Account, *, now: datetime, device: str = UNKNOWN_DEVICE
) -> str:
    """Sign an account in that has just proved itself; return the token for its cookie."""
    return _issue(session, account.id, now, now + AT_LONGEST, device=device, proved_at=now)


def issue_bearer(
    session: Session, account: Account, *, now: datetime, lasts: timedelta = BEARER
) -> str:
    """Return a bearer token for a program of this account; it is shown only this once."""
    return _issue(session, account.id, now, now + lasts, device=None, proved_at=None)


def renew(session: Session, signed_in: SignedIn, *, now: datetime) -> str:
    """Return a new token for a session that has just proved itself again; the old one ends.

    It ends when the old one would have ended. Raises SignInNeededError where two come at once.
    """
    old = _open(col(SignIn.token_digest) == signed_in.token_digest)
    kept = session.exec(select(SignIn).where(*old)).one_or_none()
    ended = update(SignIn).where(*old).values(revoked_at=now)
    if kept is None or session.exec(ended).rowcount != 1:
        raise SignInNeededError
    token = _issue(
        session, kept.account_id, now, kept.expires_at, device=kept.device, proved_at=now
    )
    session.exec(
        update(SignIn)
        .where(col(SignIn.token_digest) == digest_of(token))
        .values(created_at=kept.created_at)
    )
    return token


def find(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Return whom ``token`` belongs to; None when it is unknown, ended or was idle too long."""
    whose = col(Account.worker_id)
    has_news = or_(has_unread(whose), has_tidings(whose))
    query = (
        select(SignIn, Account, Organisation, has_news, NewsMark)  # type: ignore[call-overload]  # SQLModel has types for four at most.
        .join(Account, col(Account.id) == col(SignIn.account_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .outerjoin(NewsMark, col(NewsMark.worker_id) == whose)
        .where(col(SignIn.token_digest) == digest_of(token), col(Account.is_active))
    )
    found = session.exec(query).one_or_none()
    if found is None or not _holds(found[0], now):
        return None
    kept, account, organisation, has_news, heard = found
    return SignedIn(
        account,
        organisation,
        kept.token_digest,
        kept.seen_at,
        kept.is_bearer,
        kept.proved_at,
        visit_of(kept, now),
        has_news=has_news,
        scopes=permissions_in(kept.scopes),
        heard=heard,
    )


def listed(
    session: Session, account: Account, *, now: datetime, this: bytes | None = None
) -> tuple[OpenSession, ...]:
    """Return the open sessions and tokens of an account, the one last seen first."""
    mine = select(SignIn).where(*_open(col(SignIn.account_id) == account.id))
    newest = mine.order_by(col(SignIn.seen_at).desc(), col(SignIn.token_digest))
    return tuple(
        OpenSession(
            _handle(kept.token_digest),
            kept.device or UNKNOWN_DEVICE,
            kept.is_bearer,
            kept.token_digest == this,
            kept.created_at,
            kept.seen_at,
            kept.expires_at,
        )
        for kept in session.exec(newest)
        if _holds(kept, now)
    )


def seen(session: Session, token_digest: bytes, *, now: datetime) -> None:
    """Remember that the session was used."""
    _set(session, token_digest, seen_at=now)


def end(session: Session, token_digest: bytes, *, now: datetime) -> None:
    """Sign out: the token is worthless from now on."""
    _set(session, token_digest, revoked_at=now)


def end_one(session: Session, account: Account, handle: str, *, now: datetime) -> bytes:
    """End one of an account's own sessions; return its digest. Raises UnknownSessionError."""
    mine = select(SignIn).where(*_open(col(SignIn.account_id) == account.id))
    for kept in session.exec(mine):
        if hmac.compare_digest(_handle(kept.token_digest).encode(), handle.encode()):
            end(session, kept.token_digest, now=now)
            return kept.token_digest
    raise UnknownSessionError


def end_others(session: Session, account: Account, this: bytes, *, now: datetime) -> None:
    """Sign an account out everywhere but here, programs included."""
    others = _open(col(SignIn.account_id) == account.id, col(SignIn.token_digest) != this)
    session.exec(update(SignIn).where(*others).values(revoked_at=now))


def end_all(session: Session, account: Account, *, now: datetime) -> None:
    """Sign an account out everywhere, programs included: its password was replaced."""
    mine = _open(col(SignIn.account_id) == account.id)
    session.exec(update(SignIn).where(*mine).values(revoked_at=now))


def form_token(token: str) -> str:
    """Return what a form of this session carries; no other site can know it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def new_token() -> str:
    """Return a new token of 256 random bits."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def digest_of(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def _issue(
    session: Session,
    account_id: UUID,
    now: datetime,
    until: datetime,
    *,
    device: str | None,
    proved_at: datetime | None,
) -> str:
    token = new_token()
    signed = SignIn(
        token_digest=digest_of(token),
        account_id=account_id,
        is_bearer=proved_at is None,
        device=device,
        created_at=now,
        seen_at=now,
        proved_at=proved_at,
        expires_at=until,
    )
    session.add(signed)
    session.flush()
    return token


def _holds(signed: SignIn, now: datetime) -> bool:
    if signed.revoked_at is not None or now >= signed.expires_at:
        return False
    return signed.is_bearer or now < signed.seen_at + IDLE


def _open(*conditions: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (*conditions, col(SignIn.revoked_at).is_(None))


def _handle(token_digest: bytes) -> str:
    return hashlib.sha256(b"handle\0" + token_digest).digest()[:_HANDLE_BYTES].hex()


def _set(session: Session, token_digest: bytes, **values: datetime) -> None:
    mine = col(SignIn.token_digest) == token_digest
    session.exec(update(SignIn).where(mine).values(**values))
