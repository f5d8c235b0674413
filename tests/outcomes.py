"""Learning outcomes and the shipped rules, to test the credit bank without any person."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from uuid import NAMESPACE_URL, UUID, uuid5

from credit_bank.conversion import Judgement, judge_all
from credit_bank.publishing import shipped_files
from credit_bank.rule_files import read_file
from credit_bank.rulebook import RuleBook, book_of
from schemas.credits import (
    CertificateMeasures,
    CompetitionMeasures,
    LearningOutcome,
    Measures,
    TrainingMeasures,
)
from schemas.ids import new_id
from schemas.vocabulary import ContestTier, Grade, Instrument, Prize, Rank, Step
from tests.builders import ELECTRICIAN


@cache
def shipped_rules() -> RuleBook:
    """Return the rules that come with this version."""
    return book_of(tuple(body for path in shipped_files() for body in read_file(path)))


def issuer(name: str) -> UUID:
    """Return the id of an organisation that a test calls by a letter."""
    return uuid5(NAMESPACE_URL, f"issuer/{name}")


def a_course(
    hours: str = "36",
    completed_on: date = date(2025, 2, 1),
    *,
    code: str | None = None,
    by: str = "A",
    score: str | None = "85",
    grade: Grade | None = None,
    attendance: str | None = None,
    key: str = "",
    name: str = "",
    occupation: str | None = None,
    outcome_id: UUID | None = None,
) -> LearningOutcome:
    """Return a finished course; each issuer's has a name of its own unless one is given."""
    measures = TrainingMeasures(
        hours=Decimal(hours),
        score=Decimal(score) if score else None,
        grade=grade,
        attendance=Decimal(attendance) if attendance else None,
        course_code=code,
        course=name or f"course of {by}",
    )
    return an_outcome(
        measures, completed_on, occupation=occupation, by=by, key=key, outcome_id=outcome_id
    )


def a_level(
    rank: Rank | None = Rank.INTERMEDIATE,
    issued_on: date = date(2024, 6, 1),
    *,
    occupation: str | None = ELECTRICIAN,
    instrument: Instrument = Instrument.SKILL_LEVEL,
    step: Step | None = None,
    title: str | None = None,
    prepared_by: str | None = None,
    by: str = "A",
    key: str = "",
) -> LearningOutcome:
    """Return a certificate."""
    measures = CertificateMeasures(
        instrument=instrument, step=step, title=title, prepared_by=prepared_by
    )
    return an_outcome(measures, issued_on, occupation=occupation, rank=rank, by=by, key=key)


def a_prize(
    prize: Prize | None = Prize.FIRST,
    tier: ContestTier = ContestTier.CITY,
    awarded_on: date = date(2024, 10, 1),
    *,
    event: str = "event",
    placement: int | None = None,
    by: str = "A",
    key: str = "",
) -> LearningOutcome:
    """Return a result in a competition."""
    measures = CompetitionMeasures(tier=tier, prize=prize, placement=placement, event=event)
    return an_outcome(measures, awarded_on, by=by, key=key)


def from_elsewhere(
    credits_told: str | None = "4",
    on: date = date(2025, 3, 1),
    *,
    course: str = "wiring",
    by: str = "H",
    key: str = "",
    scheme: str = "SZ-CB",
) -> LearningOutcome:
    """Return a course that another credit bank told of, posted by the bureau."""
    measures = TrainingMeasures(
        hours=Decimal(32),
        course=course,
        scheme=scheme,
        scheme_credits=Decimal(credits_told) if credits_told else None,
    )
    return an_outcome(measures, on, occupation=ELECTRICIAN, by=by, key=key)


def an_outcome(
    measures: Measures,
    effective_on: date,
    *,
    occupation: str | None = None,
    rank: Rank | None = None,
    by: str = "A",
    key: str = "",
    outcome_id: UUID | None = None,
) -> LearningOutcome:
    """Return an outcome of some measures; its id stands for the key when it has none."""
    own = outcome_id or new_id()
    return LearningOutcome(
        id=own,
        effective_on=effective_on,
        issuer=issuer(by),
        issuer_key=key or own.hex,
        occupation=occupation,
        rank=rank,
        measures=measures,
    )


def judged(*outcomes: LearningOutcome, rules: RuleBook | None = None) -> list[Judgement]:
    """Return what the rules make of one worker's outcomes, in the order in which they are given."""
    found = {one.outcome.id: one for one in judge_all(outcomes, rules or shipped_rules())}
    return [found[outcome.id] for outcome in outcomes]


def units(judgements: Iterable[Judgement]) -> list[int]:
    """Return the units of each judgement."""
    return [judgement.result.units for judgement in judgements]
