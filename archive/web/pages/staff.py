"""Pages of an organisation's administrator: who of its staff can sign in, and as what."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from archive.people import activations, api_keys, staff
from archive.web.audiences import StaffManager
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.steps import go
from schemas.vocabulary import Role

router = APIRouter(include_in_schema=False)

_STAFF = "/organisation/staff"
_DONE = frozenset({"ended", "closed", "reopened", "reset"})


@router.get(_STAFF)
def staff_list(
    page: PageDep,
    me: StaffManager,
    session: ReadingDep,
    now: Now,
    request: Request,
    account: UUID | None = None,
) -> Response:
    """Show the organisation's accounts, and the codes that wait to be used.

    ``account`` is the one that was just closed: the keys that it was told are named.
    """
    done = request.query_params.get("done", "")
    return page(
        "organisation/staff.html",
        members=staff.listed(session, by=me.actor),
        invitations=staff.invitations(session, by=me.actor, now=now),
        roles=staff.roles_given(session, by=me.actor),
        done=done if done in _DONE else "",
        keys=api_keys.seen_by(session, account, by=me.actor) if account else [],
    )


@router.post(_STAFF)
def invite(
    page: PageDep,
    me: StaffManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
    role: Annotated[Role, Form()],
) -> Response:
    """Make an activation code for a new account, and show it once."""
    code = staff.invite(session, role, by=me.actor, now=now)
    until = now + activations.LASTS
    return page("organisation/invited.html", code=code, role=role, until=until)


@router.post(_STAFF + "/invitations/end")
def end_invitations(me: StaffManager, session: SessionDep, now: Now) -> Response:
    """End the codes that nobody used."""
    staff.end_invitations(session, by=me.actor, now=now)
    return go(f"{_STAFF}?done=ended")


@router.post(_STAFF + "/{account_id}/close")
def close(account_id: UUID, me: StaffManager, session: SessionDep, now: Now, _: Fresh) -> Response:
    """Close an account, its sessions with it."""
    staff.close(session, account_id, by=me.actor, now=now)
    return go(f"{_STAFF}?done=closed&account={account_id}")


@router.post(_STAFF + "/{account_id}/reopen")
def reopen(account_id: UUID, me: StaffManager, session: SessionDep, _: Fresh) -> Response:
    """Let a closed account sign in again."""
    staff.reopen(session, account_id, by=me.actor)
    return go(f"{_STAFF}?done=reopened")


@router.post(_STAFF + "/{account_id}/reset")
def reset_factor(
    account_id: UUID, me: StaffManager, session: SessionDep, now: Now, _: Fresh
) -> Response:
    """Take the second factors off an account whose holder lost them."""
    staff.reset_factor(session, account_id, by=me.actor, now=now)
    return go(f"{_STAFF}?done=reset")
