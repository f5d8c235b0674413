"""Review of pairs: two courses of one name from two organisations, one of which posts nothing.

The bureau finds that they are the same or distinct; the worker's credits follow at once, and
it can be decided anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import reading
from archive.dossiers.appeal_refusals import WhyMissingError
from archive.dossiers.notes import note_in, seal_note
from archive.dossiers.titles import organisation_view
from archive.errors import ArchiveError
from archive.people import organisations
from archive.people.access import refuse_proposing
from archive.people.actors import Actor
from archive.people.closing import closed
from archive.people.models import Worker
from archive.people.privacy import vault_of
from credit_bank import bank
from credit_bank.models import CaseEvent, ChainLink, Entry, Outcome, is_link_of, is_replaced
from credit_bank.traces import case_fact_in, trace_in
from schemas.cases import CaseFact
from schemas.ids import new_id
from schemas.reviews import PairLine, PairView
from schemas.vocabulary import Act, CaseAct, CaseKind, Family, PairVerdict

_WAITS = "duplicate_in_review"
_BATCH = 400  # Below every database's limit on bound values.
MOST = 200
"""Pairs of a list: the next ones that wait follow when these are decided."""


class UnknownPairError(ArchiveError):
    """No such pair of this worker waits or was decided."""

    code: ClassVar[str] = "pair_unknown"
    template: ClassVar[str] = (
        "These two records are no pair that waits for a review or had one. See the list of pairs."
    )


def waiting(session: Session, *, most: int = MOST) -> tuple[PairLine, ...]:
    """Return pairs that wait for a verdict, those of the earliest entries first."""
    query = (
        select(Entry, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(Entry, "entry"),
        )
        .where(col(Entry.reason) == _WAITS, ~is_replaced())
        .order_by(col(Entry.recorded_at), col(Entry.id))
        .limit(most)
    )
    pairs = [
        (entry.worker_id, entry.outcome_id, UUID(trace_in(body).context["twin"]), None)
        for entry, body in session.exec(query)
    ]
    return tuple(_lines(session, pairs))


def decided(session: Session, *, most: int = MOST) -> tuple[PairLine, ...]:
    """Return pairs that were decided, the newest decision first."""
    facts: dict[UUID, tuple[UUID, CaseFact]] = {}
    for worker_id, fact, _ in _decisions(session, None):
        facts.pop(fact.case_id, None)  # What was decided anew stands where it was last decided.
        facts[fact.case_id] = (worker_id, fact)
    pairs = [
        (worker_id, fact.outcome_id, fact.other_id, fact)
        for worker_id, fact in reversed(facts.values())
        if fact.outcome_id and fact.other_id
    ]
    return tuple(_lines(session, pairs[:most]))


def pair(session: Session, worker: Worker, later_id: UUID, *, today: date) -> PairView:
    """Return both records of the pair whose later one is named; raises UnknownPairError."""
    earlier_id, last = _in_question(session, worker.worker_id, later_id)
    dossier = reading.dossier(session, worker.worker_id, today=today)
    later = dossier.record(later_id)
    earlier = dossier.record(earlier_id) if earlier_id else None
    if later is None or earlier is None:
        raise UnknownPairError
    key = vault_of(session).keys_of([worker.worker_id]).get(worker.worker_id)
    return PairView(
        archive_number=worker.archive_number,
        earlier=earlier,
        later=later,
        verdict=last[0].verdict if last else None,
        decided_on=last[0].effective_on if last else None,
        reason=note_in(key, last[1]) if last else None,
    )


def decide(  # Whose, which, how, why, who, when.
    session: Session,
    worker_id: UUID,
    later_id: UUID,
    *,
    verdict: PairVerdict,
    text: str,
    by: Actor,
    now: datetime,
    today: date,
) -> None:
    """Find that two courses are one, or two; the worker's credits follow at once.

    Raises NotAllowedError, UnknownPairError, WhyMissingError, ErasedError.
    """
    refuse_proposing(by)
    if not text.strip():
        raise WhyMissingError
    other_id, last = _in_question(session, worker_id, later_id)
    if other_id is None:
        raise UnknownPairError
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    own = new_id()
    case_id = last[0].case_id if last else own
    fact = CaseFact(
        id=own,
        case_id=case_id,
        kind=CaseKind.REVIEW,
        act=CaseAct.DECIDE,
        reference=f"{case_id}/{own}",
        effective_on=today,
        outcome_id=later_id,
        other_id=other_id,
        verdict=verdict,
    )
    note = seal_note(key, text.strip())
    bank.take_step(session, worker_id, fact, by=by.id, now=now, note=note)


def _twin(session: Session, worker_id: UUID, later_id: UUID) -> UUID | None:
    """Return the record that an outcome waits for; None when it waits for none."""
    query = (
        select(Entry.reason, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(Entry, "entry"),
        )
        .where(
            col(Entry.worker_id) == worker_id,
            col(Entry.outcome_id) == later_id,
            col(Entry.family) == Family.TRAINING,  # What an agreement makes of it stands apart.
        )
        .order_by(col(ChainLink.sequence).desc())
        .limit(1)
    )
    found = session.exec(query).first()
    if found is None or found[0] != _WAITS:
        return None
    return UUID(trace_in(found[1]).context["twin"])


def _in_question(
    session: Session, worker_id: UUID, later_id: UUID
) -> tuple[UUID | None, tuple[CaseFact, CaseEvent] | None]:
    """Return the earlier record of the pair that is meant, and what was found of the pair.

    Of a course that several organisations posted the pair that waits comes first; when none
    does, the one that was decided last. None when there is no pair.
    """
    twin_id = _twin(session, worker_id, later_id)
    found = [
        (fact, event)
        for _, fact, event in _decisions(session, worker_id)
        if fact.outcome_id == later_id and twin_id in (None, fact.other_id)
    ]
    last = found[-1] if found else None
    return twin_id or (last[0].other_id if last else None), last


def _decisions(
    session: Session, worker_id: UUID | None
) -> Iterator[tuple[UUID, CaseFact, CaseEvent]]:
    """Yield what reviews found, of one worker or of all, the oldest first."""
    query = (
        select(CaseEvent, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(CaseEvent, "case"),
        )
        .where(col(CaseEvent.kind) == CaseKind.REVIEW)
        .order_by(col(CaseEvent.recorded_at), col(CaseEvent.id))
    )
    if worker_id is not None:
        query = query.where(col(CaseEvent.worker_id) == worker_id)
    for event, body in session.exec(query):
        yield event.worker_id, case_fact_in(body), event


def _lines(
    session: Session, pairs: Sequence[tuple[UUID, UUID, UUID, CaseFact | None]]
) -> Iterator[PairLine]:
    """Yield pairs with who posted what when; one whose record is gone is left out."""
    newest = _newest(session, {worker_id for worker_id, *_ in pairs})
    numbers = _numbers(session, {worker_id for worker_id, *_ in pairs})
    bodies = organisations.by_id(session, {one.issuer_id for one in newest.values()})
    for worker_id, later_id, earlier_id, fact in pairs:
        later, earlier = newest.get((worker_id, later_id)), newest.get((worker_id, earlier_id))
        if later is None or earlier is None:
            continue
        yield PairLine(
            archive_number=numbers[worker_id],
            later_id=later_id,
            earlier_id=earlier_id,
            later_by=organisation_view(bodies[later.issuer_id]),
            earlier_by=organisation_view(bodies[earlier.issuer_id]),
            later_on=later.effective_on,
            earlier_on=earlier.effective_on,
            verdict=fact.verdict if fact else None,
            decided_on=fact.effective_on if fact else None,
        )


def _newest(session: Session, workers: Iterable[UUID]) -> Mapping[tuple[UUID, UUID], Outcome]:
    """Return the live outcomes of some workers by lineage."""
    newest: dict[tuple[UUID, UUID], Outcome] = {}
    whose = sorted(workers)
    for at in range(0, len(whose), _BATCH):
        query = select(Outcome).where(col(Outcome.worker_id).in_(whose[at : at + _BATCH]))
        rows = list(session.exec(query))
        replaced = {row.target_id for row in rows}
        newest |= {
            (row.worker_id, row.lineage_id): row
            for row in rows
            if row.id not in replaced and row.act is not Act.WITHDRAW
        }
    return newest


def _numbers(session: Session, workers: Iterable[UUID]) -> dict[UUID, str]:
    numbers: dict[UUID, str] = {}
    whose = sorted(workers)
    for at in range(0, len(whose), _BATCH):
        query = select(Worker).where(col(Worker.worker_id).in_(whose[at : at + _BATCH]))
        numbers |= {worker.worker_id: worker.archive_number for worker in session.exec(query)}
    return numbers
