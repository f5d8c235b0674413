"""What a worker and the bureau read of the levels that can be applied for.

The answers of ``schemas.eligibility`` in both languages, with the records that prove them.
"""

from datetime import date
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.eligibility import Amount
from schemas.vocabulary import Fulfilment, Rank, RequirementKind


class ProofView(Contract):
    """A record that proves a requirement, or is counted toward it."""

    record_id: UUID
    title: str


class RequirementView(Contract):
    """One thing that a way asks for, what is found, and by how much it fails."""

    kind: RequirementKind
    state: Fulfilment
    wanted: Bilingual
    found: Bilingual
    doubt: Bilingual | None
    """Why it cannot be decided; None when it can."""
    needed: Amount | None
    has: Amount | None
    missing: Amount | None
    holds_from: date | None
    proofs: tuple[ProofView, ...]


class WayView(Contract):
    """One way to a level: every requirement must hold."""

    name: Bilingual
    clause: Bilingual
    source: str
    state: Fulfilment
    holds_from: date | None
    requirements: tuple[RequirementView, ...]


class GenerationView(Contract):
    """One generation of conditions: one way that holds is enough."""

    generation: str
    title: Bilingual
    rule: str
    version: str
    source: str
    is_binding: bool
    state: Fulfilment
    ways: tuple[WayView, ...]


class LevelAsked(Contract):
    """Whether one level can be applied for, by the generation that binds and by the others."""

    rank: Rank
    rank_name: Bilingual
    state: Fulfilment
    """By the generation that binds."""
    exists: bool | None
    """Whether the occupation has this level; None when its standard is not on file."""
    held_since: date | None
    held_by: ProofView | None
    holds_from: date | None
    generations: tuple[GenerationView, ...]


class BasisView(Contract):
    """Which generation binds on the day, and why."""

    generation: str | None
    why: Bilingual
    rule: str | None
    edition: str | None
    source: str | None


class EligibilityView(Contract):
    """Which levels of an occupation can be applied for on a day; nothing is awarded by it."""

    archive_number: str
    occupation: str
    """As the classification numbers it on the day."""
    occupation_name: Bilingual | None
    on: date
    employer: str | None
    basis: BasisView
    levels: tuple[LevelAsked, ...]

    def level(self, rank: int) -> LevelAsked | None:
        """Return what is found for one level; None when it was not asked for."""
        return next((one for one in self.levels if one.rank == rank), None)
