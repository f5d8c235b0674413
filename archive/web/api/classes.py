"""Classes: filing, rosters, attendance, results, closing, spot checks."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from archive.dossiers.classes import (
    attendance,
    checks,
    closing,
    enrolment,
    marks,
    opening,
    roster_views,
    views,
)
from archive.web.api.asked import PROBLEMS, organisation_for
from archive.web.audiences import ClassChecker, ClassReader, ClassRunner
from archive.web.deps import At, Now, ReadingDep, SessionDep, Today
from schemas.classes import (
    ClassAsked,
    ClassClosed,
    ClassDetail,
    ClassesAsked,
    ClassFiled,
    ClassList,
    ClassOpened,
    CloseAsked,
    ClosingPreview,
    SpotCheckAsked,
    SpotCheckNoted,
)
from schemas.rosters import (
    Attendance,
    Changed,
    LessonAsked,
    LessonNoted,
    MarksAsked,
    PresenceAsked,
    Roster,
    RosterAsked,
    RosterReport,
)

router = APIRouter(prefix="/api/v1/classes", tags=["Classes"], responses=PROBLEMS)

_PAGE = Query(ge=1, le=10_000)
_SIZE = Query(ge=1, le=500)


@router.get("")
def listed(
    asked: Annotated[ClassesAsked, Query()], asker: ClassReader, session: ReadingDep, today: Today
) -> ClassList:
    """Return a page of the own organisation's classes; the bureau's staff see all."""
    return views.listed(session, asked, by=asker.actor, today=today)


@router.post("", status_code=status.HTTP_201_CREATED)
def open_class(
    asked: ClassAsked,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    organisation: str | None = None,
) -> ClassOpened:
    """File a class before it begins."""
    whose = organisation_for(session, organisation, asker)
    return opening.open_class(session, whose, asked, by=asker.actor, now=now, today=today)


@router.get("/{class_id}")
def shown(class_id: UUID, asker: ClassReader, session: ReadingDep, today: Today) -> ClassDetail:
    """Return a class, its teacher and its spot checks."""
    return views.detail(session, class_id, by=asker.actor, today=today)


@router.post("/{class_id}/filing")
def change(
    class_id: UUID,
    asked: ClassFiled,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
) -> ClassOpened:
    """File a class anew; what was filed before stays on file."""
    return opening.change(session, class_id, asked, by=asker.actor, now=now, today=today)


@router.get("/{class_id}/roster")
def roster(
    class_id: UUID,
    asker: ClassReader,
    session: ReadingDep,
    page: Annotated[int, _PAGE] = 1,
    size: Annotated[int, _SIZE] = 100,
) -> Roster:
    """Return a page of a roster."""
    return roster_views.page_of(session, class_id, by=asker.actor, page=page, size=size)


@router.post("/{class_id}/roster")
def enrol(
    class_id: UUID,
    asked: RosterAsked,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
) -> RosterReport:
    """Enrol people; who can be read is enrolled, the others are told by their place in the list."""
    return enrolment.enrol(
        session,
        class_id,
        asked.people,
        corrects_names=asked.corrects_names,
        by=asker.actor,
        now=now,
        today=today,
    )


@router.post("/{class_id}/results")
def mark(
    class_id: UUID, asked: MarksAsked, asker: ClassRunner, session: SessionDep, now: Now
) -> Changed:
    """Tell of members the result, the account at the platform, or why they left."""
    return marks.mark(session, class_id, asked.marks, by=asker.actor, now=now)


@router.get("/{class_id}/attendance")
def attended(class_id: UUID, asker: ClassReader, session: ReadingDep) -> Attendance:
    """Return the lessons of a class, and class hours by member."""
    return roster_views.attendance_of(session, class_id, by=asker.actor)


@router.post("/{class_id}/lessons", status_code=status.HTTP_201_CREATED)
def add_lesson(
    class_id: UUID,
    asked: LessonAsked,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
) -> LessonNoted:
    """Note a lesson that was held."""
    return attendance.add_lesson(session, class_id, asked, by=asker.actor, now=now, today=today)


@router.post("/{class_id}/lessons/{lesson_id}/strike")
def strike(
    class_id: UUID, lesson_id: UUID, asker: ClassRunner, session: SessionDep, now: Now
) -> LessonNoted:
    """Strike a lesson that was not held so, with who was present."""
    return attendance.strike_lesson(session, class_id, lesson_id, by=asker.actor, now=now)


@router.post("/{class_id}/lessons/{lesson_id}/presence")
def present(
    class_id: UUID,
    lesson_id: UUID,
    asked: PresenceAsked,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
) -> Changed:
    """Note how many class hours of a lesson members attended; 0 for who was absent."""
    hours = {one.member: one.hours for one in asked.presence}
    return attendance.note_presence(session, class_id, lesson_id, hours, by=asker.actor, now=now)


@router.get("/{class_id}/closing")
def preview(
    class_id: UUID,
    asker: ClassRunner,
    session: ReadingDep,
    today: Today,
    page: Annotated[int, _PAGE] = 1,
    size: Annotated[int, _SIZE] = 100,
) -> ClosingPreview:
    """Return what closing would post, and what speaks against it; nothing is written."""
    return roster_views.preview(
        session, class_id, by=asker.actor, today=today, page=page, size=size
    )


@router.post("/{class_id}/closing")
def close(
    class_id: UUID,
    asked: CloseAsked,
    asker: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
) -> ClassClosed:
    """Close a class and post its completions; done again it tells how far the posting is."""
    return closing.close(
        session,
        class_id,
        without_faulty=asked.without_faulty,
        by=asker.actor,
        now=now,
        today=today,
    )


@router.post("/{class_id}/checks", status_code=status.HTTP_201_CREATED)
def check(
    class_id: UUID,
    asked: SpotCheckAsked,
    asker: ClassChecker,
    session: SessionDep,
    at: At,
) -> SpotCheckNoted:
    """Note a spot check of a class."""
    return checks.note(session, class_id, asked, by=asker.actor, at=at)
