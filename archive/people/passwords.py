"""Passwords: hashed and checked with argon2id, never more than two at once.

A check costs about 64 MB and a good part of a second, so that a stolen table is of little
use; without a limit on how many run at once the sign-in page would be a denial of service.
"""

import threading
from functools import cache
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from archive.errors import ArchiveError

SHORTEST = 8
LONGEST = 256  # A longer one is no password but an attempt to keep the hasher busy.
AT_ONCE = 2
WAIT_SECONDS = 5.0

_places = threading.BoundedSemaphore(AT_ONCE)


class SignInBusyError(ArchiveError):
    """Too many passwords are being checked right now."""

    code: ClassVar[str] = "sign_in_busy"
    template: ClassVar[str] = (
        "Many people are signing in right now. Wait a few seconds, then try again."
    )


class PasswordUnfitError(ArchiveError):
    """A new password is too short or too long."""

    code: ClassVar[str] = "password_unfit"
    template: ClassVar[str] = (
        "A password has {shortest} to {longest} characters. Choose one of that length."
    )


def hashed(password: str) -> str:
    """Return what is kept of a new password. Raises PasswordUnfitError."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfitError(shortest=SHORTEST, longest=LONGEST)
    return _hasher().hash(password)


def is_right(kept: str | None, password: str) -> bool:
    """Whether ``password`` is the one that was kept; None stands for an account without one.

    An unknown account takes as long as a known one, so that the time tells nothing.
    Raises SignInBusyError when no place to check is free within five seconds.
    """
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise SignInBusyError
    try:
        _hasher().verify(kept or _of_nobody(), password[:LONGEST])
    except (VerificationError, InvalidHashError):
        return False
    finally:
        _places.release()
    return kept is not None


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash("the password of nobody")
