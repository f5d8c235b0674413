"""Counting attempts: who fails too often waits, a little longer each time, never for good.

What is counted is a name as it was typed, by a keyed digest, so that an unknown name is
treated like a known one. An attempt is counted before it is judged, in a transaction of its
own: a refusal does not undo it, and a hundred at once are a hundred.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from archive.db import is_sqlite
from archive.errors import ArchiveError
from archive.people.factor_models import Attempts
from archive.people.models import Account
from archive.people.privacy import vault_of

FREE = 5
"""So many may fail within ``WINDOW`` before the first wait (ASVS 5.0, 6.3.1)."""
WINDOW = timedelta(minutes=15)
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""Each wait is longer; the last length repeats: 120 guesses a day, and never a closed door."""
FORGOTTEN_AFTER = timedelta(days=1)


class SignInLockedError(ArchiveError):
    """Too many attempts failed; the next one has to wait."""

    code: ClassVar[str] = "sign_in_locked"
    template: ClassVar[str] = "Too many attempts have failed. Come back in {minutes} min."

    def __init__(self, minutes: int) -> None:
        """Take in how many minutes the next attempt may come."""
        self.seconds = minutes * 60
        super().__init__(minutes=minutes)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted attempt, about to be judged."""

    subject: bytes
    now: datetime
    until: datetime | None
    """From when on the next one may come; None when it may come at once."""

    def failed(self, refusal: ArchiveError) -> ArchiveError:
        """Return what to raise: ``refusal``, or that the next attempt has to wait."""
        return refusal if self.until is None else _locked(self.until, self.now)


def of_name(session: Session, name: str) -> bytes:
    """Return under what the attempts for a typed name are counted."""
    return vault_of(session).digest("sign-in", name.strip())


def of_proof(session: Session, account: Account) -> bytes:
    """Return under what the attempts of someone who is signed in already are counted.

    They are counted apart: strangers who fail at the door stop nobody who is inside.
    """
    return vault_of(session).digest("proof", account.id.hex)


def count(session: Session, subject: bytes, *, now: datetime) -> Attempt:
    """Count an attempt before it is judged; raises SignInLockedError while it has to wait.

    Call it in a transaction of its own, so that a refusal does not undo it.
    """
    _forget_old(session, now)
    _ensure(session, subject, now)
    found = session.exec(
        select(Attempts).where(Attempts.subject == subject).with_for_update()
    ).one()
    if found.until is not None and now < found.until:
        raise _locked(found.until, now)
    if now - found.since >= WINDOW:
        found.failures, found.since = 0, now
    found.failures += 1
    found.tried_at, found.until = now, None
    if found.failures >= FREE:
        found.until = now + WAITS[min(found.waits, len(WAITS) - 1)]
        found.waits, found.failures, found.since = found.waits + 1, 0, now
    session.add(found)
    session.flush()
    return Attempt(subject, now, found.until)


def give_back(session: Session, attempt: Attempt) -> None:
    """Uncount one attempt that was right, where the sign-in is not finished yet.

    It is not the end of counting: who knows a password must not guess codes for ever.
    """
    mine = col(Attempts.subject) == attempt.subject
    if attempt.until is None:
        fewer = update(Attempts).where(mine, col(Attempts.failures) > 0)
        session.exec(fewer.values(failures=Attempts.failures - 1))
        return
    started = update(Attempts).where(mine, col(Attempts.until) == attempt.until)
    session.exec(started.values(until=None, waits=Attempts.waits - 1, failures=FREE - 1))


def forget(session: Session, subject: bytes) -> None:
    """Begin to count anew: after a whole sign-in, or when an administrator says so."""
    session.exec(delete(Attempts).where(col(Attempts.subject) == subject))


def waits(session: Session, account: Account, *, now: datetime) -> bool:
    """Whether an account has to wait now, at the door or inside."""
    subjects = (of_name(session, account.name), of_proof(session, account))
    waiting = (col(Attempts.subject).in_(subjects), col(Attempts.until) > now)
    return session.exec(select(Attempts).where(*waiting)).first() is not None


def unlock(session: Session, account: Account) -> None:
    """Let an account try again at once, at the door and inside."""
    forget(session, of_name(session, account.name))
    forget(session, of_proof(session, account))


def _locked(until: datetime, now: datetime) -> SignInLockedError:
    return SignInLockedError(max(1, math.ceil((until - now) / timedelta(minutes=1))))


def _ensure(session: Session, subject: bytes, now: datetime) -> None:
    dialect = sqlite if is_sqlite(session.connection()) else postgresql
    row = {"subject": subject, "failures": 0, "waits": 0, "since": now, "tried_at": now}
    session.connection().execute(dialect.insert(Attempts).values(row).on_conflict_do_nothing())


def _forget_old(session: Session, now: datetime) -> None:
    """Forget what is a day old, so that made-up names fill no disk."""
    session.exec(delete(Attempts).where(col(Attempts.tried_at) < now - FORGOTTEN_AFTER))
