"""The first second factor: enrolled between the password and the session, or not at all.

Until it is, there is an unfinished sign-in and no session, so that no other page opens.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.errors import ArchiveError
from archive.people import passkeys, sign_ins, totp
from archive.people.attempts import SignInLockedError
from archive.people.passkeys import Party, PasskeyRefusedError
from archive.people.sign_ins import Enrolled
from archive.people.totp import CodeWrongError
from archive.people.unfinished import Unfinished
from archive.web import steps
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now
from archive.web.house import House
from archive.web.navigation import onward
from archive.web.page import Page, PageDep
from archive.web.pages.sign_in import Goal
from archive.web.qr import as_svg
from archive.web.statuses import STATUS_OF
from archive.web.steps import DeviceDep, PartyDep, UnfinishedDep

router = APIRouter(include_in_schema=False)


@router.get("/sign-in/enrol")
def enrol_form(
    page: PageDep,
    house: HouseDep,
    now: Now,
    _: Arriving,
    one: UnfinishedDep,
    party: PartyDep,
    request: Request,
) -> Response:
    """Show the QR code, the secret in letters and, where browsers can, the way of a passkey."""
    goal = steps.own_path(request.query_params.get("next", ""))
    return _form(page, house, one, party, goal, now)


@router.get("/sign-in/enrol/qr.svg")
def enrol_picture(house: HouseDep, now: Now, _: Arriving, one: UnfinishedDep) -> Response:
    """Draw the secret as the QR code that an authenticator app reads."""
    with house.archive.reading() as session:
        sign_ins.refuse_factor(session, one)
        secret = sign_ins.secret_of(session, one, now=now)
    return as_svg(totp.address(secret, one.whose.name))


@router.post("/sign-in/enrol")
def enrol_app(
    page: PageDep,
    house: HouseDep,
    now: Now,
    _: Arriving,
    one: UnfinishedDep,
    device: DeviceDep,
    party: PartyDep,
    code: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Enrol an app by its first code, sign in, and tell the recovery codes."""
    goal = steps.own_path(goal)
    attempt = steps.counted(house, one, now)
    try:
        with house.archive.transaction() as session:
            done = sign_ins.enrol_totp(session, one, code, device=device, now=now)
    except CodeWrongError as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _form(page, house, one, party, goal, now, why)
    return _told(page, house, one, done, goal)


@router.post("/sign-in/enrol/passkey")
def enrol_passkey(
    page: PageDep,
    house: HouseDep,
    now: Now,
    _: Arriving,
    one: UnfinishedDep,
    *,
    device: DeviceDep,
    party: PartyDep,
    credential: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Enrol a passkey, sign in, and tell the recovery codes."""
    goal = steps.own_path(goal)
    attempt = steps.counted(house, one, now)
    try:
        with house.archive.transaction() as session:
            done = sign_ins.enrol_passkey(
                session, one, credential, name, steps.present(party), device=device, now=now
            )
    except PasskeyRefusedError as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _form(page, house, one, party, goal, now, why)
    return _told(page, house, one, done, goal)


def _form(
    page: Page,
    house: House,
    one: Unfinished,
    party: Party | None,
    goal: str,
    now: Now,
    refusal: ArchiveError | None = None,
) -> Response:
    if isinstance(refusal, SignInLockedError):
        raise refusal
    with house.archive.reading() as session:
        sign_ins.refuse_factor(session, one)
        secret = sign_ins.secret_of(session, one, now=now)
        options = passkeys.registration(session, one.whose, one.challenge, party) if party else None
    code = STATUS_OF[type(refusal)] if refusal else 200
    return page(
        "public/enrol.html", code, secret=secret, options=options, goal=goal, refusal=refusal
    )


def _told(page: Page, house: House, one: Unfinished, done: Enrolled, goal: str) -> Response:
    there = onward(one.whose, goal)
    response = page("public/recovery_codes.html", codes=done.recovery_codes, goal=there)
    return steps.signed_in(house, response, done.token)
