"""Second factors of the own account: adding and removing, and new recovery codes.

Each change wants a fresh proof, and ends every other session.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Response
from sqlmodel import Session

from archive.errors import ArchiveError
from archive.people import factors, passkeys, recovery, sessions, sign_ins, totp, unfinished
from archive.people.sessions import SignedIn
from archive.people.totp import CodeWrongError
from archive.people.unfinished import Unfinished
from archive.web import steps
from archive.web.audiences import OwnAccount
from archive.web.deps import Fresh, HouseDep, Now, SessionDep
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.qr import as_svg
from archive.web.statuses import STATUS_OF
from archive.web.steps import PartyDep, UnfinishedDep

router = APIRouter(include_in_schema=False)
_DONE = "/account?done=factor"


@router.post("/account/authenticator/new")
def begin_app(house: HouseDep, now: Now, asker: OwnAccount, _: Fresh) -> Response:
    """Begin to enrol an authenticator app, or another one."""
    return _begun(house, asker, "/account/authenticator", now)


@router.get("/account/authenticator")
def app_form(
    page: PageDep, house: HouseDep, now: Now, asker: OwnAccount, one: UnfinishedDep
) -> Response:
    """Show the QR code and the secret in letters."""
    return _app_form(page, house, asker, one, now)


@router.get("/account/authenticator/qr.svg")
def app_picture(house: HouseDep, now: Now, asker: OwnAccount, one: UnfinishedDep) -> Response:
    """Draw the new secret as a QR code."""
    steps.refuse_other(one, asker)
    with house.archive.reading() as session:
        secret = sign_ins.secret_of(session, one, now=now)
    return as_svg(totp.address(secret, asker.account.name))


@router.post("/account/authenticator")
def enrol_app(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: OwnAccount,
    _: Fresh,
    one: UnfinishedDep,
    code: Annotated[str, Form()] = "",
) -> Response:
    """Keep the new secret once its first code is right; the app before it counts no more."""
    steps.refuse_other(one, asker)
    with house.archive.transaction() as session:
        unfinished.tried(session, one)
    try:
        with steps.writing(house) as session:
            secret = sign_ins.secret_of(session, one, now=now)
            totp.enrol(session, asker.account.id, secret, code, now=now)
            codes = _changed(session, asker, one, now)
    except CodeWrongError as refusal:
        return _app_form(page, house, asker, one, now, refusal)
    return _done(page, house, codes)


@router.post("/account/authenticator/remove")
def remove_app(session: SessionDep, now: Now, asker: OwnAccount, _: Fresh) -> Response:
    """Remove the authenticator app, unless it is the last factor of who needs one."""
    factors.remove_totp(session, asker.account, now=now)
    sessions.end_others(session, asker.account, asker.token_digest, now=now)
    return steps.go(_DONE)


@router.post("/account/passkeys/new")
def begin_passkey(house: HouseDep, now: Now, asker: OwnAccount, _: Fresh) -> Response:
    """Begin to add a passkey."""
    return _begun(house, asker, "/account/passkeys", now)


@router.get("/account/passkeys")
def passkey_form(
    page: PageDep, house: HouseDep, asker: OwnAccount, one: UnfinishedDep, party: PartyDep
) -> Response:
    """Let the browser make a passkey."""
    steps.refuse_other(one, asker)
    with house.archive.reading() as session:
        options = (
            passkeys.registration(session, asker.account, one.challenge, party) if party else None
        )
    return page("account/add_passkey.html", options=options)


@router.post("/account/passkeys")
def add_passkey(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: OwnAccount,
    _: Fresh,
    one: UnfinishedDep,
    party: PartyDep,
    credential: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Keep a new passkey under the name that its owner gives it."""
    steps.refuse_other(one, asker)
    with steps.writing(house) as session:
        passkeys.register(
            session,
            asker.account,
            credential,
            name,
            challenge=one.challenge,
            party=steps.present(party),
            now=now,
        )
        codes = _changed(session, asker, one, now)
    return _done(page, house, codes)


@router.post("/account/passkeys/remove")
def remove_passkey(
    session: SessionDep, now: Now, asker: OwnAccount, _: Fresh, handle: Annotated[str, Form()] = ""
) -> Response:
    """Remove a passkey, unless it is the last factor of who needs one."""
    factors.remove_passkey(session, asker.account, handle)
    sessions.end_others(session, asker.account, asker.token_digest, now=now)
    return steps.go(_DONE)


@router.post("/account/recovery-codes")
def new_codes(page: PageDep, house: HouseDep, now: Now, asker: OwnAccount, _: Fresh) -> Response:
    """Tell ten new recovery codes; the old ones are worthless."""
    with steps.writing(house) as session:
        factors.refuse_without(session, asker.account)
        codes = recovery.make(session, asker.account, now=now)
        sessions.end_others(session, asker.account, asker.token_digest, now=now)
    return page("public/recovery_codes.html", codes=codes, goal="/account")


def _begun(house: House, asker: SignedIn, path: str, now: Now) -> Response:
    with house.archive.transaction() as session:
        token = unfinished.begin(session, asker.account, now=now)
    return steps.under_way(house, steps.go(path), token)


def _changed(
    session: Session, asker: SignedIn, one: Unfinished, now: Now
) -> tuple[str, ...] | None:
    """End the other sessions; return recovery codes for whom there are none."""
    unfinished.use_up(session, one)
    sessions.end_others(session, asker.account, asker.token_digest, now=now)
    has_codes = recovery.left(session, asker.account) > 0
    return None if has_codes else recovery.make(session, asker.account, now=now)


def _done(page: Page, house: House, codes: tuple[str, ...] | None) -> Response:
    if codes is None:
        return steps.step_done(house, steps.go(_DONE))
    response = page("public/recovery_codes.html", codes=codes, goal="/account")
    return steps.step_done(house, response)


def _app_form(
    page: Page,
    house: House,
    asker: SignedIn,
    one: Unfinished,
    now: Now,
    refusal: ArchiveError | None = None,
) -> Response:
    steps.refuse_other(one, asker)
    with house.archive.reading() as session:
        secret = sign_ins.secret_of(session, one, now=now)
    code = STATUS_OF[type(refusal)] if refusal else 200
    return page("account/authenticator.html", code, secret=secret, refusal=refusal)
