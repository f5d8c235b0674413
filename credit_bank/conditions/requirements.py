"""Whether a way to a level holds: each requirement by itself, then all together. Pure."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from credit_bank.conditions.question import (
    Found,
    Question,
    best,
    rank_word,
    words_of,
)
from credit_bank.conditions.schooling import judge_diploma, judge_enrolment
from credit_bank.conditions.service import judge_work
from credit_bank.conditions.times import between, later
from credit_bank.conditions.ways import LevelAsked, TitleAsked, WayAsked
from schemas.credits import TrainingMeasures
from schemas.eligibility import ClassHours, Fact, Requirement, Sentence, Time, Way, Word
from schemas.vocabulary import Decision, Fulfilment, RecordKind, RequirementKind

AGE = "At least {years} years old"
IS_OLD = "{has} old on this day."
TOO_YOUNG = "{has} old on this day; {missing} missing."
NO_BIRTH_DATE = "The date of birth is not on file."
INTENTION = "Works in the occupation or a related one, or is about to"
DECLARED = "Declared with the application; no record is asked for."
LEVEL = "A certificate of {level} or above in {scope}"
LEVEL_HELD = "A certificate of {level} or above in {scope}, held for {time}"
SINCE = "Held since {day}."
SINCE_SHORT = "Held since {day}; {missing} missing."
NO_CERTIFICATE = "No such certificate on file."
TITLE = "A professional title that matches the occupation: {grade} or above"
TRAINING = "Formal training for {level}: {hours} class hours passed"
TRAINING_UNSET = "Formal training for {level}, passed"
HOURS = "{has} class hours found."
HOURS_SHORT = "{has} class hours found; {missing} missing."
HOURS_PERHAPS = "{has} class hours found for certain; {possible} if all of them count."
HOURS_UNSET = "The standard class hours for {level} (training_hours) are not set."
COURSE_UNCLEAR = "A course on file names no level or no occupation, or its result is unclear."
APPRENTICESHIP = "An apprenticeship in {scope} served to its end"
SERVED = "Ended on {day}."
NO_APPRENTICESHIP = "No apprenticeship on file."

SENTENCES = (
    AGE,
    IS_OLD,
    TOO_YOUNG,
    NO_BIRTH_DATE,
    INTENTION,
    DECLARED,
    LEVEL,
    LEVEL_HELD,
    SINCE,
    SINCE_SHORT,
    NO_CERTIFICATE,
    TITLE,
    TRAINING,
    TRAINING_UNSET,
    HOURS,
    HOURS_SHORT,
    HOURS_PERHAPS,
    HOURS_UNSET,
    COURSE_UNCLEAR,
    APPRENTICESHIP,
    SERVED,
    NO_APPRENTICESHIP,
)


def judge_way(question: Question, asked: WayAsked, source: str) -> Way:
    """Return whether a way holds: fails when one requirement fails, else undecided for one."""
    found = tuple(_requirements(question, asked))
    state = together([one.state for one in found])
    return Way(
        name=asked.name,
        clause=asked.clause,
        source=source,
        state=state,
        requirements=found,
        holds_from=_holds_from(found) if state is Fulfilment.FAILS else None,
    )


def together(states: list[Fulfilment]) -> Fulfilment:
    """Return what some states give when all must hold."""
    for state in (Fulfilment.FAILS, Fulfilment.UNDECIDED):
        if state in states:
            return state
    return Fulfilment.HOLDS


def any_of(states: list[Fulfilment]) -> Fulfilment:
    """Return what some states give when one must hold; nothing at all fails."""
    for state in (Fulfilment.HOLDS, Fulfilment.UNDECIDED):
        if state in states:
            return state
    return Fulfilment.FAILS


def _requirements(question: Question, asked: WayAsked) -> list[Requirement]:
    found = []
    if asked.age is not None:
        found.append(_judge_age(question, asked.age))
    if asked.intention:
        found.append(_declared())
    if asked.level:
        found.append(_judge_level(question, asked.level))
    if asked.title:
        found.append(_judge_title(question, asked.title))
    found += [judge_work(question, asked, work) for work in asked.work]
    if asked.training:
        found.append(_judge_training(question))
    if asked.apprenticeship:
        found.append(_judge_apprenticeship(question))
    if asked.diploma:
        found.append(judge_diploma(question, asked.diploma))
    if asked.enrolment:
        found.append(judge_enrolment(question, asked.enrolment))
    return found


def _holds_from(found: tuple[Requirement, ...]) -> date | None:
    """Return the day from which all hold; None when time alone does not bring it."""
    failing = [one for one in found if one.state is not Fulfilment.HOLDS]
    days = [one.holds_from for one in failing if one.holds_from]
    return max(days) if failing and len(days) == len(failing) else None


def _declared() -> Requirement:
    return Requirement(
        kind=RequirementKind.INTENTION,
        state=Fulfilment.HOLDS,
        wanted=Sentence(text=INTENTION),
        found=Sentence(text=DECLARED),
    )


def _judge_age(question: Question, years: int) -> Requirement:
    born = question.candidate.born_on
    wanted = Sentence(text=AGE, facts={"years": years})
    if born is None:
        told = Sentence(text=NO_BIRTH_DATE)
        return Requirement(
            kind=RequirementKind.AGE,
            state=Fulfilment.UNDECIDED,
            wanted=wanted,
            found=told,
            doubt=told,
        )
    has, reached = between(born, question.day), later(born, years=years)
    is_old = reached <= question.day
    missing = Time() if is_old else between(question.day, reached)
    return Requirement(
        kind=RequirementKind.AGE,
        state=Fulfilment.HOLDS if is_old else Fulfilment.FAILS,
        wanted=wanted,
        found=Sentence(
            text=IS_OLD if is_old else TOO_YOUNG, facts={"has": has, "missing": missing}
        ),
        needed=Time(years=years),
        has=has,
        missing=missing,
        holds_from=None if is_old else reached,
    )


def _judge_level(question: Question, asked: LevelAsked) -> Requirement:
    facts: dict[str, Fact] = {"level": rank_word(asked.rank), "scope": _scope(question)}
    held = best(question.levels(asked.rank))
    if asked.held_years is None or held is None:
        return _papers(RequirementKind.LEVEL, Sentence(text=LEVEL, facts=facts), held)
    facts["time"] = needed = Time(years=asked.held_years)
    since = held.outcome.effective_on
    reached = later(since, years=asked.held_years)
    answer = _papers(RequirementKind.LEVEL, Sentence(text=LEVEL_HELD, facts=facts), held)
    counted: dict[str, object] = {"needed": needed, "has": between(since, question.day)}
    if reached <= question.day:
        return answer.model_copy(update={**counted, "missing": Time()})
    missing = between(question.day, reached)
    told = Sentence(text=SINCE_SHORT, facts={"day": since, "missing": missing})
    late = {"state": Fulfilment.FAILS, "found": told, "doubt": None, "missing": missing}
    return answer.model_copy(
        update={**counted, **late, "holds_from": None if held.doubt else reached}
    )


def _judge_title(question: Question, asked: TitleAsked) -> Requirement:
    (grade,) = words_of("title_grade", [asked.grade])
    wanted = Sentence(text=TITLE, facts={"grade": grade})
    return _papers(RequirementKind.TITLE, wanted, best(question.titles(asked.grade)))


def _judge_apprenticeship(question: Question) -> Requirement:
    wanted = Sentence(text=APPRENTICESHIP, facts={"scope": _scope(question)})
    served = best(question.near(RecordKind.APPRENTICESHIP, question.terms.scope))
    return _papers(RequirementKind.APPRENTICESHIP, wanted, served)


_TOLD = {
    RequirementKind.LEVEL: (SINCE, NO_CERTIFICATE),
    RequirementKind.TITLE: (SINCE, NO_CERTIFICATE),
    RequirementKind.APPRENTICESHIP: (SERVED, NO_APPRENTICESHIP),
}


def _papers(kind: RequirementKind, wanted: Sentence, found: Found | None) -> Requirement:
    """Return whether a paper that is asked for is on file."""
    there, absent = _TOLD[kind]
    if found is None:
        return Requirement(
            kind=kind, state=Fulfilment.FAILS, wanted=wanted, found=Sentence(text=absent)
        )
    return Requirement(
        kind=kind,
        state=Fulfilment.UNDECIDED if found.doubt else Fulfilment.HOLDS,
        wanted=wanted,
        found=Sentence(text=there, facts={"day": found.outcome.effective_on}),
        doubt=found.doubt,
        outcome_ids=(found.outcome.id,),
    )


def _judge_training(question: Question) -> Requirement:
    """Return whether the passed courses for this level reach its standard class hours."""
    sure, possible, counted = _hours(question)
    level = rank_word(question.to)
    needed = question.terms.training_hours.get(question.to)
    if needed is None:
        unset = Sentence(text=HOURS_UNSET, facts={"level": level})
        return Requirement(
            kind=RequirementKind.TRAINING,
            state=Fulfilment.UNDECIDED,
            wanted=Sentence(text=TRAINING_UNSET, facts={"level": level}),
            found=Sentence(text=HOURS, facts={"has": ClassHours(hours=sure)}),
            doubt=unset,
            has=ClassHours(hours=sure),
            outcome_ids=counted,
        )
    missing = max(Decimal(0), needed - sure)
    facts: dict[str, Fact] = {
        "has": ClassHours(hours=sure),
        "missing": ClassHours(hours=missing),
        "possible": ClassHours(hours=possible),
    }
    is_open = sure < needed <= possible
    text = HOURS_PERHAPS if is_open else HOURS_SHORT if missing else HOURS
    decided = Fulfilment.FAILS if missing else Fulfilment.HOLDS
    return Requirement(
        kind=RequirementKind.TRAINING,
        state=Fulfilment.UNDECIDED if is_open else decided,
        wanted=Sentence(text=TRAINING, facts={"level": level, "hours": needed}),
        found=Sentence(text=text, facts=facts),
        doubt=Sentence(text=COURSE_UNCLEAR) if is_open else None,
        needed=ClassHours(hours=Decimal(needed)),
        has=ClassHours(hours=sure),
        missing=None if is_open else ClassHours(hours=missing),
        outcome_ids=counted,
    )


def _hours(question: Question) -> tuple[Decimal, Decimal, tuple[UUID, ...]]:
    """Return the hours that count for certain, those that may, and the courses.

    A course that was taken twice with one issuer counts once.
    """
    sure: dict[tuple[UUID, str], Decimal] = {}
    possible: dict[tuple[UUID, str], Decimal] = {}
    counted = []
    for one in question.near(RecordKind.TRAINING, question.terms.scope):
        outcome, measures = one.outcome, one.outcome.measures
        decision = question.passed(outcome)
        if not isinstance(measures, TrainingMeasures) or decision is Decision.NOTHING:
            continue
        if outcome.rank not in (None, question.to):
            continue
        course = (outcome.issuer, measures.course_code or measures.course)
        possible[course] = max(measures.hours, possible.get(course, Decimal(0)))
        counted.append(outcome.id)
        if one.doubt is None and decision is Decision.GRANTED and outcome.rank is not None:
            sure[course] = max(measures.hours, sure.get(course, Decimal(0)))
    return sum(sure.values(), Decimal(0)), sum(possible.values(), Decimal(0)), tuple(counted)


def _scope(question: Question) -> Word:
    return Word(word=f"scope.{question.terms.scope}")
