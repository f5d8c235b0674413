"""Signed-in sessions of browsers and bearer tokens of programs: begin, find, end.

A token is 256 random bits; the archive keeps only its digest, so that a stolen table
signs nobody in.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.actors import Actor
from archive.people.models import Account, Organisation, SignIn

IDLE = timedelta(minutes=30)
AT_LONGEST = timedelta(hours=12)
BEARER = timedelta(days=90)
SEEN_EVERY = timedelta(minutes=1)  # Writing "seen" at each request would cost a write a page.
_TOKEN_BYTES = 32


class SignInNeededError(ArchiveError):
    """Nobody is signed in, and only someone who is may see this."""

    code: ClassVar[str] = "sign_in_needed"
    template: ClassVar[str] = (
        "Please sign in first. If you were signed in, you were away too long or have signed out."
    )


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whom a token belongs to."""

    account: Account
    organisation: Organisation | None
    token_digest: bytes
    seen_at: datetime
    is_bearer: bool

    @property
    def actor(self) -> Actor:
        """As whom services see it."""
        return self.account

    def is_due(self, now: datetime) -> bool:
        """Whether "last seen" should be written again."""
        return now - self.seen_at >= SEEN_EVERY


def begin(session: Session, account: Account, *, now: datetime) -> str:
    """Sign an account in and return the token for its cookie."""
    return _issue(session, account, now, AT_LONGEST, is_bearer=False)


def issue_bearer(
    session: Session, account: Account, *, now: datetime, lasts: timedelta = BEARER
) -> str:
    """Return a bearer token for a program of this account; it is shown only this once."""
    return _issue(session, account, now, lasts, is_bearer=True)


def find(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """Return whom ``token`` belongs to; None when it is unknown, ended or was idle too long."""
    query = (
        select(SignIn, Account, Organisation)
        .join(Account, col(Account.id) == col(SignIn.account_id))
        .outerjoin(Organisation, col(Organisation.id) == col(Account.organisation_id))
        .where(col(SignIn.token_digest) == _digest(token), col(Account.is_active))
    )
    found = session.exec(query).one_or_none()
    if found is None or not _holds(found[0], now):
        return None
    signed, account, organisation = found
    return SignedIn(account, organisation, signed.token_digest, signed.seen_at, signed.is_bearer)


def seen(session: Session, token_digest: bytes, *, now: datetime) -> None:
    """Remember that the session was used."""
    _set(session, token_digest, seen_at=now)


def end(session: Session, token_digest: bytes, *, now: datetime) -> None:
    """Sign out: the token is worthless from now on."""
    _set(session, token_digest, revoked_at=now)


def end_all(session: Session, account: Account, *, now: datetime) -> None:
    """Sign an account out everywhere, programs included: its password was replaced."""
    open_ones = (col(SignIn.account_id) == account.id, col(SignIn.revoked_at).is_(None))
    session.exec(update(SignIn).where(*open_ones).values(revoked_at=now))


def form_token(token: str) -> str:
    """Return what a form of this session carries; no other site can know it."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def _issue(
    session: Session, account: Account, now: datetime, lasts: timedelta, *, is_bearer: bool
) -> str:
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    signed = SignIn(
        token_digest=_digest(token),
        account_id=account.id,
        is_bearer=is_bearer,
        created_at=now,
        seen_at=now,
        expires_at=now + lasts,
    )
    session.add(signed)
    session.flush()
    return token


def _holds(signed: SignIn, now: datetime) -> bool:
    if signed.revoked_at is not None or now >= signed.expires_at:
        return False
    return signed.is_bearer or now < signed.seen_at + IDLE


def _set(session: Session, token_digest: bytes, **values: datetime) -> None:
    mine = col(SignIn.token_digest) == token_digest
    session.exec(update(SignIn).where(mine).values(**values))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
