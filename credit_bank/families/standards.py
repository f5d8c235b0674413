"""Which conditions bind: the occupation's own standard (职业标准), or an employer's filing."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import STANDARD_UNNAMED, UnfitValueError
from credit_bank.conditions.occupations import Coded, code_of
from credit_bank.conditions.ways import GenerationName, WayAsked, refuse_twice
from credit_bank.families.base import RuleBase
from schemas.contracts import Line
from schemas.vocabulary import Family, Rank


class OccupationStandardRule(RuleBase):
    """A standard, in force since the day on which it was issued, or an employer's own filing."""

    family: Literal[Family.OCCUPATION_STANDARD]
    occupation: Coded | None = None
    """None only in an employer's filing that is for all its occupations."""
    employer: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")] | None = None
    """Code of the employer whose filing it is; None for a standard."""
    edition: Line
    generation: GenerationName
    """The generation of conditions after which it was written."""
    levels: frozenset[Rank] | None = None
    """The levels that the occupation has; None when nobody said."""
    training_hours: dict[Rank, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    """Its standard class hours, where they differ from the generation's."""
    way: tuple[WayAsked, ...] = ()
    """Its own conditions; for the levels that they name they stand instead of the generation's."""

    @model_validator(mode="after")
    def _is_for_someone(self) -> Self:
        if self.occupation is None and self.employer is None:
            raise UnfitValueError(STANDARD_UNNAMED)
        refuse_twice(self.way)
        return self

    @property
    def code(self) -> str | None:
        """The number of the occupation."""
        return code_of(self.occupation) if self.occupation else None

    @property
    def track(self) -> str:
        """Each occupation, and each employer's occupation, has a standard of its own."""
        return f"{self.employer or ''}/{self.code or ''}"

    def ways_to(self, rank: Rank) -> tuple[WayAsked, ...]:
        """Return its own ways to a level; none where the generation's stand."""
        return tuple(way for way in self.way if way.to is rank)

    def told(self, given: Mapping[str, object]) -> dict[str, str]:
        """Return the generation, and which own ways lead to a level of an example."""
        rank = Rank(int(str(given["to"])))
        told = {"generation": self.generation}
        if self.levels is not None:
            told["exists"] = "yes" if rank in self.levels else "no"
        own = [way.name.en for way in self.ways_to(rank)]
        return {**told, "own": " | ".join(own)} if own else told
