"""Diplomas and classes: who finished, who is of the final year, who attends."""

from collections.abc import Iterator
from datetime import date

from credit_bank.conditions.question import Found, Question, best, rank_word, words_of
from credit_bank.conditions.times import later
from credit_bank.conditions.ways import DiplomaAsked, EnrolmentAsked
from schemas.credits import EducationMeasures, LearningOutcome
from schemas.eligibility import Fact, Requirement, Sentence
from schemas.vocabulary import ClassKind, Degree, Fulfilment, RecordKind, RequirementKind

DIPLOMA = "A diploma that matches the occupation: {kinds}"
EVALUATED = "A diploma that matches the occupation, evaluated to train for {level}: {kinds}"
GRADUATED = "Graduated on {day}."
FINAL_YEAR = "Final-year student; graduation is expected on {day}."
TOO_EARLY = "Graduation is expected on {day}; students of the final year may apply from {first} on."
NO_DIPLOMA = "No such diploma on file."
STUDENT_ONLY = "Graduation is expected on {day}; only graduates may apply this way."
ENROLMENT = "Student of a class of this kind: {kinds}"
ATTENDS = "Attends it since {day}."
ATTENDS_NOT = "Attends no such class on this day."
EXPECTED = "Graduation was expected on {day}."
NO_NEWS = "Whether the student graduated is not on file."
KIND_UNCLEAR = "Whether the diploma is of a wanted kind is not on file."
NOT_EVALUATED = "For which level the programme was evaluated is not on file."

SENTENCES = (
    DIPLOMA,
    EVALUATED,
    GRADUATED,
    FINAL_YEAR,
    TOO_EARLY,
    NO_DIPLOMA,
    STUDENT_ONLY,
    ENROLMENT,
    ATTENDS,
    ATTENDS_NOT,
    EXPECTED,
    NO_NEWS,
    KIND_UNCLEAR,
    NOT_EVALUATED,
)


def judge_diploma(question: Question, asked: DiplomaAsked) -> Requirement:
    """Return whether a wanted diploma is there, or will be within the final year."""
    found = list(_diplomas(question, asked))
    graduate = best(one for one in found if not _expected(one.outcome))
    student = best(one for one in found if _expected(one.outcome))
    answers = []
    if graduate:
        told = Sentence(text=GRADUATED, facts={"day": graduate.outcome.effective_on})
        answers.append(_decided(question, asked, graduate, told))
    if student:
        answers.append(_of_student(question, asked, student))
    for state in (Fulfilment.HOLDS, Fulfilment.UNDECIDED, Fulfilment.FAILS):
        for one in answers:
            if one.state is state:
                return one
    return _answer(question, asked, Fulfilment.FAILS, Sentence(text=NO_DIPLOMA))


def judge_enrolment(question: Question, asked: EnrolmentAsked) -> Requirement:
    """Return whether a class of a wanted kind is attended on the day."""
    wanted = Sentence(
        text=ENROLMENT, facts={"kinds": words_of("class_kind", sorted(asked.classes))}
    )
    attended = best(
        one
        for one in question.near(RecordKind.EDUCATION, "related")
        if _schooling(one.outcome).class_kind in asked.classes and _attends(question, one.outcome)
    )
    if attended is None:
        state, told = Fulfilment.FAILS, Sentence(text=ATTENDS_NOT)
    else:
        state = Fulfilment.UNDECIDED if attended.doubt else Fulfilment.HOLDS
        told = Sentence(text=ATTENDS, facts={"day": attended.outcome.effective_on})
    return Requirement(
        kind=RequirementKind.ENROLMENT,
        state=state,
        wanted=wanted,
        found=told,
        doubt=attended.doubt if attended else None,
        outcome_ids=(attended.outcome.id,) if attended else (),
    )


def _diplomas(question: Question, asked: DiplomaAsked) -> Iterator[Found]:
    """Return the schooling that is of a wanted kind, or may be, with every doubt."""
    for one in question.near(RecordKind.EDUCATION, "related"):
        measures = _schooling(one.outcome)
        is_wanted = measures.degree in asked.degrees or measures.class_kind in asked.classes
        if not is_wanted and not _may_be_wanted(measures, asked):
            continue
        doubt = None if is_wanted else Sentence(text=KIND_UNCLEAR)
        if asked.evaluated and one.outcome.rank is None:
            doubt = doubt or Sentence(text=NOT_EVALUATED)
        if asked.evaluated and one.outcome.rank is not None and one.outcome.rank < question.to:
            continue
        yield Found(one.outcome, doubt or one.doubt)


def _may_be_wanted(measures: EducationMeasures, asked: DiplomaAsked) -> bool:
    return measures.degree is None or measures.degree in asked.perhaps


def _of_student(question: Question, asked: DiplomaAsked, student: Found) -> Requirement:
    day = _expected(student.outcome)
    assert day is not None  # noqa: S101  # Told apart by it before.
    months = question.terms.final_year_months
    if not asked.final_year or months is None:
        told = Sentence(text=STUDENT_ONLY, facts={"day": day})
        answer = _answer(question, asked, Fulfilment.FAILS, told, student)
        return answer.model_copy(update={"holds_from": None if student.doubt else day})
    first = later(day, months=-months)
    if question.day < first:
        told = Sentence(text=TOO_EARLY, facts={"day": day, "first": first})
        answer = _answer(question, asked, Fulfilment.FAILS, told, student)
        return answer.model_copy(update={"holds_from": None if student.doubt else first})
    if day < question.day:
        late = Found(student.outcome, Sentence(text=NO_NEWS))
        return _decided(question, asked, late, Sentence(text=EXPECTED, facts={"day": day}))
    told = Sentence(text=FINAL_YEAR, facts={"day": day})
    return _decided(question, asked, student, told)


def _decided(question: Question, asked: DiplomaAsked, found: Found, told: Sentence) -> Requirement:
    state = Fulfilment.UNDECIDED if found.doubt else Fulfilment.HOLDS
    return _answer(question, asked, state, told, found)


def _answer(
    question: Question,
    asked: DiplomaAsked,
    state: Fulfilment,
    told: Sentence,
    found: Found | None = None,
) -> Requirement:
    kinds = (
        *words_of("class_kind", [one for one in ClassKind if one in asked.classes]),
        *words_of("degree", [one for one in Degree if one in asked.degrees]),
    )
    facts: dict[str, Fact] = {"kinds": kinds}
    if asked.evaluated:
        facts["level"] = rank_word(question.to)
    return Requirement(
        kind=RequirementKind.DIPLOMA,
        state=state,
        wanted=Sentence(text=EVALUATED if asked.evaluated else DIPLOMA, facts=facts),
        found=told,
        doubt=found.doubt if found and state is Fulfilment.UNDECIDED else None,
        outcome_ids=(found.outcome.id,) if found else (),
    )


def _schooling(outcome: LearningOutcome) -> EducationMeasures:
    measures = outcome.measures
    return measures if isinstance(measures, EducationMeasures) else EducationMeasures()


def _expected(outcome: LearningOutcome) -> date | None:
    return _schooling(outcome).expected_on


def _attends(question: Question, outcome: LearningOutcome) -> bool:
    expected = _expected(outcome)
    return expected is not None and question.day <= expected
