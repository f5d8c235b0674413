"""Pages of accreditations: an organisation as the bureau sees it, and as it sees itself."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.bureau import accreditation_views, accreditations
from archive.dossiers.occupation_refusals import OccupationError
from archive.people import approvals, organisations
from archive.people.access import may
from archive.people.accreditation_refusals import (
    AccreditationDaysError,
    AccreditationNotNarrowerError,
    UnknownAccreditationError,
)
from archive.people.sessions import SignedIn
from archive.web.accreditation_form import WrittenAccreditation, WrittenChange
from archive.web.audiences import AccreditationReader, Accreditor, DeskReader
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.refusals import RequestInvalidError
from archive.web.statuses import status_of
from schemas.refusals import Refusal
from schemas.vocabulary import LEARNING_KINDS, AccreditationAct, Permission, Rank

router = APIRouter(include_in_schema=False)

_OF_THE_FORM = (
    OccupationError,
    RequestInvalidError,
    AccreditationDaysError,
    AccreditationNotNarrowerError,
)
"""What speaks against what was typed, so that it is shown again."""

_ORGANISATION = "/bureau/organisations/{code}"
_APPROVALS = "/bureau/approvals"
OWN = "/trainer/accreditations"


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused, to be shown as it was typed."""

    key: str
    """“new”, or the accreditation that was to change."""
    written: WrittenAccreditation | WrittenChange
    refusal: Refusal


@router.get(_ORGANISATION)
def organisation(
    code: str, page: PageDep, me: DeskReader, session: ReadingDep, today: Today
) -> Response:
    """Show an organisation with what it is accredited to post, and how to propose a change."""
    return _shown(page, session, code, me, today)


@router.post(_ORGANISATION + "/accreditations")
def propose(  # Of whom, as typed, who, when.
    code: str,
    page: PageDep,
    me: Accreditor,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenAccreditation, Form()],
) -> Response:
    """Put an accreditation before a second person; a refusal shows the form as it was typed."""
    try:
        with session.begin_nested():  # A form that is shown again leaves nothing behind.
            accreditations.propose(session, written.asked(code), by=me.actor, now=now)
    except _OF_THE_FORM as refusal:
        return _shown(page, session, code, me, today, Refused("new", written, refusal))
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


@router.post(_ORGANISATION + "/accreditations/{accreditation_id}")
def propose_change(  # Of whom, which, as typed, who, when.
    code: str,
    accreditation_id: UUID,
    page: PageDep,
    me: Accreditor,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenChange, Form()],
) -> Response:
    """Put the end or the narrowing of an accreditation before a second person."""
    known = accreditations.known_as(session, accreditation_id)
    if known.organisation_id != organisations.coded(session, code).id:
        raise UnknownAccreditationError
    try:
        with session.begin_nested():
            accreditations.propose_change(session, known.id, written.asked(), by=me.actor, now=now)
    except _OF_THE_FORM as refusal:
        return _shown(page, session, code, me, today, Refused(known.id.hex, written, refusal))
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


def _shown(  # To whom, what, what was refused.
    page: Page,
    session: Session,
    code: str,
    me: SignedIn,
    today: date,
    refused: Refused | None = None,
) -> Response:
    body = organisations.coded(session, code)
    waiting = approvals.listed(
        session, accreditations.RECORD, accreditations.CHANGE, only_open=True
    )
    return page(
        "bureau/organisation.html",
        (status_of(type(refused.refusal)) if refused else None) or status.HTTP_200_OK,
        body=body,
        found=accreditation_views.listed(session, today=today, organisation_id=body.id),
        waiting=sum(one.payload["ids"][0] == body.code for one in waiting),
        may_propose=may(me.actor, Permission.ACCREDIT),
        acts=tuple(AccreditationAct),
        kinds=LEARNING_KINDS,
        ranks=tuple(Rank)[1:],
        today=today,
        refused=refused,
    )


@router.get(OWN)
def own(page: PageDep, me: AccreditationReader, session: ReadingDep, today: Today) -> Response:
    """Show the own organisation what it is accredited to post."""
    body = own_organisation(me)
    found = accreditation_views.listed(session, today=today, organisation_id=body.id)
    return page("trainer/accreditations.html", body=body, found=found)
