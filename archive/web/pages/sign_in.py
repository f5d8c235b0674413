"""Signing in with a password, then with a second factor; signing out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.errors import ArchiveError
from archive.people import accounts, attempts, counter, factors, passkeys, sessions, sign_ins
from archive.people.accounts import PasswordOutlivedError, SignInFailedError
from archive.people.attempts import SignInLockedError
from archive.people.passkeys import Party, PasskeyRefusedError
from archive.people.passwords import SignInBusyError
from archive.people.sign_ins import Partial, Whole
from archive.people.totp import CodeWrongError
from archive.people.unfinished import Unfinished
from archive.web import steps
from archive.web.audiences import Arriving
from archive.web.deps import HouseDep, Now, SessionDep
from archive.web.house import House
from archive.web.navigation import home_of, onward
from archive.web.page import Page, PageDep
from archive.web.statuses import STATUS_OF
from archive.web.steps import DeviceDep, PartyDep, UnfinishedDep

router = APIRouter(include_in_schema=False)
Goal = Annotated[str, Form(alias="next")]


@router.get("/sign-in")
def sign_in_form(
    page: PageDep, house: HouseDep, asker: Arriving, request: Request, party: PartyDep
) -> Response:
    """Show the form; whoever is signed in already goes on."""
    goal = steps.own_path(request.query_params.get("next", ""))
    if asker is not None:
        return steps.go(goal or home_of(asker.account.role))
    return _form(page, house, party, goal)


@router.post("/sign-in")
def sign_in(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: Arriving,
    *,
    device: DeviceDep,
    party: PartyDep,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Take a name and a password, and end what was signed in here before.

    The attempt is counted first, for a known name as for an unknown one. A refusal shows the
    form again, with the name and without the password.
    """
    goal = steps.own_path(goal)
    try:
        begun = _by_password(house, name, password, device=device, now=now)
    except (SignInFailedError, SignInBusyError, PasswordOutlivedError) as refusal:
        return _form(page, house, party, goal, name, refusal)
    if asker is not None:
        with house.archive.transaction() as session:
            sessions.end(session, asker.token_digest, now=now)
    if isinstance(begun, Whole):
        there = onward(begun.account, goal)
        return steps.signed_in(house, steps.go(there), begun.token)
    path = "/sign-in/enrol" if begun.must_enrol else "/sign-in/code"
    following = steps.go(steps.with_goal(path, goal))
    return steps.under_way(house, steps.signed_out(house, following), begun.token)


@router.get("/sign-in/code")
def code_form(
    page: PageDep,
    house: HouseDep,
    _: Arriving,
    one: UnfinishedDep,
    party: PartyDep,
    request: Request,
) -> Response:
    """Ask for the second factor."""
    goal = steps.own_path(request.query_params.get("next", ""))
    return _code_page(page, house, one, party, goal)


@router.post("/sign-in/code")
def take_code(
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
    """Take a code of an app or from paper; a wrong one shows the form again."""
    goal = steps.own_path(goal)
    attempt = steps.counted(house, one, now)
    try:
        with house.archive.transaction() as session:
            whole = sign_ins.by_code(session, one, code, device=device, now=now)
    except CodeWrongError as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _refused_code(page, house, one, party, goal, why)
    return _welcome(house, whole, goal)


@router.post("/sign-in/code/passkey")
def take_passkey(
    page: PageDep,
    house: HouseDep,
    now: Now,
    _: Arriving,
    one: UnfinishedDep,
    device: DeviceDep,
    party: PartyDep,
    credential: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Take a passkey as the second factor; one that does not fit shows the form again."""
    goal = steps.own_path(goal)
    attempt = steps.counted(house, one, now)
    try:
        with house.archive.transaction() as session:
            whole = sign_ins.by_passkey(
                session, one, credential, steps.present(party), device=device, now=now
            )
    except PasskeyRefusedError as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _refused_code(page, house, one, party, goal, why)
    return _welcome(house, whole, goal)


@router.post("/sign-out")
def sign_out(house: HouseDep, session: SessionDep, now: Now, asker: Arriving) -> Response:
    """End the session and forget its cookie."""
    if asker is not None:
        if asker.visit is not None:
            counter.end(session, asker.token_digest, asker.visit, now=now)
        sessions.end(session, asker.token_digest, now=now)
    response = steps.signed_out(house, steps.go("/"))
    response.headers["Clear-Site-Data"] = '"storage"'  # Nothing else is kept: no-store.
    return response


def _form(
    page: Page,
    house: House,
    party: Party | None,
    goal: str,
    name: str = "",
    refusal: ArchiveError | None = None,
) -> Response:
    return page(
        "public/sign_in.html",
        STATUS_OF[type(refusal)] if refusal else 200,
        goal=goal,
        name=name,
        refusal=refusal,
        party=party,
        has_identity_service=house.identity_service is not None,
    )


def _by_password(
    house: House, name: str, password: str, *, device: str, now: Now
) -> Whole | Partial:
    """Count, prove and go on; the password is checked while no connection is held.

    A form that lacks half is no guess.
    """
    if not (name.strip() and password):
        raise SignInFailedError
    with house.archive.transaction() as session:
        attempt = attempts.count(session, attempts.of_name(session, name), now=now)
    with house.archive.reading() as session:
        named = accounts.candidate(session, name)
    try:
        account = accounts.proved(named, password)
        accounts.refuse_outlived(account, now=now)
    except (SignInFailedError, PasswordOutlivedError) as refusal:
        raise steps.told(house, attempt.failed(refusal)) from refusal
    with house.archive.transaction() as session:
        accounts.refuse_replaced(session, account)
        attempts.give_back(session, attempt)
        return sign_ins.after_first_proof(session, account, device=device, now=now)


def _welcome(house: House, whole: Whole, goal: str) -> Response:
    there = onward(whole.account, goal)
    return steps.signed_in(house, steps.go(there), whole.token)


def _refused_code(
    page: Page,
    house: House,
    one: Unfinished,
    party: Party | None,
    goal: str,
    refusal: ArchiveError,
) -> Response:
    if isinstance(refusal, SignInLockedError):
        raise refusal
    return _code_page(page, house, one, party, goal, refusal)


def _code_page(
    page: Page,
    house: House,
    one: Unfinished,
    party: Party | None,
    goal: str,
    refusal: ArchiveError | None = None,
) -> Response:
    with house.archive.reading() as session:
        has_app = factors.has_app(session, one.whose)
        has_passkey = passkeys.count(session, one.whose) > 0
        options = (
            passkeys.request(session, one.whose, one.challenge, party)
            if party and has_passkey
            else None
        )
    code = STATUS_OF[type(refusal)] if refusal else 200
    return page(
        "public/second_factor.html",
        code,
        has_app=has_app,
        has_passkey=has_passkey,
        options=options,
        goal=goal,
        refusal=refusal,
    )
