"""Rosters of classes: who is enrolled, results, lessons and who was present."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from schemas.contracts import Contract, Hundredths, Line
from schemas.reports import Finding
from schemas.vocabulary import DocumentType, Grade, MemberFate

MOST_MEMBERS = 5000
"""Of one class; a proposal of this project."""


class PersonAsked(Contract):
    """Somebody to be enrolled."""

    name: Annotated[str, StringConstraints(max_length=100)]
    document_number: Annotated[str, StringConstraints(max_length=60)]
    document_type: DocumentType | None = None
    """Needed where the number does not tell."""
    account: Annotated[str, StringConstraints(max_length=200)] | None = None
    """At the course platform, or the number as a student."""


class RosterAsked(Contract):
    """People to be enrolled."""

    people: Annotated[tuple[PersonAsked, ...], Field(min_length=1, max_length=MOST_MEMBERS)]
    corrects_names: bool = False
    """Whether who stands on the roster under another name gets the one told here."""


class RosterReport(Contract):
    """What became of the people who were to be enrolled."""

    rows: int
    enrolled: int
    known: int
    """Who stood on the roster already."""
    faulty: int
    findings: tuple[Finding, ...]
    """By row as the file numbers it; of a list that is no file the first is row 1."""


class MemberView(Contract):
    """One place on a roster."""

    id: UUID
    place: int
    name: str | None
    """None when the person was erased."""
    document: str | None
    """The number of the identity document, masked."""
    account: str | None
    score: Hundredths | None
    grade: Grade | None
    has_left: bool
    reason: str | None
    """Why the member left."""
    hours: Hundredths
    """Class hours attended."""
    attendance: Hundredths
    """Per cent of the course's class hours, rounded down."""
    fate: MemberFate | None = None
    """What closing did; None before."""
    code: str | None = None
    """What spoke against it."""
    record_id: UUID | None = None


class Roster(Contract):
    """A page of a roster."""

    members: tuple[MemberView, ...]
    page: int
    pages: int
    total: int


class MarkAsked(Contract):
    """All that is told of a member besides the name; what is left out is not known."""

    member: UUID
    account: Line | None = None
    score: Annotated[Hundredths, Field(ge=0, le=1000)] | None = None
    grade: Grade | None = None
    has_left: bool = False
    reason: Line | None = None

    @model_validator(mode="after")
    def _tells_why(self) -> Self:
        if self.has_left is (self.reason is None):
            message = "who left the class left it for a reason, and nobody else has one"
            raise ValueError(message)
        return self


class MarksAsked(Contract):
    """What is told of some members."""

    marks: Annotated[tuple[MarkAsked, ...], Field(min_length=1, max_length=MOST_MEMBERS)]


class Changed(Contract):
    """How many of those that were told are new or other than before."""

    changed: int


class LessonAsked(Contract):
    """A lesson that was held."""

    held_on: date
    hours: Annotated[Hundredths, Field(gt=0, le=1000)]


class LessonNoted(Contract):
    """A lesson that was noted or struck."""

    id: UUID
    version: int


class LessonView(Contract):
    """A lesson of a class."""

    id: UUID
    held_on: date
    hours: Hundredths
    present: int
    """How many members attended any of it."""


class MemberHours(Contract):
    """Class hours of one member."""

    member: UUID
    hours: Annotated[Hundredths, Field(ge=0, le=10_000)]


class Attendance(Contract):
    """The lessons of a class, and class hours by member."""

    hours: Hundredths
    """Of the course: what attendance is measured by."""
    lessons: tuple[LessonView, ...]
    members: tuple[MemberHours, ...]
    """Who attended anything at all."""


class PresenceAsked(Contract):
    """How many class hours of a lesson members attended; who is not named stays as before."""

    presence: Annotated[tuple[MemberHours, ...], Field(max_length=MOST_MEMBERS)]
