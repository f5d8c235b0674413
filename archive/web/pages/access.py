"""Pages of access by consent: organisations ask and read, workers grant, decline and take back."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import access_requests
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.scope_words import in_words
from archive.people.share_refusals import (
    AccessPurposeLongError,
    ConsentMissingError,
    ScopeEmptyError,
)
from archive.web.audiences import AccessAnswerer, AccessAsker, GrantedReader
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.shared import PRIVATE
from archive.web.pages.worker import own_id
from archive.web.share_form import DAYS, WrittenGrant, WrittenRequest, grant_in, request_in
from archive.web.statuses import status_of_form
from schemas.outputs import FieldFault
from schemas.refusals import Refusal
from schemas.vocabulary import LEARNING_KINDS

router = APIRouter(include_in_schema=False)

_ACCESS = "/organisation/access"
_REQUESTS = "/me/shares/requests"
Sent = Annotated[Literal["", "1"], Query()]
_EMPTY = WrittenRequest(credits="yes", levels="yes")


# --- Organisations


@router.get(_ACCESS)
def requests(
    page: PageDep, me: AccessAsker, session: ReadingDep, now: Now, sent: Sent = ""
) -> Response:
    """Show the requests of the own organisation."""
    found = access_requests.lines(session, by=me.actor, now=now)
    return page("organisation/access.html", requests=found, sent=sent)


@router.get(_ACCESS + "/new")
def form(page: PageDep, _me: AccessAsker) -> Response:
    """Show the form of a request."""
    return _form(page, _EMPTY)


@router.post(_ACCESS + "/new")
def ask(
    page: PageDep,
    me: AccessAsker,
    session: SessionDep,
    now: Now,
    today: Today,
    written: Annotated[WrittenRequest, Form()],
) -> Response:
    """Ask for access; the answer is the same whether there is such a person or not."""
    try:
        asked, faults = request_in(written)
    except OccupationError as refusal:
        return _form(page, written, refusal=refusal)
    if asked is None:
        return _form(page, written, faults=faults)
    try:
        access_requests.ask(session, asked, by=me.actor, now=now, today=today)
    except AccessPurposeLongError as refusal:
        return _form(page, written, refusal=refusal)
    return RedirectResponse(f"{_ACCESS}?sent=1", status.HTTP_303_SEE_OTHER)


@router.get(_ACCESS + "/{request_id}")
def granted(
    request_id: UUID,
    page: PageDep,
    me: GrantedReader,
    session: ReadingDep,
    now: Now,
    today: Today,
    house: HouseDep,
) -> Response:
    """Show what a worker granted to the own organisation."""
    zone = house.settings.zone
    view = access_requests.shown(session, request_id, by=me.actor, now=now, today=today, zone=zone)
    response = page("organisation/granted.html", view=view)
    response.headers.update(PRIVATE)
    return response


# --- Workers


@router.get(_REQUESTS + "/{request_id}")
def asked_of_me(
    request_id: UUID,
    request: Request,
    page: PageDep,
    me: AccessAnswerer,
    session: ReadingDep,
    house: HouseDep,
    now: Now,
    written: Annotated[WrittenGrant, Query()],
) -> Response:
    """Show a request, and the text of the consent to what the worker would grant."""
    view = access_requests.view(session, own_id(me), request_id, by=me.actor, now=now)
    if "days" not in request.query_params:
        documents = "yes" if view.with_documents else ""
        written = WrittenGrant(
            credits="yes", levels="yes", documents=documents, days=str(view.days)
        )
    granted, text, refusal = None, None, None
    faults: tuple[FieldFault, ...] = ()
    try:
        granted, faults = grant_in(written)
        if granted is not None:
            text = access_requests.text_for(view, granted, now=now, zone=house.settings.zone)
    except (OccupationError, ScopeEmptyError) as found:
        refusal = found
    return page(
        "worker/access_request.html",
        status_of_form(refusal, faults),
        view=view,
        written=written,
        text=text,
        faults=faults,
        refusal=refusal,
        kinds=view.wanted.kinds or LEARNING_KINDS,
        days=DAYS,
        in_words=in_words,
    )


@router.post(_REQUESTS + "/{request_id}/grant")
def grant(
    request_id: UUID,
    me: AccessAnswerer,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    written: Annotated[WrittenGrant, Form()],
) -> Response:
    """Grant access, by the consent that was shown and ticked."""
    granted, _ = grant_in(written)
    if granted is None:
        raise ConsentMissingError
    zone = house.settings.zone
    access_requests.grant(session, own_id(me), request_id, granted, by=me.actor, now=now, zone=zone)
    return _see(request_id)


@router.post(_REQUESTS + "/{request_id}/decline")
def decline(request_id: UUID, me: AccessAnswerer, session: SessionDep, now: Now) -> Response:
    """Decline a request."""
    access_requests.decline(session, own_id(me), request_id, by=me.actor, now=now)
    return _see(request_id)


@router.post(_REQUESTS + "/{request_id}/take-back")
def take_back(request_id: UUID, me: AccessAnswerer, session: SessionDep, now: Now) -> Response:
    """Take a consent back at once."""
    access_requests.take_back(session, own_id(me), request_id, by=me.actor, now=now)
    return _see(request_id)


def _form(
    page: Page,
    written: WrittenRequest,
    *,
    refusal: Refusal | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    return page(
        "organisation/access_form.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        kinds=LEARNING_KINDS,
        days=DAYS,
    )


def _see(request_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"{_REQUESTS}/{request_id}", status.HTTP_303_SEE_OTHER)
