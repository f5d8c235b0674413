"""Pages of the register of incidents, for the security administrator."""

import re
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.people import affected, incidents
from archive.people.affected import Accesses, accesses_of
from archive.web.audiences import IncidentKeeper
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.refusals import RequestInvalidError
from schemas.incidents import IncidentAsked, NoticeAsked
from schemas.vocabulary import IncidentStepKind

router = APIRouter(include_in_schema=False)

_ALL = "/security/incidents"
_ONE = _ALL + "/{incident_id}"
_Words = Annotated[str, Form(max_length=2_000)]
_MANY = re.compile(r"[\s,;，；、]+")


@router.get(_ALL)
def register(
    page: PageDep, me: IncidentKeeper, session: ReadingDep, now: Now, today: Today
) -> Response:
    """Show every incident, and the form of a new one."""
    found = incidents.every(session, by=me.actor, now=now)
    return page("security/incidents.html", found=found.incidents, today=today)


def described(
    began_on: Annotated[date, Form()],
    found_on: Annotated[date, Form()],
    ended_on: Annotated[date | None, Form()] = None,
    happened: _Words = "",
    data: _Words = "",
    measures: _Words = "",
) -> IncidentAsked:
    """Return what the form of a new incident says."""
    return IncidentAsked(
        happened=happened,
        began_on=began_on,
        ended_on=ended_on,
        found_on=found_on,
        data=data,
        measures=measures,
    )


@router.post(_ALL)
def begin(
    me: IncidentKeeper,
    session: SessionDep,
    now: Now,
    asked: Annotated[IncidentAsked, Depends(described)],
) -> Response:
    """Open an incident."""
    return _to(incidents.begin(session, asked, by=me.actor, now=now))


@router.get(_ONE)
def show(
    incident_id: UUID, page: PageDep, _me: IncidentKeeper, session: ReadingDep, now: Now
) -> Response:
    """Show an incident, its steps, and whom it affects in numbers."""
    return page("security/incident.html", one=incidents.one(session, incident_id, now=now))


def meant(
    house: HouseDep,
    now: Now,
    account: Annotated[str, Form(max_length=100)] = "",
    since: Annotated[date | None, Form()] = None,
    until: Annotated[date | None, Form()] = None,
) -> Accesses | None:
    """Return whose accesses are meant; raises IncidentNobodyError."""
    return accesses_of(account, since, until, zone=house.settings.zone, now=now)


@router.post(_ONE + "/persons")
def add(  # Whom: by numbers, or by what an account opened.
    incident_id: UUID,
    me: IncidentKeeper,
    session: SessionDep,
    now: Now,
    accesses: Annotated[Accesses | None, Depends(meant)],
    numbers: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """List whom it affects."""
    listed = [one for one in _MANY.split(numbers) if one]
    affected.add(session, incident_id, numbers=listed, accesses=accesses, by=me.actor, now=now)
    return _to(incident_id)


@router.post(_ONE + "/tell")
def tell(
    incident_id: UUID,
    me: IncidentKeeper,
    session: SessionDep,
    now: Now,
    harm: _Words = "",
    advice: _Words = "",
    contact: _Words = "",
) -> Response:
    """Tell everyone who is listed and was not told."""
    asked = NoticeAsked(harm=harm, advice=advice, contact=contact)
    affected.tell(session, incident_id, asked, by=me.actor, now=now)
    return _to(incident_id)


@router.post(_ONE + "/steps")
def note(
    incident_id: UUID,
    me: IncidentKeeper,
    session: SessionDep,
    now: Now,
    kind: Annotated[IncidentStepKind, Form()],
    text: _Words = "",
) -> Response:
    """Write down a measure, or who was told."""
    if kind not in {IncidentStepKind.MEASURE, IncidentStepKind.REPORTED}:
        raise RequestInvalidError(fields="kind")
    incidents.note(session, incident_id, kind, text, by=me.actor, now=now)
    return _to(incident_id)


@router.post(_ONE + "/close")
def close(
    incident_id: UUID,
    me: IncidentKeeper,
    session: SessionDep,
    now: Now,
    text: _Words = "",
    untold: Annotated[bool, Form()] = False,  # noqa: FBT002  # A tick of the form.
) -> Response:
    """Close an incident with its report."""
    incidents.close(session, incident_id, text, untold=untold, by=me.actor, now=now)
    return _to(incident_id)


def _to(incident_id: UUID) -> Response:
    return RedirectResponse(f"{_ALL}/{incident_id}", status.HTTP_303_SEE_OTHER)
