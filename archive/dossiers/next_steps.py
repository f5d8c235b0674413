"""The next step: the cheapest offered courses that reach an offer or a level, with reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import offers, reading, redemption_views
from archive.dossiers.citing import LEVEL_NEEDED
from archive.dossiers.course_models import OfferedCourse
from archive.dossiers.courses import views as course_views
from archive.dossiers.eligibility import born_on
from archive.dossiers.eligibility_words import said
from archive.dossiers.keying import Keying
from archive.dossiers.lowering import lowerings
from archive.dossiers.offer_models import Offer
from archive.dossiers.redemptions import wanted_of
from archive.dossiers.titles import occupation_name
from archive.people.models import Worker
from archive.people.privacy import vault_of
from archive.texts import both
from credit_bank.cases import verdicts_of
from credit_bank.conversion import Judgement
from credit_bank.eligibility import Application
from credit_bank.glancing import glance
from credit_bank.next_step import (
    By,
    Choice,
    Held,
    Step,
    nearest_way,
    toward_level,
    toward_redemption,
)
from credit_bank.publishing import rule_book
from credit_bank.rulebook import RuleBook
from schemas.contracts import Bilingual
from schemas.credits import as_credits
from schemas.eligibility import Candidate, Eligibility
from schemas.records import Training
from schemas.redemptions import ChosenCourse, CourseView, NextStep
from schemas.vocabulary import Account, Fulfilment, Rank

THERE = "It is there already: no course is needed."
ENOUGH = "These courses are enough, and nothing that is offered costs less."
PERHAPS = "These courses are enough. The search was cut, so something cheaper may exist."
NOT_FOUND = "The search was cut before it found a way. Fewer offered courses would let it finish."
CAPPED = (
    "No set of these courses is enough on {day}: the yearly cap, or courses that count already, "
    "leave too little. A day in another year has room of its own."
)
NO_COURSE = "No course that is offered leads there. What is missing:"
PASSED = "All courses are taken to be passed on {day} with full attendance."

SENTENCES = (THERE, ENOUGH, PERHAPS, NOT_FOUND, CAPPED, NO_COURSE, PASSED)
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Goal:
    """An offer to apply for, or a level of an occupation."""

    offer: Offer | None = None
    occupation: str | None = None
    rank: Rank | None = None

    @property
    def level(self) -> tuple[str, Rank] | None:
        """The level that is meant; None where credits are."""
        if self.offer and self.offer.units:
            return None
        source = self.offer or self
        if source.occupation is None or source.rank is None:
            return None
        return source.occupation, source.rank


def next_step(
    session: Session, worker: Worker, goal: Goal, *, on: date, zone: tzinfo, by: By = "hours"
) -> NextStep:
    """Return the cheapest courses with which a goal is reached on a day.

    Raises UnknownWorkerError, ErasedError.
    """
    rules, courses = rule_book(session), offers.courses_on(session, on)
    choices = _choices(session, courses, rules, on)
    found = _found(session, worker, goal, choices, rules, on, zone, by)
    shown = {one.id: one for one in course_views(session, courses)}
    chosen = found.chosen or ()
    level = goal.level
    titles = {one.id: one.title for one in courses}
    lines = found.plan.lines if found.plan and found.chosen is not None else ()
    offer = offers.views(session, [goal.offer], on)[0] if goal.offer else None
    return NextStep(
        archive_number=worker.archive_number,
        on=on,
        by=by,
        offer=offer,
        occupation=level[0] if level else None,
        occupation_name=occupation_name(level[0]) if level else None,
        rank=level[1] if level else None,
        is_reached=found.chosen is not None,
        is_cut=found.is_cut,
        courses=_chosen(found.earned, shown, (one.outcome.id for one in chosen)),
        hours=sum((one.hours for one in chosen), Decimal(0)),
        fee_fen=sum(one.fee or 0 for one in chosen),
        fees_unknown=sum(one.fee is None for one in chosen),
        says=tuple(_says(found, on)),
        useless=_chosen(found.useless, shown, found.useless),
        preview=redemption_views.lot_lines(session, worker, lines, titles),
    )


def _found(  # The circumstances of one search.
    session: Session,
    worker: Worker,
    goal: Goal,
    choices: Sequence[Choice],
    rules: RuleBook,
    on: date,
    zone: tzinfo,
    by: By,
) -> Step:
    learner = reading.learner(session, worker.worker_id)
    if level := goal.level:
        held = Held(learner.outcomes)
        asked = Application(*level, on, Candidate(born_on=born_on(learner.identity)))
        return toward_level(held, asked, choices, rules, by=by)
    if goal.offer is None or not goal.offer.units:
        return Step(None, is_cut=False, earned={}, useless={})  # No course gives a treatment.
    book = glance(session, worker.worker_id)
    held = Held(
        outcomes=tuple(book.outcomes.values()),
        lots=tuple(book.lots.values()),
        owed=-book.balance(Account.OWED),
        verdicts=verdicts_of(book.cases.values()),
    )
    wanted = wanted_of(goal.offer, lowerings(book, goal.offer, rules, on), on)
    return toward_redemption(held, wanted, choices, rules, zone=zone, by=by)


def _choices(
    session: Session, courses: Iterable[OfferedCourse], rules: RuleBook, on: date
) -> list[Choice]:
    """Return the offered courses as their records would tell them, once they are passed."""
    keying = Keying(vault_of(session), rules, on)
    found = []
    for one in courses:
        record = Training(
            course_name=one.title,
            course_code=one.code,
            occupation=one.occupation,
            rank=one.rank,
            hours=one.hours,
            mode=one.mode,
            score=_FULL,
            attendance=_FULL,
            completed_on=on,
        )
        outcome = record.outcome(one.id, one.organisation_id, one.code, keying)
        if outcome is not None:
            found.append(Choice(outcome, one.hours, one.fee_fen))
    return found


def _chosen(
    judged: Mapping[UUID, Judgement], shown: Mapping[UUID, CourseView], ids: Iterable[UUID]
) -> tuple[ChosenCourse, ...]:
    return tuple(
        ChosenCourse(
            course=shown[one],
            credits=as_credits(result.units),
            decision=result.decision,
            reason=result.reason,
            why=tuple(both(step.text, step.facts) for step in result.steps),
        )
        for one in ids
        for result in [judged[one].result]
    )


def _says(found: Step, on: date) -> Iterable[Bilingual]:
    """Yield what the search came to, in words."""
    day = {"day": on.isoformat()}
    if found.chosen is not None:
        yield both(THERE if not found.chosen else PERHAPS if found.is_cut else ENOUGH)
        if found.chosen:
            yield both(PASSED, day)
    elif found.is_cut:
        yield both(NOT_FOUND)
    elif found.plan and not found.plan.problems:
        yield both(CAPPED, day)
    else:
        yield both(NO_COURSE)
        yield from (
            both(one.text, one.facts) for one in (found.plan.problems if found.plan else ())
        )
        yield from _lacking(found.level) if found.level or found.plan else (both(LEVEL_NEEDED),)


def _lacking(level: Eligibility | None) -> Iterable[Bilingual]:
    """Yield what the nearest way to a level lacks."""
    way = nearest_way(level) if level else None
    for one in way.requirements if way else ():
        if one.state is not Fulfilment.HOLDS:
            wanted, there = said(one.wanted), said(one.found)
            yield Bilingual(zh=f"{wanted.zh}：{there.zh}", en=f"{wanted.en}: {there.en}")
