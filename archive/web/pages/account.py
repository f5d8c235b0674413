"""The own account: its password, its open sessions, and what factors it has."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from archive.errors import ArchiveError
from archive.people import accounts, attempts, factors, sessions
from archive.people.accounts import SignInFailedError
from archive.people.attempts import SignInLockedError
from archive.people.passwords import NewPasswordError, SignInBusyError
from archive.people.sessions import SignedIn
from archive.web import devices, steps
from archive.web.audiences import OwnAccount
from archive.web.deps import Fresh, HouseDep, Now, SessionDep
from archive.web.house import House
from archive.web.page import Page, PageDep
from archive.web.refusals import PasswordsDifferError
from archive.web.statuses import STATUS_OF
from archive.web.steps import PartyDep

router = APIRouter(include_in_schema=False)
_REFUSALS = (SignInFailedError, SignInBusyError, NewPasswordError, PasswordsDifferError)
_DONE = frozenset({"password", "sessions", "factor"})


@router.get("/account")
def account_page(
    page: PageDep, house: HouseDep, now: Now, asker: OwnAccount, request: Request, party: PartyDep
) -> Response:
    """Show the account: password, second factors, open sessions."""
    done = request.query_params.get("done", "")
    return _page(
        page, house, asker, now, done=done if done in _DONE else "", has_party=party is not None
    )


@router.post("/account/password")
def change_password(
    page: PageDep,
    house: HouseDep,
    now: Now,
    asker: OwnAccount,
    _: Fresh,
    party: PartyDep,
    old: Annotated[str, Form()] = "",
    new: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
) -> Response:
    """Take a new password, asking for the old one; every other session ends."""
    with house.archive.transaction() as session:
        subject = attempts.of_proof(session, asker.account)
        attempt = attempts.count(session, subject, now=now)
    try:
        _change(house, asker, old, new, again, now)
    except _REFUSALS as refusal:
        why: ArchiveError = refusal
        if isinstance(refusal, SignInFailedError):
            why = steps.told(house, attempt.failed(refusal))
        if isinstance(why, SignInLockedError):
            raise why from refusal
        return _page(page, house, asker, now, refusal=why, has_party=party is not None)
    return steps.go("/account?done=password")


@router.post("/account/sessions/end")
def end_session(
    house: HouseDep,
    session: SessionDep,
    now: Now,
    asker: OwnAccount,
    _: Fresh,
    handle: Annotated[str, Form()] = "",
) -> Response:
    """End one of the own sessions; ending this one signs out."""
    ended = sessions.end_one(session, asker.account, handle, now=now)
    if ended == asker.token_digest:
        return steps.signed_out(house, steps.go("/"))
    return steps.go("/account?done=sessions")


@router.post("/account/sessions/end-others")
def end_other_sessions(session: SessionDep, now: Now, asker: OwnAccount, _: Fresh) -> Response:
    """Sign out everywhere else."""
    sessions.end_others(session, asker.account, asker.token_digest, now=now)
    return steps.go("/account?done=sessions")


def _change(house: House, asker: SignedIn, old: str, new: str, again: str, now: Now) -> None:
    """Change the password; it is checked while no connection is held."""
    accounts.proved(asker.account, old)
    if new != again:
        raise PasswordsDifferError
    with steps.writing(house) as session:
        attempts.forget(session, attempts.of_proof(session, asker.account))
        account = accounts.named(session, asker.account.name)
        accounts.set_password(session, account, new)
        sessions.end_others(session, account, asker.token_digest, now=now)


def _page(
    page: Page,
    house: House,
    asker: SignedIn,
    now: Now,
    *,
    refusal: ArchiveError | None = None,
    done: str = "",
    has_party: bool,
) -> Response:
    with house.archive.reading() as session:
        own = factors.of(session, asker.account, now=now)
        opened = sessions.listed(session, asker.account, now=now, this=asker.token_digest)
    return page(
        "account/account.html",
        STATUS_OF[type(refusal)] if refusal else 200,
        factors=own,
        may_remove=own.count > 1 or not factors.needed(asker.account.role),
        sessions=[(one, devices.name_of(one.device)) for one in opened],
        refusal=refusal,
        done=done,
        has_party=has_party,
    )
