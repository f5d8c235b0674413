"""Pages of classes under way and at their end: lessons, who was present, closing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from sqlmodel import Session

from archive.dossiers.classes import attendance, closing, roster_views, views
from archive.dossiers.classes.refusals import ClassHasFaultsError, LessonDayError, LessonHoursError
from archive.people.sessions import SignedIn
from archive.web.audiences import ClassRunner
from archive.web.class_forms import WrittenLesson, lesson_in, presence_in
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.form_fields import FormFields
from archive.web.page import Page, PageDep
from archive.web.pages.classes import HERE, PageNumber, see
from archive.web.statuses import status_of, status_of_form
from archive.web.typed_form import Faults
from schemas.refusals import Refusal

router = APIRouter(include_in_schema=False)


@router.get(HERE + "/{class_id}/lessons")
def lessons(
    class_id: UUID, page: PageDep, me: ClassRunner, session: ReadingDep, today: Today
) -> Response:
    """Show the lessons of a class, and the form for the next."""
    return _lessons(page, session, me, class_id, today, WrittenLesson(held_on=str(today)))


@router.post(HERE + "/{class_id}/lessons")
def add_lesson(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenLesson, Form()],
) -> Response:
    """Note a lesson, and go on to who was present."""
    asked, faults = lesson_in(written)
    if asked is None:
        return _lessons(page, session, me, class_id, today, written, faults=faults)
    try:
        noted = attendance.add_lesson(session, class_id, asked, by=me.actor, now=now, today=today)
    except (LessonDayError, LessonHoursError) as refusal:
        return _lessons(page, session, me, class_id, today, written, refusal=refusal)
    return see(f"{HERE}/{class_id}/lessons/{noted.id}")


@router.post(HERE + "/{class_id}/lessons/{lesson_id}/strike")
def strike(
    class_id: UUID, lesson_id: UUID, me: ClassRunner, session: SessionDep, now: Now
) -> Response:
    """Strike a lesson that was not held so."""
    attendance.strike_lesson(session, class_id, lesson_id, by=me.actor, now=now)
    return see(f"{HERE}/{class_id}/lessons")


@router.get(HERE + "/{class_id}/lessons/{lesson_id}")
def presence(
    class_id: UUID,
    lesson_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    today: Today,
    at: PageNumber = 1,
) -> Response:
    """Show who was present at a lesson, to be ticked."""
    return _presence(page, session, me, (class_id, lesson_id), today, at=at)


@router.post(HERE + "/{class_id}/lessons/{lesson_id}")
def note_presence(
    *,
    class_id: UUID,
    lesson_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    fields: FormFields,
    at: PageNumber = 1,
) -> Response:
    """Note who was present; of a page of the roster, those that are not on it stay."""
    lesson, _ = roster_views.lesson_of(session, class_id, lesson_id, by=me.actor)
    hours, wrong = presence_in(fields, lesson.hours)
    attendance.note_presence(session, class_id, lesson_id, hours, by=me.actor, now=now)
    if wrong:
        return _presence(page, session, me, (class_id, lesson_id), today, at=at, wrong=wrong)
    roster = roster_views.page_of(session, class_id, by=me.actor, page=at)
    if at < roster.pages:
        return see(f"{HERE}/{class_id}/lessons/{lesson_id}?at={at + 1}")
    return see(f"{HERE}/{class_id}/lessons")


@router.get(HERE + "/{class_id}/closing")
def preview(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    today: Today,
    at: PageNumber = 1,
) -> Response:
    """Show what closing would post, and what speaks against it."""
    return _preview(page, session, me, class_id, today, at=at)


@router.post(HERE + "/{class_id}/closing")
def close(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    without_faulty: Annotated[str, Form()] = "",
) -> Response:
    """Close a class and post its completions."""
    try:
        closing.close(
            session,
            class_id,
            without_faulty=bool(without_faulty),
            by=me.actor,
            now=now,
            today=today,
        )
    except ClassHasFaultsError as refusal:
        return _preview(page, session, me, class_id, today, refusal=refusal)
    return see(f"{HERE}/{class_id}")


def _lessons(
    page: Page,
    session: Session,
    me: SignedIn,
    class_id: UUID,
    today: Today,
    written: WrittenLesson,
    *,
    refusal: Refusal | None = None,
    faults: Faults = (),
) -> Response:
    return page(
        "trainer/lessons.html",
        status_of_form(refusal, faults),
        found=views.detail(session, class_id, by=me.actor, today=today),
        told=roster_views.attendance_of(session, class_id, by=me.actor),
        written=written,
        refusal=refusal,
        faults=faults,
    )


def _presence(
    page: Page,
    session: Session,
    me: SignedIn,
    which: tuple[UUID, UUID],
    today: Today,
    *,
    at: int,
    wrong: list[UUID] | None = None,
) -> Response:
    class_id, lesson_id = which
    lesson, hours = roster_views.lesson_of(session, class_id, lesson_id, by=me.actor)
    return page(
        "trainer/presence.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if wrong else status.HTTP_200_OK,
        found=views.detail(session, class_id, by=me.actor, today=today),
        roster=roster_views.page_of(session, class_id, by=me.actor, page=at),
        lesson=lesson,
        hours=hours,
        wrong=wrong or [],
    )


def _preview(
    page: Page,
    session: Session,
    me: SignedIn,
    class_id: UUID,
    today: Today,
    *,
    at: int = 1,
    refusal: Refusal | None = None,
) -> Response:
    told = roster_views.preview(session, class_id, by=me.actor, today=today, page=at)
    return page(
        "trainer/closing.html",
        (status_of(type(refusal)) if refusal else None) or status.HTTP_200_OK,
        told=told,
        refusal=refusal,
    )
