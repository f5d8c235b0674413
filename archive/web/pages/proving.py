"""Proving again who one is, before something sensitive; then back to where one came from."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from sqlmodel import Session

from archive.errors import ArchiveError
from archive.people import accounts, attempts, factors, passkeys, sessions, unfinished
from archive.people.accounts import SignInFailedError
from archive.people.attempts import Attempt, SignInLockedError
from archive.people.passkeys import PasskeyRefusedError
from archive.people.sessions import SignedIn
from archive.people.totp import CodeWrongError
from archive.web import steps
from archive.web.audiences import OwnAccount
from archive.web.deps import HouseDep, Now
from archive.web.house import House
from archive.web.navigation import home_of
from archive.web.page import Page, PageDep
from archive.web.pages.sign_in import Goal
from archive.web.statuses import STATUS_OF
from archive.web.steps import PartyDep, UnfinishedDep

router = APIRouter(include_in_schema=False)


@router.get("/prove")
def prove_form(
    page: PageDep, house: HouseDep, asker: OwnAccount, request: Request, party: PartyDep
) -> Response:
    """Ask for a second factor, or for the password where there is none."""
    goal = steps.own_path(request.query_params.get("next", ""))
    return _form(page, house, asker, goal, can_use_passkey=party is not None)


@router.post("/prove")
def prove_by_code(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: OwnAccount,
    party: PartyDep,
    code: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Take a code, or the password of an account without a factor; go on with a new token."""
    goal = steps.own_path(goal)
    attempt = _counted(house, asker, now)
    try:
        token = _proved(house, asker, code, password, now)
    except (CodeWrongError, SignInFailedError) as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _form(page, house, asker, goal, why, can_use_passkey=party is not None)
    return _on(house, asker, token, goal)


@router.post("/prove/passkey")
def begin_passkey(house: HouseDep, now: Now, asker: OwnAccount, goal: Goal = "") -> Response:
    """Begin to prove by a passkey."""
    with house.archive.transaction() as session:
        token = unfinished.begin(session, asker.account, now=now)
    onward = steps.go(steps.with_goal("/prove/passkey", steps.own_path(goal)))
    return steps.under_way(house, onward, token)


@router.get("/prove/passkey")
def passkey_form(
    page: PageDep,
    house: HouseDep,
    asker: OwnAccount,
    one: UnfinishedDep,
    party: PartyDep,
    request: Request,
) -> Response:
    """Let the browser ask for a passkey of this account."""
    steps.refuse_other(one, asker)
    with house.archive.reading() as session:
        options = passkeys.request(session, asker.account, one.challenge, party) if party else None
    goal = steps.own_path(request.query_params.get("next", ""))
    return page("account/prove_passkey.html", options=options, goal=goal)


@router.post("/prove/passkey/answer")
def prove_by_passkey(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: OwnAccount,
    one: UnfinishedDep,
    party: PartyDep,
    credential: Annotated[str, Form()] = "",
    goal: Goal = "",
) -> Response:
    """Take the passkey's answer; go on with a new token."""
    steps.refuse_other(one, asker)
    goal = steps.own_path(goal)
    attempt = _counted(house, asker, now)
    try:
        with steps.writing(house) as session:
            passkeys.prove(
                session,
                credential,
                whose=asker.account,
                challenge=one.challenge,
                party=steps.present(party),
                now=now,
            )
            unfinished.use_up(session, one)
            token = _renewed(session, asker, now)
    except PasskeyRefusedError as refusal:
        why = steps.told(house, attempt.failed(refusal))
        return _form(page, house, asker, goal, why, can_use_passkey=party is not None)
    return _on(house, asker, token, goal)


def _counted(house: House, asker: SignedIn, now: Now) -> Attempt:
    with house.archive.transaction() as session:
        return attempts.count(session, attempts.of_proof(session, asker.account), now=now)


def _proved(house: House, asker: SignedIn, code: str, password: str, now: Now) -> str:
    """Return the new token; the password is checked while no connection is held."""
    with house.archive.reading() as session:
        has_factor = factors.has_any(session, asker.account)
    if not has_factor:
        accounts.proved(asker.account, password)
    with steps.writing(house) as session:
        if has_factor:
            factors.prove_by_code(session, asker.account, code, now=now)
        return _renewed(session, asker, now)


def _renewed(session: Session, asker: SignedIn, now: Now) -> str:
    attempts.forget(session, attempts.of_proof(session, asker.account))
    return sessions.renew(session, asker, now=now)


def _on(house: House, asker: SignedIn, token: str, goal: str) -> Response:
    return steps.signed_in(house, steps.go(goal or home_of(asker.account.role)), token)


def _form(
    page: Page,
    house: House,
    asker: SignedIn,
    goal: str,
    refusal: ArchiveError | None = None,
    *,
    can_use_passkey: bool,
) -> Response:
    if isinstance(refusal, SignInLockedError):
        raise refusal
    with house.archive.reading() as session:
        has_app = factors.has_app(session, asker.account)
        has_passkey = passkeys.count(session, asker.account) > 0
    return page(
        "account/prove.html",
        STATUS_OF[type(refusal)] if refusal else 200,
        has_app=has_app,
        has_passkey=has_passkey,
        has_password=asker.account.password_hash is not None,
        can_use_passkey=can_use_passkey and has_passkey,
        goal=goal,
        refusal=refusal,
    )
