"""Accounts that the system administrator opens: of organisations alone, of the bureau by two.

An organisation's first administrator and a department's staff get a code at once. Staff of the
bureau and of street offices, and administrators, are proposed; the security administrator
answers. Nobody takes part in changing the own role (GB/T 22239-2019, three administrators).
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.errors import ArchiveError, NotAllowedError
from archive.people import activations, approvals, organisations, sessions, staff, unfinished
from archive.people.access import may, refuse
from archive.people.actors import Actor
from archive.people.approvals import Parties, ProposalView, UnknownProposalError
from archive.people.last_administrators import ADMINISTRATORS, refuse_last
from archive.people.models import Account, Proposal
from archive.people.staff import ROLES_OF, Member, UnknownStaffError
from schemas.vocabulary import OrganisationKind, Permission, Role

OPEN = "account.open"
ROLE = "account.role"
BY_TWO: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.BUREAU: (Role.CLERK, Role.APPROVER, *ADMINISTRATORS),
    OrganisationKind.STREET_OFFICE: (Role.STREET_CLERK,),
}
"""Roles that are given by two persons, by kind of body."""
ALONE: dict[OrganisationKind, tuple[Role, ...]] = {
    OrganisationKind.DEPARTMENT: (Role.DEPARTMENT_CLERK,),
    **{kind: (administrator,) for kind, (_, administrator) in ROLES_OF.items()},
}
"""Roles that the system administrator gives alone: others look after what they reach."""
_SHOWN = tuple(role for roles in (*BY_TWO.values(), *ALONE.values()) for role in roles)


class AccountRoleError(ArchiveError):
    """A role does not go with this kind of organisation."""

    code: ClassVar[str] = "account_role"
    template: ClassVar[str] = (
        "Accounts of this kind of organisation do not have this role. "
        "Choose one of those that are offered."
    )


class OwnRoleError(ArchiveError):
    """Nobody raises oneself, neither by proposing nor by answering."""

    code: ClassVar[str] = "account_own_role"
    template: ClassVar[str] = "Nobody takes part in changing the own role. Two others do that."


class AdministratorsApartError(ArchiveError):
    """One of the three administrators would become another of them."""

    code: ClassVar[str] = "administrators_apart"
    template: ClassVar[str] = (
        "The system, security and audit administrators are kept apart: no account changes "
        "from one to another. Open another account instead."
    )


def listed(session: Session, *, by: Actor) -> list[Member]:
    """Return the accounts that the system administrator looks after. Raises NotAllowedError."""
    refuse(by, Permission.MANAGE_ACCOUNTS)
    conditions = (col(Account.role).in_(_SHOWN), col(Account.scopes).is_(None))
    return staff.members(session, *conditions, by=by)


def proposals(session: Session, *, by: Actor) -> list[ProposalView]:
    """Return what was proposed about accounts. Raises NotAllowedError."""
    if not may(by, Permission.ANSWER_ACCOUNT):
        refuse(by, Permission.MANAGE_ACCOUNTS)
    return approvals.listed(session, OPEN, ROLE)


def refuse_other_actions(session: Session, proposal_id: UUID) -> None:
    """Raise UnknownProposalError for what is not about accounts: it is answered elsewhere."""
    found = session.get(Proposal, proposal_id)
    if found is None or found.action not in {OPEN, ROLE}:
        raise UnknownProposalError(proposal=proposal_id)


def invite(session: Session, code: str, role: Role, *, by: Actor, now: datetime) -> str:
    """Return an activation code for an account that one person may open, told only once.

    Raises NotAllowedError, UnknownOrganisationError, AccountRoleError.
    """
    refuse(by, Permission.MANAGE_ACCOUNTS)
    body = organisations.coded(session, code)
    if role not in ALONE.get(body.kind, ()):
        raise AccountRoleError
    return activations.invite_staff(session, body.id, role, by=by, now=now)


def propose_opening(
    session: Session, code: str, role: Role, *, by: Actor, now: datetime
) -> ProposalView:
    """Propose an account of the bureau or a street office.

    Raises NotAllowedError, UnknownOrganisationError, AccountRoleError.
    """
    refuse(by, Permission.MANAGE_ACCOUNTS)
    body = organisations.coded(session, code)
    if role not in BY_TWO.get(body.kind, ()):
        raise AccountRoleError
    payload = {"organisation": body.code, "role": role.value, "by": str(by.id)}
    return approvals.propose(session, OPEN, payload, by=by, now=now)


def propose_role(
    session: Session, account_id: UUID, role: Role, *, by: Actor, now: datetime
) -> ProposalView:
    """Propose another role for an account of the bureau.

    Raises NotAllowedError, UnknownStaffError, OwnRoleError, AccountRoleError,
    AdministratorsApartError, LastOfThreeError.
    """
    refuse(by, Permission.MANAGE_ACCOUNTS)
    account = _changeable(session, account_id, role)
    payload = {
        "account": account.name,
        "account_id": str(account.id),
        "before": account.role.value,
        "role": role.value,
    }
    _refuse_own(by, payload, Permission.MANAGE_ACCOUNTS)
    refuse_last(session, account)
    return approvals.propose(session, ROLE, payload, by=by, now=now)


def _changeable(session: Session, account_id: UUID, role: Role) -> Account:
    bureau = BY_TWO[OrganisationKind.BUREAU]
    mine = (
        col(Account.id) == account_id,
        col(Account.role).in_(bureau),
        col(Account.scopes).is_(None),
    )
    account = session.exec(select(Account).where(*mine)).one_or_none()
    if account is None:
        raise UnknownStaffError
    if role not in bureau or role is account.role:
        raise AccountRoleError
    if role in ADMINISTRATORS and account.role in ADMINISTRATORS:
        raise AdministratorsApartError
    return account


def _may_propose(_: Session, by: Actor, payload: dict[str, Any]) -> None:
    _refuse_own(by, payload, Permission.MANAGE_ACCOUNTS)


def _may_answer(_: Session, by: Actor, payload: dict[str, Any]) -> None:
    _refuse_own(by, payload, Permission.ANSWER_ACCOUNT)


def _refuse_own(by: Actor, payload: dict[str, Any], permission: Permission) -> None:
    if by.narrowed_to is not None:
        raise NotAllowedError
    refuse(by, permission)
    if payload.get("account_id") == str(by.id):
        raise OwnRoleError


def _open(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Make the code; who answered is told it, once, and hands it to the person."""
    body = organisations.coded(session, payload["organisation"])
    proposer = session.get_one(Account, UUID(payload["by"]))
    role = Role(payload["role"])
    return [activations.invite_staff(session, body.id, role, by=proposer, now=now)]


def _change(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Give the role, if it still may be given, and end what began under the old one."""
    account = _changeable(session, UUID(payload["account_id"]), Role(payload["role"]))
    refuse_last(session, account)
    account.role = Role(payload["role"])
    session.add(account)
    unfinished.end_all(session, account.id)
    sessions.end_all(session, account, now=now)
    activations.end_handed_out(session, account.id, now=now)
    session.flush()
    return [payload["account_id"]]


approvals.EFFECTS[OPEN] = _open
approvals.EFFECTS[ROLE] = _change
approvals.PARTIES[OPEN] = Parties(_may_propose, _may_answer)
approvals.PARTIES[ROLE] = Parties(_may_propose, _may_answer)
approvals.APART |= {OPEN, ROLE}
