"""Accounts: who can sign in, or act on the command line, and in which role."""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from archive.errors import ArchiveError, UnknownAccountError
from archive.people import unfinished
from archive.people.models import Account
from archive.people.passwords import hashed, is_right
from schemas.vocabulary import Role

CONSOLE = "console"
"""The account that acts on the command line when none is named; it cannot sign in."""
MADE_UP_LASTS = timedelta(days=7)
"""So long a password signs in that another has made or knows (ASVS 5.0, 6.4.1)."""


class AccountNameTakenError(ArchiveError):
    """An account of this name exists."""

    code: ClassVar[str] = "account_name_taken"
    template: ClassVar[str] = "An account is called {account} already. Choose another name."


class SignInFailedError(ArchiveError):
    """Name and password do not belong together; which of them is wrong is not told."""

    code: ClassVar[str] = "sign_in_failed"
    template: ClassVar[str] = (
        "Name and password do not belong together. "
        "Check both, and whether the capital-letter key is on."
    )


class PasswordOutlivedError(ArchiveError):
    """A password that was made up for somebody was not replaced in time."""

    code: ClassVar[str] = "password_outlived"
    template: ClassVar[str] = (
        "This password was made for your first sign-in and holds no more. "
        "Ask the administrator of the archive for a new one."
    )


def add(
    session: Session,
    name: str,
    role: Role,
    *,
    password: str | None = None,
    organisation_id: UUID | None = None,
    worker_id: UUID | None = None,
    is_demo: bool = False,
    now: datetime,
) -> Account:
    """Add an account; without a password it can act on the command line only.

    Raises AccountNameTakenError or PasswordUnfitError (and what else hashed() refuses).
    """
    if _named(session, name) is not None:
        raise AccountNameTakenError(account=name)
    account = Account(
        name=name,
        role=role,
        organisation_id=organisation_id,
        worker_id=worker_id,
        password_hash=None if password is None else hashed(password, name),
        is_demo=is_demo,
        created_at=now,
    )
    session.add(account)
    try:
        session.flush()
    except IntegrityError:  # Another took the name between the look and the writing.
        raise AccountNameTakenError(account=name) from None
    return account


def ensure_console(session: Session, *, now: datetime) -> Account:
    """Return the command line's own account; make it when the archive has none yet."""
    known = _named(session, CONSOLE)
    return known or add(session, CONSOLE, Role.CONSOLE, now=now)


def listed(session: Session) -> list[Account]:
    """Return every account, by name."""
    return list(session.exec(select(Account).order_by(col(Account.name))))


def named(session: Session, name: str) -> Account:
    """Return the active account of this name. Raises UnknownAccountError."""
    account = candidate(session, name)
    if account is None:
        raise UnknownAccountError(account=name)
    return account


def candidate(session: Session, name: str) -> Account | None:
    """Return the open account that a visitor names, to be proved by a password."""
    account = _named(session, name.strip())
    return account if account is not None and account.is_active else None


def proved(account: Account | None, password: str) -> Account:
    """Return the account when the password is its own; call it without a connection.

    Raises SignInFailedError, the same and as late for an unknown name, a wrong password
    and a closed account; SignInBusyError when too many sign in at once.
    """
    if not is_right(account.password_hash if account else None, password) or account is None:
        raise SignInFailedError
    return account


def refuse_replaced(session: Session, account: Account) -> None:
    """Raise SignInFailedError where another password was set since this account was read.

    Checking one takes its time: whoever signs in with the old one meanwhile would have a
    session that the new one does not end. The two take turns at the account's row.
    """
    mine = select(Account.password_hash).where(col(Account.id) == account.id)
    if session.exec(mine.with_for_update()).one() != account.password_hash:
        raise SignInFailedError


def refuse_outlived(account: Account, *, now: datetime) -> None:
    """Raise PasswordOutlivedError where the password was for a first sign-in only."""
    if account.password_until is not None and now >= account.password_until:
        raise PasswordOutlivedError


def set_password(
    session: Session, account: Account, password: str, *, until: datetime | None = None
) -> None:
    """Give an account a new password; sign-ins that began with the old one end.

    ``until`` ends a password that somebody else has made.

    Raises PasswordUnfitError and what else hashed() refuses.
    """
    account.password_hash = hashed(password, account.name)
    account.password_until = until
    session.add(account)
    session.flush()
    unfinished.end_all(session, account.id)


def _named(session: Session, name: str) -> Account | None:
    return session.exec(select(Account).where(col(Account.name) == name)).one_or_none()
