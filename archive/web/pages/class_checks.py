"""Pages of classes for the bureau: all of them, to be looked at and spot-checked."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response
from sqlmodel import Session

from archive.dossiers.classes import checks, roster_views, views
from archive.dossiers.classes.refusals import CheckDayError
from archive.people import organisations
from archive.people.sessions import SignedIn
from archive.web.audiences import ClassChecker
from archive.web.class_forms import WrittenCheck, check_in
from archive.web.deps import At, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.classes import PageNumber, see
from archive.web.statuses import status_of_form
from archive.web.typed_form import Faults
from schemas.classes import ClassesAsked
from schemas.refusals import Refusal

router = APIRouter(include_in_schema=False)

HERE = "/bureau/classes"
_DAY = Query(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")


@router.get(HERE)
def listed(
    page: PageDep,
    me: ClassChecker,
    session: ReadingDep,
    today: Today,
    organisation: Annotated[str, Query(max_length=40)] = "",
    first: Annotated[str, _DAY] = "",
    last: Annotated[str, _DAY] = "",
    at: PageNumber = 1,
) -> Response:
    """Show the classes of all organisations, by organisation and days."""
    asked = ClassesAsked(
        organisation=organisation or None, first_on=_day(first), last_on=_day(last), page=at
    )
    return page(
        "bureau/classes.html",
        found=views.listed(session, asked, by=me.actor, today=today),
        asked=asked,
        bodies=organisations.listed(session),
    )


@router.get(HERE + "/{class_id}")
def shown(
    class_id: UUID,
    page: PageDep,
    me: ClassChecker,
    session: ReadingDep,
    today: Today,
    at: PageNumber = 1,
) -> Response:
    """Show a class with roster, lessons and spot checks; nothing in it can be changed here."""
    return _shown(page, session, me, class_id, today, WrittenCheck(checked_on=str(today)), at=at)


@router.post(HERE + "/{class_id}/checks")
def check(
    class_id: UUID,
    page: PageDep,
    me: ClassChecker,
    session: SessionDep,
    at: At,
    written: Annotated[WrittenCheck, Form()],
) -> Response:
    """Note a spot check."""
    asked, faults = check_in(written)
    if asked is None:
        return _shown(page, session, me, class_id, at.today, written, faults=faults)
    try:
        checks.note(session, class_id, asked, by=me.actor, at=at)
    except CheckDayError as refusal:
        return _shown(page, session, me, class_id, at.today, written, refusal=refusal)
    return see(f"{HERE}/{class_id}")


def _shown(
    page: Page,
    session: Session,
    me: SignedIn,
    class_id: UUID,
    today: Today,
    written: WrittenCheck,
    *,
    at: int = 1,
    refusal: Refusal | None = None,
    faults: Faults = (),
) -> Response:
    return page(
        "bureau/class.html",
        status_of_form(refusal, faults),
        found=views.detail(session, class_id, by=me.actor, today=today),
        roster=roster_views.page_of(session, class_id, by=me.actor, page=at),
        told=roster_views.attendance_of(session, class_id, by=me.actor),
        written=written,
        today=today,
        refusal=refusal,
        faults=faults,
    )


def _day(text: str) -> date | None:
    """Return the day that a field names; None for none, and for one that is not in the calendar."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
