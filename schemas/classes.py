"""Classes: what is filed of them, what closing posts, spot checks. Rosters stand in rosters."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from schemas.contracts import Bilingual, Contract, Hundredths, Line
from schemas.dossiers import OrganisationView
from schemas.reports import Finding
from schemas.rosters import MOST_MEMBERS
from schemas.vocabulary import ClassState, Grade, MemberFate, Mode

ClassNumber = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=40, pattern=r"^[^\s\x00-\x1f/\\<>\"'`]+$"
    ),
]
"""The organisation's own number of a class."""


class ClassFiled(Contract):
    """What is filed of a class, and may be told again until it is closed."""

    course: Annotated[str, Field(min_length=1, max_length=40)]
    """The course's code; the class keeps the version that is the newest now."""
    first_on: date
    last_on: date
    place: Line
    planned: Annotated[int, Field(ge=1, le=MOST_MEMBERS)]
    """For how many people."""
    teacher: Line | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last_on < self.first_on:
            message = "the last day lies before the first"
            raise ValueError(message)
        return self


class ClassAsked(ClassFiled):
    """A class that is opened."""

    number: ClassNumber


class ClassOpened(Contract):
    """A class that was opened, or filed anew."""

    id: UUID
    number: str
    version: int
    """Of the filing."""


class ClassView(Contract):
    """A class, without anybody of its roster."""

    id: UUID
    number: str
    organisation: OrganisationView
    course_code: str
    course: Bilingual
    hours: Hundredths
    mode: Mode | None
    asks_attendance: bool
    first_on: date
    last_on: date
    place: str
    planned: int
    state: ClassState
    filed_at: datetime
    """When it was first filed."""
    version: int
    members: int
    left: int
    """Members who left the class."""
    lessons: int
    hours_held: Hundredths
    """Class hours of all lessons so far."""
    posted: int
    """Of how many members it is settled what closing did with them."""
    checks: int
    closed_at: datetime | None


class ClassDetail(Contract):
    """A class with what was filed of its teacher, and the spot checks."""

    of: ClassView
    teacher: str | None
    checks: tuple["SpotCheckView", ...] = ()


class ClassesAsked(Contract):
    """Which classes are looked for."""

    organisation: Annotated[str, StringConstraints(max_length=40)] | None = None
    first_on: date | None = None
    """Held on this day or later."""
    last_on: date | None = None
    """Held on this day or before."""
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    size: Annotated[int, Field(ge=1, le=100)] = 20


class ClassList(Contract):
    """A page of classes, those that began last first."""

    classes: tuple[ClassView, ...]
    page: int
    pages: int
    total: int


class ClosingLine(Contract):
    """What closing would do with a member."""

    member: UUID
    place: int
    name: str | None
    fate: MemberFate
    score: Hundredths | None
    grade: Grade | None
    attendance: Hundredths | None
    """What the record will tell; None when the course does not ask for it."""
    findings: tuple[Finding, ...]


class ClosingPreview(Contract):
    """What closing a class would post, member by member, and what speaks against it."""

    of: ClassView
    counts: dict[MemberFate, int]
    findings: tuple[Finding, ...]
    """What speaks against closing the class as a whole."""
    lines: tuple[ClosingLine, ...]
    page: int
    pages: int


class CloseAsked(Contract):
    """How a class is closed."""

    without_faulty: bool = False
    """Whether to close it although some members cannot be recorded: they are left out."""


class ClassClosed(Contract):
    """What closing a class did so far."""

    id: UUID
    state: ClassState
    counts: dict[MemberFate, int]
    waiting: int
    """Members whose completions are still being posted."""


class SpotCheckAsked(Contract):
    """A spot check of a class by the bureau."""

    checked_on: date
    inspector: Line
    found: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class SpotCheckNoted(Contract):
    """A spot check that was noted."""

    id: UUID


class SpotCheckView(Contract):
    """A spot check of a class: the day, who went, what was found."""

    id: UUID
    checked_on: date
    inspector: str
    found: str
    noted_at: datetime


ClassDetail.model_rebuild()
