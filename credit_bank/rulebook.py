"""The rules in force on a day. Loading refuses what contradicts itself.

Pure: rule files and published rows come in as bytes, a ``RuleBook`` goes out.
"""

import hashlib
import json
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from credit_bank.chain import canonical_bytes
from credit_bank.errors import (
    RuleFileError,
    RuleGapError,
    RuleReplacesUnknownError,
    RulesOverlapError,
    RuleTwiceError,
)
from credit_bank.families import RULE, Rule
from schemas.contracts import Contract
from schemas.vocabulary import Family

SHIPPED = Path(__file__).parent / "rules"
_DAY = timedelta(days=1)
_LAST_DAY = date.max - _DAY  # Of a term without an end.

AnyRule = TypeVar("AnyRule", bound=Rule)


class Term(Contract):
    """The days for which a family promises a rule, without gaps."""

    begins: date
    ends: date | None = None


@dataclass(frozen=True)
class PublishedRule:
    """A rule, and the digest of the exact bytes under which it was published."""

    rule: Rule
    version: str
    body: bytes
    until: date | None
    """Its last day: its own, or the day before a rule that replaces it."""

    def is_in_force(self, day: date) -> bool:
        """Whether the rule counts on ``day``."""
        return self.rule.in_force_from <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class RuleBook:
    """All published rules; finds the one that counts."""

    rules: tuple[PublishedRule, ...]
    _by_family: dict[Family, list[PublishedRule]] = field(init=False, repr=False, compare=False)
    _by_version: dict[str, PublishedRule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the rules by family and by version."""
        by_family: dict[Family, list[PublishedRule]] = defaultdict(list)
        for published in self.rules:
            by_family[published.rule.family].append(published)
        object.__setattr__(self, "_by_family", dict(by_family))
        object.__setattr__(self, "_by_version", {one.version: one for one in self.rules})

    def in_force(self, family: Family, day: date) -> PublishedRule | None:
        """Return the one rule of a family that counts on ``day``; None when none does."""
        for published in self.of(family):
            if published.is_in_force(day):
                return published
        return None

    def all_in_force(self, day: date) -> list[PublishedRule]:
        """Return every rule that counts on ``day``, in the order of the families."""
        found = (self.in_force(family, day) for family in Family)
        return [published for published in found if published]

    def of(self, family: Family) -> list[PublishedRule]:
        """Return the rules of a family in the order of their first days."""
        return self._by_family.get(family, [])

    def of_version(self, version: str) -> PublishedRule | None:
        """Return the rule that was published under a digest."""
        return self._by_version.get(version)

    def named(self, rule_id: str) -> PublishedRule | None:
        """Return the rule with this id."""
        return next((one for one in self.rules if one.rule.id == rule_id), None)


def read_file(path: Path) -> list[bytes]:
    """Return the canonical bytes of each rule in a TOML file.

    Raises RuleFileError when the file cannot be read or a rule in it is not well formed.
    """
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text, parse_float=_refuse_float)
    except OSError as unreadable:
        problem = f"it cannot be opened ({unreadable.strerror})"
        raise RuleFileError(file=path.name, problem=problem) from None
    except ValueError as unreadable:  # No TOML, no UTF-8, a number without quotes.
        raise RuleFileError(file=path.name, problem=f"it cannot be read ({unreadable})") from None
    family, drafts = content.get("family"), content.get("rule")
    if (
        not isinstance(family, str)
        or not isinstance(drafts, list)
        or not all(isinstance(draft, dict) for draft in drafts)
    ):
        raise RuleFileError(file=path.name, problem="it needs “family” and at least one [[rule]]")
    bodies = [canonical_bytes({**draft, "family": family}) for draft in drafts]
    ids = [parse(body, path.name).id for body in bodies]
    for rule_id in ids:
        if ids.count(rule_id) > 1:
            raise RuleTwiceError(file=path.name, rule=rule_id)
    return bodies


def term_of(path: Path) -> Term | None:
    """Return the term that a rule file declares; None when it declares none."""
    term = tomllib.loads(path.read_text(encoding="utf-8")).get("term")
    return Term(begins=term["from"], ends=term.get("until")) if term else None


@lru_cache(maxsize=1024)
def parse(body: bytes, origin: str) -> Rule:
    """Return the rule of canonical bytes; raises RuleFileError naming ``origin``."""
    try:
        return RULE.validate_python(json.loads(body), strict=False)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise RuleFileError(file=origin, problem=f"{where}: {first['msg']}") from None


def version_of(body: bytes) -> str:
    """Return the digest under which a rule's bytes are published."""
    return hashlib.sha256(body).hexdigest()


@lru_cache(maxsize=8)
def book_of(bodies: tuple[bytes, ...]) -> RuleBook:
    """Return the rule book of published bodies.

    Raises RulesOverlapError, and RuleReplacesUnknownError for a rule that replaces none.
    """
    rules = [(parse(body, "rule_version"), body) for body in bodies]
    ends = _ends_by_replacement([rule for rule, _ in rules])
    published = tuple(
        PublishedRule(
            rule, version_of(body), body, _earlier(rule.in_force_until, ends.get(rule.id))
        )
        for rule, body in sorted(rules, key=lambda one: (one[0].family, one[0].in_force_from))
    )
    _refuse_overlaps(published)
    return RuleBook(published)


def refuse_gaps(book: RuleBook, terms: Mapping[Family, Term]) -> None:
    """Raise RuleGapError when a family has a day inside its term without a rule."""
    for family, term in terms.items():
        wanted = term.begins
        for one in book.of(family):
            if one.rule.in_force_from > wanted:
                break  # Rules stand in the order of their first days, and never overlap.
            until = _LAST_DAY if one.until is None else min(one.until, _LAST_DAY)
            wanted = max(wanted, until + _DAY)
        if wanted <= (term.ends or _LAST_DAY):
            raise RuleGapError(file=f"{family}.toml", day=wanted)


def _refuse_float(text: str) -> float:
    """Refuse a number with a point: it would be rounded before anyone sees it."""
    raise ValueError(f'{text} must stand in quotes, "27.5"')


def _ends_by_replacement(rules: Sequence[Rule]) -> dict[str, date]:
    family_of = {rule.id: rule.family for rule in rules}
    ends = {}
    for rule in rules:
        if rule.replaces is None:
            continue
        if family_of.get(rule.replaces) is not rule.family:
            file = f"{rule.family}.toml"
            raise RuleReplacesUnknownError(file=file, rule=rule.id, replaced=rule.replaces)
        ends[rule.replaces] = rule.in_force_from - _DAY
    return ends


def _earlier(first: date | None, second: date | None) -> date | None:
    known = [day for day in (first, second) if day is not None]
    return min(known, default=None)


def _refuse_overlaps(published: tuple[PublishedRule, ...]) -> None:
    for before, after in pairwise(published):
        if before.rule.family is not after.rule.family:
            continue
        if before.until is None or before.until >= after.rule.in_force_from:
            raise RulesOverlapError(
                file=f"{after.rule.family}.toml",
                first=before.rule.id,
                second=after.rule.id,
                day=after.rule.in_force_from,
            )
