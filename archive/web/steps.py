"""What the steps of a sign-in share at the door: cookies, the counted try, where to go on."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Request, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.audit.acts import current, name_actor, notes_of
from archive.audit.events import Outcome, Own
from archive.errors import ArchiveError
from archive.people import attempts, sessions, unfinished, vouching_states
from archive.people.attempts import Attempt
from archive.people.passkeys import Party, PasskeyRefusedError
from archive.people.sessions import SignedIn
from archive.people.trail import trail_of
from archive.people.unfinished import SignInExpiredError, Unfinished
from archive.web.deps import HouseDep, Now
from archive.web.devices import family_of
from archive.web.house import House


def unfinished_of(request: Request, house: HouseDep, now: Now) -> Unfinished:
    """Return the unfinished sign-in of this browser; raises SignInExpiredError."""
    token = request.cookies.get(house.unfinished_cookie)
    with house.archive.reading() as session:
        return unfinished.found(session, token, now=now)


def device_of(request: Request) -> str:
    """Return the family of the browser that asks."""
    return family_of(request.headers.get("user-agent", ""))


def party_of(request: Request, house: HouseDep) -> Party | None:
    """Return whose passkeys may be used here; None where browsers would refuse.

    A passkey belongs to a host name: at an address of numbers there is none.
    """
    party = house.party
    return party if party is not None and request.url.hostname == party.id else None


UnfinishedDep = Annotated[Unfinished, Depends(unfinished_of)]
DeviceDep = Annotated[str, Depends(device_of)]
PartyDep = Annotated[Party | None, Depends(party_of)]


@contextmanager
def writing(house: House) -> Iterator[Session]:
    """Yield a writing session that the audit tells of, where a route needs more than one."""
    with house.archive.transaction() as session:
        notes_of(session).is_always_told = True
        yield session


def counted(house: House, one: Unfinished, now: Now) -> Attempt:
    """Count a try of the second step before it is judged, whatever becomes of the request.

    Raises SignInLockedError or SignInExpiredError.
    """
    name_actor(one.whose)
    with house.archive.transaction() as session:
        attempt = attempts.count(session, attempts.of_name(session, one.whose.name), now=now)
        unfinished.tried(session, one)
    return attempt


def refuse_other(one: Unfinished, asker: SignedIn) -> None:
    """Raise SignInExpiredError unless the step was begun by the account that is signed in."""
    if one.whose.id != asker.account.id:
        raise SignInExpiredError


def told(house: House, refusal: ArchiveError) -> ArchiveError:
    """Tell the access log that a sign-in or a proof failed, and return why.

    Whose name was typed is not told: people type passwords there.
    """
    act = current()
    if act is not None:
        act.action, act.is_told = Own.SIGN_IN_FAILED, True
        trail_of(house.archive).tell(act, outcome=Outcome.REFUSED.value, code=refusal.code)
    return refusal


def signed_in(house: House, response: Response, token: str) -> Response:
    """Let the browser keep a session, and forget the step before."""
    _keep(house, response, house.session_cookie, token, sessions.AT_LONGEST.total_seconds())
    _forget(house, response, house.unfinished_cookie)
    return response


def under_way(house: House, response: Response, token: str) -> Response:
    """Let the browser keep an unfinished sign-in."""
    _keep(house, response, house.unfinished_cookie, token, unfinished.LASTS.total_seconds())
    return response


def step_done(house: House, response: Response) -> Response:
    """Let the browser forget an unfinished step that left its session as it was."""
    _forget(house, response, house.unfinished_cookie)
    return response


def vouching(house: House, response: Response, token: str) -> Response:
    """Let the browser keep the token of a sign-in that goes to the identity service."""
    seconds = vouching_states.LASTS.total_seconds()
    _keep(house, response, house.vouching_cookie, token, seconds)
    return response


def vouching_of(house: House, request: Request) -> str:
    """Return the token that this browser keeps; empty when it keeps none."""
    return request.cookies.get(house.vouching_cookie, "")


def vouched(house: House, response: Response) -> Response:
    """Let the browser forget that it went to the identity service."""
    _forget(house, response, house.vouching_cookie)
    return response


def signed_out(house: House, response: Response) -> Response:
    """Let the browser forget everything."""
    for cookie in (house.session_cookie, house.unfinished_cookie):
        _forget(house, response, cookie)
    return response


def go(path: str) -> RedirectResponse:
    """Lead on after a form was taken."""
    return RedirectResponse(path, status.HTTP_303_SEE_OTHER)


def with_goal(path: str, goal: str) -> str:
    """Return the address of a step that goes on to ``goal``."""
    return f"{path}?{urlencode({'next': goal})}" if goal else path


def present(party: Party | None) -> Party:
    """Return the site whose passkeys may be used; raises PasskeyRefusedError where none may."""
    if party is None:
        raise PasskeyRefusedError
    return party


def own_path(goal: str) -> str:
    """Return a path of ours, or nothing: a link must not lead signed-in people elsewhere."""
    is_ours = goal.startswith("/") and not goal.startswith(("//", "/\\"))
    return goal if is_ours and goal.isprintable() and "\\" not in goal else ""


def _keep(house: House, response: Response, name: str, value: str, seconds: float) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(seconds),
        path="/",
        secure=house.is_https,
        httponly=True,
        samesite="lax",
    )


def _forget(house: House, response: Response, name: str) -> None:
    response.delete_cookie(name, path="/", secure=house.is_https, httponly=True, samesite="lax")
