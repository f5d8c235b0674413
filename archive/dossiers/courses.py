"""Courses of organisations: found by their code or a platform's identifier, and catalogued.

They are published in ``offers``, together with what credits can be used for.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from archive.dossiers.course_models import CourseIdentifier, OfferedCourse
from archive.dossiers.course_refusals import CourseIdentifierTakenError, UnknownCourseError
from archive.dossiers.titles import occupation_name, organisation_view
from archive.people import organisations
from archive.people.models import Organisation
from credit_bank.bulk import insert_rows, table_of
from schemas.contracts import Bilingual
from schemas.courses import CatalogueAsked
from schemas.redemptions import CourseView

_ESCAPE = "\\"


def find(session: Session, organisation_id: UUID, code: str) -> OfferedCourse | None:
    """Return the newest version of a course; None when the organisation has none of this code.

    Published or not, still offered or not: what was once taught can be told of later.
    """
    mine = (
        col(OfferedCourse.organisation_id) == organisation_id,
        col(OfferedCourse.code) == code,
    )
    return session.exec(select(OfferedCourse).where(*mine, _is_newest())).first()


def known_as(session: Session, organisation_id: UUID, identifier: str) -> OfferedCourse | None:
    """Return the newest version of the course that a platform knows by an identifier.

    None when no course of the organisation has it now.
    """
    query = (
        select(OfferedCourse)
        .join(CourseIdentifier, col(CourseIdentifier.course_id) == col(OfferedCourse.id))
        .where(
            col(CourseIdentifier.organisation_id) == organisation_id,
            col(CourseIdentifier.identifier) == identifier,
            _is_newest(),
        )
    )
    return session.exec(query).first()


def named(session: Session, organisation_id: UUID, code: str) -> OfferedCourse:
    """Return the newest version of a course; raises UnknownCourseError."""
    found = find(session, organisation_id, code)
    if found is None:
        raise UnknownCourseError(course=code[:40])
    return found


def of_organisation(session: Session, organisation_id: UUID) -> list[OfferedCourse]:
    """Return the newest version of each course of an organisation, by code."""
    mine = col(OfferedCourse.organisation_id) == organisation_id
    query = select(OfferedCourse).where(mine, _is_newest())
    return list(session.exec(query.order_by(col(OfferedCourse.code))))


def catalogue(
    session: Session, asked: CatalogueAsked, day: date
) -> tuple[list[OfferedCourse], int]:
    """Return one page of what everyone is shown on a day, and how many there are in all."""
    course = OfferedCourse
    found = select(course).join(Organisation, col(Organisation.id) == col(course.organisation_id))
    found = found.where(*_on_show(day), *_meant(asked))
    total = session.exec(select(func.count()).select_from(found.subquery())).one()
    order = (col(Organisation.code), col(course.code))
    page = found.order_by(*order).offset(asked.size * (asked.page - 1)).limit(asked.size)
    return list(session.exec(page)), total


def occupations_on_show(session: Session, day: date) -> list[str]:
    """Return the occupations of the courses that everyone is shown, to choose from."""
    told = select(OfferedCourse.occupation).where(
        *_on_show(day), col(OfferedCourse.occupation).is_not(None)
    )
    return sorted(code for code in session.exec(told.distinct()) if code)


def identifiers_of(session: Session, ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return by which identifiers platforms know some versions of courses, in order."""
    wanted = set(ids)
    query = (
        select(CourseIdentifier)
        .where(col(CourseIdentifier.course_id).in_(wanted))
        .order_by(col(CourseIdentifier.identifier))
    )
    found: dict[UUID, tuple[str, ...]] = dict.fromkeys(wanted, ())
    for one in session.exec(query):
        found[one.course_id] = (*found[one.course_id], one.identifier)
    return found


def views(session: Session, courses: Iterable[OfferedCourse]) -> list[CourseView]:
    """Return courses as people read them."""
    told = list(courses)
    whose = organisations.by_id(session, (one.organisation_id for one in told))
    known = identifiers_of(session, (one.id for one in told))
    return [
        CourseView(
            id=one.id,
            code=one.code,
            title=Bilingual(zh=one.title, en=one.title_en),
            organisation=organisation_view(whose[one.organisation_id]),
            occupation=one.occupation,
            occupation_name=occupation_name(one.occupation),
            rank=one.rank,
            hours=one.hours,
            fee_fen=one.fee_fen,
            mode=one.mode,
            asks_attendance=one.asks_attendance,
            resource=one.resource,
            identifiers=known[one.id],
            is_published=one.is_published,
            in_force_from=one.in_force_from,
            in_force_until=one.in_force_until,
        )
        for one in told
    ]


def keep_identifiers(session: Session, course: OfferedCourse, identifiers: Sequence[str]) -> None:
    """Let platforms know a version of a course by these identifiers.

    Raises CourseIdentifierTakenError when one means another course of the organisation.
    """
    told = dict.fromkeys(identifiers)
    for one in told:
        other = known_as(session, course.organisation_id, one)
        if other is not None and other.code != course.code:
            raise CourseIdentifierTakenError(course=other.code)
    rows = [
        {"course_id": course.id, "identifier": one, "organisation_id": course.organisation_id}
        for one in told
    ]
    insert_rows(session, table_of(CourseIdentifier), rows)


def _is_newest() -> ColumnElement[bool]:
    later = aliased(OfferedCourse)
    return ~exists().where(col(later.replaces_id) == col(OfferedCourse.id))


def _on_show(day: date) -> tuple[ColumnElement[bool], ...]:
    """Return what makes a version the one that counts on a day, and published.

    The same as ``offered.of_day`` tells of all that was ever read, asked of the database.
    """
    course, later = OfferedCourse, aliased(OfferedCourse)
    begun_later = exists().where(
        col(later.organisation_id) == col(course.organisation_id),
        col(later.code) == col(course.code),
        col(later.in_force_from) <= day,
        or_(
            col(later.published_at) > col(course.published_at),
            col(later.replaces_id) == col(course.id),
        ),
    )
    return (
        col(course.is_published).is_(True),
        col(course.in_force_from) <= day,
        or_(col(course.in_force_until).is_(None), col(course.in_force_until) >= day),
        ~begun_later,
    )


def _meant(asked: CatalogueAsked) -> list[ColumnElement[bool]]:
    course = OfferedCourse
    told: list[ColumnElement[bool]] = []
    if asked.text:
        part = f"%{_plain(asked.text)}%"
        columns = (
            course.title,
            course.title_en,
            course.code,
            Organisation.name,
            Organisation.name_en,
        )
        told.append(or_(*(col(one).ilike(part, escape=_ESCAPE) for one in columns)))
    if asked.occupation:
        told.append(col(course.occupation) == asked.occupation)
    if asked.mode:
        told.append(col(course.mode) == asked.mode)
    if asked.organisation:
        told.append(col(Organisation.code) == asked.organisation)
    return told


def _plain(text: str) -> str:
    """Return a text of which no sign means anything to LIKE."""
    for sign in (_ESCAPE, "%", "_"):
        text = text.replace(sign, _ESCAPE + sign)
    return text
