"""Who acts: what services must know of it, whoever stands at which door.

An account is an actor. So is an account that a door has narrowed: a program whose key may
do only some things, or a clerk who acts at the counter for a worker who is present.
"""

from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from schemas.vocabulary import Permission, Role


class Actor(Protocol):
    """Someone who does something, in one role."""

    @property
    def id(self) -> UUID:
        """The account: what rows remember as “by”, for good."""

    @property
    def name(self) -> str:
        """The account's name."""

    @property
    def role(self) -> Role:
        """As whom it acts now."""

    @property
    def organisation_id(self) -> UUID | None:
        """For which organisation."""

    @property
    def worker_id(self) -> UUID | None:
        """Whose own dossier it may use; at the counter, of the worker who is present."""

    @property
    def narrowed_to(self) -> frozenset[Permission] | None:
        """All that a program's key may do; None when nothing narrows the role."""

    @property
    def visit_id(self) -> UUID | None:
        """The visit to the counter at which a clerk acts for a worker; else None."""


@dataclass(frozen=True, slots=True)
class Acting:
    """An account as a door lets it act."""

    id: UUID
    name: str
    role: Role
    organisation_id: UUID | None = None
    worker_id: UUID | None = None
    narrowed_to: frozenset[Permission] | None = None
    visit_id: UUID | None = None


def acting_as(by: Actor) -> Acting:
    """Return an actor as a value, such as another process can be handed."""
    return Acting(
        id=by.id,
        name=by.name,
        role=by.role,
        organisation_id=by.organisation_id,
        worker_id=by.worker_id,
        narrowed_to=by.narrowed_to,
        visit_id=by.visit_id,
    )


def narrowed(by: Actor, scopes: frozenset[Permission]) -> Acting:
    """Return an actor that may only these things, of all that it might."""
    held = by.narrowed_to
    return replace(acting_as(by), narrowed_to=scopes if held is None else scopes & held)
