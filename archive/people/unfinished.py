"""Unfinished sign-ins: what stands between a right password and a session.

Ten minutes long, bound to a cookie of its own, five tries; it opens the page of the next step
and no other. The same thing carries the enrolment of a factor. Each is used up once, by
deleting it.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people import totp
from archive.people.factor_models import UnfinishedSignIn
from archive.people.models import Account
from archive.people.sessions import digest_of, new_token

LASTS = timedelta(minutes=10)
TRIES = 5
_CHALLENGE_BYTES = 32


class SignInExpiredError(ArchiveError):
    """An unfinished sign-in took too long, had too many tries, or was finished before."""

    code: ClassVar[str] = "sign_in_expired"
    template: ClassVar[str] = (
        "This sign-in took more than ten minutes or too many tries. Begin again from the start."
    )


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An unfinished sign-in that still counts."""

    token_digest: bytes
    account: Account | None
    """None until a passkey tells whose it is."""
    challenge: bytes
    secret: bytes | None
    """The sealed secret of an app that is about to be enrolled."""

    @property
    def whose(self) -> Account:
        """The account; raises SignInExpiredError where a passkey has yet to tell it."""
        if self.account is None:
            raise SignInExpiredError
        return self.account


def begin(session: Session, account: Account | None, *, now: datetime) -> str:
    """Begin a sign-in of an account, or of whom a passkey will tell; return its token.

    A secret for an authenticator app is drawn with it, in case one is enrolled.
    """
    token = new_token()
    secret = None
    if account is not None:
        secret = totp.seal(session, account.id, totp.new_secret(), now=now)
    old = col(UnfinishedSignIn.expires_at) <= now
    session.exec(delete(UnfinishedSignIn).where(old))
    session.add(
        UnfinishedSignIn(
            token_digest=digest_of(token),
            account_id=account.id if account else None,
            challenge=secrets.token_bytes(_CHALLENGE_BYTES),
            secret=secret,
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return token


def found(session: Session, token: str | None, *, now: datetime) -> Unfinished:
    """Return the unfinished sign-in of a token; raises SignInExpiredError."""
    query = (
        select(UnfinishedSignIn, Account)
        .outerjoin(Account, col(Account.id) == col(UnfinishedSignIn.account_id))
        .where(
            UnfinishedSignIn.token_digest == digest_of(token or ""),
            col(UnfinishedSignIn.expires_at) > now,
            col(UnfinishedSignIn.tries) < TRIES,
            or_(col(UnfinishedSignIn.account_id).is_(None), col(Account.is_active)),
        )
    )
    kept = session.exec(query).one_or_none()
    if kept is None:
        raise SignInExpiredError
    row, account = kept
    return Unfinished(row.token_digest, account, row.challenge, row.secret)


def tried(session: Session, one: Unfinished) -> None:
    """Count a try before it is judged; raises SignInExpiredError for the sixth.

    Call it in a transaction of its own, so that a refusal does not undo it.
    """
    mine = (
        col(UnfinishedSignIn.token_digest) == one.token_digest,
        col(UnfinishedSignIn.tries) < TRIES,
    )
    counted = update(UnfinishedSignIn).where(*mine)
    if session.exec(counted.values(tries=UnfinishedSignIn.tries + 1)).rowcount != 1:
        raise SignInExpiredError


def use_up(session: Session, one: Unfinished) -> None:
    """Finish it: of two who come at once the second gets SignInExpiredError."""
    mine = col(UnfinishedSignIn.token_digest) == one.token_digest
    if session.exec(delete(UnfinishedSignIn).where(mine)).rowcount != 1:
        raise SignInExpiredError


def end_all(session: Session, account_id: UUID) -> None:
    """Forget every unfinished sign-in of an account."""
    mine = col(UnfinishedSignIn.account_id) == account_id
    session.exec(delete(UnfinishedSignIn).where(mine))
