"""Pages of the security administrator: who can sign in, and what stops somebody who should not."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from archive.people import api_keys, sign_in_care
from archive.people.sign_in_care import Care, UnknownSignInError
from archive.web.audiences import SignInManager
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.statuses import STATUS_OF
from archive.web.steps import go

router = APIRouter(include_in_schema=False)

_SECURITY = "/security"


@router.get(_SECURITY)
def accounts_page(
    page: PageDep,
    me: SignInManager,
    session: ReadingDep,
    request: Request,
    account: UUID | None = None,
) -> Response:
    """Show the accounts of all staff; a worker's is found by its name.

    ``account`` is the one that was just closed: the keys that it was told are named.
    """
    done = request.query_params.get("done", "")
    members = sign_in_care.staff_listed(session, by=me.actor)
    keys = api_keys.seen_by(session, account, by=me.actor) if account else []
    is_done = done in set(Care)
    return page("security/accounts.html", members=members, done=done if is_done else "", keys=keys)


@router.post(_SECURITY)
def find(
    page: PageDep,
    me: SignInManager,
    session: ReadingDep,
    name: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Show the one account of a name."""
    template = "security/accounts.html"
    try:
        found = sign_in_care.called(session, name, by=me.actor)
    except UnknownSignInError as refusal:
        code = STATUS_OF[UnknownSignInError]
        return page(template, code, members=[], done="", keys=[], refusal=refusal, name=name)
    return page(template, members=[found], done="", keys=[], name=name)


@router.post(_SECURITY + "/accounts/{account_id}/{care}")
def take(
    account_id: UUID, care: Care, me: SignInManager, session: SessionDep, now: Now, _: Fresh
) -> Response:
    """Unlock, sign out, reset or close."""
    sign_in_care.take(session, account_id, care, by=me.actor, now=now)
    closed = f"&account={account_id}" if care is Care.CLOSE else ""
    return go(f"{_SECURITY}?done={care}{closed}")
