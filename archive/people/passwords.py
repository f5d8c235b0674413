"""Passwords: hashed and checked with argon2id, never more than two at once.

A check costs about 64 MB and a good part of a second, so that a stolen table is of little
use; without a limit on how many run at once the sign-in page would be a denial of service.
"""

import threading
from collections.abc import Set as AbstractSet
from functools import cache
from pathlib import Path
from typing import ClassVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from archive.errors import ArchiveError

SHORTEST = 8
LONGEST = 256  # A longer one is no password but an attempt to keep the hasher busy.
AT_ONCE = 2
WAIT_SECONDS = 5.0

_COMMON = Path(__file__).with_name("common_passwords.txt")
_REMARK = "#: "
OWN_WORDS = (
    *("skills", "archive", "dossier", "credit", "bank", "bureau", "admin", "administrator"),
    *("技能", "人才", "电子档案", "档案", "学分", "银行", "人社", "人力资源", "管理员"),
    *("jineng", "rencai", "dangan", "xuefen", "yinhang", "renshe", "guanliyuan", "mima"),
)
"""Words that anybody would try here first; docs/security.md lists them (ASVS 5.0, 6.1.2)."""

_places = threading.BoundedSemaphore(AT_ONCE)


class SignInBusyError(ArchiveError):
    """Too many passwords are being checked right now."""

    code: ClassVar[str] = "sign_in_busy"
    template: ClassVar[str] = (
        "Many people are signing in right now. Wait a few seconds, then try again."
    )


class NewPasswordError(ArchiveError):
    """The base of what is wrong with a new password."""


class PasswordUnfitError(NewPasswordError):
    """A new password is too short or too long; which characters it has is nobody's business."""

    code: ClassVar[str] = "password_unfit"
    template: ClassVar[str] = (
        "A password has {shortest} to {longest} characters. Choose one of that length."
    )


class PasswordCommonError(NewPasswordError):
    """A new password is one that is tried first."""

    code: ClassVar[str] = "password_common"
    template: ClassVar[str] = (
        "This password is among those that are tried first. "
        "Choose another, such as three or four words that have nothing to do with each other."
    )


class PasswordNamesAccountError(NewPasswordError):
    """A new password is made of the account's own name and the archive's words."""

    code: ClassVar[str] = "password_names_account"
    template: ClassVar[str] = (
        "A password must not consist only of the account's name and of words of this archive. "
        "Add words that have nothing to do with either."
    )


def hashed(password: str, *names: str) -> str:
    """Return what is kept of a new password of the account of these ``names``.

    Any characters may be used and none must (ASVS 5.0, 6.2.5); what is guessed first is
    refused. Raises PasswordUnfitError, PasswordCommonError or PasswordNamesAccountError.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise PasswordUnfitError(shortest=SHORTEST, longest=LONGEST)
    plain = password.casefold()
    if plain in common():
        raise PasswordCommonError
    if _is_made_of(plain, {*OWN_WORDS, *(_without_digits(one.casefold()) for one in names)}):
        raise PasswordNamesAccountError
    return _hasher().hash(password)


def kept_pin(pin: str) -> str:
    """Return what is kept of a share's PIN; short as it is, its tries are counted."""
    return _hasher().hash(pin)


@cache
def common() -> frozenset[str]:
    """Return the passwords that are tried first, in lower case; the file tells its source."""
    lines = _COMMON.read_text(encoding="utf-8").splitlines()
    return frozenset(one.casefold() for one in lines if not one.startswith(_REMARK))


def _is_made_of(plain: str, words: AbstractSet[str]) -> bool:
    """Whether some of these words are in it, and beside them no letter."""
    left = plain
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left != plain and not any(one.isalpha() for one in left)


def _without_digits(text: str) -> str:
    """Return a name without the digits and marks that people hang on its end."""
    return text.strip().rstrip("0123456789!@#.-_ ") or text


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
    return kept is not None and len(password) <= LONGEST


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _of_nobody() -> str:
    return _hasher().hash("the password of nobody")
