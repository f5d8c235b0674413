"""What ``rules diff`` compares: a rule, a version, a file, or a day, each named by one word."""

from collections.abc import Callable
from datetime import date
from typing import ClassVar, NamedTuple

from sqlmodel import Session

from archive.bureau.rule_keys import keyed
from archive.errors import ArchiveError
from credit_bank import comparing, publishing
from credit_bank.comparing import Side, side
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.rules import RulesCompared

PUBLISHED = "published"
_SHORTEST_VERSION = 8
_RULE_FILE = ".toml"


class UnknownRuleError(ArchiveError):
    """A word names no rule, version, file or day."""

    code: ClassVar[str] = "rule_unknown"
    template: ClassVar[str] = (
        "{word} is no published rule, no version of one, no rule file and no day. Write a rule's "
        "id, at least 8 characters of its version, a file ending in .toml, or a day like "
        "2024-03-05."
    )


FileReader = Callable[[str], list[bytes]]
"""Reads the rules of a file that a word names; only the command line gives one."""


def compared(
    session: Session, first: str, second: str | None, *, read: FileReader | None = None
) -> RulesCompared:
    """Return what differs between what two words name.

    Without a second word a file is compared with what it would take the place of; a day is
    compared with a rule or a file in their families only. Raises UnknownRuleError,
    RuleFileError, UnknownOrganisationError.
    """
    book = publishing.rule_book(session)
    mine = _named(session, first, book, read)
    if second is None:
        found = comparing.against([one.body for one in mine.sides], book)
        return RulesCompared(first=first, second=PUBLISHED, differences=found)
    theirs = _named(session, second, book, read)
    places = [{one.place for one in named.sides} for named in (mine, theirs) if not named.is_whole]
    pair = [
        [one for one in named.sides if not places or any(one.place in them for them in places)]
        for named in (mine, theirs)
    ]
    found = comparing.differences(pair[0], pair[1])
    return RulesCompared(first=first, second=second, differences=found)


class _Named(NamedTuple):
    """What a word names; ``is_whole`` when it names the rules of every family."""

    sides: list[Side]
    is_whole: bool


def _named(session: Session, word: str, book: RuleBook, read: FileReader | None) -> _Named:
    day = _day(word)
    if day is not None:
        return _Named([side(one.body) for one in book.all_in_force(day)], is_whole=True)
    if read is not None and word.endswith(_RULE_FILE):
        bodies = keyed(session, read(word))
        return _Named([side(body) for body in bodies], is_whole=False)
    found = book.named(word) or _of_version(word, book)
    if found is None:
        raise UnknownRuleError(word=word)
    return _Named([side(found.body)], is_whole=False)


def _of_version(word: str, book: RuleBook) -> PublishedRule | None:
    """Return the one rule whose version begins with a word; None when none or several do."""
    if len(word) < _SHORTEST_VERSION:
        return None
    found = [one for one in book.rules if one.version.startswith(word.lower())]
    return found[0] if len(found) == 1 else None


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None
