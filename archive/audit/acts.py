"""What is going on: who asks for what, through which door; and what a session has opened.

A door says what is asked for once, in an ``Act``; the vault notes in each session whose keys
were opened. Whoever ends the session reads both, so that no route can forget to tell. Writing
the events down is the business of ``archive/people/trail.py``.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlmodel import Session

from archive.audit.events import Outcome, Own
from schemas.ids import new_id
from schemas.vocabulary import Role

_NOTES = "notes"


class Actor(Protocol):
    """Who acts, as far as the audit tells; see ``archive/people/actors.py``."""

    @property
    def id(self) -> UUID:
        """The account."""

    @property
    def role(self) -> Role:
        """As whom it acts."""

    @property
    def organisation_id(self) -> UUID | None:
        """For which organisation."""

    @property
    def visit_id(self) -> UUID | None:
        """At which visit to the counter."""


@dataclass(slots=True)
class Act:
    """One request, command or step of a job, as a door has it in hand.

    Without one (in a test of a service, in a benchmark) nothing is told.
    """

    at: datetime
    request: str | None = None
    address: str | None = None
    """Where it comes from; kept in memory only."""
    action: str = Own.UNNAMED
    actor_id: UUID | None = None
    role: str | None = None
    organisation_id: UUID | None = None
    visit_id: UUID | None = None
    purpose: str | None = None
    reason: str | None = None
    asked_for: UUID | None = None
    """The worker whom the request named, whether or not it may see anything."""
    is_told: bool = False
    """Whether a refusal of this act has been told."""
    _told: set[UUID] = field(default_factory=set)
    _open: list[Callable[[], object]] = field(default_factory=list)

    def row(self, **more: object) -> dict[str, Any]:
        """Return an event of this act; ``more`` overrides its columns."""
        return {
            "id": new_id(),
            "at": self.at,
            "actor_id": self.actor_id,
            "role": self.role,
            "organisation_id": self.organisation_id,
            "visit_id": self.visit_id,
            "action": str(self.action),
            "worker_id": None,
            "subject_kind": None,
            "subject_id": None,
            "people": None,
            "request": self.request,
            "purpose": self.purpose,
            "reason": None,
            "source": None,
            "outcome": Outcome.DONE.value,
            "code": None,
        } | more

    def untold(self, workers: Iterable[UUID]) -> list[UUID]:
        """Return the workers of whom no access was told yet."""
        return [one for one in workers if one not in self._told]

    def told(self, workers: Iterable[UUID]) -> None:
        """Remember that these were told: a request has one access to a worker."""
        self._told.update(workers)

    def elsewhere(self) -> "Act":
        """Return the same act for another process."""
        return replace(self, _told=set(), _open=[])

    @contextmanager
    def settling(self, tell: Callable[[], object]) -> Iterator[None]:
        """Know how to tell what an open session has read, so that it can be told early."""
        self._open.append(tell)
        try:
            yield
        finally:
            self._open.remove(tell)

    def settle(self) -> None:
        """Tell what was opened so far."""
        for tell in self._open:
            tell()


@dataclass(slots=True)
class Notes:
    """What one session has opened."""

    workers: dict[UUID, tuple[str, UUID] | None] = field(default_factory=dict)
    """Whose, and of which thing of theirs, if one is meant."""
    scanned: int = 0
    is_scan: bool = False
    is_always_told: bool = False
    """Whether it is told even when no key was opened: every write, every look at the audit."""

    def opened(self, workers: Iterable[UUID]) -> None:
        """Note whose keys were opened."""
        if self.is_scan:
            self.scanned += sum(1 for _ in workers)
            return
        for one in workers:
            self.workers.setdefault(one, None)


_ACT: ContextVar[Act | None] = ContextVar("act", default=None)


def current() -> Act | None:
    """Return what is going on; None where no door has said."""
    return _ACT.get()


def settle() -> None:
    """Tell what was opened so far: a command prints while its session is still open."""
    act = current()
    if act is not None:
        act.settle()


@contextmanager
def acting(act: Act) -> Iterator[Act]:
    """Let everything in this block be part of an act."""
    token = _ACT.set(act)
    try:
        yield act
    finally:
        _ACT.reset(token)


def notes_of(session: Session) -> Notes:
    """Return what a session has opened."""
    notes = session.info.get(_NOTES)
    if not isinstance(notes, Notes):
        notes = session.info[_NOTES] = Notes()
    return notes


def concern(session: Session, worker_id: UUID, kind: str, subject_id: UUID) -> None:
    """Note that a thing of a worker's is looked at, whether or not a key is opened."""
    notes_of(session).workers[worker_id] = (kind, subject_id)


def scan(session: Session) -> None:
    """Note that a session goes over everyone and tells of nobody: one event, not one a person."""
    notes_of(session).is_scan = True


def tell_always(session: Session) -> None:
    """Note that a session is told of even when it opens no key."""
    notes_of(session).is_always_told = True


def name_action(action: str) -> None:
    """Note what is asked for: the permission that a route names."""
    act = current()
    if act is not None:
        act.action = action


def name_actor(actor: Actor | None) -> None:
    """Note who asks."""
    act = current()
    if act is not None and actor is not None:
        act.actor_id, act.role = actor.id, actor.role
        act.organisation_id, act.visit_id = actor.organisation_id, actor.visit_id


def name_worker(worker_id: UUID) -> None:
    """Note whom the request names, so that a refusal can be told to that worker."""
    act = current()
    if act is not None:
        act.asked_for = worker_id
