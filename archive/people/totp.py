"""Codes of authenticator apps (TOTP, RFC 6238): enrolled, and each accepted once.

The secret is sealed under the account's key. A step of thirty seconds is taken by
inserting it, so that of two processes that get one code only one accepts it.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

import pyotp
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archive.db import is_sqlite
from archive.errors import ArchiveError
from archive.people.factor_models import Totp, TotpStep
from archive.people.privacy import vault_of

ISSUER = "Skills Archive"
STEP_SECONDS = 30  # Together with six digits and SHA-1 what every app can do.
SLACK = 1
"""Clocks may differ by a step either way; more would only help who guesses."""
_COLUMN = "totp.secret"


class CodeWrongError(ArchiveError):
    """A one-time code is wrong, too old, or was used before."""

    code: ClassVar[str] = "code_wrong"
    template: ClassVar[str] = (
        "This code is not right, or it was used before. "
        "With an authenticator app, wait until it shows the next code and type that."
    )


def new_secret() -> str:
    """Return a new secret of 160 bits, in base 32 as people type it."""
    return pyotp.random_base32()


def address(secret: str, account_name: str) -> str:
    """Return the address that a QR code carries into an authenticator app."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


def seal(session: Session, account_id: UUID, secret: str, *, now: datetime) -> bytes:
    """Return a secret as it may be kept."""
    key = vault_of(session).key_of_account(account_id, now=now)
    return key.seal(_COLUMN, secret.encode())


def opened(session: Session, account_id: UUID, sealed: bytes, *, now: datetime) -> str:
    """Return a kept secret; raises SealBrokenError."""
    key = vault_of(session).key_of_account(account_id, now=now)
    return key.open(_COLUMN, sealed).decode()


def enrol(session: Session, account_id: UUID, secret: str, code: str, *, now: datetime) -> None:
    """Keep a secret once its first code proves that an app has it; an older one is replaced.

    Raises CodeWrongError.
    """
    _refuse_unless_taken(session, account_id, secret, code, now)
    give(session, account_id, secret, now=now)


def give(session: Session, account_id: UUID, secret: str, *, now: datetime) -> None:
    """Keep a secret that no app has proved, such as a demo account's."""
    sealed = seal(session, account_id, secret, now=now)
    session.merge(Totp(account_id=account_id, secret=sealed, created_at=now))
    session.flush()


def prove(session: Session, account_id: UUID, code: str, *, now: datetime) -> None:
    """Accept the code of one of three steps, once; raises CodeWrongError."""
    kept = session.get(Totp, account_id)
    if kept is None:
        raise CodeWrongError
    secret = opened(session, account_id, kept.secret, now=now)
    _refuse_unless_taken(session, account_id, secret, code, now)


def acceptable(session: Session, account_id: UUID, *, now: datetime) -> str | None:
    """Return a code that would be accepted now; None when those of all steps were used.

    The present step's comes first, then the next one's; that of the step before would soon
    be too late.
    """
    kept = session.get(Totp, account_id)
    if kept is None:
        return None
    taken = set(session.exec(select(TotpStep.step).where(TotpStep.account_id == account_id)))
    free = [step for step in (step_at(now), step_at(now) + SLACK) if step not in taken]
    secret = opened(session, account_id, kept.secret, now=now)
    return code_of(secret, free[0]) if free else None


def is_code(text: str) -> bool:
    """Whether this looks like a code of an app, and not like one on paper."""
    plain = _plain(text)
    return plain.isascii() and plain.isdecimal()


def step_at(now: datetime) -> int:
    """Return the number of the step of thirty seconds in which ``now`` lies."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """Return the code of a step."""
    return pyotp.TOTP(secret).generate_otp(step)


def remove(session: Session, account_id: UUID) -> None:
    """Forget the secret, and which of its steps were taken."""
    for table in (TotpStep, Totp):
        session.exec(delete(table).where(col(table.account_id) == account_id))


def _refuse_unless_taken(
    session: Session, account_id: UUID, secret: str, code: str, now: datetime
) -> None:
    step = _matching(secret, _plain(code), step_at(now))
    if step is None or not _taken(session, account_id, step):
        raise CodeWrongError
    old = (col(TotpStep.account_id) == account_id, col(TotpStep.step) < step_at(now) - SLACK)
    session.exec(delete(TotpStep).where(*old))


def _matching(secret: str, code: str, present: int) -> int | None:
    """Return the step whose code this is; all are compared, and each in constant time."""
    steps = range(present - SLACK, present + SLACK + 1)
    found = [step for step in steps if pyotp.utils.strings_equal(code, code_of(secret, step))]
    return found[0] if found else None


def _taken(session: Session, account_id: UUID, step: int) -> bool:
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    row = {"account_id": account_id, "step": step}
    added = dialect.insert(TotpStep).values(row).on_conflict_do_nothing()
    return session.connection().execute(added.returning(col(TotpStep.step))).first() is not None


def _plain(code: str) -> str:
    return "".join(code.split())
