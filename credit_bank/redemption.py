"""Which lots a redemption would consume, or which limit makes it impossible. Pure.

What ends soonest is used first; certificates never end and come last; what ends on one day
goes in canonical order. The limits of the rule in force bind from the units on that it
names. Who holds and consumes the units stands in redeeming.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import combinations
from uuid import UUID

from credit_bank.families.redemption import RedemptionRule, Shares
from credit_bank.filling import Caps, Tap, fill, usable
from credit_bank.lots import Lot
from credit_bank.redemption_sources import Source, Wanted, rule_on, source_of, sources_of
from credit_bank.redemption_words import UNUSED, bite, line_reason, no_rule, short, together
from credit_bank.rulebook import RuleBook
from schemas.cases import Pick
from schemas.credits import Arithmetic
from schemas.vocabulary import Limit


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one redemption in units and numbers; as much as is asked means none."""

    asked: int
    provider: int
    external: int
    online: int
    certificates: int
    unrelated: int

    @property
    def caps(self) -> Caps:
        """The limits that are shares."""
        return Caps(self.provider, self.external, self.online)

    def only(self, limit: Limit) -> "Limits":
        """Return this limit alone."""
        name = _FIELD_OF[limit]
        return replace(no_limits(self.asked), **{name: getattr(self, name)})


_FIELD_OF = {
    Limit.ONE_PROVIDER: "provider",
    Limit.EXTERNAL: "external",
    Limit.ONLINE: "online",
    Limit.CERTIFICATES: "certificates",
    Limit.UNRELATED: "unrelated",
}


@dataclass(frozen=True, slots=True)
class PlanLine:
    """What would be taken of one lot, and why so much."""

    source: Source
    taken: int
    reason: Arithmetic
    limits: tuple[Limit, ...] = ()
    """What keeps the rest of it from being used."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a redemption would be filled; with ``problems`` it cannot be."""

    wanted: Wanted
    rule: RedemptionRule | None
    is_limited: bool
    lines: tuple[PlanLine, ...]
    problems: tuple[Arithmetic, ...] = ()
    missing: int = 0
    """How many units more it would take, at the least; 0 when it can be filled."""

    @property
    def picks(self) -> tuple[Pick, ...]:
        """What an application would hold."""
        return tuple(
            Pick(lot_id=line.source.lot.id, units=line.taken) for line in self.lines if line.taken
        )


def plan(lots: Iterable[Lot], wanted: Wanted, rules: RuleBook, zone: tzinfo) -> Plan:
    """Return what a redemption would consume of some lots, or why it cannot be."""
    sources = sources_of(lots, wanted, rules, zone)
    rule = rule_on(rules, wanted.day)
    if rule is None:
        return Plan(
            wanted,
            rule=None,
            is_limited=False,
            lines=(),
            problems=(no_rule(wanted.day),),
            missing=wanted.units,
        )
    if not wanted.units:
        return Plan(wanted, rule, is_limited=False, lines=())  # Records are enough.
    limits = limits_of(rule, wanted)
    chosen = choose(sources, limits)
    is_limited = rule.binds(wanted.use, wanted.size)
    if chosen is None:
        found = tuple(_problems(sources, limits, rule))
        missing = wanted.units - most(sources, limits)
        lines = tuple(PlanLine(one, 0, Arithmetic(text=UNUSED)) for one in sources)
        return Plan(wanted, rule, is_limited, lines, found, missing)
    return Plan(wanted, rule, is_limited, tuple(_lines(sources, chosen, limits, rule)))


def limits_of(rule: RedemptionRule, wanted: Wanted) -> Limits:
    """Return the limits of a redemption; none where they do not bind."""
    asked = wanted.units
    if not rule.binds(wanted.use, wanted.size):
        return no_limits(asked)
    return Limits(
        asked=asked,
        provider=asked * rule.one_provider_percent // 100,
        external=asked * rule.external_percent // 100,
        online=asked * rule.online_percent // 100,
        certificates=rule.certificates,
        unrelated=rule.unrelated_certificates,
    )


def no_limits(asked: int) -> Limits:
    """Return limits that never bite: nothing is more than all."""
    return Limits(asked, asked, asked, asked, asked, asked)


def choose(sources: Sequence[Source], limits: Limits) -> list[int] | None:
    """Return what each source gives; None when no choice keeps all limits.

    Of the sets of certificates that are allowed, the first that leads to a solution.
    """
    for certificates in _allowed(sources, limits):
        taps = [_tap_if(one, certificates) for one in sources]
        if found := fill(taps, limits.asked, limits.caps):
            return found
    return None


def most(sources: Sequence[Source], limits: Limits) -> int:
    """Return how many of the units that are asked for can be given within the limits."""
    best = 0
    for certificates in _allowed(sources, limits):
        taps = (_tap_if(one, certificates) for one in sources)
        best = max(best, usable(taps, limits.asked, limits.caps))
        if best == limits.asked:
            break
    return best


def _tap_if(source: Source, certificates: frozenset[str]) -> Tap:
    if source.certificate is None or source.certificate in certificates:
        return source.tap
    return source.tap._replace(units=0)


def _allowed(sources: Iterable[Source], limits: Limits) -> Iterator[frozenset[str]]:
    """Yield the largest sets of certificates that may be used together, preferred ones first."""
    found: dict[str, bool] = {}
    for one in sources:
        if one.certificate is not None:
            found[one.certificate] = found.get(one.certificate, True) and one.is_unrelated
    unrelated = sum(found.values())
    size = len(found) - unrelated + min(unrelated, limits.unrelated)
    for chosen in combinations(found, min(size, limits.certificates)):
        if sum(found[one] for one in chosen) <= limits.unrelated:
            yield frozenset(chosen)


def _lines(
    sources: Sequence[Source], chosen: Sequence[int], limits: Limits, rule: RedemptionRule
) -> Iterator[PlanLine]:
    last = max(place for place, units in enumerate(chosen) if units)
    for place, (source, taken) in enumerate(zip(sources, chosen, strict=True)):
        # What was passed over, though something later is used, was kept out by a limit.
        is_kept_out = taken < source.units and place < last
        tight = tuple(_tight(source, sources, chosen, limits)) if is_kept_out else ()
        reason = line_reason(
            source.last_day,
            source.certificate,
            taken=taken,
            tight=tight[0] if tight else None,
            rule=rule,
        )
        yield PlanLine(source, taken, reason, tight)


def _tight(
    source: Source, sources: Sequence[Source], chosen: Sequence[int], limits: Limits
) -> Iterator[Limit]:
    """Yield the limits that are reached and that a source counts toward."""
    used = [(one, units) for one, units in zip(sources, chosen, strict=True) if units]
    provider = source.lot.outcome.issuer
    if sum(units for one, units in used if one.lot.outcome.issuer == provider) >= limits.provider:
        yield Limit.ONE_PROVIDER
    if source.is_external and sum(u for one, u in used if one.is_external) >= limits.external:
        yield Limit.EXTERNAL
    if source.is_online and sum(u for one, u in used if one.is_online) >= limits.online:
        yield Limit.ONLINE
    certificates = {one.certificate for one, _ in used} - {None}
    if source.certificate is not None and source.certificate not in certificates:
        unrelated = {one.certificate for one, _ in used if one.is_unrelated}
        if source.is_unrelated and len(unrelated) >= limits.unrelated:
            yield Limit.UNRELATED
        if len(certificates) >= limits.certificates:
            yield Limit.CERTIFICATES


def _problems(
    sources: Sequence[Source], limits: Limits, rule: RedemptionRule
) -> Iterator[Arithmetic]:
    """Yield what is missing in all, and what each limit alone leaves of it."""
    asked, available = limits.asked, sum(one.units for one in sources)
    if available < asked:
        yield short(asked, available)
    alone = 0
    for limit, name in _FIELD_OF.items():
        left = most(sources, limits.only(limit))
        if left < min(asked, available):
            alone += 1
            yield bite(limit, rule, asked, getattr(limits, name), left)
    left = most(sources, limits)
    if left < min(asked, available) and not alone:
        yield together(asked, left)


def keeps_limits(
    picks: Sequence[Pick], lots: Mapping[UUID, Lot], wanted: Wanted, rules: RuleBook, zone: tzinfo
) -> bool:
    """Whether picks that someone made are what is asked for, and within all limits.

    Whether the lots still have as much is left to whoever holds them.
    """
    rule, known = rule_on(rules, wanted.day), [one for one in picks if one.lot_id in lots]
    if rule is None or sum(one.units for one in picks) != wanted.units:
        return False
    if len({one.lot_id for one in picks}) != len(picks):
        return False
    used = [
        replace(source_of(lots[one.lot_id], wanted, rules, zone), units=one.units) for one in known
    ]
    if any(one.last_day is not None and one.last_day < wanted.day for one in used):
        return False
    return not used or not rule.breaches(wanted.use, wanted.size, _shares(used))


def _shares(used: Sequence[Source]) -> Shares:
    by_provider: dict[UUID, int] = defaultdict(int)
    for one in used:
        by_provider[one.lot.outcome.issuer] += one.units
    return Shares(
        units=sum(one.units for one in used),
        largest_provider=max(by_provider.values()),
        external=sum(one.units for one in used if one.is_external),
        online=sum(one.units for one in used if one.is_online),
        certificates=len({one.certificate for one in used} - {None}),
        unrelated=len({one.certificate for one in used if one.is_unrelated}),
    )
