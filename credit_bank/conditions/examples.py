"""Records as the examples of rule files and the officials' cases write them, as outcomes.

``{ kind = "experience", from = 2015-01-01, to = 2019-12-31 }``; an occupation that is not
named is the one that is applied for, an empty one is none.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_OID, UUID, uuid5

from credit_bank.causes import EXAMPLE_WORDS, UnfitValueError
from schemas.credits import (
    ApprenticeshipMeasures,
    CertificateMeasures,
    EducationMeasures,
    ExperienceMeasures,
    LearningOutcome,
    Measures,
    TrainingMeasures,
)
from schemas.vocabulary import ClassKind, Degree, Grade, Instrument, Rank, TitleGrade

OCCUPATION = "6-31-01-03"
"""The occupation of examples that name none: 电工."""

_NOBODY = UUID(int=0)
_Told = Mapping[str, object]


def outcomes_of(records: Iterable[_Told], occupation: str = OCCUPATION) -> list[LearningOutcome]:
    """Return the outcomes that records of an example describe.

    Raises ValueError, KeyError or TypeError for what is no record.
    """
    return [_outcome(place, told, occupation) for place, told in enumerate(records)]


def as_day(value: object) -> date:
    """Return a day, which a file writes as a day and canonical bytes as text."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _outcome(place: int, told: _Told, occupation: str) -> LearningOutcome:
    known = {"kind", "on", "from", "to", "occupation", "rank", "hours", "degree", "class"}
    unknown = told.keys() - known - {"expected", "grade", "instrument", "course", "score"}
    if unknown:
        raise UnfitValueError(EXAMPLE_WORDS, words=", ".join(sorted(unknown)))
    rank = told.get("rank")
    return LearningOutcome(
        id=uuid5(NAMESPACE_OID, f"{place}"),
        effective_on=as_day(told["from"] if "from" in told and "on" not in told else told["on"]),
        issuer=_NOBODY,
        issuer_key=str(place),
        occupation=str(told.get("occupation", occupation)) or None,
        rank=None if rank is None else Rank(int(str(rank))),
        measures=_measures(place, told),
    )


def _measures(place: int, told: _Told) -> Measures:
    match told["kind"]:
        case "certificate":
            return CertificateMeasures(
                instrument=Instrument(str(told.get("instrument", Instrument.SKILL_LEVEL)))
            )
        case "title":
            return CertificateMeasures(
                instrument=Instrument.PROFESSIONAL_TITLE,
                title_grade=TitleGrade(str(told["grade"])) if "grade" in told else None,
            )
        case "experience":
            return ExperienceMeasures(ended_on=as_day(told["to"]) if "to" in told else None)
        case "apprenticeship":
            return ApprenticeshipMeasures()
        case "training":
            return TrainingMeasures(
                hours=Decimal(str(told["hours"])),
                score=Decimal(str(told["score"])) if "score" in told else None,
                grade=None if "score" in told else Grade(str(told.get("grade", Grade.PASS))),
                course=str(told.get("course", place)),
            )
        case "education":
            return EducationMeasures(
                degree=Degree(str(told["degree"])) if "degree" in told else None,
                class_kind=ClassKind(str(told["class"])) if "class" in told else None,
                expected_on=as_day(told["expected"]) if "expected" in told else None,
            )
        case other:
            raise UnfitValueError(EXAMPLE_WORDS, words=str(other))
