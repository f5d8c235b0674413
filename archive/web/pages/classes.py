"""Pages of classes for who runs them: filing, roster, results. The rest stands in teaching."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Query, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.dossiers import catalogue
from archive.dossiers.classes import enrolment, marks, opening, roster_views, views
from archive.dossiers.classes.refusals import (
    AccountTwiceError,
    ClassBegunError,
    ClassFiledLateError,
    ClassNumberTakenError,
)
from archive.dossiers.course_refusals import UnknownCourseError
from archive.people.sessions import SignedIn
from archive.web.audiences import ClassRunner
from archive.web.class_forms import WrittenClass, class_in, marks_in, written_of
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.form_fields import FormFields
from archive.web.page import Page, PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.statuses import status_of_form
from archive.web.typed_form import Faults
from archive.web.uploading import read_upload
from schemas.classes import ClassesAsked, ClassFiled
from schemas.refusals import Refusal
from schemas.rosters import PersonAsked, RosterReport
from schemas.vocabulary import DocumentType

router = APIRouter(include_in_schema=False)

HERE = "/trainer/classes"
PageNumber = Annotated[int, Query(ge=1, le=10_000)]
_TEXT = Form(max_length=200)
_TYPES = [one for one in DocumentType if one is not DocumentType.RESIDENT_ID_15]
_FILING = (ClassNumberTakenError, ClassFiledLateError, ClassBegunError, UnknownCourseError)


@router.get(HERE)
def listed(
    page: PageDep, me: ClassRunner, session: ReadingDep, today: Today, at: PageNumber = 1
) -> Response:
    """Show the classes of the own organisation, those that began last first."""
    found = views.listed(session, ClassesAsked(page=at), by=me.actor, today=today)
    return page("trainer/classes.html", found=found)


@router.get(HERE + "/new")
def form(
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    course: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form with which a class is filed."""
    return _form(page, session, me, WrittenClass(course=course))


@router.post(HERE + "/new")
def open_class(
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenClass, Form()],
) -> Response:
    """File a class before it begins."""
    asked, faults = class_in(written)
    if asked is None:
        return _form(page, session, me, written, faults=faults)
    try:
        whose = own_organisation(me)
        opened = opening.open_class(session, whose, asked, by=me.actor, now=now, today=today)
    except _FILING as refusal:
        return _form(page, session, me, written, refusal=refusal)
    return see(f"{HERE}/{opened.id}")


@router.get(HERE + "/{class_id}")
def shown(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    today: Today,
    at: PageNumber = 1,
) -> Response:
    """Show a class with its roster."""
    return _shown(page, session, me, class_id, today, at=at)


@router.get(HERE + "/{class_id}/filing")
def filing(
    class_id: UUID, page: PageDep, me: ClassRunner, session: ReadingDep, today: Today
) -> Response:
    """Show the form with which a class is filed anew."""
    found = views.detail(session, class_id, by=me.actor, today=today)
    return _form(page, session, me, written_of(found), class_id=class_id)


@router.post(HERE + "/{class_id}/filing")
def change(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenClass, Form()],
) -> Response:
    """File a class anew; its number stays."""
    asked, faults = class_in(written.model_copy(update={"number": "-"}))
    if asked is None:
        return _form(page, session, me, written, faults=faults, class_id=class_id)
    filed = ClassFiled.model_validate(asked.model_dump(exclude={"number"}))
    try:
        opening.change(session, class_id, filed, by=me.actor, now=now, today=today)
    except _FILING as refusal:
        return _form(page, session, me, written, refusal=refusal, class_id=class_id)
    return see(f"{HERE}/{class_id}")


@router.post(HERE + "/{class_id}/roster")
def enrol(
    *,
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    name: Annotated[str, _TEXT] = "",
    document_number: Annotated[str, Form(max_length=60)] = "",
    document_type: Annotated[DocumentType | None, Form()] = None,
    account: Annotated[str, _TEXT] = "",
    corrects_name: Annotated[str, Form()] = "",
) -> Response:
    """Enrol one person, or correct the name of one."""
    person = PersonAsked(
        name=name[:100],
        document_number=document_number,
        document_type=document_type,
        account=account or None,
    )
    told = enrolment.enrol(
        session,
        class_id,
        [person],
        corrects_names=bool(corrects_name),
        by=me.actor,
        now=now,
        today=today,
    )
    if told.faulty:
        return _shown(page, session, me, class_id, today, report=told, typed=person)
    return see(f"{HERE}/{class_id}#roster")


@router.post(HERE + "/{class_id}/roster/file")
def enrol_file(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Enrol the people of a table file, and show what became of each row."""
    _, content = read_upload(file)
    told = enrolment.enrol_file(session, class_id, content, by=me.actor, now=now, today=today)
    return _shown(page, session, me, class_id, today, report=told)


@router.get(HERE + "/{class_id}/results")
def results(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: ReadingDep,
    today: Today,
    at: PageNumber = 1,
) -> Response:
    """Show the form of results, accounts and who left."""
    found = views.detail(session, class_id, by=me.actor, today=today)
    roster = roster_views.page_of(session, class_id, by=me.actor, page=at)
    return page(
        "trainer/results.html", found=found, roster=roster, wrong={}, typed={}, refusal=None
    )


@router.post(HERE + "/{class_id}/results")
def mark(
    class_id: UUID,
    page: PageDep,
    me: ClassRunner,
    session: SessionDep,
    now: Now,
    today: Today,
    fields: FormFields,
    at: PageNumber = 1,
) -> Response:
    """Keep results, accounts and who left; what cannot be read is shown again."""
    told, wrong = marks_in(fields)
    refusal: Refusal | None = None
    try:
        marks.mark(session, class_id, told, by=me.actor, now=now)
    except AccountTwiceError as twice:
        refusal = twice
    if not wrong and refusal is None:
        return see(f"{HERE}/{class_id}/results?at={at}")
    found = views.detail(session, class_id, by=me.actor, today=today)
    return page(
        "trainer/results.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT,
        found=found,
        roster=roster_views.page_of(session, class_id, by=me.actor, page=at),
        wrong=wrong,
        typed={name: str(value) for name, value in fields},
        refusal=refusal,
    )


def see(address: str) -> RedirectResponse:
    """Lead on after something was done."""
    return RedirectResponse(address, status.HTTP_303_SEE_OTHER)


def _shown(
    page: Page,
    session: SessionDep,
    me: SignedIn,
    class_id: UUID,
    today: Today,
    *,
    at: int = 1,
    report: RosterReport | None = None,
    typed: PersonAsked | None = None,
) -> Response:
    found = views.detail(session, class_id, by=me.actor, today=today)
    is_faulty = report is not None and (report.faulty or not report.rows)
    return page(
        "trainer/class.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if is_faulty else status.HTTP_200_OK,
        found=found,
        roster=roster_views.page_of(session, class_id, by=me.actor, page=at),
        report=report,
        typed=typed,
        types=_TYPES,
    )


def _form(
    page: Page,
    session: SessionDep,
    me: SignedIn,
    written: WrittenClass,
    *,
    refusal: Refusal | None = None,
    faults: Faults = (),
    class_id: UUID | None = None,
) -> Response:
    known = catalogue.of_organisation(session, own_organisation(me), by=me.actor)
    return page(
        "trainer/filing.html",
        status_of_form(refusal, faults),
        written=written,
        courses=known.courses,
        refusal=refusal,
        faults=faults,
        class_id=class_id,
    )
