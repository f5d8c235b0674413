"""Which level can be applied for: what each generation of conditions asks, and what is found.

Sentences are English message ids with facts; who shows them puts both into a language.
It says what may be applied for. It awards nothing.
"""

from datetime import date
from decimal import Decimal
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, OccupationCode
from schemas.vocabulary import Fulfilment, Rank, RequirementKind


class Candidate(Contract):
    """Who applies, as far as conditions ask: no name, no number."""

    born_on: date | None = None
    employer: str | None = None
    """Code of the employer whose own filed conditions are asked for, when there are any."""


class Time(Contract):
    """A length of time as calendars count it."""

    years: int = Field(default=0, ge=0)
    months: int = Field(default=0, ge=0)
    days: int = Field(default=0, ge=0)


class ClassHours(Contract):
    """An amount of training."""

    hours: Decimal


class Word(Contract):
    """A word of the vocabulary, ``rank.3``."""

    word: str


class NamedOccupation(Contract):
    """An occupation, to be written by its name."""

    code: str


Amount = Time | ClassHours
Fact = Time | ClassHours | Word | tuple[Word, ...] | NamedOccupation | date | int | str


class Sentence(Contract):
    """A message id and the facts that fill it."""

    text: str
    facts: dict[str, Fact] = Field(default_factory=dict)


class Requirement(Contract):
    """One thing that a way asks for, whether it holds, and by how much it fails."""

    kind: RequirementKind
    state: Fulfilment
    wanted: Sentence
    found: Sentence
    doubt: Sentence | None = None
    """Why it cannot be decided; None when it can."""
    needed: Amount | None = None
    """What is counted, how much is asked; None for what is not counted."""
    has: Amount | None = None
    missing: Amount | None = None
    holds_from: date | None = None
    """The day on which it will hold if everything goes on as it is; None when none is known."""
    outcome_ids: tuple[UUID, ...] = ()
    """The outcomes that prove it, or that are counted so far."""


class Way(Contract):
    """One way to a level: all its requirements must hold."""

    name: Bilingual
    clause: Bilingual
    source: str
    state: Fulfilment
    requirements: tuple[Requirement, ...]
    holds_from: date | None = None


class Generation(Contract):
    """A generation of conditions: one way that holds is enough."""

    generation: str
    title: Bilingual
    rule: str
    version: str
    source: str
    is_binding: bool
    """Whether the occupation's standard of that day belongs to this generation."""
    state: Fulfilment
    ways: tuple[Way, ...]
    """None when the generation has no conditions for this level."""


class Basis(Contract):
    """Which generation binds, and why."""

    generation: str | None
    why: Sentence
    rule: str | None = None
    """The standard, filing or default; None when no rule was in force."""
    edition: str | None = None
    source: str | None = None


class Eligibility(Contract):
    """Whether one level of an occupation can be applied for on a day."""

    occupation: OccupationCode
    rank: Rank
    day: date
    basis: Basis
    state: Fulfilment
    """By the generation that binds."""
    exists: bool | None
    """Whether the occupation has this level; None when its standard is not on file."""
    held_since: date | None
    """Since when this level or a higher one is held; None when it is not."""
    held_by: UUID | None
    holds_from: date | None
    """The earliest day on which a way of the binding generation will hold."""
    generations: tuple[Generation, ...]

    @property
    def binding(self) -> Generation | None:
        """The generation that binds; None when no rule was in force."""
        return next((one for one in self.generations if one.is_binding), None)
