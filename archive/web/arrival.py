"""What the pages of arriving share: the cookie of a code, and going on once it is proved."""

from typing import Annotated

from fastapi import Depends, Request, Response, status
from fastapi.responses import RedirectResponse

from archive.people import sent_codes
from archive.people.sign_ins import Partial, Whole
from archive.web import steps
from archive.web.deps import HouseDep, Now
from archive.web.house import House
from archive.web.navigation import home_of


def asked_of(request: Request, house: HouseDep) -> str:
    """Return the token of the code that this browser asked for; empty when it asked for none."""
    return request.cookies.get(_cookie(house), "")


AskedToken = Annotated[str, Depends(asked_of)]


def asked(house: House, path: str, token: str) -> Response:
    """Go on to where the code is typed, which only this browser can."""
    response = go(path)
    response.set_cookie(
        _cookie(house),
        token,
        max_age=int(sent_codes.LASTS.total_seconds()),
        path="/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


def counted(house: House, token: str, now: Now) -> None:
    """Count a try, whatever becomes of the request. Raises SentCodeWrongError."""
    with house.archive.transaction() as session:
        sent_codes.try_once(session, token, now=now)


def arrived(house: House, begun: Whole | Partial) -> Response:
    """Let in who has proved a contact, or ask for the second factor that the account has."""
    if isinstance(begun, Whole):
        response = steps.signed_in(house, go(home_of(begun.account.role)), begun.token)
    else:
        path = "/sign-in/enrol" if begun.must_enrol else "/sign-in/code"
        response = steps.under_way(house, steps.signed_out(house, go(path)), begun.token)
    response.delete_cookie(
        _cookie(house), path="/", secure=house.is_https, httponly=True, samesite="lax"
    )
    return response


def go(path: str) -> Response:
    """Lead on after a form was taken."""
    return RedirectResponse(path, status.HTTP_303_SEE_OTHER)


def _cookie(house: House) -> str:
    return "__Host-asked" if house.is_https else "asked"
