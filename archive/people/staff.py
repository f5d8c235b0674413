"""Staff of an organisation, looked after by its administrators: invite, close, reopen, reset.

Who is of another organisation and who does not exist answer the same. An administrator gives
only roles of the own organisation's kind, and one administrator always stays.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, update
from sqlmodel import Session, col, func, select

from archive.errors import ArchiveError, NotAllowedError
from archive.people import activations, attempts, factors, sessions, unfinished
from archive.people.access import reaches_organisation
from archive.people.actors import Actor
from archive.people.arrival_models import Activation
from archive.people.factor_models import Passkey, Totp
from archive.people.models import Account, Organisation, SignIn
from schemas.vocabulary import OrganisationKind, Permission, Role

_TRAINERS = (Role.TRAINER, Role.TRAINER_ADMINISTRATOR)
ROLES_OF: dict[OrganisationKind, tuple[Role, Role]] = {
    OrganisationKind.TRAINING_PROVIDER: _TRAINERS,
    OrganisationKind.TECHNICAL_SCHOOL: _TRAINERS,
    OrganisationKind.VOCATIONAL_SCHOOL: _TRAINERS,
    OrganisationKind.ASSESSMENT_BODY: _TRAINERS,
    OrganisationKind.ASSOCIATION: _TRAINERS,
    OrganisationKind.EMPLOYER: (Role.EMPLOYER, Role.EMPLOYER_ADMINISTRATOR),
}
"""Operator and administrator of each kind of body that looks after its own staff."""
_ADMINISTRATORS = frozenset(administrator for _, administrator in ROLES_OF.values())


class UnknownStaffError(ArchiveError):
    """No account of the organisation has this identifier; another's is not told apart."""

    code: ClassVar[str] = "staff_unknown"
    template: ClassVar[str] = (
        "No account of your organisation is known by this identifier. See the list of staff."
    )


class StaffRoleError(ArchiveError):
    """A role is not one that organisations of this kind give."""

    code: ClassVar[str] = "staff_role"
    template: ClassVar[str] = (
        "Your organisation does not give this role. Choose operator or administrator."
    )


class LastAdministratorError(ArchiveError):
    """Without the last administrator nobody could look after the organisation's accounts."""

    code: ClassVar[str] = "staff_last_administrator"
    template: ClassVar[str] = (
        "This is the last administrator of your organisation. Add another one first."
    )


class OwnFactorError(ArchiveError):
    """Nobody takes the second factor off the own account: another administrator does."""

    code: ClassVar[str] = "staff_own_factor"
    template: ClassVar[str] = (
        "This is your own account. Change your second factor on “My account”, "
        "or ask another administrator."
    )


@dataclass(frozen=True, slots=True)
class Member:
    """An account of the organisation, as its administrator sees it."""

    id: UUID
    name: str
    role: Role
    is_active: bool
    is_self: bool
    has_factor: bool
    signed_in_at: datetime | None
    """The last whole sign-in of a person; None when none is remembered."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """An activation code that was handed out and not used yet."""

    role: Role
    made_at: datetime
    expires_at: datetime


def roles_given(session: Session, *, by: Actor) -> tuple[Role, ...]:
    """Return the roles that somebody can give in the own organisation."""
    body = session.get(Organisation, by.organisation_id) if by.organisation_id else None
    return ROLES_OF.get(body.kind, ()) if body else ()


def listed(session: Session, *, by: Actor) -> list[Member]:
    """Return the accounts of the own organisation, the open ones first. No program's.

    Raises NotAllowedError.
    """
    return members(session, *_staff_of(_own_body(by)), by=by)


def members(session: Session, *conditions: ColumnElement[bool], by: Actor) -> list[Member]:
    """Return accounts that meet conditions, the open ones first; who may see them asks another."""
    last = (
        select(SignIn.account_id, func.max(SignIn.created_at).label("at"))
        .where(col(SignIn.is_bearer).is_(False))
        .group_by(col(SignIn.account_id))
        .subquery()
    )
    query = (
        select(Account, last.c.at, or_(*(_has(kind) for kind in (Totp, Passkey))))
        .outerjoin(last, last.c.account_id == col(Account.id))
        .where(*conditions)
        .order_by(col(Account.is_active).desc(), col(Account.name))
    )
    return [
        Member(
            one.id,
            one.name,
            one.role,
            one.is_active,
            one.id == by.id,
            has_factor,
            signed_in_at,
        )
        for one, signed_in_at, has_factor in session.exec(query)
    ]


def invitations(session: Session, *, by: Actor, now: datetime) -> list[Invitation]:
    """Return the codes of the own organisation that can still be used. Raises NotAllowedError."""
    query = select(Activation).where(*_unused(_own_body(by)), col(Activation.expires_at) > now)
    return [
        Invitation(Role(one.role), one.made_at, one.expires_at)
        for one in session.exec(query.order_by(col(Activation.made_at).desc()))
    ]


def invite(session: Session, role: Role, *, by: Actor, now: datetime) -> str:
    """Return an activation code for a new account of the own organisation, told only once.

    Raises NotAllowedError, StaffRoleError.
    """
    body = _own_body(by)
    if role not in roles_given(session, by=by):
        raise StaffRoleError
    return activations.invite_staff(session, body, role, by=by, now=now)


def end_invitations(session: Session, *, by: Actor, now: datetime) -> None:
    """End every code of the own organisation that was not used. Raises NotAllowedError."""
    session.exec(update(Activation).where(*_unused(_own_body(by))).values(expires_at=now))


def close(session: Session, account_id: UUID, *, by: Actor, now: datetime) -> None:
    """Close an account at once, with its sessions and the codes that it handed out.

    Raises NotAllowedError, UnknownStaffError, LastAdministratorError.
    """
    account = _one(session, account_id, by)
    _refuse_last(session, account)
    account.is_active = False
    session.add(account)
    unfinished.end_all(session, account.id)
    sessions.end_all(session, account, now=now)
    activations.end_handed_out(session, account.id, now=now)
    session.flush()


def reopen(session: Session, account_id: UUID, *, by: Actor) -> None:
    """Let a closed account sign in again, by the password and second factor that it had.

    Raises NotAllowedError, UnknownStaffError.
    """
    account = _one(session, account_id, by)
    account.is_active = True
    session.add(account)
    attempts.unlock(session, account)
    session.flush()


def reset_factor(session: Session, account_id: UUID, *, by: Actor, now: datetime) -> None:
    """Take second factors and sessions off an account: the next sign-in enrols anew.

    Raises NotAllowedError, UnknownStaffError, OwnFactorError.
    """
    account = _one(session, account_id, by)
    if account.id == by.id:
        raise OwnFactorError
    factors.reset(session, account, now=now)


def _has(kind: type[Totp | Passkey]) -> ColumnElement[bool]:
    return exists().where(col(kind.account_id) == col(Account.id))


def _own_body(by: Actor) -> UUID:
    body = by.organisation_id
    if body is None or not reaches_organisation(by, Permission.MANAGE_STAFF, body):
        raise NotAllowedError
    return body


def _staff_of(body: UUID) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on accounts: people of the organisation, none of its programs."""
    return (col(Account.organisation_id) == body, col(Account.scopes).is_(None))


def _one(session: Session, account_id: UUID, by: Actor) -> Account:
    mine = (*_staff_of(_own_body(by)), col(Account.id) == account_id)
    account = session.exec(select(Account).where(*mine)).one_or_none()
    if account is None:
        raise UnknownStaffError
    return account


def _refuse_last(session: Session, account: Account) -> None:
    """Raise LastAdministratorError where nobody else would be left.

    Two administrators who close each other take turns at their organisation.
    """
    if account.role not in _ADMINISTRATORS or account.organisation_id is None:
        return
    session.get(Organisation, account.organisation_id, with_for_update=True)
    others = (
        *_staff_of(account.organisation_id),
        col(Account.id) != account.id,
        col(Account.role).in_(_ADMINISTRATORS),
        col(Account.is_active),
    )
    if session.exec(select(Account.id).where(*others)).first() is None:
        raise LastAdministratorError


def _unused(body: UUID) -> tuple[ColumnElement[bool], ...]:
    return (col(Activation.organisation_id) == body, col(Activation.used_at).is_(None))
