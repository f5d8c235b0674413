"""Dated exceptions from a rule: when each applies, and which values it changes."""

from collections.abc import Mapping
from datetime import date
from typing import Self

from pydantic import Field, model_validator

from credit_bank.causes import EXCEPTION_ENDS_TOO_EARLY, NEEDS_NO_RULE, UnfitValueError
from credit_bank.families.base import RuleId, Source
from schemas.contracts import Bilingual, Contract, OccupationCode
from schemas.credits import LearningOutcome

Facts = Mapping[str, str | None]
"""What an exception can ask of an outcome, by the names that its ``when`` uses."""

ASKED = ("issuer", "occupation", "course", "course_code", "event")


class When(Contract):
    """When an exception applies: everything that is named must hold; one of each list."""

    issuer: tuple[str, ...] = ()
    """Organisations, by their code; published by their identifier."""
    occupation: tuple[OccupationCode, ...] = ()
    course: tuple[str, ...] = ()
    """Names of courses; published as keyed digests, as outcomes hold them."""
    course_code: tuple[str, ...] = ()
    event: tuple[str, ...] = ()
    """Contests with the year of their award, ``"某大赛 2024"``."""
    first_day: date | None = None
    last_day: date | None = None

    @model_validator(mode="after")
    def _asks_something(self) -> Self:
        days = (self.first_day, self.last_day)
        if not any(getattr(self, name) for name in ASKED) and not any(days):
            raise UnfitValueError(NEEDS_NO_RULE)
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise UnfitValueError(EXCEPTION_ENDS_TOO_EARLY)
        return self

    def holds(self, facts: Facts, day: date) -> bool:
        """Whether an outcome of this day with these facts is meant."""
        return self._has(day) and all(
            not getattr(self, name) or facts.get(name) in getattr(self, name) for name in ASKED
        )

    def meets(self, other: "When") -> bool:
        """Whether one outcome could be meant by both."""
        first = max(self.first_day or date.min, other.first_day or date.min)
        last = min(self.last_day or date.max, other.last_day or date.max)
        return first <= last and all(
            not mine or not theirs or set(mine) & set(theirs)
            for mine, theirs in ((getattr(self, name), getattr(other, name)) for name in ASKED)
        )

    def _has(self, day: date) -> bool:
        return (self.first_day or date.min) <= day <= (self.last_day or date.max)


class RuleException(Contract):
    """An exception: its name within the rule, its words, its source, and what it changes."""

    id: RuleId
    title: Bilingual
    source: Source
    when: When
    changes: dict[str, object] = Field(min_length=1)
    """Values of the rule that are other here; of a table only the lines that are named."""


def facts_of(outcome: LearningOutcome) -> dict[str, str | None]:
    """Return what exceptions can ask of an outcome."""
    measures = outcome.measures
    return {
        "issuer": str(outcome.issuer),
        "occupation": outcome.occupation,
        "course": getattr(measures, "course", None),
        "course_code": getattr(measures, "course_code", None),
        "event": getattr(measures, "event", None),
    }


def changed(plain: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Return a rule's own content with an exception's values in place."""
    merged: dict[str, object] = {**plain, "exception": []}
    for name, value in changes.items():
        before = merged.get(name)
        if isinstance(before, Mapping) and isinstance(value, Mapping):
            merged[name] = {**before, **value}
        else:
            merged[name] = value
    return merged
