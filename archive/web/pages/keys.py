"""Pages of keys by which an organisation's programs act; the security administrator sees all."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from archive.people import api_keys
from archive.people.api_keys import LONGEST, OVERLAP, USUAL, Made
from archive.web.api.tokens import TOKENS
from archive.web.audiences import KeyManager
from archive.web.deps import Fresh, HouseDep, Now, ReadingDep, SessionDep
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.steps import go
from schemas.vocabulary import Permission

router = APIRouter(include_in_schema=False)

_KEYS = "/organisation/keys"
_Days = Annotated[int, Form(ge=1, le=LONGEST.days)]


@router.get(_KEYS)
def key_list(page: PageDep, me: KeyManager, session: ReadingDep, request: Request) -> Response:
    """Show the open keys; an organisation's administrator can make one."""
    body = me.organisation
    return page(
        "organisation/keys.html",
        keys=api_keys.listed(session, by=me.actor),
        allowed=sorted(api_keys.allowed_to(body)) if body else [],
        usual=USUAL.days,
        longest=LONGEST.days,
        done=request.query_params.get("done") == "revoked",
    )


@router.post(_KEYS)
def make(
    page: PageDep,
    me: KeyManager,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    _: Fresh,
    title: Annotated[str, Form(min_length=1, max_length=60)],
    scopes: Annotated[list[Permission] | None, Form()] = None,
    days: _Days = USUAL.days,
) -> Response:
    """Make a key of the own organisation, and show its secret once."""
    body = api_keys.with_keys(me.organisation)
    made = api_keys.make(
        session, body, title, scopes or [], lasts=timedelta(days=days), by=me.actor, now=now
    )
    return _told(page, made, house)


@router.post(_KEYS + "/{key_id}/rotate")
def rotate(
    key_id: UUID,
    page: PageDep,
    me: KeyManager,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    _: Fresh,
    days: _Days = USUAL.days,
) -> Response:
    """Give a key a new secret, and show it once."""
    lasts = timedelta(days=days)
    made = api_keys.rotate(session, key_id, lasts=lasts, by=me.actor, now=now)
    return _told(page, made, house)


@router.post(_KEYS + "/{key_id}/revoke")
def revoke(key_id: UUID, me: KeyManager, session: SessionDep, now: Now, _: Fresh) -> Response:
    """Revoke a key at once."""
    api_keys.revoke(session, key_id, by=me.actor, now=now)
    return go(f"{_KEYS}?done=revoked")


def _told(page: Page, made: Made, house: House) -> Response:
    address = house.settings.public_url + TOKENS
    return page("organisation/key_made.html", made=made, overlap=OVERLAP.days, tokens_at=address)
