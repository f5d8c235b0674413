"""Who may do what, as it is told outside."""

from schemas.contracts import Contract
from schemas.vocabulary import Permission, Role, Scope


class PermissionLine(Contract):
    """One permission, and how far each role reaches with it."""

    permission: Permission
    strangers: bool
    """Whether it needs no sign-in."""
    roles: dict[Role, Scope | None]
    """Every role; None may not."""


class AccessMatrix(Contract):
    """The table of permissions."""

    permissions: tuple[PermissionLine, ...]
