"""What people read of the counter: the mark on what was done there, and the list of visits."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.titles import organisation_view
from archive.people import counter
from archive.people.counter import ToldVisit
from archive.people.counter_models import CounterAct
from schemas.counter import CounterMark, VisitAct, VisitView
from schemas.vocabulary import Permission

Marks = Mapping[UUID, CounterMark]
"""Marks by what was made at the counter, such as the step of a case."""


def marks_on(session: Session, worker_ids: Iterable[UUID]) -> Marks:
    """Return the mark of everything that was made for some workers at the counter."""
    found = counter.marks(session, worker_ids)
    return {subject: _mark(act, visit) for subject, (act, visit) in found.items()}


def visits_of(session: Session, worker_id: UUID) -> tuple[VisitView, ...]:
    """Return every visit of a worker, the newest first."""
    return tuple(
        VisitView(
            id=one.visit.id,
            account=one.account,
            office=organisation_view(one.office) if one.office else None,
            document_seen=one.visit.document_seen,
            purpose=one.visit.purpose,
            authorisation=one.authorisation,
            authorisation_type=one.visit.authorisation_type,
            opened_at=one.visit.opened_at,
            ended_at=one.ended_at,
            acts=tuple(
                VisitAct(act=Permission(act.act), subject_id=act.subject_id, done_at=act.done_at)
                for act in one.acts
            ),
        )
        for one in counter.of_worker(session, worker_id)
    )


def _mark(act: CounterAct, told: ToldVisit) -> CounterMark:
    return CounterMark(
        visit_id=act.visit_id,
        account=told.account,
        office=organisation_view(told.office) if told.office else None,
        authorisation=told.authorisation,
        done_at=act.done_at,
    )
