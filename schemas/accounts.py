"""Accounts as administrators see them, and codes that begin one."""

from datetime import datetime
from uuid import UUID

from schemas.api_keys import KeyLine
from schemas.contracts import Contract
from schemas.vocabulary import Role


class MemberLine(Contract):
    """An account of staff, without anything secret."""

    account: UUID
    name: str
    role: Role
    is_active: bool
    has_factor: bool
    """Whether it has a second factor."""
    signed_in_at: datetime | None
    """The last whole sign-in; None when none is remembered."""


class CareTaken(Contract):
    """What was done to an account's sign-in."""

    account: UUID
    care: str
    keys_to_rotate: tuple[KeyLine, ...]
    """Of a closed account: the open keys whose newest secret it was told. They still open."""


class MemberList(Contract):
    """Accounts of staff, the open ones first."""

    accounts: tuple[MemberLine, ...]


class InvitationReceipt(Contract):
    """A code that begins an account, told only this once."""

    role: Role
    code: str
    expires_at: datetime
