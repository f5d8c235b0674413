"""Which levels a worker can apply for: what the bank answers, with the person's own records.

Birth date and employer are handed down to the bank as data; it knows no person.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import reading
from archive.dossiers.eligibility_words import said
from archive.dossiers.reading import Learner
from archive.dossiers.titles import occupation_name
from archive.people.identity import IdentityDocument, birth_date
from archive.people.models import Worker
from archive.texts import bilingual_term
from credit_bank.eligibility import Application, eligibility, filings_on
from credit_bank.publishing import rule_book
from credit_bank.rulebook import RuleBook
from schemas.applications import (
    BasisView,
    EligibilityView,
    GenerationView,
    LevelAsked,
    ProofView,
    RequirementView,
    WayView,
)
from schemas.eligibility import Candidate, Eligibility, Generation, Requirement, Way
from schemas.identities import Identity
from schemas.vocabulary import Rank

USUAL = (
    Rank.JUNIOR,
    Rank.INTERMEDIATE,
    Rank.SENIOR,
    Rank.TECHNICIAN,
    Rank.SENIOR_TECHNICIAN,
)
"""The levels that are applied for; those above come from an employer's appointment."""


def eligibility_of(  # Whose, for what, when, with which employer.
    session: Session,
    worker: Worker,
    *,
    occupation: str,
    ranks: Sequence[Rank] = USUAL,
    on: date,
    employer: str | None = None,
) -> EligibilityView:
    """Return which levels of an occupation can be applied for on a day.

    ``occupation`` is its number. Raises UnknownWorkerError, ErasedError.
    """
    learner, rules = reading.learner(session, worker.worker_id), rule_book(session)
    candidate = Candidate(born_on=born_on(learner.identity), employer=employer)
    found = [
        eligibility(Application(occupation, rank, on, candidate), learner.outcomes, rules)
        for rank in ranks
    ]
    first = found[0]
    return EligibilityView(
        archive_number=worker.archive_number,
        occupation=first.occupation,
        occupation_name=occupation_name(first.occupation),
        on=on,
        employer=employer,
        basis=BasisView(
            generation=first.basis.generation,
            why=said(first.basis.why),
            rule=first.basis.rule,
            edition=first.basis.edition,
            source=first.basis.source,
        ),
        levels=tuple(_level(one, learner.titles) for one in found),
    )


def occupations_of(learner: Learner) -> list[str]:
    """Return the occupations that a dossier tells of, those with a level first."""
    by_use: dict[str, tuple[int, date]] = {}
    for outcome in learner.outcomes:
        if outcome.occupation:
            place = (-(outcome.rank or 0), outcome.effective_on)
            by_use[outcome.occupation] = min(place, by_use.get(outcome.occupation, place))
    return sorted(by_use, key=by_use.__getitem__)


def next_rank(view: EligibilityView) -> Rank:
    """Return the level that is asked for first: the one above those that are held."""
    held = [one.rank for one in view.levels if one.held_since]
    above = [one.rank for one in view.levels if one.rank > max(held, default=Rank.APPRENTICE)]
    return min(above, default=view.levels[-1].rank)


def employers_with_filings(rules: RuleBook, day: date) -> list[str]:
    """Return the codes of employers whose own conditions are in force on a day."""
    return sorted({one.employer for one in filings_on(rules, day) if one.employer})


def born_on(identity: Identity) -> date | None:
    """Return the birthday that is on file, or that the document's number tells."""
    if identity.born_on:
        return identity.born_on
    return birth_date(IdentityDocument(identity.document_type, identity.document_number))


def _level(found: Eligibility, titles: Mapping[UUID, str]) -> LevelAsked:
    return LevelAsked(
        rank=found.rank,
        rank_name=bilingual_term(f"rank.{int(found.rank)}"),
        state=found.state,
        exists=found.exists,
        held_since=found.held_since,
        held_by=_proof(found.held_by, titles) if found.held_by else None,
        holds_from=found.holds_from,
        generations=tuple(_generation(one, titles) for one in found.generations),
    )


def _generation(found: Generation, titles: Mapping[UUID, str]) -> GenerationView:
    return GenerationView(
        generation=found.generation,
        title=found.title,
        rule=found.rule,
        version=found.version,
        source=found.source,
        is_binding=found.is_binding,
        state=found.state,
        ways=tuple(_way(one, titles) for one in found.ways),
    )


def _way(found: Way, titles: Mapping[UUID, str]) -> WayView:
    return WayView(
        name=found.name,
        clause=found.clause,
        source=found.source,
        state=found.state,
        holds_from=found.holds_from,
        requirements=tuple(_requirement(one, titles) for one in found.requirements),
    )


def _requirement(found: Requirement, titles: Mapping[UUID, str]) -> RequirementView:
    return RequirementView(
        kind=found.kind,
        state=found.state,
        wanted=said(found.wanted),
        found=said(found.found),
        doubt=said(found.doubt) if found.doubt else None,
        needed=found.needed,
        has=found.has,
        missing=found.missing,
        holds_from=found.holds_from,
        proofs=tuple(_proof(one, titles) for one in found.outcome_ids),
    )


def _proof(record_id: UUID, titles: Mapping[UUID, str]) -> ProofView:
    return ProofView(record_id=record_id, title=titles.get(record_id, "—"))
