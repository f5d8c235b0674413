"""Where the records of merged dossiers are now, read from the chain of the one that goes on."""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from archive.people.models import Merger, Worker
from credit_bank.models import CaseEvent, ChainLink, is_link_of
from credit_bank.traces import case_fact_in
from schemas.cases import Carried
from schemas.dossiers import OriginView
from schemas.vocabulary import CaseAct, CaseKind


class Came(NamedTuple):
    """A dossier that was merged into another, and what came from it."""

    merger: Merger
    archive_number: str
    sequence: int
    """The place of the merger in the chain of the dossier that goes on."""
    carried: tuple[Carried, ...]


def came_into(session: Session, worker_id: UUID) -> list[Came]:
    """Return the dossiers that were merged into a worker's, the latest first: two statements."""
    query = (
        select(Merger, Worker.archive_number)
        .join(Worker, col(Worker.worker_id) == col(Merger.worker_id))
        .where(col(Merger.into_id) == worker_id)
        .order_by(col(Merger.merged_at).desc())
    )
    mergers = list(session.exec(query))
    if not mergers:
        return []
    events = (
        select(ChainLink.sequence, ChainLink.body)
        .join(CaseEvent, is_link_of(CaseEvent, "case"))
        .where(
            col(CaseEvent.worker_id) == worker_id,
            col(CaseEvent.kind) == CaseKind.MERGER,
            col(CaseEvent.act) == CaseAct.CARRY,
        )
    )
    told = {}
    for sequence, body in session.exec(events):
        fact = case_fact_in(body)
        told[fact.dossier_id] = (sequence, fact.carried or ())
    return [Came(merger, number, *told[merger.worker_id]) for merger, number in mergers]


def origins(session: Session, worker_id: UUID) -> Mapping[UUID, tuple[OriginView, ...]]:
    """Return from where each record of a dossier was carried, also through several mergers."""
    found: dict[UUID, list[OriginView]] = defaultdict(list)
    for came in came_into(session, worker_id):
        earlier = origins(session, came.merger.worker_id)
        for one in came.carried:
            view = OriginView(
                archive_number=came.archive_number,
                record_id=one.origin_id,
                version_id=one.version_id,
                merged_at=came.merger.merged_at,
                is_double=one.is_double,
            )
            found[one.record_id] += [view, *earlier.get(one.origin_id, ())]
    return {record_id: tuple(views) for record_id, views in found.items()}


def heir_of(session: Session, worker_id: UUID, record_id: UUID) -> UUID | None:
    """Return what a record of a merged dossier is called in a worker's; None when it is none."""
    for came in came_into(session, worker_id):
        heirs = {one.origin_id: one.record_id for one in came.carried}
        versions = {one.version_id: one.record_id for one in came.carried}
        heir = heirs.get(record_id) or versions.get(record_id)
        if heir is None:
            before = heir_of(session, came.merger.worker_id, record_id)
            heir = heirs.get(before) if before else None
        if heir is not None:
            return heir
    return None
