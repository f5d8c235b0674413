"""What whoever holds a share link sees: the page, its PIN, its data. Strangers need no account.

The token stands in the path, which no log of ours tells; the page sends no referrer, loads
nothing from elsewhere and is kept by no cache.
"""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, status
from fastapi.responses import JSONResponse, RedirectResponse
from sqlmodel import Session

from archive.audit.acts import name_action
from archive.audit.events import Own
from archive.dossiers import shares as contents
from archive.people import share_pins, shares
from archive.people.shares import OpenedShare
from archive.web.audiences import Arriving, ShareVisitor
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.downloads import attachment
from archive.web.house import House
from archive.web.page import PageDep

router = APIRouter(include_in_schema=False)

_SHARE = "/s/{token}"
PASS = timedelta(minutes=30)
"""How long a PIN that was entered once is not asked for again."""
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@router.get(_SHARE)
def show(
    token: str,
    page: PageDep,
    _visitor: ShareVisitor,
    request: Request,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    today: Today,
) -> Response:
    """Show what is shared."""
    share = _opened(request, house, session, token, now)
    view = contents.shown(session, share, now=now, today=today, zone=house.settings.zone)
    response = page("public/share.html", view=view)
    response.headers.update(PRIVATE)
    return response


@router.get(_SHARE + "/data")
def data(
    token: str,
    _visitor: ShareVisitor,
    request: Request,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    today: Today,
) -> Response:
    """Hand over what is shared as JSON, when the worker lets it be taken away."""
    share = _opened(request, house, session, token, now)
    shares.refuse_download(share)
    view = contents.shown(session, share, now=now, today=today, zone=house.settings.zone)
    headers = PRIVATE | attachment(f"shared-dossier-{now:%Y%m%d}.json")
    return JSONResponse(view.model_dump(mode="json"), headers=headers)


@router.post(_SHARE)
def enter(
    token: str,
    _visitor: Arriving,
    house: HouseDep,
    now: Now,
    pin: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Take the PIN; a try is counted before it is judged, whatever becomes of it."""
    name_action(Own.SHARE_PIN)
    with house.archive.reading() as session:
        share = shares.found_by(session, token, now=now)
    response = RedirectResponse(f"/s/{token}", status.HTTP_303_SEE_OTHER, PRIVATE)
    if share.told.pin_hash is None:
        return response
    with house.archive.transaction() as session:
        attempt = share_pins.count_pin(session, share, now=now)
    share_pins.refuse_wrong_pin(share, pin.strip(), attempt)
    with house.archive.transaction() as session:
        share_pins.forget_pins(session, share)
        shown = share_pins.pass_of(session, share, now + PASS)
    response.set_cookie(
        _cookie(house, share),
        shown,
        max_age=int(PASS.total_seconds()),
        path="/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


def _opened(
    request: Request, house: House, session: Session, token: str, now: datetime
) -> OpenedShare:
    """Return the share that may be shown; raises what closes it, SharePinNeededError too."""
    share = shares.found_by(session, token, now=now)
    share_pins.refuse_unpassed(session, share, request.cookies.get(_cookie(house, share)), now=now)
    return share


def _cookie(house: House, share: OpenedShare) -> str:
    """Return the name of the cookie that stands for a PIN; one browser may hold several."""
    name = f"share-{share.row.id.hex[-12:]}"
    return f"__Host-{name}" if house.is_https else name
