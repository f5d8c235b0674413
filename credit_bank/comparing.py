"""How two rules, or two sets of rules, differ. Pure: canonical content in, differences out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from credit_bank.families import Rule
from credit_bank.families.repeal import Repeal
from credit_bank.rule_files import Law, parse
from credit_bank.rulebook import RuleBook
from schemas.rules import RuleChange, RuleDifference
from schemas.vocabulary import Family

_NAMES = ("id", "name")
_SAME_THING = frozenset({"family"})
_FIRST = ("id", "in_force_from", "in_force_until", "replaces", "repeals")
_LAST = ("title", "clause", "source", "exception", "example")
_DAY = timedelta(days=1)


class Side(NamedTuple):
    """A rule or repeal on one side of a comparison."""

    law: Law
    content: Mapping[str, Any]
    body: bytes

    @property
    def place(self) -> tuple[Family, str]:
        """What it is compared with: its family, and its track where it has one."""
        track = "" if isinstance(self.law, Repeal) else self.law.track
        return (self.law.family, track)


def side(body: bytes) -> Side:
    """Return a published or drafted rule as a side of a comparison."""
    return Side(parse(body, "comparison"), json.loads(body), body)


def difference(before: Side | None, after: Side | None) -> RuleDifference:
    """Return how one rule differs from another; either may be missing, but not both.

    Raises ValueError when both are.
    """
    told = after or before
    if told is None:
        message = "nothing to compare"
        raise ValueError(message)
    values = [dict(_flat(one.content)) if one else {} for one in (before, after)]
    fields = [*values[0], *(field for field in values[1] if field not in values[0])]
    fields.sort(key=_importance)
    return RuleDifference(
        family=told.law.family,
        before=before.law.id if before else None,
        after=after.law.id if after else None,
        changes=tuple(
            RuleChange(field=field, before=values[0].get(field), after=values[1].get(field))
            for field in fields
            if values[0].get(field) != values[1].get(field)
        ),
    )


def differences(first: Sequence[Side], second: Sequence[Side]) -> tuple[RuleDifference, ...]:
    """Return what differs between two sets of rules, family by family."""
    places = sorted({one.place for one in (*first, *second)}, key=_in_order)
    found = []
    for place in places:
        pairs = _paired(
            [one for one in first if one.place == place],
            [one for one in second if one.place == place],
        )
        found += [difference(before, after) for before, after in pairs]
    return tuple(one for one in found if one.changes)


def against(bodies: Iterable[bytes], book: RuleBook) -> tuple[RuleDifference, ...]:
    """Return how each new rule differs from what it would take the place of.

    That is the rule of its own name, the one that it replaces, else the one in force on its
    first day; against nothing where there is none. Of a repeal it is the last day that moves.
    """
    found = []
    for one in map(side, bodies):
        if isinstance(one.law, Repeal):
            found.append(_ending(one.law, book))
        else:
            found.append(difference(_predecessor(one.law, book), one))
    return tuple(one for one in found if one.changes)


def _predecessor(rule: Rule, book: RuleBook) -> Side | None:
    found = (
        book.named(rule.id)
        or (book.named(rule.replaces) if rule.replaces else None)
        or book.in_force(rule.family, rule.in_force_from, rule.track)
    )
    return side(found.body) if found else None


def _ending(repeal: Repeal, book: RuleBook) -> RuleDifference:
    """Return how a repeal moves the last day of the rule that it ends."""
    ended = book.named(repeal.repeals)
    before = ended.otherwise_until if ended else None
    last = RuleChange(
        field="in_force_until",
        before=before.isoformat() if before else None,
        after=(repeal.in_force_from - _DAY).isoformat(),
    )
    return RuleDifference(
        family=repeal.family, before=repeal.repeals, after=repeal.id, changes=(last,)
    )


def _importance(field: str) -> tuple[int, str]:
    """Sort days and names first, then values, then words, sources and examples."""
    name = field.split(".", maxsplit=1)[0]
    if name in _FIRST:
        return (_FIRST.index(name), field)
    if name in _LAST:
        return (len(_FIRST) + 1 + _LAST.index(name), field)
    return (len(_FIRST), field)


def _paired(
    first: Sequence[Side], second: Sequence[Side]
) -> Iterator[tuple[Side | None, Side | None]]:
    """Pair rules by name, then those that are left in the order in which they stand."""
    names = {one.law.id: one for one in second}
    left = [one for one in first if one.law.id not in names]
    taken = {one.law.id for one in first}
    fresh = [one for one in second if one.law.id not in taken]
    yield from ((one, names[one.law.id]) for one in first if one.law.id in names)
    for at in range(max(len(left), len(fresh))):
        yield (
            left[at] if at < len(left) else None,
            fresh[at] if at < len(fresh) else None,
        )


def _in_order(place: tuple[Family, str]) -> tuple[int, str]:
    return (list(Family).index(place[0]), place[1])


def _flat(content: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every value of a rule with its path: ``by_rank.3``, ``example.NAME.expect.credits``."""
    if isinstance(content, Mapping):
        for name, value in content.items():
            if path or name not in _SAME_THING:
                yield from _flat(value, f"{path}.{name}" if path else str(name))
    elif isinstance(content, list) and any(isinstance(one, Mapping) for one in content):
        for at, one in enumerate(content, start=1):
            yield from _flat(one, f"{path}.{_name_of(one, at)}")
    elif isinstance(content, list):
        yield path, ", ".join(_plain(one) for one in content)
    else:
        yield path, _plain(content)


def _name_of(one: object, at: int) -> str:
    if isinstance(one, Mapping):
        for name in _NAMES:
            if isinstance(one.get(name), str):
                return str(one[name])
    return str(at)


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
