"""Second factors of an account, taken together: which there are, who needs one, removing.

Each kind has a module of its own (totp, recovery, passkeys). Every account but a worker's
must have one (GB/T 22239-2019, 8.1.4.1); a worker may.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people import passkeys, recovery, sessions, totp, unfinished
from archive.people.factor_models import Totp
from archive.people.models import Account
from archive.people.passkeys import PasskeyView
from schemas.vocabulary import Role


class LastFactorError(ArchiveError):
    """The last second factor of an account that needs one cannot be removed."""

    code: ClassVar[str] = "last_factor"
    template: ClassVar[str] = (
        "This is the last second factor of an account that needs one. Add another first."
    )


class FactorMissingError(ArchiveError):
    """Recovery codes stand in for a second factor, and the account has none."""

    code: ClassVar[str] = "factor_missing"
    template: ClassVar[str] = (
        "Recovery codes help when a second factor is lost, and this account has none. "
        "Set up an authenticator app or a passkey first."
    )


@dataclass(frozen=True, slots=True)
class Factors:
    """Which second factors an account has."""

    has_totp: bool
    passkeys: tuple[PasskeyView, ...]
    recovery_codes: int
    """How many are unused. They help out; they are no factor to rely on."""

    @property
    def count(self) -> int:
        """How many factors there are, recovery codes left out."""
        return self.has_totp + len(self.passkeys)


def needed(role: Role) -> bool:
    """Whether accounts of this role must have a second factor: staff must, workers may."""
    return role is not Role.WORKER


def has_app(session: Session, account: Account) -> bool:
    """Whether the account shares a secret with an authenticator app."""
    mine = select(Totp.account_id).where(col(Totp.account_id) == account.id)
    return session.exec(mine).first() is not None


def has_any(session: Session, account: Account) -> bool:
    """Whether the account has a second factor, which is then asked for."""
    return has_app(session, account) or passkeys.count(session, account) > 0


def of(session: Session, account: Account, *, now: datetime) -> Factors:
    """Return the factors of an account."""
    return Factors(
        has_app(session, account),
        passkeys.listed(session, account, now=now),
        recovery.left(session, account),
    )


def prove_by_code(session: Session, account: Account, code: str, *, now: datetime) -> None:
    """Accept a code of an app or one from paper, each once; raises CodeWrongError."""
    if totp.is_code(code):
        totp.prove(session, account.id, code, now=now)
    else:
        recovery.prove(session, account, code, now=now)


def remove_totp(session: Session, account: Account, *, now: datetime) -> None:
    """Remove the authenticator app; raises LastFactorError."""
    _take_turn(session, account)
    kept = of(session, account, now=now)
    _refuse_last(account, kept.count - kept.has_totp)
    totp.remove(session, account.id)
    _tidy(session, account)


def remove_passkey(session: Session, account: Account, handle: str) -> None:
    """Remove one passkey; raises PasskeyUnknownError or LastFactorError."""
    _take_turn(session, account)
    passkeys.remove(session, account, handle)
    _refuse_last(account, has_app(session, account) + passkeys.count(session, account))
    _tidy(session, account)


def reset(session: Session, account: Account, *, now: datetime) -> None:
    """Remove every factor and end every session: the next sign-in enrols anew."""
    totp.remove(session, account.id)
    passkeys.remove_all(session, account)
    recovery.remove(session, account)
    unfinished.end_all(session, account.id)
    sessions.end_all(session, account, now=now)


def refuse_without(session: Session, account: Account) -> None:
    """Raise FactorMissingError where there is nothing that recovery codes could stand in for."""
    if not has_any(session, account):
        raise FactorMissingError


def _take_turn(session: Session, account: Account) -> None:
    """Let whoever removes a factor wait for whoever removes the other one just now."""
    mine = select(Account.id).where(col(Account.id) == account.id)
    session.exec(mine.with_for_update(key_share=True)).one()


def _refuse_last(account: Account, left: int) -> None:
    if left < 1 and needed(account.role):
        raise LastFactorError


def _tidy(session: Session, account: Account) -> None:
    """Recovery codes without a factor would be a factor that nobody chose."""
    if not has_any(session, account):
        recovery.remove(session, account)
