"""Opening classes: filed before they begin, changed until they are closed."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from archive.dossiers import courses
from archive.dossiers.classes.lessons import lessons_of
from archive.dossiers.classes.models import (
    FILING,
    ClassClosing,
    ClassFiling,
    TrainingClass,
)
from archive.dossiers.classes.refusals import (
    ClassBegunError,
    ClassClosedError,
    ClassFiledLateError,
    ClassNumberTakenError,
    UnknownClassError,
)
from archive.dossiers.course_models import OfferedCourse
from archive.errors import NotAllowedError
from archive.people.access import reaches_organisation
from archive.people.actors import Actor
from archive.people.keys_apart import keys_apart, new_keys_apart
from archive.people.models import Organisation
from archive.people.privacy import PersonKey
from schemas.classes import ClassAsked, ClassFiled, ClassOpened
from schemas.vocabulary import Permission

_FIRST = 1


class Found(NamedTuple):
    """A class, what is filed of it now, and under which version of its course."""

    own: TrainingClass
    filing: ClassFiling
    course: OfferedCourse


def open_class(
    session: Session,
    organisation: Organisation,
    asked: ClassAsked,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> ClassOpened:
    """Open a class of a course; who teaches is sealed.

    Raises NotAllowedError, UnknownCourseError, ClassFiledLateError, ClassNumberTakenError.
    """
    if not reaches_organisation(by, Permission.RUN_CLASS, organisation.id):
        raise NotAllowedError
    course = courses.named(session, organisation.id, asked.course)
    if asked.first_on <= today:
        raise ClassFiledLateError(first=asked.first_on)
    own = TrainingClass(
        organisation_id=organisation.id, number=asked.number, opened_at=now, opened_by=by.id
    )
    try:
        with session.begin_nested():
            session.add(own)
    except IntegrityError:
        raise ClassNumberTakenError(number=asked.number) from None
    key = new_keys_apart(session, [own.id], now)[own.id]
    _file(session, own, _FIRST, course, asked, key=key, by=by, now=now)
    return ClassOpened(id=own.id, number=own.number, version=_FIRST)


def change(
    session: Session, class_id: UUID, filed: ClassFiled, *, by: Actor, now: datetime, today: date
) -> ClassOpened:
    """File a class anew: everything before it begins, afterwards all but course and first day.

    Raises UnknownClassError, ClassClosedError, ClassBegunError, UnknownCourseError,
    ClassFiledLateError.
    """
    found = held(session, class_id, by=by)
    course = courses.named(session, found.own.organisation_id, filed.course)
    if found.filing.first_on <= today:
        _refuse_begun(session, found, filed, course)
        course = found.course
    elif filed.first_on <= today:
        raise ClassFiledLateError(first=filed.first_on)
    key = keys_apart(session, [class_id]).get(class_id)
    if key is None:
        raise ClassClosedError  # So long ago that its roster names nobody any more.
    version = found.filing.version + 1
    _file(session, found.own, version, course, filed, key=key, by=by, now=now)
    return ClassOpened(id=class_id, number=found.own.number, version=version)


def find(session: Session, class_id: UUID, *, by: Actor, permission: Permission) -> Found:
    """Return a class that somebody may do such a thing to.

    Raises UnknownClassError for what is missing and for what is another's, after one statement.
    """
    found = _newest(session, class_id)
    if found is None or not reaches_organisation(by, permission, found.own.organisation_id):
        raise UnknownClassError
    return found


def known(session: Session, class_id: UUID) -> Found:
    """Return a class for a job that goes on with it; raises UnknownClassError."""
    found = _newest(session, class_id)
    if found is None:
        raise UnknownClassError
    return found


def held(session: Session, class_id: UUID, *, by: Actor) -> Found:
    """Return an open class of which nobody else writes anything until this transaction ends.

    Raises UnknownClassError, ClassClosedError.
    """
    take_turn(session, class_id)
    found = find(session, class_id, by=by, permission=Permission.RUN_CLASS)
    if session.get(ClassClosing, class_id) is not None:
        raise ClassClosedError
    return found


def take_turn(session: Session, class_id: UUID) -> None:
    """Let one write in a class at a time; SQLite has one writer anyway."""
    mine = select(TrainingClass.id).where(col(TrainingClass.id) == class_id)
    session.exec(mine.with_for_update(key_share=True)).first()


def teacher_of(key: PersonKey | None, filing: ClassFiling) -> str | None:
    """Return who teaches a class; None when nobody was named."""
    if key is None or filing.sealed is None:
        return None
    return key.open(FILING, filing.sealed).decode()


def _newest(session: Session, class_id: UUID) -> Found | None:
    newest = (
        select(func.max(ClassFiling.version))
        .where(col(ClassFiling.class_id) == class_id)
        .scalar_subquery()
    )
    query = (
        select(TrainingClass, ClassFiling, OfferedCourse)
        .join(ClassFiling, col(ClassFiling.class_id) == col(TrainingClass.id))
        .join(OfferedCourse, col(OfferedCourse.id) == col(ClassFiling.course_id))
        .where(col(TrainingClass.id) == class_id, col(ClassFiling.version) == newest)
    )
    found = session.exec(query).first()
    return Found(*found) if found else None


def _refuse_begun(session: Session, found: Found, filed: ClassFiled, course: OfferedCourse) -> None:
    """Raise ClassBegunError where a class that has begun would be another one."""
    held_on = [one.held_on for one in lessons_of(session, found.own.id)]
    earliest = max(held_on, default=found.filing.first_on)
    same = course.code == found.course.code and filed.first_on == found.filing.first_on
    if not same or filed.last_on < earliest:
        raise ClassBegunError(earliest=earliest)


def _file(
    session: Session,
    own: TrainingClass,
    version: int,
    course: OfferedCourse,
    filed: ClassFiled,
    *,
    key: PersonKey,
    by: Actor,
    now: datetime,
) -> None:
    session.add(
        ClassFiling(
            class_id=own.id,
            version=version,
            course_id=course.id,
            first_on=filed.first_on,
            last_on=filed.last_on,
            place=filed.place,
            planned=filed.planned,
            sealed=key.seal(FILING, filed.teacher.encode()) if filed.teacher else None,
            filed_at=now,
            filed_by=by.id,
        )
    )
    session.flush()
