"""A session at the counter: as whom it acts meanwhile, and the mark on all that it does.

How a visit begins and ends stands in counter.py.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from archive.people.actors import Acting, Actor
from archive.people.counter_models import CounterAct
from archive.people.models import SignIn
from schemas.vocabulary import Permission, Role

_MARKED = "counter.marked"


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """The visit at which a session acts for a worker."""

    id: UUID
    worker_id: UUID
    archive_number: str
    until: datetime

    def acting(self, account: Actor) -> Acting:
        """Return the clerk as the worker: with what the worker may, and with the mark."""
        return Acting(
            id=account.id,
            name=account.name,
            role=Role.WORKER,
            worker_id=self.worker_id,
            visit_id=self.id,
        )


def visit_of(signed: SignIn, now: datetime) -> OpenVisit | None:
    """Return the visit at which a session stands now; None when there is none, or it is over."""
    if signed.visit_id is None or signed.visit_until is None or now >= signed.visit_until:
        return None
    if signed.visit_worker_id is None or signed.visit_number is None:
        return None
    return OpenVisit(
        signed.visit_id, signed.visit_worker_id, signed.visit_number, signed.visit_until
    )


def mark(
    session: Session,
    act: Permission,
    subject_id: UUID,
    *,
    worker_id: UUID,
    by: Actor,
    now: datetime,
) -> None:
    """Mark for good what is done at the counter; elsewhere nothing is marked.

    Call it in the transaction that does it, with the id of what it makes.
    """
    if by.visit_id is None:
        return
    session.info[_MARKED] = True
    done = CounterAct(
        worker_id=worker_id,
        visit_id=by.visit_id,
        account_id=by.id,
        act=act,
        subject_id=subject_id,
        done_at=now,
    )
    session.add(done)
    session.flush()


def mark_rest(session: Session, act: Permission, *, by: Actor, now: datetime) -> None:
    """Mark what a service did at the counter without marking it: what it made is not told.

    Called at the end of every writing request, so that no route can forget it.
    """
    if by.visit_id is None or by.worker_id is None or session.info.get(_MARKED):
        return
    mark(session, act, by.visit_id, worker_id=by.worker_id, by=by, now=now)
