"""Pages of courses: the public catalogue, and what an organisation offers."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import catalogue, offers
from archive.dossiers.course_refusals import CourseIdentifierTakenError
from archive.dossiers.occupation_refusals import OccupationError
from archive.web.audiences import ClassRunner, Reader
from archive.web.course_form import WrittenCourse, asked_in, written_of
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.statuses import status_of_form
from schemas.courses import CatalogueAsked
from schemas.outputs import FieldFault
from schemas.refusals import Refusal
from schemas.vocabulary import Mode, Rank

router = APIRouter(include_in_schema=False)

_COURSES = "/trainer/courses"


@router.get("/courses")
def shown(
    page: PageDep,
    _reader: Reader,
    session: ReadingDep,
    today: Today,
    text: Annotated[str, Query(max_length=60)] = "",
    occupation: Annotated[str, Query(pattern=r"^([0-9](-[0-9]{2}){3})?$")] = "",
    mode: Mode | None = None,
    at: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show a page of the courses that everyone can take; nobody needs to be signed in."""
    asked = CatalogueAsked(text=text, occupation=occupation or None, mode=mode, page=at)
    found = catalogue.page_of(session, asked, today=today)
    return page("public/courses.html", found=found, asked=asked, modes=list(Mode))


@router.get(_COURSES)
def own(page: PageDep, me: ClassRunner, session: ReadingDep, today: Today) -> Response:
    """Show the courses of the own organisation, drafts too."""
    found = catalogue.of_organisation(session, own_organisation(me), by=me.actor)
    return page("trainer/courses.html", courses=found.courses, today=today)


@router.get(_COURSES + "/new")
def form(
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    today: Today,
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form: empty, or with the newest version of a course."""
    known = catalogue.of_organisation(session, own_organisation(me), by=me.actor).courses
    course = next((one for one in known if one.code == code), None)
    empty = WrittenCourse(in_force_from=str(today), is_published="yes")
    return _form(page, written_of(course) if course else empty)


@router.post(_COURSES + "/new")
def publish(
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    written: Annotated[WrittenCourse, Form()],
) -> Response:
    """Publish a course or keep a draft; it replaces the earlier version of its code."""
    try:
        asked, faults = asked_in(written)
        if asked is None:
            return _form(page, written, faults=faults)
        with session.begin_nested():  # A form that is shown again leaves nothing behind.
            offers.publish(session, asked, own_organisation(me), by=me.actor, now=now)
    except (OccupationError, CourseIdentifierTakenError) as refusal:
        return _form(page, written, refusal=refusal)
    return RedirectResponse(_COURSES, status.HTTP_303_SEE_OTHER)


def _form(
    page: Page,
    written: WrittenCourse,
    *,
    refusal: Refusal | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    return page(
        "trainer/course.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        modes=list(Mode),
        ranks=[one for one in Rank if one],
    )
