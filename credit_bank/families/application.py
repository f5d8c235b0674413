"""Who may apply for a level: one rule is one generation of conditions."""

from collections.abc import Mapping
from datetime import date
from typing import Literal, Self

from pydantic import Field, model_validator

from credit_bank.conditions.examples import OCCUPATION, as_day, outcomes_of
from credit_bank.conditions.occupations import Occupations
from credit_bank.conditions.question import Question
from credit_bank.conditions.requirements import judge_way
from credit_bank.conditions.ways import GenerationName, Terms, WayAsked, refuse_twice
from credit_bank.families.base import RuleBase
from schemas.credits import LearningOutcome
from schemas.eligibility import Candidate
from schemas.vocabulary import Decision, Family, Fulfilment, Rank


class ApplicationRule(RuleBase, Terms):
    """A generation of conditions: the ways to each level, and how they count."""

    family: Literal[Family.APPLICATION]
    generation: GenerationName
    """Standards of occupations name it: ``2018``."""
    way: tuple[WayAsked, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_each_way_once(self) -> Self:
        refuse_twice(self.way)
        return self

    def ways_to(self, rank: Rank) -> tuple[WayAsked, ...]:
        """Return the ways to a level; none where the generation has no conditions for it."""
        return tuple(way for way in self.way if way.to is rank)

    def told(self, given: Mapping[str, object]) -> dict[str, str]:
        """Return the names of the ways that hold for the records of an example."""
        question = _question(self, given)
        ways = [judge_way(question, way, self.source) for way in self.ways_to(question.to)]
        held = [way.name.en for way in ways if way.state is Fulfilment.HOLDS]
        return {"holds": " | ".join(held)} if held else {}


def _question(rule: ApplicationRule, given: Mapping[str, object]) -> Question:
    records, born = given["records"], given.get("born_on")
    if not isinstance(records, list | tuple):
        message = "“records” is a list"
        raise TypeError(message)
    return Question(
        occupation=OCCUPATION,
        to=Rank(int(str(given["to"]))),
        day=as_day(given["on"]),
        candidate=Candidate(born_on=as_day(born) if born else None),
        outcomes=in_order(outcomes_of(records)),
        terms=rule,
        occupations=Occupations(),
        passed=_passed,
    )


def in_order(outcomes: list[LearningOutcome]) -> tuple[LearningOutcome, ...]:
    """Return outcomes from the earliest to the latest."""
    return tuple(sorted(outcomes, key=_place))


def _place(outcome: LearningOutcome) -> tuple[date, str]:
    return (outcome.effective_on, str(outcome.id))


def _passed(_: LearningOutcome) -> Decision:
    """Take every course of an example as passed: whether it was, its own rule decides."""
    return Decision.GRANTED
