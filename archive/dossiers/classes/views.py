"""Classes as people read them: lists, a class, its roster, what closing would do."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import ceil
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.classes import checks, opening
from archive.dossiers.classes.models import (
    ClassCheck,
    ClassClosing,
    ClassFiling,
    ClassLesson,
    ClassMark,
    ClassMember,
    ClassPosting,
    TrainingClass,
)
from archive.dossiers.classes.opening import Found
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.titles import organisation_view
from archive.people import organisations
from archive.people.access import may_all
from archive.people.actors import Actor
from archive.people.keys_apart import keys_apart
from schemas.classes import ClassDetail, ClassesAsked, ClassList, ClassView
from schemas.contracts import Bilingual
from schemas.vocabulary import ClassState, Permission


def listed(session: Session, asked: ClassesAsked, *, by: Actor, today: date) -> ClassList:
    """Return classes of the own organisation, or of all for the bureau, newest first."""
    newest = (
        select(ClassFiling.class_id, func.max(ClassFiling.version).label("version"))
        .group_by(col(ClassFiling.class_id))
        .subquery()
    )
    query = (
        select(TrainingClass, ClassFiling, OfferedCourse)
        .join(newest, newest.c.class_id == col(TrainingClass.id))
        .join(
            ClassFiling,
            (col(ClassFiling.class_id) == col(TrainingClass.id))
            & (col(ClassFiling.version) == newest.c.version),
        )
        .join(OfferedCourse, col(OfferedCourse.id) == col(ClassFiling.course_id))
    )
    if not may_all(by, Permission.READ_CLASS):
        query = query.where(col(TrainingClass.organisation_id) == by.organisation_id)
    if asked.organisation:
        whose = organisations.coded(session, asked.organisation)
        query = query.where(col(TrainingClass.organisation_id) == whose.id)
    if asked.first_on:
        query = query.where(col(ClassFiling.last_on) >= asked.first_on)
    if asked.last_on:
        query = query.where(col(ClassFiling.first_on) <= asked.last_on)
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    order = (col(ClassFiling.first_on).desc(), col(TrainingClass.id).desc())
    page = query.order_by(*order).offset(asked.size * (asked.page - 1)).limit(asked.size)
    found = [Found(*one) for one in session.exec(page)]
    return ClassList(
        classes=tuple(views(session, found, today=today)),
        page=asked.page,
        pages=max(1, ceil(total / asked.size)),
        total=total,
    )


def views(session: Session, found: Sequence[Found], *, today: date) -> list[ClassView]:
    """Return classes with what is counted of them; nobody is named."""
    ids = [one.own.id for one in found]
    whose = organisations.by_id(session, (one.own.organisation_id for one in found))
    members = _counted(session, ClassMember, ids)
    posted = _counted(session, ClassPosting, ids)
    checked = _counted(session, ClassCheck, ids)
    left = _left(session, ids)
    held = _lessons(session, ids)
    closings = {
        row.class_id: row
        for row in session.exec(select(ClassClosing).where(col(ClassClosing.class_id).in_(ids)))
    }
    return [
        ClassView(
            id=one.own.id,
            number=one.own.number,
            organisation=organisation_view(whose[one.own.organisation_id]),
            course_code=one.course.code,
            course=Bilingual(zh=one.course.title, en=one.course.title_en),
            hours=one.course.hours,
            mode=one.course.mode,
            asks_attendance=one.course.asks_attendance,
            first_on=one.filing.first_on,
            last_on=one.filing.last_on,
            place=one.filing.place,
            planned=one.filing.planned,
            state=_state(one, closings.get(one.own.id), posted[one.own.id], today),
            filed_at=one.own.opened_at,
            version=one.filing.version,
            members=members[one.own.id],
            left=left[one.own.id],
            lessons=len(held.get(one.own.id, ())),
            hours_held=sum(held.get(one.own.id, ()), Decimal(0)),
            posted=posted[one.own.id],
            checks=checked[one.own.id],
            closed_at=closings[one.own.id].closed_at if one.own.id in closings else None,
        )
        for one in found
    ]


def detail(session: Session, class_id: UUID, *, by: Actor, today: date) -> ClassDetail:
    """Return a class with its teacher and its spot checks; raises UnknownClassError."""
    found = opening.find(session, class_id, by=by, permission=Permission.READ_CLASS)
    key = keys_apart(session, [class_id]).get(class_id)
    return ClassDetail(
        of=views(session, [found], today=today)[0],
        teacher=opening.teacher_of(key, found.filing),
        checks=checks.of_class(session, class_id, key) if key else (),
    )


def _state(found: Found, closing: ClassClosing | None, posted: int, today: date) -> ClassState:
    if closing is not None:
        return ClassState.CLOSED if posted >= closing.members else ClassState.CLOSING
    if today < found.filing.first_on:
        return ClassState.FILED
    return ClassState.UNDER_WAY if today <= found.filing.last_on else ClassState.OVER


def _counted(
    session: Session,
    table: type[ClassMember] | type[ClassPosting] | type[ClassCheck],
    ids: Sequence[UUID],
) -> Counter[UUID]:
    query = select(table.class_id, func.count()).where(col(table.class_id).in_(ids))
    return Counter(dict(session.exec(query.group_by(col(table.class_id))).all()))


def _left(session: Session, ids: Sequence[UUID]) -> Counter[UUID]:
    query = select(ClassMark.member_id, ClassMark.class_id, ClassMark.has_left)
    mine = query.where(col(ClassMark.class_id).in_(ids)).order_by(col(ClassMark.version))
    newest = {member: (of, has_left) for member, of, has_left in session.exec(mine)}
    return Counter(of for of, has_left in newest.values() if has_left)


def _lessons(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[Decimal]]:
    query = select(ClassLesson).where(col(ClassLesson.class_id).in_(ids))
    newest = {row.id: row for row in session.exec(query.order_by(col(ClassLesson.version)))}
    found: dict[UUID, list[Decimal]] = {}
    for row in newest.values():
        if not row.is_struck:
            found.setdefault(row.class_id, []).append(row.hours)
    return found
