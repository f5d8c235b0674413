"""What routes depend on: sessions, the clock, who is asking.

Every route also names its audience, in audiences.py.
"""

import base64
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Annotated, cast

from fastapi import Depends, Request
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from archive.audit.acts import name_actor, tell_always
from archive.dossiers.intake.posting import Times
from archive.dossiers.redemptions import Moment
from archive.people import sessions
from archive.people.access import may
from archive.people.api_keys import MARK
from archive.people.at_counter import mark_rest
from archive.people.sessions import ProofNeededError, SignedIn, SignInNeededError
from archive.web.house import House, house_of
from archive.web.languages import chosen
from schemas.vocabulary import Language, Permission

XAPI = "/api/v1/xapi/"
HouseDep = Annotated[House, Depends(house_of)]


def get_session(request: Request, house: HouseDep) -> Iterator[Session]:
    """Yield a writing session that commits before the answer leaves, its audit events with it.

    What is written at the counter bears its mark, whichever service wrote it.
    """
    with house.archive.transaction() as session:
        tell_always(session)
        yield session
        _mark_at_counter(request, session)


def _mark_at_counter(request: Request, session: Session) -> None:
    asker = cast("SignedIn | None", getattr(request.state, "viewer", None))
    act = cast("Permission | None", getattr(request.state, "permission", None))
    if asker is None or asker.visit is None or act is None:
        return
    if getattr(request.state, "is_refused", False):
        return  # A form that is shown again, with what is wrong in it, did nothing.
    if may(asker.actor, act) and not may(None, act):
        mark_rest(session, act, by=asker.actor, now=clock())


def get_reading(house: HouseDep) -> Iterator[Session]:
    """Yield a session that can only read; whose keys it opened is told before the answer leaves."""
    with house.archive.reading() as session:
        yield session


def clock() -> datetime:
    """Return this moment; services never look at the clock themselves."""
    return datetime.now(UTC)


def language_of(request: Request, house: HouseDep) -> Language:
    """Return the language of the answer."""
    return chosen(request, house.settings.lang)


SessionDep = Annotated[Session, Depends(get_session, scope="function")]
ReadingDep = Annotated[Session, Depends(get_reading, scope="function")]
Now = Annotated[datetime, Depends(clock)]
LanguageDep = Annotated[Language, Depends(language_of)]


def local_day(house: HouseDep, now: Now) -> date:
    """Return today in the archive's time zone."""
    return now.astimezone(house.settings.zone).date()


Today = Annotated[date, Depends(local_day)]


def moment(house: HouseDep, now: Now) -> Moment:
    """Return this moment, and in which days it is told."""
    return Moment(now, house.settings.zone)


def times(house: HouseDep) -> Times:
    """Return the clock as a value, such as another process can be handed."""
    return Times(partial(datetime.now, UTC), house.settings.zone)


TimesDep = Annotated[Times, Depends(times)]
At = Annotated[Moment, Depends(moment)]


def token_of(request: Request, house: HouseDep) -> str | None:
    """Return the token that came along: a program's bearer token goes before a cookie.

    Course platforms send a key's secret as the password of Basic authorisation, as to any
    learning record store.
    """
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return bearer.strip()
    if scheme.lower() == "basic" and request.url.path.startswith(XAPI):
        return _password(bearer)
    return request.cookies.get(house.session_cookie)


def _password(basic: str) -> str | None:
    """Return the password of Basic authorisation where it is the secret of a key."""
    try:
        told = base64.b64decode(basic.strip(), validate=True).decode()
    except ValueError:
        return None
    password = told.partition(":")[2]
    return password if password.startswith(MARK) else None


Token = Annotated[str | None, Depends(token_of)]


def viewer(request: Request, house: HouseDep, now: Now, token: Token) -> SignedIn | None:
    """Return who is asking, or None for a stranger.

    The sign-in is read in a session of its own that ends here: a request never holds two
    connections at once, so that the pool cannot run dry against itself.
    """
    if not token:
        return None
    with house.archive.reading() as session:
        found = sessions.find(session, token, now=now)
    if found is not None and found.account.scopes is not None and not _is_api(request):
        found = None  # A program's key opens no page.
    if found is not None and found.is_due(now):
        with house.archive.transaction() as session:
            sessions.seen(session, found.token_digest, now=now)
    request.state.viewer = found
    name_actor(found.actor if found else None)
    return found


def _is_api(request: Request) -> bool:
    return request.url.path.startswith("/api/")


Viewer = Annotated[SignedIn | None, Depends(viewer)]
"""Who is asking, without naming an audience: for what lies round the routes."""


def fresh(found: Viewer, now: Now) -> SignedIn:
    """Let pass only who proved a moment ago who they are, for what is sensitive.

    Stands beside a route's audience, never instead of one. A program proves nothing, so that
    no bearer token passes. Raises SignInNeededError or ProofNeededError.
    """
    if found is None:
        raise SignInNeededError
    if not found.is_fresh(now):
        raise ProofNeededError
    return found


Fresh = Annotated[SignedIn, Depends(fresh)]


def viewer_if_known(request: Request) -> SignedIn | None:
    """Return who is asking, for answers that are made outside a route, such as errors."""
    if not hasattr(request.state, "viewer"):
        house = house_of(request)
        try:
            viewer(request, house, clock(), token_of(request, house))
        except SQLAlchemyError:
            return None  # The page that says so must not fail in turn.
    return cast("SignedIn | None", getattr(request.state, "viewer", None))
