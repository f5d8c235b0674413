"""Signing in by a passkey alone: it is possession and verified user in one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.errors import ArchiveError
from archive.people import passkeys, sessions, sign_ins, unfinished
from archive.people.passkeys import Party, PasskeyRefusedError
from archive.people.unfinished import Unfinished
from archive.web import steps
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now
from archive.web.house import House
from archive.web.navigation import home_of
from archive.web.page import Page, PageDep
from archive.web.pages.sign_in import Goal
from archive.web.statuses import STATUS_OF
from archive.web.steps import DeviceDep, PartyDep, UnfinishedDep

router = APIRouter(include_in_schema=False)


@router.post("/sign-in/passkey")
def begin(house: HouseDep, now: Now, _: Arriving, goal: Goal = "") -> Response:
    """Begin a sign-in of whom the passkey will tell."""
    with house.archive.transaction() as session:
        token = unfinished.begin(session, None, now=now)
    onward = steps.go(steps.with_goal("/sign-in/passkey", steps.own_path(goal)))
    return steps.under_way(house, onward, token)


@router.get("/sign-in/passkey")
def passkey_form(
    page: PageDep,
    house: HouseDep,
    _: Arriving,
    one: UnfinishedDep,
    party: PartyDep,
    request: Request,
) -> Response:
    """Let the browser ask for the passkey."""
    goal = steps.own_path(request.query_params.get("next", ""))
    return _form(page, house, one, party, goal)


@router.post("/sign-in/passkey/answer")
def finish(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: Arriving,
    one: UnfinishedDep,
    *,
    device: DeviceDep,
    party: PartyDep,
    credential: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Take the passkey's answer, and end what was signed in here before."""
    goal = steps.own_path(goal)
    with house.archive.transaction() as session:
        unfinished.tried(session, one)
    try:
        with house.archive.transaction() as session:
            whole = sign_ins.by_passkey(
                session, one, credential, steps.present(party), device=device, now=now
            )
            if asker is not None:
                sessions.end(session, asker.token_digest, now=now)
    except PasskeyRefusedError as refusal:
        return _form(page, house, one, party, goal, steps.told(house, refusal))
    there = goal or home_of(whole.account.role)
    return steps.signed_in(house, steps.go(there), whole.token)


def _form(
    page: Page,
    house: House,
    one: Unfinished,
    party: Party | None,
    goal: str,
    refusal: ArchiveError | None = None,
) -> Response:
    with house.archive.reading() as session:
        options = passkeys.request(session, None, one.challenge, party) if party else None
    code = STATUS_OF[type(refusal)] if refusal else 200
    return page("public/passkey.html", code, options=options, goal=goal, refusal=refusal)
