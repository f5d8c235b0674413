"""What stands beside learning in a career: honours, schooling, work."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from schemas.contracts import Line
from schemas.credits import EducationMeasures, ExperienceMeasures, OtherMeasures
from schemas.record_base import Keyed, RecordBase, in_order
from schemas.vocabulary import ClassKind, ContestTier, Degree, RecordKind


class Honour(RecordBase):
    """An honour that was awarded."""

    kind: Literal[RecordKind.HONOUR] = RecordKind.HONOUR
    title: Line
    awarding_body: Line | None = None
    tier: ContestTier | None = None
    awarded_on: date

    @property
    def effective_on(self) -> date:
        """The day of the award."""
        return self.awarded_on

    @property
    def subject(self) -> str:
        """The honour's title."""
        return self.title

    def measures(self, keyed: Keyed) -> OtherMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the honour is measured by."""
        return OtherMeasures()


class Education(RecordBase):
    """Schooling: finished with a diploma, or still going on with the day of graduation expected.

    The record's level is the one that the programme was evaluated to train for (经评估论证),
    its occupation the one that the major prepares for.
    """

    kind: Literal[RecordKind.EDUCATION] = RecordKind.EDUCATION
    school_name: Line
    major: Line | None = None
    degree: Degree
    class_kind: ClassKind | None = None
    started_on: date | None = None
    graduated_on: date | None = None
    expected_on: date | None = None
    """When a student will graduate; a graduate has none."""
    certificate_number: Line | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.started_on, self.graduated_on or self.expected_on)
        return self

    @model_validator(mode="after")
    def _is_finished_or_goes_on(self) -> Self:
        if (self.graduated_on is None) == (self.expected_on is None):
            message = "the day of graduation is needed, or the one on which it is expected"
            raise ValueError(message)
        if self.expected_on and self.started_on is None:
            message = "schooling that goes on needs its first day"
            raise ValueError(message)
        return self

    @property
    def effective_on(self) -> date | None:
        """The day of graduation; of a student the first day of school."""
        return self.graduated_on or self.started_on

    @property
    def subject(self) -> str:
        """The diploma's number, else school and major."""
        return self.certificate_number or f"{self.school_name}/{self.major or ''}"

    def measures(self, keyed: Keyed) -> EducationMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the schooling is measured by."""
        return EducationMeasures(
            degree=self.degree, class_kind=self.class_kind, expected_on=self.expected_on
        )


class Experience(RecordBase):
    """Work in an occupation."""

    kind: Literal[RecordKind.EXPERIENCE] = RecordKind.EXPERIENCE
    employer_name: Line
    post: Line | None = None
    trade: Line | None = None
    started_on: date
    ended_on: date | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.started_on, self.ended_on)
        return self

    @property
    def effective_on(self) -> date:
        """The first day of work: an employment may still go on."""
        return self.started_on

    @property
    def subject(self) -> str:
        """The employer and the post."""
        return f"{self.employer_name}/{self.post or ''}"

    def measures(self, keyed: Keyed) -> ExperienceMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the employment is measured by."""
        return ExperienceMeasures(ended_on=self.ended_on)
