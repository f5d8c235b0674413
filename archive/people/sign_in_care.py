"""What the security administrator does to sign-ins: unlock, end, reset, close at once.

Opening accounts and giving roles is the system administrator's; so is reopening.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people import activations, attempts, factors, sessions, staff, unfinished
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.last_administrators import refuse_last
from archive.people.models import Account
from archive.people.staff import Member
from schemas.vocabulary import Permission, Role


class Care(StrEnum):
    """What can be done to a sign-in."""

    UNLOCK = "unlock"
    END = "end"
    RESET = "reset"
    CLOSE = "close"


class UnknownSignInError(ArchiveError):
    """No account that can sign in has this identifier or name."""

    code: ClassVar[str] = "sign_in_unknown"
    template: ClassVar[str] = "This account is not known here. See the list of accounts."


class OwnSignInError(ArchiveError):
    """Nobody closes the own account or takes its second factor off."""

    code: ClassVar[str] = "sign_in_own"
    template: ClassVar[str] = (
        "Nobody closes the own account or resets its second factor. "
        "Another security administrator does."
    )


_PEOPLE = (col(Account.scopes).is_(None), col(Account.role) != Role.CONSOLE)
"""Programs have keys of their own, and the command line's account never signs in."""


def staff_listed(session: Session, *, by: Actor) -> list[Member]:
    """Return the accounts of everybody but workers. Raises NotAllowedError."""
    refuse(by, Permission.MANAGE_SIGN_INS)
    return staff.members(session, *_PEOPLE, col(Account.role) != Role.WORKER, by=by)


def called(session: Session, name: str, *, by: Actor) -> Member:
    """Return the account of this very name, a worker's too.

    Raises NotAllowedError, UnknownSignInError.
    """
    refuse(by, Permission.MANAGE_SIGN_INS)
    found = staff.members(session, *_PEOPLE, col(Account.name) == name.strip(), by=by)
    if not found:
        raise UnknownSignInError
    return found[0]


def take(session: Session, account_id: UUID, care: Care, *, by: Actor, now: datetime) -> None:
    """Do something to an account's sign-in; it counts from the next request on.

    Raises NotAllowedError, UnknownSignInError, OwnSignInError, LastOfThreeError.
    """
    refuse(by, Permission.MANAGE_SIGN_INS)
    account = session.exec(select(Account).where(*_PEOPLE, col(Account.id) == account_id)).first()
    if account is None:
        raise UnknownSignInError
    if account.id == by.id and care in {Care.RESET, Care.CLOSE}:
        raise OwnSignInError
    match care:
        case Care.UNLOCK:
            attempts.unlock(session, account)
        case Care.END:
            _end(session, account, now)
        case Care.RESET:
            factors.reset(session, account, now=now)
        case Care.CLOSE:
            refuse_last(session, account)
            account.is_active = False
            session.add(account)
            _end(session, account, now)
            activations.end_handed_out(session, account.id, now=now)
    session.flush()


def _end(session: Session, account: Account, now: datetime) -> None:
    unfinished.end_all(session, account.id)
    sessions.end_all(session, account, now=now)
