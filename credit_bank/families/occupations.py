"""Which occupations are related, and which have another number since some day."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import OCCUPATION_TWICE, UnfitValueError
from credit_bank.conditions.examples import as_day
from credit_bank.conditions.occupations import Occupations, Relatives, Renumbered, code_of
from credit_bank.families.base import RuleBase
from schemas.vocabulary import Family


class RelatedOccupationsRule(RuleBase):
    """The table of related occupations (相关职业)."""

    family: Literal[Family.RELATED_OCCUPATIONS]
    table: tuple[Relatives, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_each_occupation_once(self) -> Self:
        codes = [code_of(one.occupation) for one in self.table]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise UnfitValueError(OCCUPATION_TWICE, occupations=", ".join(twice))
        return self

    def told(self, given: Mapping[str, object]) -> dict[str, str]:
        """Return how an occupation of an example stands to the wanted one."""
        occupations = Occupations(relatives=self.table)
        found = occupations.nearness(
            str(given["occupation"]), self.in_force_from, str(given["wanted"])
        )
        return {"nearness": found.value}


class OccupationCrosswalkRule(RuleBase):
    """The table of renumbered occupations, by the editions of the classification."""

    family: Literal[Family.OCCUPATION_CROSSWALK]
    table: tuple[Renumbered, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_each_number_once(self) -> Self:
        lines = [(code_of(one.before), one.until) for one in self.table]
        twice = sorted({code for code, until in lines if lines.count((code, until)) > 1})
        if twice:
            raise UnfitValueError(OCCUPATION_TWICE, occupations=", ".join(twice))
        return self

    @cached_property
    def occupations(self) -> Occupations:
        """What the table says, ready to be asked."""
        return Occupations(renumbered=self.table)

    def told(self, given: Mapping[str, object]) -> dict[str, str]:
        """Return the numbers that an occupation of an example has now."""
        found = self.occupations.now(str(given["occupation"]), as_day(given["on"]))
        return {"now": ", ".join(sorted(found))}
