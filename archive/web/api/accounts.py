"""Accounts of staff: what the system administrator opens and proposes, what security answers.

What changes something needs a proof of a moment ago, as on the pages: no bearer token does it.
"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from archive.people import (
    account_opening,
    activations,
    api_keys,
    approvals,
    sign_in_care,
    staff,
)
from archive.people.api_key_lines import keys_told
from archive.people.approvals import ProposalList, ProposalView
from archive.people.sign_in_care import Care
from archive.web.api.asked import PROBLEMS, AnswerAsked
from archive.web.audiences import AccountAnswerer, AccountManager, SignInManager
from archive.web.deps import Fresh, Now, ReadingDep, SessionDep
from schemas.accounts import CareTaken, InvitationReceipt, MemberLine, MemberList
from schemas.contracts import Contract
from schemas.vocabulary import Role

router = APIRouter(prefix="/api/v1", tags=["Accounts"], responses=PROBLEMS)


class AccountAsked(Contract):
    """Whose account is asked for, and with which role."""

    organisation: Annotated[str, Field(max_length=40)]
    """The organisation's code."""
    role: Role


class RoleAsked(Contract):
    """Another role for an account."""

    role: Role


@router.get("/accounts")
def account_list(asker: AccountManager, session: ReadingDep) -> MemberList:
    """List the accounts that the system administrator looks after."""
    return _told(account_opening.listed(session, by=asker.actor))


@router.post("/accounts/invitations", status_code=status.HTTP_201_CREATED)
def invite(
    asked: AccountAsked, asker: AccountManager, session: SessionDep, now: Now, _: Fresh
) -> InvitationReceipt:
    """Make the code of an organisation's first administrator, or of a department's clerk; once."""
    code = account_opening.invite(session, asked.organisation, asked.role, by=asker.actor, now=now)
    return InvitationReceipt(role=asked.role, code=code, expires_at=now + activations.LASTS)


@router.get("/accounts/proposals")
def proposed(asker: AccountManager, session: ReadingDep) -> ProposalList:
    """List what was proposed about accounts, the newest first."""
    return ProposalList(proposals=tuple(account_opening.proposals(session, by=asker.actor)))


@router.post("/accounts/proposals", status_code=status.HTTP_202_ACCEPTED)
def propose_opening(
    asked: AccountAsked, asker: AccountManager, session: SessionDep, now: Now, _: Fresh
) -> ProposalView:
    """Propose an account of the bureau or a street office."""
    return account_opening.propose_opening(
        session, asked.organisation, asked.role, by=asker.actor, now=now
    )


@router.put("/accounts/{account_id}/role", status_code=status.HTTP_202_ACCEPTED)
def propose_role(
    account_id: UUID,
    asked: RoleAsked,
    asker: AccountManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
) -> ProposalView:
    """Propose another role for an account of the bureau."""
    return account_opening.propose_role(session, account_id, asked.role, by=asker.actor, now=now)


@router.get("/security/accounts")
def sign_in_list(asker: SignInManager, session: ReadingDep) -> MemberList:
    """List the accounts of everybody but workers, for the security administrator."""
    return _told(sign_in_care.staff_listed(session, by=asker.actor))


@router.post("/security/accounts/{account_id}/{care}")
def take_care(
    account_id: UUID, care: Care, asker: SignInManager, session: SessionDep, now: Now, _: Fresh
) -> CareTaken:
    """Unlock an account, end its sessions, reset its second factors or close it at once.

    Closing ends no key of a program: those that the person saw are told, to be rotated.
    """
    sign_in_care.take(session, account_id, care, by=asker.actor, now=now)
    seen = api_keys.seen_by(session, account_id, by=asker.actor) if care is Care.CLOSE else []
    return CareTaken(account=account_id, care=care, keys_to_rotate=keys_told(seen).keys)


@router.get("/security/proposals")
def to_answer(asker: AccountAnswerer, session: ReadingDep) -> ProposalList:
    """List what was proposed about accounts, for whom it waits."""
    return ProposalList(proposals=tuple(account_opening.proposals(session, by=asker.actor)))


@router.post("/security/proposals/{proposal_id}")
def answer(
    proposal_id: UUID,
    asked: AnswerAsked,
    asker: AccountAnswerer,
    session: SessionDep,
    now: Now,
    _: Fresh,
) -> ProposalView:
    """Approve or decline; “made” of the answer holds the code of an account that opens, once."""
    account_opening.refuse_other_actions(session, proposal_id)
    return approvals.answer(
        session,
        proposal_id,
        is_approved=asked.is_approval(),
        by=asker.actor,
        now=now,
        reason=asked.reason,
    )


def _told(members: list[staff.Member]) -> MemberList:
    return MemberList(
        accounts=tuple(
            MemberLine(
                account=one.id,
                name=one.name,
                role=one.role,
                is_active=one.is_active,
                has_factor=one.has_factor,
                signed_in_at=one.signed_in_at,
            )
            for one in members
        )
    )
