"""Signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response, status
from fastapi.responses import RedirectResponse

from archive.people import accounts, sessions
from archive.people.accounts import SignInFailedError
from archive.people.passwords import SignInBusyError
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now, SessionDep
from archive.web.navigation import home_of
from archive.web.page import PageDep
from archive.web.statuses import STATUS_OF

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_form(page: PageDep, asker: Arriving, request: Request) -> Response:
    """Show the form; whoever is signed in already goes on."""
    goal = _own_path(request.query_params.get("next", ""))
    if asker is not None:
        return _go(goal or home_of(asker.actor.role))
    return page("public/sign_in.html", goal=goal, name="", refusal=None)


@router.post("/sign-in")
def sign_in(
    page: PageDep,
    house: HouseDep,
    session: SessionDep,
    now: Now,
    asker: Arriving,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    goal: Annotated[str, Form(alias="next")] = "",
) -> Response:
    """Sign in, and end what was signed in here before.

    A refusal shows the form again, with the name and without the password.
    """
    with house.archive.reading() as reading:
        named = accounts.candidate(reading, name)
    try:
        account = accounts.proved(named, password)
    except (SignInFailedError, SignInBusyError) as refusal:
        return page(
            "public/sign_in.html",
            STATUS_OF[type(refusal)],
            goal=_own_path(goal),
            name=name,
            refusal=refusal,
        )
    if asker is not None:
        sessions.end(session, asker.token_digest, now=now)
    token = sessions.begin(session, account, now=now)
    response = _go(_own_path(goal) or home_of(account.role))
    response.set_cookie(
        house.session_cookie,
        token,
        max_age=int(sessions.AT_LONGEST.total_seconds()),
        path="/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
def sign_out(house: HouseDep, session: SessionDep, now: Now, asker: Arriving) -> Response:
    """End the session and forget its cookie."""
    if asker is not None:
        sessions.end(session, asker.token_digest, now=now)
    response = _go("/")
    response.delete_cookie(
        house.session_cookie, path="/", secure=house.is_https, httponly=True, samesite="lax"
    )
    return response


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status.HTTP_303_SEE_OTHER)


def _own_path(goal: str) -> str:
    """Return a path of ours, or nothing: a link must not lead signed-in people elsewhere."""
    is_ours = goal.startswith("/") and not goal.startswith(("//", "/\\"))
    return goal if is_ours and goal.isprintable() and "\\" not in goal else ""
