"""Pages of accreditations: an organisation as the bureau sees it, and as it sees itself."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.bureau import accreditation_views, accreditations
from archive.people import approvals, organisations
from archive.people.access import may
from archive.people.accreditation_refusals import UnknownAccreditationError
from archive.web.accreditation_form import WrittenAccreditation, WrittenChange
from archive.web.audiences import AccreditationReader, Accreditor, DeskReader
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.pages.trainer import own_organisation
from schemas.vocabulary import LEARNING_KINDS, AccreditationAct, Permission, Rank

router = APIRouter(include_in_schema=False)

_ORGANISATION = "/bureau/organisations/{code}"
_APPROVALS = "/bureau/approvals"
OWN = "/trainer/accreditations"


@router.get(_ORGANISATION)
def organisation(
    code: str, page: PageDep, me: DeskReader, session: ReadingDep, today: Today
) -> Response:
    """Show an organisation with what it is accredited to post, and how to propose a change."""
    body = organisations.coded(session, code)
    waiting = approvals.listed(
        session, accreditations.RECORD, accreditations.CHANGE, only_open=True
    )
    return page(
        "bureau/organisation.html",
        body=body,
        found=accreditation_views.listed(session, today=today, organisation_id=body.id),
        waiting=sum(one.payload["ids"][0] == body.code for one in waiting),
        may_propose=may(me.actor, Permission.ACCREDIT),
        acts=tuple(AccreditationAct),
        kinds=LEARNING_KINDS,
        ranks=tuple(Rank)[1:],
        today=today,
    )


@router.post(_ORGANISATION + "/accreditations")
def propose(
    code: str,
    me: Accreditor,
    session: SessionDep,
    now: Now,
    written: Annotated[WrittenAccreditation, Form()],
) -> Response:
    """Put an accreditation before a second person."""
    accreditations.propose(session, written.asked(code), by=me.actor, now=now)
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


@router.post(_ORGANISATION + "/accreditations/{accreditation_id}")
def propose_change(
    code: str,
    accreditation_id: UUID,
    me: Accreditor,
    session: SessionDep,
    now: Now,
    written: Annotated[WrittenChange, Form()],
) -> Response:
    """Put the end or the narrowing of an accreditation before a second person."""
    known = accreditations.known_as(session, accreditation_id)
    if known.organisation_id != organisations.coded(session, code).id:
        raise UnknownAccreditationError
    accreditations.propose_change(session, known.id, written.asked(), by=me.actor, now=now)
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


@router.get(OWN)
def own(page: PageDep, me: AccreditationReader, session: ReadingDep, today: Today) -> Response:
    """Show the own organisation what it is accredited to post."""
    body = own_organisation(me)
    found = accreditation_views.listed(session, today=today, organisation_id=body.id)
    return page("trainer/accreditations.html", body=body, found=found)
