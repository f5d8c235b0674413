"""Recovery codes: on paper, for the day on which the phone is gone; each works once.

A code has 120 random bits, so that a keyed digest is enough (ASVS 5.0, 6.5.2): there is
nothing to guess.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from archive.people.factor_models import RecoveryCode
from archive.people.models import Account
from archive.people.privacy import PersonKey, vault_of
from archive.people.totp import CodeWrongError
from schemas.ids import ALPHABET

COUNT = 10
_GROUPS, _GROUP = 6, 4
_PURPOSE = "recovery_code"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0"})


def make(session: Session, account: Account, *, now: datetime) -> tuple[str, ...]:
    """Return ten new codes, told only now; those made before are worthless from now on."""
    codes = tuple(_drawn() for _ in range(COUNT))
    key = vault_of(session).key_of_account(account.id, now=now)
    remove(session, account)
    for code in codes:
        session.add(RecoveryCode(account_id=account.id, digest=_digest(key, code)))
    session.flush()
    return codes


def prove(session: Session, account: Account, code: str, *, now: datetime) -> None:
    """Accept a code that was not used yet, and use it up; raises CodeWrongError."""
    key = vault_of(session).key_of_account(account.id, now=now)
    digest = _digest(key, code)
    mine = (col(RecoveryCode.account_id) == account.id, col(RecoveryCode.digest) == digest)
    unused = update(RecoveryCode).where(*mine, col(RecoveryCode.used_at).is_(None))
    if session.exec(unused.values(used_at=now)).rowcount != 1:
        raise CodeWrongError


def left(session: Session, account: Account) -> int:
    """Return how many codes are unused."""
    unused = (RecoveryCode.account_id == account.id, col(RecoveryCode.used_at).is_(None))
    return session.exec(select(func.count()).select_from(RecoveryCode).where(*unused)).one()


def remove(session: Session, account: Account) -> None:
    """Make all codes of an account worthless."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account.id))


def _drawn() -> str:
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def _digest(key: PersonKey, code: str) -> bytes:
    """Return what is kept of a code; dashes, spaces, case and misread letters are forgiven."""
    plain = "".join(one for one in code.upper() if one.isalnum()).translate(_MISREAD)
    return key.digest(_PURPOSE, plain)
