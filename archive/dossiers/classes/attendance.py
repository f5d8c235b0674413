"""Lessons and presence: class hours by member, and the share of the course that they are."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from archive.dossiers.classes import opening
from archive.dossiers.classes.lessons import lessons_of
from archive.dossiers.classes.models import ClassLesson, ClassMember, ClassPresence
from archive.dossiers.classes.refusals import (
    LessonDayError,
    LessonHoursError,
    UnknownLessonError,
    UnknownMemberError,
)
from archive.people.actors import Actor
from credit_bank.bulk import insert_rows, table_of
from schemas.ids import new_id
from schemas.rosters import Attendance, Changed, LessonAsked, LessonNoted, LessonView, MemberHours

_NONE = Decimal(0)
_WHOLE = Decimal(100)
_STEP = Decimal("0.01")

Hours = dict[UUID, Decimal]
"""Class hours by member."""


class _Noted(NamedTuple):
    """How many class hours a member attended of a lesson, as it was noted last."""

    member_id: UUID
    version: int
    hours: Decimal


def add_lesson(
    session: Session, class_id: UUID, asked: LessonAsked, *, by: Actor, now: datetime, today: date
) -> LessonNoted:
    """Note a lesson that was held, or class hours that were studied alone until a day.

    Raises UnknownClassError, ClassClosedError, LessonDayError, LessonHoursError.
    """
    found = opening.held(session, class_id, by=by)
    first, last = found.filing.first_on, found.filing.last_on
    if not first <= asked.held_on <= min(last, today):
        raise LessonDayError(first=first, last=last)
    if asked.hours > found.course.hours:
        raise LessonHoursError(most=f"{found.course.hours:f}")
    own = new_id()
    _append(session, class_id, (own, 1), asked.held_on, asked.hours, by=by, now=now)
    return LessonNoted(id=own, version=1)


def strike_lesson(
    session: Session, class_id: UUID, lesson_id: UUID, *, by: Actor, now: datetime
) -> LessonNoted:
    """Strike a lesson that was not held so; who was present there was not. It stays on file.

    Raises UnknownClassError, ClassClosedError, UnknownLessonError.
    """
    opening.held(session, class_id, by=by)
    known = _lesson(session, class_id, lesson_id)
    told = (known.id, known.version + 1)
    _append(session, class_id, told, known.held_on, known.hours, by=by, now=now, is_struck=True)
    return LessonNoted(id=known.id, version=known.version + 1)


def note_presence(
    session: Session,
    class_id: UUID,
    lesson_id: UUID,
    hours: Mapping[UUID, Decimal],
    *,
    by: Actor,
    now: datetime,
) -> Changed:
    """Note how many class hours of a lesson members attended; only what is other is appended.

    Raises UnknownClassError, ClassClosedError, UnknownLessonError, UnknownMemberError,
    LessonHoursError.
    """
    opening.held(session, class_id, by=by)
    lesson = _lesson(session, class_id, lesson_id)
    enrolled = select(ClassMember.id).where(col(ClassMember.class_id) == class_id)
    if not hours.keys() <= set(session.exec(enrolled)):
        raise UnknownMemberError
    if max(hours.values(), default=_NONE) > lesson.hours:
        raise LessonHoursError(most=f"{lesson.hours:f}")
    before = {row.member_id: row for row in _noted(session, lesson_id)}
    rows = [
        {
            "lesson_id": lesson_id,
            "member_id": member_id,
            "version": before[member_id].version + 1 if member_id in before else 1,
            "class_id": class_id,
            "hours": attended,
            "noted_at": now,
            "noted_by": by.id,
        }
        for member_id, attended in hours.items()
        if attended != (before[member_id].hours if member_id in before else _NONE)
    ]
    insert_rows(session, table_of(ClassPresence), rows)
    return Changed(changed=len(rows))


def of_lesson(session: Session, class_id: UUID, lesson_id: UUID) -> tuple[ClassLesson, Hours]:
    """Return a lesson and the class hours that members attended; raises UnknownLessonError."""
    lesson = _lesson(session, class_id, lesson_id)
    return lesson, {row.member_id: row.hours for row in _noted(session, lesson_id)}


def hours_by_member(
    session: Session, class_id: UUID, members: Sequence[UUID] | None = None
) -> Hours:
    """Return the class hours over all lessons that stand: of some members, else of each."""
    told = ClassPresence
    standing = [one.id for one in lessons_of(session, class_id)]
    query = (
        select(told.member_id, func.sum(col(told.hours)))
        .where(col(told.class_id) == class_id, col(told.lesson_id).in_(standing), _is_newest())
        .group_by(col(told.member_id))
    )
    if members is not None:
        query = query.where(col(told.member_id).in_(members))
    return dict(session.exec(query).all())


def overview(session: Session, class_id: UUID, course_hours: Decimal) -> Attendance:
    """Return lessons and hours of a class; the caller has asked whether it may be read."""
    lessons = lessons_of(session, class_id)
    came = (col(ClassPresence.class_id) == class_id, col(ClassPresence.hours) > _NONE)
    counted = select(ClassPresence.lesson_id, func.count()).where(*came, _is_newest())
    present = dict(session.exec(counted.group_by(col(ClassPresence.lesson_id))).all())
    return Attendance(
        hours=course_hours,
        lessons=tuple(
            LessonView(
                id=one.id, held_on=one.held_on, hours=one.hours, present=present.get(one.id, 0)
            )
            for one in lessons
        ),
        members=tuple(
            MemberHours(member=member, hours=hours)
            for member, hours in hours_by_member(session, class_id).items()
        ),
    )


def percentage(attended: Decimal, course_hours: Decimal) -> Decimal:
    """Return attendance in per cent of the course's class hours, rounded down, at most 100.

    Of the course's hours, not of those that were held: the record tells the course's hours,
    so a lesson that nobody gave was attended by nobody.
    """
    told = attended * _WHOLE / course_hours
    return min(told, _WHOLE).quantize(_STEP, rounding=ROUND_DOWN)


def _lesson(session: Session, class_id: UUID, lesson_id: UUID) -> ClassLesson:
    found = [one for one in lessons_of(session, class_id) if one.id == lesson_id]
    if not found:
        raise UnknownLessonError
    return found[0]


def _noted(session: Session, lesson_id: UUID) -> list[_Noted]:
    """Return what counts of who was present at a lesson."""
    told = ClassPresence
    query = select(told.member_id, told.version, col(told.hours))
    mine = query.where(col(told.lesson_id) == lesson_id, _is_newest())
    return [_Noted(*row) for row in session.exec(mine)]


def _is_newest() -> ColumnElement[bool]:
    """Choose of each lesson and member what was noted last: a large class has many of them."""
    later = aliased(ClassPresence)
    return ~exists().where(
        col(later.lesson_id) == col(ClassPresence.lesson_id),
        col(later.member_id) == col(ClassPresence.member_id),
        col(later.version) > col(ClassPresence.version),
    )


def _append(
    session: Session,
    class_id: UUID,
    told: tuple[UUID, int],
    held_on: date,
    hours: Decimal,
    *,
    by: Actor,
    now: datetime,
    is_struck: bool = False,
) -> None:
    lesson = ClassLesson(
        id=told[0],
        version=told[1],
        class_id=class_id,
        held_on=held_on,
        hours=hours,
        is_struck=is_struck,
        noted_at=now,
        noted_by=by.id,
    )
    session.add(lesson)
    session.flush()
