"""The rules in force on a day. Loading refuses what contradicts itself.

Pure: published bytes come in, a ``RuleBook`` goes out. How one rule is read stands in
``rule_files``.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise

from credit_bank.conditions.occupations import code_of
from credit_bank.errors import RuleGapError, RuleReplacesUnknownError, RulesOverlapError
from credit_bank.families import AgreementRule, OccupationCrosswalkRule, Rule, WorkingDaysRule
from credit_bank.families.repeal import Repeal
from credit_bank.rule_files import Term, parse, version_of
from credit_bank.rule_refusals import RepealUnknownError
from credit_bank.working_days import Calendar
from schemas.vocabulary import Family

_DAY = timedelta(days=1)
_LAST_DAY = date.max - _DAY  # Of a term without an end.


@dataclass(frozen=True)
class PublishedRule:
    """A rule, and the digest of the exact bytes under which it was published."""

    rule: Rule
    version: str
    body: bytes
    until: date | None
    """Its last day: its own, or the day before a rule that replaces it or its repeal."""
    otherwise_until: date | None = None
    """Its last day if nobody had repealed it."""
    repealed_by: Repeal | None = None
    """What ends it before that day; None when nothing does."""

    @property
    def was_ever_in_force(self) -> bool:
        """Whether any day is left on which the rule counts."""
        return self.until is None or self.until >= self.rule.in_force_from

    def is_in_force(self, day: date) -> bool:
        """Whether the rule counts on ``day``."""
        return self.rule.in_force_from <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class RuleBook:
    """All published rules; finds the one that counts."""

    rules: tuple[PublishedRule, ...]
    repeals: tuple[Repeal, ...] = ()
    _by_family: dict[Family, list[PublishedRule]] = field(init=False, repr=False, compare=False)
    _by_version: dict[str, PublishedRule] = field(init=False, repr=False, compare=False)
    _by_day: dict[tuple[Family, date], PublishedRule | None] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    """What was looked up before: a district's outcomes share their days."""

    def __post_init__(self) -> None:
        """Index the rules by family and by version."""
        by_family: dict[Family, list[PublishedRule]] = defaultdict(list)
        for published in self.rules:
            by_family[published.rule.family].append(published)
        object.__setattr__(self, "_by_family", dict(by_family))
        object.__setattr__(self, "_by_version", {one.version: one for one in self.rules})

    def in_force(self, family: Family, day: date, track: str | None = None) -> PublishedRule | None:
        """Return the one rule of a family that counts on ``day``; None when none does.

        Of families whose rules stand beside each other, ``track`` names the one that is meant.
        """
        if track is not None:
            found = self.each_in_force(family, day)
            return next((one for one in found if one.rule.track == track), None)
        key = (family, day)
        if key not in self._by_day:
            self._by_day[key] = next(iter(self.each_in_force(family, day)), None)
        return self._by_day[key]

    def each_in_force(self, family: Family, day: date) -> list[PublishedRule]:
        """Return every rule of a family that counts on ``day``: one of each track."""
        return [published for published in self.of(family) if published.is_in_force(day)]

    def all_in_force(self, day: date) -> list[PublishedRule]:
        """Return every rule that counts on ``day``, in the order of the families."""
        return [one for family in Family for one in self.each_in_force(family, day)]

    def of(self, family: Family) -> list[PublishedRule]:
        """Return the rules of a family in the order of their tracks and first days."""
        return self._by_family.get(family, [])

    def of_version(self, version: str) -> PublishedRule | None:
        """Return the rule that was published under a digest."""
        return self._by_version.get(version)

    def named(self, rule_id: str) -> PublishedRule | None:
        """Return the rule with this id."""
        return next((one for one in self.rules if one.rule.id == rule_id), None)

    @cached_property
    def agreements_from(self) -> Mapping[str, tuple[PublishedRule, ...]]:
        """The agreements by the party that gives, each in the order of their ids."""
        by_giver: dict[str, list[PublishedRule]] = defaultdict(list)
        for one in sorted(self.of(Family.AGREEMENT), key=lambda found: found.rule.id):
            if isinstance(one.rule, AgreementRule) and one.was_ever_in_force:
                by_giver[one.rule.giver].append(one)
        return {giver: tuple(found) for giver, found in by_giver.items()}

    @cached_property
    def kin(self) -> Mapping[str, frozenset[str]]:
        """Numbers of occupations by one that some crosswalk joins with them.

        A number stands among its own only if it meant something else on some day.
        """
        tables = [one.rule for one in self.of(Family.OCCUPATION_CROSSWALK) if one.was_ever_in_force]
        joined = [
            (code_of(line.before), {code_of(line.before), *map(code_of, line.now)})
            for table in tables
            if isinstance(table, OccupationCrosswalkRule)
            for line in table.table
        ]
        befores = {before for before, _ in joined}
        groups: list[set[str]] = []
        for _, codes in joined:
            met = [one for one in groups if one & codes]
            groups = [one for one in groups if not one & codes]
            groups.append(codes.union(*met))
        return {code: frozenset(group - ({code} - befores)) for group in groups for code in group}

    @cached_property
    def calendar(self) -> Calendar:
        """The lists of holidays that count, by year."""
        lists = [one.rule for one in self.of(Family.WORKING_DAYS) if one.was_ever_in_force]
        return Calendar(
            {
                one.in_force_from.year: one.is_working_day
                for one in lists
                if isinstance(one, WorkingDaysRule)
            }
        )


@lru_cache(maxsize=8)
def book_of(bodies: tuple[bytes, ...]) -> RuleBook:
    """Return the rule book of published bodies.

    Raises RulesOverlapError, RuleReplacesUnknownError for a rule that replaces none, and
    RepealUnknownError for a repeal that names none.
    """
    laws = [(parse(body, "rule_version"), body) for body in bodies]
    rules = [(law, body) for law, body in laws if not isinstance(law, Repeal)]
    replaced = _ends_by_replacement([rule for rule, _ in rules])
    ends = {rule.id: _earlier(rule.in_force_until, replaced.get(rule.id)) for rule, _ in rules}
    repeals = sorted(
        (law for law, _ in laws if isinstance(law, Repeal)), key=lambda one: one.in_force_from
    )
    repealed = _repealed(repeals, {rule.id: rule.family for rule, _ in rules})
    published = [
        _published(rule, body, ends[rule.id], repealed.get(rule.id)) for rule, body in rules
    ]
    published.sort(key=_place)
    _refuse_overlaps([one for one in published if one.was_ever_in_force])
    return RuleBook(tuple(published), tuple(repeals))


def refuse_gaps(book: RuleBook, terms: Mapping[Family, Term]) -> None:
    """Raise RuleGapError when a family has a day inside its term without a rule.

    Days that a repeal leaves without a rule on purpose are no gap.
    """
    for family, term in terms.items():
        wanted, before = term.begins, "–"
        for one in sorted(book.of(family), key=lambda found: found.rule.in_force_from):
            if one.rule.in_force_from > wanted:
                break
            until = _covered_until(one)
            if until >= wanted:
                wanted, before = until + _DAY, one.rule.id
        if wanted <= (term.ends or _LAST_DAY):
            raise RuleGapError(file=f"{family}.toml", day=wanted, rule=before)


def _place(one: PublishedRule) -> tuple[Family, str, date]:
    return (one.rule.family, one.rule.track, one.rule.in_force_from)


def _published(rule: Rule, body: bytes, ends: date | None, repeal: Repeal | None) -> PublishedRule:
    version = version_of(body)
    if repeal is None or (ends is not None and ends < repeal.in_force_from):
        return PublishedRule(rule, version, body, ends, ends)
    until = repeal.in_force_from - _DAY
    return PublishedRule(rule, version, body, until, ends, repeal)


def _covered_until(one: PublishedRule) -> date:
    """Return the last day of a rule, or of the days that its repeal leaves on purpose."""
    is_meant = one.repealed_by is not None and one.repealed_by.leaves_no_rule
    until = one.otherwise_until if is_meant else one.until
    return min(until or _LAST_DAY, _LAST_DAY)


def _ends_by_replacement(rules: Sequence[Rule]) -> dict[str, date]:
    family_of = {rule.id: rule.family for rule in rules}
    ends: dict[str, date] = {}
    for rule in rules:
        if rule.replaces is None:
            continue
        if family_of.get(rule.replaces) is not rule.family:
            file = f"{rule.family}.toml"
            raise RuleReplacesUnknownError(file=file, rule=rule.id, replaced=rule.replaces)
        end = rule.in_force_from - _DAY
        ends[rule.replaces] = min(end, ends.get(rule.replaces, end))
    return ends


def _repealed(repeals: Sequence[Repeal], family_of: Mapping[str, Family]) -> dict[str, Repeal]:
    """Return the repeal that ends each rule: of several the one that ends it first."""
    found: dict[str, Repeal] = {}
    for one in repeals:
        if family_of.get(one.repeals) is not one.family:
            file = f"{one.family}.toml"
            raise RepealUnknownError(file=file, rule=one.id, repealed=one.repeals)
        found.setdefault(one.repeals, one)
    return found


def _earlier(first: date | None, second: date | None) -> date | None:
    known = [day for day in (first, second) if day is not None]
    return min(known, default=None)


def _refuse_overlaps(published: Sequence[PublishedRule]) -> None:
    for before, after in pairwise(published):
        if _place(before)[:2] != _place(after)[:2]:
            continue
        if before.until is None or before.until >= after.rule.in_force_from:
            raise RulesOverlapError(
                file=f"{after.rule.family}.toml",
                first=before.rule.id,
                second=after.rule.id,
                day=after.rule.in_force_from,
            )
