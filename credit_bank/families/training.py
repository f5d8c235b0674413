"""How a finished course becomes credits."""

from decimal import Decimal
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field

from credit_bank.families.earning import EarningRule
from credit_bank.judging import (
    DIVIDED,
    NO_ATTENDANCE,
    REMAINDER,
    Result,
    difference,
    in_credits,
    nothing,
    undecided,
)
from schemas.contracts import plain_decimal
from schemas.credits import UNITS_PER_CREDIT, Arithmetic, LearningOutcome, TrainingMeasures
from schemas.vocabulary import Family, Grade, RecordKind

Seen = tuple[bool, ...]
"""What a rule can tell of a figure that it only compares with its own."""


class TrainingRule(EarningRule):
    """Class hours become credits when the course was passed; all or nothing."""

    KIND: ClassVar[RecordKind] = RecordKind.TRAINING
    EXAMPLE: ClassVar[dict[str, object]] = {"course": "example"}

    family: Literal[Family.TRAINING]
    hours_per_credit: int = Field(gt=0)
    minimum_hours: Decimal
    minimum_score: Decimal
    full_score: Decimal
    minimum_attendance: Decimal
    passing_grades: frozenset[Grade]

    def decide(self, outcome: LearningOutcome, held: int) -> Result:
        """Grant the hours of a course that was passed."""
        measures = outcome.measures
        if not isinstance(measures, TrainingMeasures):
            return undecided("no_rule_for_kind")
        refused = self._not_passed(measures)
        if refused:
            return refused
        units, steps = divided(measures.hours, self.hours_per_credit)
        if measures.attendance is None:
            steps = (*steps, Arithmetic(text=NO_ATTENDANCE))
        return difference(units, held, "course_already_credited", steps)

    def grain(self, measures: TrainingMeasures) -> tuple[Seen, Seen]:
        """Return all that ``decide`` sees of an attendance, and all that it sees of a score.

        Courses of one grain whose other measures are equal are decided alike.
        """
        score, attendance = measures.score, measures.attendance
        return (
            (
                attendance is not None,
                attendance is not None and attendance < self.minimum_attendance,
            ),
            (
                score is not None,
                score is not None and score > self.full_score,
                score is not None and score >= self.minimum_score,
            ),
        )

    def failed(self, outcome: LearningOutcome) -> bool:
        """Whether a result that can be read says that the course was not passed."""
        measures = outcome.measures
        if not isinstance(measures, TrainingMeasures) or self._unclear_result(measures):
            return False
        return not self._has_passed(measures)

    def _not_passed(self, measures: TrainingMeasures) -> Result | None:
        """Return why the course earns nothing or is not decided; None when it was passed."""
        unclear = self._unclear_result(measures)
        if unclear:
            return undecided(unclear)
        if measures.hours < self.minimum_hours:
            return nothing("below_minimum_hours")
        if not self._has_passed(measures):
            return nothing("not_passed")
        if measures.attendance is not None and measures.attendance < self.minimum_attendance:
            return nothing("attendance_low")
        return undecided("attendance_missing") if measures.lacks_attendance else None

    def _unclear_result(self, measures: TrainingMeasures) -> str | None:
        """Return why the result cannot be read on the rule's scale; None when it can."""
        if measures.grade is None and measures.score is None:
            return "result_missing"
        if measures.score is None:
            return "scale_unknown" if measures.grade is Grade.OTHER else None
        if measures.score > self.full_score:
            return "scale_unknown"
        if measures.grade in (None, Grade.OTHER):
            return None
        agree = (measures.score >= self.minimum_score) == (measures.grade in self.passing_grades)
        return None if agree else "result_contradicts"

    def _has_passed(self, measures: TrainingMeasures) -> bool:
        if measures.score is not None:
            return measures.score >= self.minimum_score
        return measures.grade in self.passing_grades


@lru_cache(maxsize=4096)  # Hours are few, and an audit or a what-if asks for each many times.
def divided(hours: Decimal, hours_per_credit: int) -> tuple[int, tuple[Arithmetic, ...]]:
    """Return the units of class hours, rounded down, with the division in words.

    What is below one unit is told, so that nobody wonders where it went.
    """
    units, part = divmod(int(hours * 100) * UNITS_PER_CREDIT, hours_per_credit * 100)
    facts = {
        "hours": plain_decimal(hours),
        "hours_per_credit": str(hours_per_credit),
        "credits": in_credits(units),
    }
    steps = (Arithmetic(text=DIVIDED, facts=facts),)
    if not part:
        return units, steps
    remainder = plain_decimal(Decimal(part) / 100 / UNITS_PER_CREDIT)
    return units, (*steps, Arithmetic(text=REMAINDER, facts={"remainder": remainder}))
