"""What a way to a level asks for, as rule files write it. Data only."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from credit_bank.causes import DIPLOMA_EMPTY, WAY_EMPTY, WAY_TWICE, WORK_AFTER, UnfitValueError
from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import ClassKind, Degree, Rank, TitleGrade

Years = Annotated[int, Field(gt=0, le=60)]
Scope = Literal["own", "related"]
"""``own``: in the occupation itself; ``related``: in it or in a related one."""
Counting = Literal["unbroken", "cumulated"]
Anchor = Literal["level", "title"]
GenerationName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_]{0,39}$")]
"""A generation of conditions, by the edition of the technical rules: ``2018``."""


class LevelAsked(Contract):
    """A certificate of a level, or of a higher one; perhaps held for some years."""

    rank: Rank
    held_years: Years | None = None


class WorkAsked(Contract):
    """Years of work; perhaps only those after the certificate or the title."""

    years: Years
    after: Anchor | None = None


class DiplomaAsked(Contract):
    """A diploma of one of some kinds, or of a class of some kinds."""

    degrees: frozenset[Degree] = frozenset()
    perhaps: frozenset[Degree] = frozenset()
    """Kinds that may hide a wanted one: a 高职 was once filed as 大专. Not decided."""
    classes: frozenset[ClassKind] = frozenset()
    final_year: bool = False
    """Whether students of the final year may apply as graduates do."""
    evaluated: bool = False
    """Whether the programme must have been evaluated (经评估论证) to train for the level."""

    @model_validator(mode="after")
    def _names_some(self) -> Self:
        if not self.degrees and not self.classes:
            raise UnfitValueError(DIPLOMA_EMPTY)
        return self


class EnrolmentAsked(Contract):
    """A class that is attended on the day of the application."""

    classes: frozenset[ClassKind] = Field(min_length=1)


class TitleAsked(Contract):
    """A professional title (职称) of a grade, or of a higher one."""

    grade: TitleGrade


class WayAsked(Contract):
    """One way to a level; everything that it names must hold."""

    to: Rank
    name: Bilingual
    """In a few signs; the English one is unique among the ways to its level: ``L5 + 4 y``."""
    clause: Bilingual
    age: Annotated[int, Field(gt=0, le=100)] | None = None
    intention: bool = False
    """Whether the applicant declares to work in the occupation, or to be about to."""
    level: LevelAsked | None = None
    work: tuple[WorkAsked, ...] = ()
    training: bool = False
    apprenticeship: bool = False
    diploma: DiplomaAsked | None = None
    enrolment: EnrolmentAsked | None = None
    title: TitleAsked | None = None

    @model_validator(mode="after")
    def _has_its_anchors(self) -> Self:
        for work in self.work:
            if work.after is not None and getattr(self, work.after) is None:
                raise UnfitValueError(WORK_AFTER, after=work.after)
        asked = (self.level, self.work, self.diploma, self.enrolment, self.title)
        if not any((*asked, self.age, self.intention, self.training, self.apprenticeship)):
            raise UnfitValueError(WAY_EMPTY)
        return self


class Terms(Contract):
    """How a generation counts what its ways ask for."""

    counting: Counting
    longest_break_days: Annotated[int, Field(ge=0, le=366)] | None = None
    """Up to so many days between two employments do not break unbroken work."""
    scope: Scope
    training_hours: dict[Rank, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    """Standard class hours of the training for a level; unset, training is not decided."""
    final_year_months: Annotated[int, Field(gt=0, le=24)] | None = None
    """A student graduates within so many months to be one of the final year."""


def refuse_twice(ways: tuple[WayAsked, ...]) -> None:
    """Raise ValueError when two ways to one level have one name."""
    names = [(way.to, way.name.en) for way in ways]
    for to, name in names:
        if names.count((to, name)) > 1:
            raise UnfitValueError(WAY_TWICE, level=int(to), name=name)
