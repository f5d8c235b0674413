"""Uses that only cite records: which records prove a level application or an entitlement."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.eligibility import eligibility_of
from archive.dossiers.offer_models import Offer
from archive.people.models import Worker
from archive.texts import both
from credit_bank.crosswalk import counts_as
from credit_bank.levels import entitlement, levels
from credit_bank.publishing import rule_book
from schemas.applications import LevelAsked, ProofView, WayView
from schemas.contracts import Bilingual
from schemas.vocabulary import Fulfilment, Use

NO_TREATMENT = "No rule in force on {day} gives treatment to a skill level that is held."
LEVEL_NEEDED = "No certificate on file gives the skill level that is asked for."

SENTENCES = (NO_TREATMENT, LEVEL_NEEDED)


@dataclass(frozen=True, slots=True)
class Cited:
    """What would be shown, and whether it is enough."""

    state: Fulfilment
    proofs: tuple[ProofView, ...]
    says: tuple[Bilingual, ...]
    """Why it is not enough; empty when it is."""

    @property
    def record_ids(self) -> tuple[UUID, ...]:
        """The records, each once."""
        return tuple(dict.fromkeys(one.record_id for one in self.proofs))


def cited(session: Session, worker: Worker, offer: Offer, *, on: date) -> Cited:
    """Return the records that an application would show; nothing of them is used up.

    Raises UnknownWorkerError, ErasedError.
    """
    if offer.use is Use.LEVEL_APPLICATION and offer.occupation and offer.rank is not None:
        view = eligibility_of(
            session, worker, occupation=offer.occupation, ranks=(offer.rank,), on=on
        )
        return _of_level(view.levels[0])
    return _of_treatment(session, worker, offer, on)


def _of_level(level: LevelAsked) -> Cited:
    ways = [way for one in level.generations if one.is_binding for way in one.ways]
    nearest = min(ways, key=_failing, default=None)
    if nearest is None:
        return Cited(level.state, (), ())
    proofs = tuple(proof for one in nearest.requirements for proof in one.proofs)
    if level.state is Fulfilment.HOLDS:
        return Cited(level.state, proofs, ())
    lacking = [one for one in nearest.requirements if one.state is not Fulfilment.HOLDS]
    says = tuple(
        Bilingual(
            zh=f"{one.wanted.zh}：{one.found.zh}",
            en=f"{one.wanted.en}: {one.found.en}",
        )
        for one in lacking
    )
    return Cited(level.state, proofs, says)


def _failing(way: WayView) -> int:
    return sum(one.state is not Fulfilment.HOLDS for one in way.requirements)


def _of_treatment(session: Session, worker: Worker, offer: Offer, on: date) -> Cited:
    learner = reading.learner(session, worker.worker_id)
    rules = rule_book(session)
    entitled = entitlement(learner.outcomes, rules, on)
    if entitled is None:
        says = both(NO_TREATMENT, {"day": on.isoformat()})
        return Cited(Fulfilment.FAILS, (), (says,))
    wanted = counts_as(rules, offer.occupation, on, read_on=on) if offer.occupation else None
    held = [
        one
        for one in levels(learner.outcomes, rules, on)
        if one.rank >= (offer.rank or 0) and wanted in (None, one.occupation)
    ]
    if not held or (offer.rank is not None and entitled.rank < offer.rank):
        return Cited(Fulfilment.FAILS, (), (both(LEVEL_NEEDED),))
    proofs = tuple(
        ProofView(record_id=one.outcome_id, title=learner.titles.get(one.outcome_id, "—"))
        for one in held[:1]
    )
    return Cited(Fulfilment.HOLDS, proofs, ())
