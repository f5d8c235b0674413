"""Pages of the system administrator, and those on which the security administrator answers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from archive.people import account_opening, activations, approvals, organisations
from archive.people.account_opening import ALONE, BY_TWO
from archive.people.organisation_codes import read_credit_code
from archive.web.answering import AnswerDep
from archive.web.audiences import AccountAnswerer, AccountManager, OrganisationOpener
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.steps import go
from schemas.vocabulary import OrganisationKind, Role

router = APIRouter(include_in_schema=False)

_BODIES = "/admin/organisations"
_ACCOUNTS = "/admin/accounts"
_PROPOSALS = "/security/proposals"
_Name = Annotated[str, Form(min_length=1, max_length=200)]


@router.get(_BODIES)
def bodies(page: PageDep, _me: OrganisationOpener, session: ReadingDep) -> Response:
    """Show every organisation, and the form of a new one."""
    found = organisations.listed(session)
    return page("admin/organisations.html", bodies=found, alone=ALONE, kinds=list(OrganisationKind))


@router.post(_BODIES)
def open_body(
    _me: OrganisationOpener,
    session: SessionDep,
    now: Now,
    _: Fresh,
    *,
    code: Annotated[str, Form(pattern=r"^\s*[0-9A-Za-z-]{1,40}\s*$")],
    name: _Name,
    name_en: _Name,
    kind: Annotated[OrganisationKind, Form()],
    credit_code: Annotated[str, Form(max_length=40)] = "",
    street: Annotated[str, Form(max_length=60)] = "",
) -> Response:
    """Open an organisation."""
    organisations.add(
        session,
        code.strip(),
        name=name.strip(),
        name_en=name_en.strip(),
        kind=kind,
        credit_code=read_credit_code(credit_code) if credit_code.strip() else None,
        street=street.strip() or None,
        now=now,
    )
    return go(_BODIES)


@router.post(_BODIES + "/{code}/invite")
def invite(
    code: str,
    page: PageDep,
    me: AccountManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
    role: Annotated[Role, Form()],
) -> Response:
    """Make the code of an organisation's administrator, or of a department's clerk; once."""
    made = account_opening.invite(session, code, role, by=me.actor, now=now)
    until = now + activations.LASTS
    return page("admin/invited.html", code=made, role=role, until=until, back=_BODIES)


@router.get(_ACCOUNTS)
def accounts_page(page: PageDep, me: AccountManager, session: ReadingDep) -> Response:
    """Show the accounts and what was proposed about them."""
    return page(
        "admin/accounts.html",
        members=account_opening.listed(session, by=me.actor),
        proposals=account_opening.proposals(session, by=me.actor),
        bodies=[one for one in organisations.listed(session) if one.kind in BY_TWO],
        roles=[role for roles in BY_TWO.values() for role in roles],
        of_bureau=BY_TWO[OrganisationKind.BUREAU],
    )


@router.post(_ACCOUNTS)
def propose_opening(
    me: AccountManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
    organisation: Annotated[str, Form(max_length=40)],
    role: Annotated[Role, Form()],
) -> Response:
    """Propose an account of the bureau or a street office."""
    account_opening.propose_opening(session, organisation, role, by=me.actor, now=now)
    return go(_ACCOUNTS)


@router.post(_ACCOUNTS + "/{account_id}/role")
def propose_role(
    account_id: UUID,
    me: AccountManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
    role: Annotated[Role, Form()],
) -> Response:
    """Propose another role for an account of the bureau."""
    account_opening.propose_role(session, account_id, role, by=me.actor, now=now)
    return go(_ACCOUNTS)


@router.get(_PROPOSALS)
def proposals_page(page: PageDep, me: AccountAnswerer, session: ReadingDep) -> Response:
    """Show what the security administrator has to answer, and has answered."""
    found = account_opening.proposals(session, by=me.actor)
    return page("security/proposals.html", proposals=found)


@router.post(_PROPOSALS + "/{proposal_id}")
def answer(
    proposal_id: UUID,
    page: PageDep,
    me: AccountAnswerer,
    session: SessionDep,
    now: Now,
    _: Fresh,
    told: AnswerDep,
) -> Response:
    """Approve or decline; the code of an account that opens is shown once."""
    account_opening.refuse_other_actions(session, proposal_id)
    answered = approvals.answer(
        session,
        proposal_id,
        is_approved=told.is_approved,
        by=me.actor,
        now=now,
        reason=told.reason,
    )
    if answered.action != account_opening.OPEN or not answered.made:
        return go(_PROPOSALS)
    role, until = Role(answered.payload["role"]), now + activations.LASTS
    [made] = answered.made
    return page("admin/invited.html", code=made, role=role, until=until, back=_PROPOSALS)
