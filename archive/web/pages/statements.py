"""Pages of credit statements: the worker's own, and any worker's for the bureau."""

from datetime import date
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import appeal_views, appeals
from archive.dossiers.appeal_refusals import UnknownLineError
from archive.dossiers.statements import statement_of
from archive.people import look_ups
from archive.people.models import Worker as Person
from archive.texts import in_language
from archive.web.api.asked import worker_for
from archive.web.audiences import Appellant, DossierFinder, Worker
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.house import House
from archive.web.page import PageDep
from archive.web.pages.appeals import Why
from archive.web.pages.rules import day_of
from archive.web.pages.worker import own_id
from schemas.outputs import StatementView

router = APIRouter(include_in_schema=False)

_OWN = "/me/statement"
_OWN_APPEALS = "/me/appeals"


class _Asked(NamedTuple):
    """Which account is asked for, and which part of it; None: all its lines."""

    as_of: date | None = None
    known_on: date | None = None
    part: int | UUID | None = None


def _asked(
    as_of: str = "",
    known_on: str = "",
    part: Annotated[int, Query(ge=1, le=100_000)] = 1,
    line: UUID | None = None,
) -> _Asked:
    return _Asked(day_of(as_of), day_of(known_on), line or part)


AskedDep = Annotated[_Asked, Depends(_asked)]


@router.get(_OWN)
def own_statement(
    page: PageDep,
    me: Worker,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    asked: AskedDep,
) -> Response:
    """Show the own account line by line, as of a day and as known on another.

    Of a long account a part; ``line`` asks for the part in which that entry stands.
    """
    whose = look_ups.worker_known_as(session, own_id(me))
    return page(
        "dossier/statement.html",
        view=_view(session, whose, house, today, asked),
        appeals=appeal_views.of_worker(session, whose.worker_id, today=today),
        back="/me",
        back_words=in_language("My dossier", page.language),
        address=_OWN,
        records="/me/records",
        appeals_at=_OWN_APPEALS,
        may_appeal=True,
    )


@router.get("/bureau/records/{number}/statement")
def statement(
    number: str,
    page: PageDep,
    me: DossierFinder,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    asked: AskedDep,
) -> Response:
    """Show a worker's account line by line."""
    whose = worker_for(session, number, me)
    records = f"/bureau/records/{whose.archive_number}"
    return page(
        "dossier/statement.html",
        view=_view(session, whose, house, today, asked),
        appeals=appeal_views.of_worker(session, whose.worker_id, today=today),
        back=records,
        back_words=in_language("The dossier", page.language),
        address=f"{records}/statement",
        records=records,
        appeals_at="/bureau/cases/appeals",
        may_appeal=False,
    )


@router.get(_OWN + "/{entry_id}/appeal")
def appeal_form(
    entry_id: UUID, page: PageDep, me: Appellant, session: ReadingDep, house: HouseDep, today: Today
) -> Response:
    """Show how to appeal against a line."""
    whose = look_ups.worker_known_as(session, own_id(me))
    view = _view(session, whose, house, today, _Asked())
    line = next((one for one in view.lines if one.entry_id == entry_id), None)
    if line is None:
        raise UnknownLineError
    return page("appeals/form.html", line=line)


@router.post(_OWN + "/{entry_id}/appeal")
def file_appeal(
    entry_id: UUID, me: Appellant, session: SessionDep, house: HouseDep, now: Now, text: Why = ""
) -> Response:
    """File an appeal against a line of the own statement."""
    case_id = appeals.file_appeal(
        session,
        own_id(me),
        entry_id,
        text=text,
        by=me.actor,
        now=now,
        zone=house.settings.zone,
    )
    return RedirectResponse(f"{_OWN_APPEALS}/{case_id}", status.HTTP_303_SEE_OTHER)


def _view(
    session: Session, whose: Person, house: House, today: Today, asked: _Asked
) -> StatementView:
    return statement_of(
        session,
        whose,
        as_of=asked.as_of,
        known_on=asked.known_on,
        part=asked.part,
        today=today,
        zone=house.settings.zone,
    )
