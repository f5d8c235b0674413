"""What forms of classes say: filings, people, lessons, presence, results. Pure."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

from archive.dossiers.cells import figures
from archive.web.typed_form import Faults, filled, read_as
from schemas.classes import ClassAsked, ClassDetail, SpotCheckAsked
from schemas.refusals import Refusal
from schemas.rosters import LessonAsked, MarkAsked

Told = Iterable[tuple[str, object]]
"""The fields of a form, each as often as it was sent."""


class WrittenClass(BaseModel):
    """The form of a filing as it was typed."""

    model_config = ConfigDict(extra="ignore")

    number: str = ""
    course: str = ""
    first_on: str = ""
    last_on: str = ""
    place: str = ""
    planned: str = ""
    teacher: str = ""


class WrittenLesson(BaseModel):
    """The form of a lesson as it was typed."""

    model_config = ConfigDict(extra="ignore")

    held_on: str = ""
    hours: str = ""


class WrittenCheck(BaseModel):
    """The form of a spot check as it was typed."""

    model_config = ConfigDict(extra="ignore")

    checked_on: str = ""
    inspector: str = ""
    found: str = ""


def class_in(written: WrittenClass) -> tuple[ClassAsked | None, Faults]:
    """Return what a form files, or what is wrong with its fields."""
    return read_as(ClassAsked, filled(written), whole="last_on")


def lesson_in(written: WrittenLesson) -> tuple[LessonAsked | None, Faults]:
    """Return the lesson that a form tells, or what is wrong with its fields."""
    return read_as(LessonAsked, filled(written), whole="last_on")


def check_in(written: WrittenCheck) -> tuple[SpotCheckAsked | None, Faults]:
    """Return the spot check that a form tells, or what is wrong with its fields."""
    return read_as(SpotCheckAsked, filled(written), whole="last_on")


def written_of(found: ClassDetail) -> WrittenClass:
    """Return the form as it would be typed for a class that is filed."""
    return WrittenClass(
        number=found.of.number,
        course=found.of.course_code,
        first_on=found.of.first_on.isoformat(),
        last_on=found.of.last_on.isoformat(),
        place=found.of.place,
        planned=str(found.of.planned),
        teacher=found.teacher or "",
    )


def presence_in(told: Told, lesson_hours: Decimal) -> tuple[dict[UUID, Decimal], list[UUID]]:
    """Return class hours by member, and the members whose hours cannot be read.

    Who is ticked was there all the time, unless fewer hours are written beside; who is shown
    and not ticked was absent.
    """
    fields = list(told)
    ticked = {_member(value) for name, value in fields if name == "present"}
    written = {name[6:]: str(value).strip() for name, value in fields if name.startswith("hours-")}
    hours: dict[UUID, Decimal] = {}
    wrong: list[UUID] = []
    for shown in (_member(value) for name, value in fields if name == "shown"):
        if shown is None:
            continue
        part = written.get(str(shown), "")
        hours[shown] = lesson_hours if shown in ticked else Decimal(0)
        if part and shown in ticked:
            read = _hours(part)
            if read is None or read > lesson_hours:
                wrong.append(shown)
            else:
                hours[shown] = read
    return hours, wrong


def marks_in(told: Told) -> tuple[list[MarkAsked], Mapping[UUID, Refusal | None]]:
    """Return what a form tells of members, and why the others cannot be read."""
    fields = {name: str(value).strip() for name, value in told}
    marks: list[MarkAsked] = []
    wrong: dict[UUID, Refusal | None] = {}
    for name in fields:
        member = _member(name[6:]) if name.startswith("shown-") else None
        if member is None:
            continue
        try:
            marks.append(_mark(member, fields))
        except Refusal as refusal:
            wrong[member] = refusal
        except ValidationError:
            wrong[member] = None
    return marks, wrong


def _mark(member: UUID, fields: Mapping[str, str]) -> MarkAsked:
    result = fields.get(f"result-{member}", "")
    read = figures.score(result) if result else None
    return MarkAsked(
        member=member,
        account=fields.get(f"account-{member}") or None,
        score=read.points if read else None,
        grade=read.grade if read else None,
        has_left=f"left-{member}" in fields,
        reason=fields.get(f"reason-{member}") or None,
    )


def _member(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _hours(text: str) -> Decimal | None:
    try:
        read = Decimal(text)
    except InvalidOperation:
        return None
    return read if read.is_finite() and read >= 0 and read == round(read, 2) else None
