"""Pages on which workers share by links, and see who looked."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import access_requests, reading, share_views
from archive.dossiers import shares as contents
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.scope_words import in_words
from archive.people import shares
from archive.people.access import may
from archive.people.shares import OpenedShare
from archive.web.audiences import Sharer
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.pages.worker import own_id
from archive.web.share_form import DAYS, WrittenShare, share_in
from archive.web.statuses import status_of_form
from schemas.outputs import FieldFault
from schemas.refusals import Refusal
from schemas.vocabulary import LEARNING_KINDS, Permission, RequestState

router = APIRouter(include_in_schema=False)

_SHARES = "/me/shares"
_NEW = WrittenShare(part="whole", credits="yes", levels="yes", download="yes")


@router.get(_SHARES)
def home(page: PageDep, me: Sharer, session: ReadingDep, now: Now) -> Response:
    """Show the own links and the requests of organisations, those that wait first.

    At the counter only the links: whom to let in is the person's own to say.
    """
    whose = own_id(me)
    answers = may(me.actor, Permission.ANSWER_ACCESS)
    requests = (
        access_requests.views(session, whose, by=me.actor, now=now).requests if answers else ()
    )
    return page(
        "worker/shares.html",
        shares=share_views.listed(session, whose, by=me.actor, now=now).shares,
        requests=sorted(requests, key=lambda one: one.state is not RequestState.WAITING),
        in_words=in_words,
    )


@router.get(_SHARES + "/new")
def form(page: PageDep, me: Sharer, session: ReadingDep, today: Today) -> Response:
    """Show the form of a new link."""
    return _form(page, session, own_id(me), _NEW, today)


@router.post(_SHARES + "/new")
def make(
    page: PageDep,
    me: Sharer,
    session: SessionDep,
    now: Now,
    today: Today,
    house: HouseDep,
    written: Annotated[WrittenShare, Form()],
) -> Response:
    """Make a link and show it: the only time that it can be told."""
    whose = own_id(me)
    try:
        asked, faults = share_in(written)
    except OccupationError as refusal:
        return _form(page, session, whose, written, today, refusal=refusal)
    if asked is None:
        return _form(page, session, whose, written, today, faults=faults)
    zone = house.settings.zone
    made, token = contents.make(session, whose, asked, by=me.actor, now=now, today=today, zone=zone)
    return _link(page, house, made, token, now)


@router.get(_SHARES + "/{share_id}")
def one(share_id: UUID, page: PageDep, me: Sharer, session: ReadingDep, now: Now) -> Response:
    """Show one of the own links with every look at it."""
    view = share_views.one(session, own_id(me), share_id, by=me.actor, now=now)
    return page("worker/share.html", share=view, days=DAYS, told=in_words(view.scope))


@router.post(_SHARES + "/{share_id}/revoke")
def revoke(share_id: UUID, me: Sharer, session: SessionDep, now: Now) -> Response:
    """Take a link back at once."""
    shares.revoke(session, own_id(me), share_id, by=me.actor, now=now)
    return _see(share_id)


@router.post(_SHARES + "/{share_id}/extend")
def extend(
    share_id: UUID, me: Sharer, session: SessionDep, now: Now, days: Annotated[int, Form()]
) -> Response:
    """Let a link last 7, 30 or 180 days from now; any other number is the shortest."""
    lasts = days if days in DAYS else DAYS[0]
    shares.extend(session, own_id(me), share_id, lasts, by=me.actor, now=now)
    return _see(share_id)


@router.post(_SHARES + "/{share_id}/rotate")
def rotate(
    share_id: UUID, page: PageDep, me: Sharer, session: SessionDep, house: HouseDep, now: Now
) -> Response:
    """Replace a link by a new one; the old one is unknown from now on."""
    made, token = shares.rotate(session, own_id(me), share_id, by=me.actor)
    return _link(page, house, made, token, now)


def _form(
    page: Page,
    session: Session,
    whose: UUID,
    written: WrittenShare,
    today: date,
    *,
    refusal: Refusal | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    return page(
        "worker/share_form.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        dossier=reading.dossier(session, whose, today=today),
        kinds=LEARNING_KINDS,
        days=DAYS,
    )


def _link(page: Page, house: House, made: OpenedShare, token: str, now: datetime) -> Response:
    from archive.transcripts.drawing import qr_code  # noqa: PLC0415  # Fonts take a moment to load.

    url = f"{house.settings.public_url}/s/{token}"
    view = share_views.view_of(made, now=now)
    return page(
        "worker/share_link.html",
        status.HTTP_201_CREATED,
        share=view,
        told=in_words(view.scope),
        url=url,
        qr=qr_code(url),
    )


def _see(share_id: UUID) -> RedirectResponse:
    return RedirectResponse(f"{_SHARES}/{share_id}", status.HTTP_303_SEE_OTHER)
