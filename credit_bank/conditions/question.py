"""What is asked for one level on one day, and which outcomes could answer it. Pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from credit_bank.conditions.occupations import Nearness, Occupations
from credit_bank.conditions.ways import Scope, Terms
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.eligibility import Candidate, NamedOccupation, Sentence, Word
from schemas.vocabulary import LEVEL_GIVING, Decision, Instrument, Rank, RecordKind, TitleGrade

NO_OCCUPATION = "A record on file names no occupation."
NO_LEVEL = "A certificate on file tells no level."
NOT_SET = "Whether {occupation} is a related occupation is not set."

SENTENCES = (NO_OCCUPATION, NO_LEVEL, NOT_SET)

_GRADES = list(TitleGrade)


@dataclass(frozen=True, slots=True)
class Found:
    """An outcome that answers, and what keeps it from being certain."""

    outcome: LearningOutcome
    doubt: Sentence | None


@dataclass(frozen=True)
class Question:
    """An application for a level of an occupation, and all that is known to answer it."""

    occupation: str
    to: Rank
    day: date
    candidate: Candidate
    outcomes: tuple[LearningOutcome, ...]
    terms: Terms
    occupations: Occupations
    passed: Callable[[LearningOutcome], Decision]
    """Whether a course was passed, by the rule of its day."""

    def of_kind(self, kind: RecordKind) -> Iterator[LearningOutcome]:
        """Return the outcomes of a kind that had begun on the day, the earliest first."""
        return (one for one in self.outcomes if one.kind is kind and one.effective_on <= self.day)

    def near(self, kind: RecordKind, scope: Scope) -> Iterator[Found]:
        """Return the outcomes of a kind whose occupation counts, or may count."""
        for outcome in self.of_kind(kind):
            nearness = self.occupations.nearness(
                outcome.occupation, outcome.effective_on, self.occupation
            )
            match nearness, scope:
                case (Nearness.OWN, _) | (Nearness.RELATED, "related"):
                    yield Found(outcome, None)
                case (Nearness.UNTOLD, _):
                    yield Found(outcome, Sentence(text=NO_OCCUPATION))
                case (Nearness.UNSET, "related") if outcome.occupation:
                    named = NamedOccupation(code=outcome.occupation)
                    yield Found(outcome, Sentence(text=NOT_SET, facts={"occupation": named}))
                case _:
                    pass

    def levels(self, least: Rank) -> Iterator[Found]:
        """Return the certificates of a level, or of a higher one."""
        for found in self.near(RecordKind.CERTIFICATE, self.terms.scope):
            if not gives_level(found.outcome):
                continue
            if found.outcome.rank is None:
                yield Found(found.outcome, found.doubt or Sentence(text=NO_LEVEL))
            elif found.outcome.rank >= least:
                yield found

    def titles(self, least: TitleGrade) -> Iterator[Found]:
        """Return the professional titles of a grade, or of a higher one."""
        for found in self.near(RecordKind.CERTIFICATE, "related"):
            measures = found.outcome.measures
            if not isinstance(measures, CertificateMeasures):
                continue
            if measures.instrument is not Instrument.PROFESSIONAL_TITLE:
                continue
            if measures.title_grade is None:
                yield Found(found.outcome, found.doubt or Sentence(text=NO_LEVEL))
            elif _GRADES.index(measures.title_grade) >= _GRADES.index(least):
                yield found


def gives_level(outcome: LearningOutcome) -> bool:
    """Whether an outcome is a certificate of a skill level."""
    measures = outcome.measures
    return isinstance(measures, CertificateMeasures) and measures.instrument in LEVEL_GIVING


def best(found: Iterable[Found]) -> Found | None:
    """Return the first that is certain, else the first that may count; None without any."""
    doubtful = None
    for one in found:
        if one.doubt is None:
            return one
        doubtful = doubtful or one
    return doubtful


def rank_word(rank: Rank) -> Word:
    """Return the word of a level."""
    return Word(word=f"rank.{int(rank)}")


def words_of(of: str, members: Iterable[str]) -> tuple[Word, ...]:
    """Return the words of some members of the vocabulary."""
    return tuple(Word(word=f"{of}.{member}") for member in members)
