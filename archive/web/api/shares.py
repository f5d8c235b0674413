"""Shares and access by consent, for programs. A token travels in a body, never in an address."""

from uuid import UUID

from fastapi import APIRouter, status
from sqlmodel import Session

from archive.audit.acts import name_action
from archive.audit.events import Own
from archive.dossiers import access_requests, share_views
from archive.dossiers import shares as contents
from archive.people import look_ups, share_pins, shares
from archive.people.share_refusals import SharePinNeededError
from archive.people.shares import OpenedShare
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import (
    AccessAnswerer,
    AccessAsker,
    GrantedReader,
    Sharer,
    ShareVisitor,
)
from archive.web.deps import At, HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.house import House
from schemas.access_requests import (
    AccessAsked,
    AccessSent,
    GrantAsked,
    RequestLines,
    RequestList,
    RequestView,
)
from schemas.shares import (
    ShareAsked,
    SharedView,
    ShareExtension,
    ShareList,
    ShareMade,
    ShareOpening,
    ShareView,
)
from schemas.vocabulary import Permission

router = APIRouter(prefix="/api/v1", tags=["Shares and access"], responses=PROBLEMS)

_SHARES = "/workers/{number}/shares"
_REQUESTS = "/workers/{number}/access-requests"


@router.get(_SHARES)
def share_list(number: str, asker: Sharer, session: ReadingDep, now: Now) -> ShareList:
    """Return a worker's shares with every look at them; a worker the own."""
    return share_views.listed(session, _whose(session, number), by=asker.actor, now=now)


@router.post(_SHARES, status_code=status.HTTP_201_CREATED)
def make(
    number: str, asked: ShareAsked, asker: Sharer, session: SessionDep, house: HouseDep, at: At
) -> ShareMade:
    """Make a share; its token and address are told only by this answer."""
    whose = _whose(session, number)
    made, token = contents.make(
        session, whose, asked, by=asker.actor, now=at.now, today=at.today, zone=at.zone
    )
    return _told(session, house, made, token, at)


@router.post(_SHARES + "/{share_id}/revocation")
def revoke(number: str, share_id: UUID, asker: Sharer, session: SessionDep, now: Now) -> ShareView:
    """Take a share back at once and for good."""
    found = shares.revoke(session, _whose(session, number), share_id, by=asker.actor, now=now)
    return share_views.view_of(found, now=now)


@router.post(_SHARES + "/{share_id}/extension")
def extend(
    number: str,
    share_id: UUID,
    asked: ShareExtension,
    asker: Sharer,
    session: SessionDep,
    now: Now,
) -> ShareView:
    """Let a share last so many days from now; it is never shortened."""
    whose = _whose(session, number)
    found = shares.extend(session, whose, share_id, asked.days, by=asker.actor, now=now)
    return share_views.view_of(found, now=now)


@router.post(_SHARES + "/{share_id}/rotation")
def rotate(
    number: str, share_id: UUID, asker: Sharer, session: SessionDep, house: HouseDep, at: At
) -> ShareMade:
    """Give a share a new token; the old one is unknown from now on."""
    whose = _whose(session, number)
    made, token = shares.rotate(session, whose, share_id, by=asker.actor)
    return _told(session, house, made, token, at)


@router.post("/shares/opening")
def open_share(asked: ShareOpening, _visitor: ShareVisitor, house: HouseDep, at: At) -> SharedView:
    """Return what a share shows to whoever has its token, and its PIN where it asks for one.

    A look is told only when it is one: a wrong PIN is a refusal, and counted.
    """
    if asked.pin is not None:
        _judge(house, asked.token, asked.pin, at)
    with house.archive.reading() as session:
        share = shares.found_by(session, asked.token, now=at.now)
        if asked.pin is None and share.told.pin_hash is not None:
            raise SharePinNeededError
        shares.refuse_download(share)
        return contents.shown(session, share, now=at.now, today=at.today, zone=at.zone)


@router.get("/access-requests")
def requests(asker: AccessAsker, session: ReadingDep, now: Now) -> RequestLines:
    """Return the requests of the own organisation."""
    return RequestLines(requests=access_requests.lines(session, by=asker.actor, now=now))


@router.post("/access-requests", status_code=status.HTTP_201_CREATED)
def ask(
    asked: AccessAsked, asker: AccessAsker, session: SessionDep, now: Now, today: Today
) -> AccessSent:
    """Ask for access; the answer is the same whether there is such a person or not."""
    return access_requests.ask(session, asked, by=asker.actor, now=now, today=today)


@router.get("/access-requests/{request_id}/dossier")
def granted(request_id: UUID, asker: GrantedReader, session: ReadingDep, at: At) -> SharedView:
    """Return what a worker granted to the own organisation."""
    return access_requests.shown(
        session, request_id, by=asker.actor, now=at.now, today=at.today, zone=at.zone
    )


@router.get(_REQUESTS)
def request_list(number: str, asker: AccessAnswerer, session: ReadingDep, now: Now) -> RequestList:
    """Return the requests that a worker got; a worker the own."""
    return access_requests.views(session, _whose(session, number), by=asker.actor, now=now)


@router.post(_REQUESTS + "/{request_id}/grant")
def grant(
    number: str,
    request_id: UUID,
    asked: GrantAsked,
    asker: AccessAnswerer,
    session: SessionDep,
    at: At,
) -> RequestView:
    """Grant access by a separate consent (``agrees``), never to more than was asked for."""
    whose = _whose(session, number)
    return access_requests.grant(
        session, whose, request_id, asked, by=asker.actor, now=at.now, zone=at.zone
    )


@router.post(_REQUESTS + "/{request_id}/refusal")
def decline(
    number: str, request_id: UUID, asker: AccessAnswerer, session: SessionDep, now: Now
) -> RequestView:
    """Decline a request."""
    whose = _whose(session, number)
    return access_requests.decline(session, whose, request_id, by=asker.actor, now=now)


@router.post(_REQUESTS + "/{request_id}/withdrawal")
def take_back(
    number: str, request_id: UUID, asker: AccessAnswerer, session: SessionDep, now: Now
) -> RequestView:
    """Take a consent back at once."""
    whose = _whose(session, number)
    return access_requests.take_back(session, whose, request_id, by=asker.actor, now=now)


def _whose(session: Session, number: str) -> UUID:
    return look_ups.worker_numbered(session, number).worker_id


def _told(session: Session, house: House, made: OpenedShare, token: str, at: At) -> ShareMade:
    return share_views.made(session, made, token, base_url=house.settings.public_url, now=at.now)


def _judge(house: House, token: str, pin: str, at: At) -> None:
    """Count a PIN in a transaction of its own, then judge it without a connection.

    The worker is told that one was typed; a look is told where it is one.
    """
    name_action(Own.SHARE_PIN)
    with house.archive.transaction() as session:
        share = shares.found_by(session, token, now=at.now)
        attempt = share_pins.count_pin(session, share, now=at.now)
    share_pins.refuse_wrong_pin(share, pin, attempt)
    with house.archive.transaction() as session:
        share_pins.forget_pins(session, share)
    name_action(Permission.OPEN_SHARE)
