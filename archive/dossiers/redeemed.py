"""Finding applications to use credits, for those who may see them.

A worker sees the own, an organisation what is addressed to it, the bureau all. Whoever asks
for anything else gets the same answer as for what does not exist.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, exists, select

from archive.dossiers.offer_models import Offer
from archive.errors import UnknownWorkerError
from archive.people.access import reaches_organisation, refuse_reading
from archive.people.actors import Actor
from credit_bank.cases import Case, told_cases
from credit_bank.desk import events_with_bodies
from credit_bank.errors import ReferenceConflictError, UnknownCaseError
from credit_bank.models import CaseEvent
from credit_bank.traces import case_fact_in
from schemas.cases import CaseFact
from schemas.vocabulary import CaseAct, CaseKind, Permission

_OPENING = (col(CaseEvent.kind) == CaseKind.REDEMPTION, col(CaseEvent.act) == CaseAct.OPEN)
_BATCH = 400  # Below every database's limit on bound values.


@dataclass(frozen=True, slots=True)
class Told:
    """An application with everything that was told of it, in the order of the chain."""

    case: Case
    worker_id: UUID
    events: tuple[tuple[CaseEvent, CaseFact], ...]

    @property
    def opening(self) -> CaseFact:
        """The application itself."""
        return self.events[0][1]


def own(session: Session, case_id: UUID, by: Actor) -> CaseEvent:
    """Return the opening of an application of the asker's own; the bureau acts for anyone.

    Raises UnknownCaseError.
    """
    found = opening(session, case_id)
    try:
        refuse_reading(session, by, found.worker_id, Permission.APPLY)
    except UnknownWorkerError:
        raise UnknownCaseError(case=case_id) from None
    return found


def addressed(session: Session, case_id: UUID, by: Actor) -> CaseEvent:
    """Return the opening of an application that the asker may answer; raises UnknownCaseError."""
    found = opening(session, case_id)
    if not reaches_organisation(by, Permission.ANSWER_APPLICATION, found.organisation_id):
        raise UnknownCaseError(case=case_id)
    return found


def visible(session: Session, case_id: UUID, by: Actor) -> CaseEvent:
    """Return the opening of an application that the asker may read; raises UnknownCaseError."""
    try:
        return addressed(session, case_id, by)
    except UnknownCaseError:
        return own(session, case_id, by)


def opening(session: Session, case_id: UUID) -> CaseEvent:
    """Return how an application began; raises UnknownCaseError."""
    found = session.exec(select(CaseEvent).where(col(CaseEvent.id) == case_id, *_OPENING)).first()
    if found is None:
        raise UnknownCaseError(case=case_id)
    return found


def opening_under(session: Session, worker_id: UUID, reference: str) -> CaseEvent | None:
    """Return what was opened under a reference; None when nothing was."""
    mine = (col(CaseEvent.worker_id) == worker_id, col(CaseEvent.reference) == reference)
    return session.exec(select(CaseEvent).where(*mine)).first()


def same(session: Session, before: CaseEvent, offer: Offer) -> UUID:
    """Return the case of a repeated application; raises ReferenceConflictError for another."""
    (told,) = of_openings(session, [before])
    if told.opening.offer_id != offer.id:
        raise ReferenceConflictError(reference=before.reference)
    return before.case_id


def of_worker(session: Session, worker_id: UUID) -> list[Told]:
    """Return the applications of a worker, those that wait first, then the newest."""
    mine = select(CaseEvent).where(col(CaseEvent.worker_id) == worker_id, *_OPENING)
    return of_openings(session, list(session.exec(mine)))


def of_organisation(session: Session, organisation_id: UUID | None, *, most: int) -> list[Told]:
    """Return applications to an organisation, to all of them for None: those that wait first.

    No more than ``most``, the newest of each.
    """
    later = aliased(CaseEvent)
    is_over = exists().where(
        col(later.worker_id) == col(CaseEvent.worker_id),
        col(later.case_id) == col(CaseEvent.case_id),
        col(later.id) != col(CaseEvent.id),
    )
    query = select(CaseEvent).where(*_OPENING)
    if organisation_id is not None:
        query = query.where(col(CaseEvent.organisation_id) == organisation_id)
    newest = (col(CaseEvent.recorded_at).desc(), col(CaseEvent.id).desc())
    return of_openings(session, list(session.exec(query.order_by(is_over, *newest).limit(most))))


def of_openings(session: Session, openings: Sequence[CaseEvent]) -> list[Told]:
    """Return everything that was told of some applications."""
    wanted = {one.case_id for one in openings}
    events: dict[UUID, list[tuple[CaseEvent, CaseFact]]] = defaultdict(list)
    workers = sorted({one.worker_id for one in openings})
    for at in range(0, len(workers), _BATCH):
        for event, body in events_with_bodies(session, workers[at : at + _BATCH]):
            if event.case_id in wanted:
                events[event.case_id].append((event, case_fact_in(body)))
    told = [
        Told(told_cases(fact for _, fact in some)[case_id], some[0][0].worker_id, tuple(some))
        for case_id, some in events.items()
    ]
    newest_first = sorted(told, key=lambda one: one.events[0][0].recorded_at, reverse=True)
    return sorted(newest_first, key=lambda one: not one.case.is_open)
