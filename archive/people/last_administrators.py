"""One system, one security and one audit administrator always stay, whoever goes."""

from typing import ClassVar

from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.models import Account
from schemas.vocabulary import Role

ADMINISTRATORS = (
    Role.ADMINISTRATOR,
    Role.SECURITY_ADMINISTRATOR,
    Role.AUDIT_ADMINISTRATOR,
)
"""Three who watch each other (GB/T 22239-2019, level 3)."""


class LastOfThreeError(ArchiveError):
    """Nobody else holds this one of the three offices."""

    code: ClassVar[str] = "administrators_last"
    template: ClassVar[str] = (
        "This is the last account that holds this administrator's office. "
        "Have another one opened first."
    )


def refuse_last(session: Session, account: Account) -> None:
    """Raise LastOfThreeError where an office of the three would stand empty.

    Two who leave at once take turns at the accounts that hold it.
    """
    if account.role not in ADMINISTRATORS or not account.is_active:
        return
    holders = (
        select(Account.id)
        .where(
            col(Account.role) == account.role,
            col(Account.is_active),
            col(Account.scopes).is_(None),
        )
        .order_by(col(Account.id))
        .with_for_update()
    )
    if not set(session.exec(holders)) - {account.id}:
        raise LastOfThreeError
