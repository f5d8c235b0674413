"""Years of work: how many are found, how many are missing, and when they will be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from credit_bank.conditions.question import Found, Question, best
from credit_bank.conditions.times import Span, between, is_enough, reached_on, worked
from credit_bank.conditions.ways import WayAsked, WorkAsked
from schemas.credits import ExperienceMeasures, LearningOutcome
from schemas.eligibility import Fact, Requirement, Sentence, Time, Word
from schemas.vocabulary import Fulfilment, RecordKind, RequirementKind

WANTED = "{time} of work in {scope}, {counting}"
WANTED_AFTER = "{time} of work in {scope} after the certificate or title, {counting}"
FOUND = "{has} found."
SHORT = "{has} found; {missing} missing."
SHORT_UNTIL = "{has} found; {missing} missing. If the work goes on, it holds from {day} on."
NOTHING = "No work on file that counts."
NO_ANCHOR = "Counts only after the certificate or title, which is not on file."
ANCHOR_DOUBT = "Counts after the certificate or title, which cannot be decided."
PERHAPS = "{has} found for certain; {possible} if all of it counts."

SENTENCES = (
    WANTED,
    WANTED_AFTER,
    FOUND,
    SHORT,
    SHORT_UNTIL,
    NOTHING,
    NO_ANCHOR,
    ANCHOR_DOUBT,
    PERHAPS,
)

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Counted:
    """What was worked, in the days that count."""

    spans: tuple[Span, ...]
    time: Time
    outcomes: tuple[LearningOutcome, ...]


def judge_work(question: Question, way: WayAsked, asked: WorkAsked) -> Requirement:
    """Return whether the years of work are there, with those that are counted."""
    wanted = _wanted(question, asked)
    needed = Time(years=asked.years)
    anchor = _anchor(question, way, asked)
    if asked.after and anchor is None:
        found = Sentence(text=NO_ANCHOR)
        return _answer(Fulfilment.FAILS, wanted, found, needed, Time(), needed)
    since = anchor.outcome.effective_on if anchor else date.min
    employments = list(question.near(RecordKind.EXPERIENCE, question.terms.scope))
    sure = _counted(question, [one for one in employments if one.doubt is None], since)
    possible = _counted(question, employments, since)
    if anchor and anchor.doubt and is_enough(possible.time, needed):
        found = Sentence(text=ANCHOR_DOUBT)
        answer = _answer(Fulfilment.UNDECIDED, wanted, found, needed, sure.time, None)
        return answer.model_copy(update={"doubt": anchor.doubt})
    if is_enough(sure.time, needed):
        found = Sentence(text=FOUND, facts={"has": sure.time})
        return _answer(Fulfilment.HOLDS, wanted, found, needed, sure.time, Time(), sure)
    if is_enough(possible.time, needed):
        doubt = next(one.doubt for one in employments if one.doubt)
        found = Sentence(text=PERHAPS, facts={"has": sure.time, "possible": possible.time})
        answer = _answer(Fulfilment.UNDECIDED, wanted, found, needed, sure.time, None, possible)
        return answer.model_copy(update={"doubt": doubt})
    return _short(question, wanted, needed, sure)


def _short(question: Question, wanted: Sentence, needed: Time, sure: _Counted) -> Requirement:
    """Return by how much the work falls short, and when it will be enough if it goes on."""
    terms = question.terms
    reached = reached_on(
        sure.spans, needed, terms.counting, terms.longest_break_days or 0, day=question.day
    )
    missing = between(question.day, reached)
    goes_on = any(_is_going_on(one, question.day) for one in sure.outcomes)
    facts: dict[str, Fact] = {"has": sure.time, "missing": missing, "day": reached}
    if not sure.outcomes:
        found = Sentence(text=NOTHING)
    else:
        found = Sentence(text=SHORT_UNTIL if goes_on else SHORT, facts=facts)
    answer = _answer(Fulfilment.FAILS, wanted, found, needed, sure.time, missing, sure)
    return answer.model_copy(update={"holds_from": reached if goes_on else None})


def _wanted(question: Question, asked: WorkAsked) -> Sentence:
    terms = question.terms
    return Sentence(
        text=WANTED_AFTER if asked.after else WANTED,
        facts={
            "time": Time(years=asked.years),
            "counting": Word(word=f"counting.{terms.counting}"),
            "scope": Word(word=f"scope.{terms.scope}"),
        },
    )


def _anchor(question: Question, way: WayAsked, asked: WorkAsked) -> Found | None:
    """Return the certificate or title after which work counts; None when there is none."""
    if asked.after == "level" and way.level:
        return best(question.levels(way.level.rank))
    if asked.after == "title" and way.title:
        return best(question.titles(way.title.grade))
    return None


def _counted(question: Question, employments: Sequence[Found], since: date) -> _Counted:
    terms, spans, outcomes = question.terms, [], []
    for one in employments:
        span = _span(one.outcome, since, question.day)
        if span.first < span.end:
            spans.append(span)
            outcomes.append(one.outcome)
    time = worked(spans, terms.counting, terms.longest_break_days or 0)
    return _Counted(tuple(spans), time, tuple(outcomes))


def _span(outcome: LearningOutcome, since: date, day: date) -> Span:
    """Return the days before ``day`` that were worked; the last day of work counts."""
    measures = outcome.measures
    ended = measures.ended_on if isinstance(measures, ExperienceMeasures) else None
    end = day if ended is None else min(day, ended + _DAY)
    return Span(max(outcome.effective_on, since), end)


def _is_going_on(outcome: LearningOutcome, day: date) -> bool:
    measures = outcome.measures
    ended = measures.ended_on if isinstance(measures, ExperienceMeasures) else None
    return ended is None or ended >= day


def _answer(
    state: Fulfilment,
    wanted: Sentence,
    found: Sentence,
    needed: Time,
    has: Time,
    missing: Time | None,
    counted: _Counted | None = None,
) -> Requirement:
    return Requirement(
        kind=RequirementKind.WORK,
        state=state,
        wanted=wanted,
        found=found,
        needed=needed,
        has=has,
        missing=missing,
        outcome_ids=tuple(one.id for one in counted.outcomes) if counted else (),
    )
