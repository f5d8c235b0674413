"""Everyone's outcomes in a compact form: loaded once, judged by as many rule books as one likes.

Outcomes that no rule can tell apart share a shape, so that each shape is judged once. What
little an outcome has of its own stands in flat columns, which forked processes share.
"""

import json
from array import array
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, pairwise
from typing import Any, NamedTuple
from uuid import UUID

from credit_bank.conversion import FAMILY_OF, canonical_order
from credit_bank.twins import Pair
from schemas.credits import LearningOutcome
from schemas.vocabulary import LEVEL_GIVING, Family, PairVerdict, RecordKind

Told = Mapping[str, Any]
"""An outcome as the chain's bytes write it."""

Kin = Mapping[str, frozenset[str]]
"""Numbers of occupations by one that crosswalks join with them (see ``RuleBook.kin``)."""

ALONE = -1
"""The subject of an outcome that shares it with no other."""
NO_RANK = -1

_OPAQUE = frozenset(
    {"course", "course_code", "compared", "prepared_by", "event", "title", "class_number"}
)
"""Keyed digests: a rule without exceptions sees only whether there is one."""
_KIND_PLACE = {kind.value: place for place, kind in enumerate(RecordKind)}
_FAMILY = {kind.value: family for kind, family in FAMILY_OF.items()}
_LEVEL_GIVING = frozenset(one.value for one in LEVEL_GIVING)
_TRAINING = RecordKind.TRAINING.value
_CERTIFICATE = RecordKind.CERTIFICATE.value


class Facts(NamedTuple):
    """What exceptions can ask of an outcome besides its day."""

    issuer: str
    occupation: str | None
    course: str | None
    course_code: str | None
    event: str | None


class Slot(NamedTuple):
    """What finds the rule: the family that judges, and the day."""

    family: Family
    day: date


@dataclass
class Population:
    """The live outcomes of all workers that a rule could judge, in the order of judging.

    ``starts[worker]`` to ``starts[worker + 1]`` are the places of a worker's outcomes in the
    columns.
    """

    workers: list[UUID] = field(default_factory=list)
    ranks: "array[int]" = field(default_factory=lambda: array("b"))
    """The highest level held on the day that was asked, by worker; ``NO_RANK`` for none."""
    starts: "array[int]" = field(default_factory=lambda: array("l", [0]))
    slots: "array[int]" = field(default_factory=lambda: array("l"))
    shapes: "array[int]" = field(default_factory=lambda: array("l"))
    facts: "array[int]" = field(default_factory=lambda: array("l"))
    subjects: "array[int]" = field(default_factory=lambda: array("h"))
    """What several outcomes of the worker share, so that only the best of them counts."""
    ids: bytearray = field(default_factory=bytearray)
    linked: dict[int, tuple[LearningOutcome, ...]] = field(default_factory=dict)
    """Workers of whom two courses could be one, or a certificate could absorb a course."""
    whole: dict[int, tuple[LearningOutcome, ...]] = field(default_factory=dict)
    """Workers with outcomes that agreements may convert, or with certificates of occupations
    that a crosswalk joins: these are judged all at once.
    """
    verdicts: dict[int, Mapping[Pair, PairVerdict]] = field(default_factory=dict)
    slot_table: list[Slot] = field(default_factory=list)
    shape_table: list[LearningOutcome] = field(default_factory=list)
    facts_table: list[Facts] = field(default_factory=list)

    @property
    def outcomes(self) -> int:
        """How many outcomes there are."""
        return len(self.slots)

    def id_of(self, place: int) -> UUID:
        """Return the lineage of the outcome at a place."""
        return UUID(bytes=bytes(self.ids[place * 16 : place * 16 + 16]))

    def like(self, shape: int, slot: int, facts: int) -> LearningOutcome:
        """Return an outcome that no rule can tell from those of this shape, day and facts."""
        told, one = self.facts_table[facts], self.shape_table[shape]
        digests = {name: getattr(told, name) for name in ("course", "course_code", "event")}
        own = {name: value for name, value in digests.items() if hasattr(one.measures, name)}
        return one.model_copy(
            update={
                "effective_on": self.slot_table[slot].day,
                "issuer": UUID(told.issuer),
                "occupation": told.occupation,
                "measures": one.measures.model_copy(update=own),
            }
        )


class Gathering:
    """Fills a population, worker by worker."""

    def __init__(self, on: date, givers: Container[str] = (), kins: Sequence[Kin] = ()) -> None:
        """Take the day on which levels are told, and what makes outcomes depend on others.

        That is the parties that give by agreements, and the occupations that crosswalks join.
        """
        self.population = Population()
        self._kins = [one for one in kins if one]
        self._givers = givers
        self._on = on.isoformat()
        self._slots: dict[tuple[Family, str], int] = {}
        self._shapes: dict[tuple[object, ...], int] = {}
        self._facts: dict[Facts, int] = {}

    def add(
        self,
        worker_id: UUID,
        outcomes: Iterable[Told],
        verdicts: Mapping[Pair, PairVerdict] | None = None,
    ) -> None:
        """Add a worker's live outcomes; those of kinds without a family are left out."""
        found = [one for one in outcomes if one["measures"]["kind"] in _FAMILY]
        if not found:
            return
        found.sort(key=_order)
        if any(_order(one) == _order(other) for one, other in pairwise(found)):
            found = _by_content(found)
        worker = len(self.population.workers)
        links = _depend(found, self._kins)
        agreed = self._are_joined(found) or any(self._may_be_agreed(told) for told in found)
        if links or agreed:
            every = tuple(LearningOutcome.model_validate(told) for told in found)
            (self.population.whole if agreed else self.population.linked)[worker] = every
            self.population.verdicts[worker] = verdicts or {}
        subjects: dict[tuple[object, ...], int] = {}
        for told in found:
            self._append(told, subjects)
        self.population.workers.append(worker_id)
        self.population.ranks.append(_highest(found, self._on))
        self.population.starts.append(self.population.outcomes)

    def _may_be_agreed(self, told: Told) -> bool:
        """Whether an agreement may convert the outcome, or another credit bank credited it."""
        scheme = told["measures"].get("scheme")
        return scheme is not None or f"organisation:{told['issuer']}" in self._givers

    def _are_joined(self, outcomes: Iterable[Told]) -> bool:
        """Whether a crosswalk makes certificates of several numbers, or days, depend."""
        if not self._kins:
            return False
        codes = {
            told["occupation"]
            for told in outcomes
            if told["measures"].get("instrument") in _LEVEL_GIVING
        }
        return any(not codes.isdisjoint(kin.get(code, ())) for kin in self._kins for code in codes)

    def _append(self, told: Told, subjects: dict[tuple[object, ...], int]) -> None:
        population, measures = self.population, told["measures"]
        slot = (_FAMILY[measures["kind"]], told["effective_on"])
        if slot not in self._slots:
            self._slots[slot] = len(self._slots)
            population.slot_table.append(Slot(slot[0], date.fromisoformat(slot[1])))
        shape = _shape(told, measures)
        if shape not in self._shapes:
            self._shapes[shape] = len(self._shapes)
            population.shape_table.append(LearningOutcome.model_validate(told))
        facts = _facts(told, measures)
        if facts not in self._facts:
            self._facts[facts] = len(self._facts)
            population.facts_table.append(facts)
        subject = _subject(told, measures)
        population.slots.append(self._slots[slot])
        population.shapes.append(self._shapes[shape])
        population.facts.append(self._facts[facts])
        population.subjects.append(
            ALONE if subject is None else subjects.setdefault(subject, len(subjects))
        )
        population.ids += bytes.fromhex(told["id"].replace("-", ""))


def population_of(
    workers: Mapping[UUID, Sequence[LearningOutcome]],
    on: date,
    verdicts: Mapping[UUID, Mapping[Pair, PairVerdict]] | None = None,
    givers: Container[str] = (),
    kins: Sequence[Kin] = (),
) -> Population:
    """Return the population of some workers' outcomes; levels as of ``on``."""
    gathering = Gathering(on, givers, kins)
    for worker_id, outcomes in workers.items():
        told = [one.model_dump(mode="json") for one in outcomes]
        gathering.add(worker_id, told, (verdicts or {}).get(worker_id))
    return gathering.population


def _order(told: Told) -> tuple[bool, str, int, str, str]:
    """Return the canonical order, courses last, but for the content of what is else equal."""
    kind = told["measures"]["kind"]
    place = _KIND_PLACE[kind]
    return (kind == _TRAINING, told["effective_on"], place, told["issuer"], told["issuer_key"])


def _by_content(outcomes: Sequence[Told]) -> list[Told]:
    """Return outcomes in canonical order, of which some are told apart by content only."""
    parsed = [(LearningOutcome.model_validate(told), told) for told in outcomes]
    parsed.sort(key=lambda pair: (pair[0].kind is RecordKind.TRAINING, canonical_order(pair[0])))
    return [told for _, told in parsed]


def _shape(told: Told, measures: Told) -> tuple[object, ...]:
    """Return all that a rule without exceptions can see of an outcome, but its day."""
    seen = [
        (value is not None and value != "")
        if name in _OPAQUE
        else (json.dumps(value, sort_keys=True) if isinstance(value, dict) else value)
        for name, value in measures.items()
    ]
    return (told["rank"], told["occupation"] is None, *seen)


def _facts(told: Told, measures: Told) -> Facts:
    return Facts(
        told["issuer"],
        told["occupation"],
        measures.get("course"),
        measures.get("course_code"),
        measures.get("event"),
    )


def _subject(told: Told, measures: Told) -> tuple[object, ...] | None:
    """Return what conversion calls the shared subject; a course's only counts under D1."""
    kind = measures["kind"]
    if kind == _TRAINING:
        code = measures.get("course_code")
        return None if code is None else (kind, told["issuer"], code)
    if kind == _CERTIFICATE:
        if measures["instrument"] in _LEVEL_GIVING:
            return (kind, told["occupation"])
        return (kind, measures["instrument"], measures.get("title") or told["issuer_key"])
    if kind == RecordKind.COMPETITION.value:
        return (kind, measures["event"])
    number = measures.get("class_number")
    return None if number is None else (kind, told["issuer"], number)


def _depend(outcomes: Sequence[Told], kins: Sequence[Kin]) -> bool:
    """Whether two courses could be one (D2), or a certificate could absorb a course (D3)."""
    named: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    prepared = set()
    for told in outcomes:
        measures = told["measures"]
        if measures["kind"] == _TRAINING:
            name = measures.get("compared") or measures["course"]
            named[name].add((told["issuer"], told["occupation"]))
        elif measures.get("prepared_by") is not None:
            prepared.add(measures["prepared_by"])
    return not prepared.isdisjoint(named) or any(
        first != second and (one == other or any(other in kin.get(one or "", ()) for kin in kins))
        for told in named.values()
        for (first, one), (second, other) in combinations(told, 2)
    )


def _highest(outcomes: Iterable[Told], on: str) -> int:
    return max(
        (
            int(told["rank"])
            for told in outcomes
            if told["rank"] is not None
            and told["effective_on"] <= on
            and told["measures"].get("instrument") in _LEVEL_GIVING
        ),
        default=NO_RANK,
    )
