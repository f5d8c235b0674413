"""What stands beside learning in a career: honours, schooling, work."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from schemas.contracts import Line
from schemas.credits import OtherMeasures
from schemas.record_base import Keyed, RecordBase, in_order
from schemas.vocabulary import ContestTier, Degree, RecordKind


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
        return OtherMeasures(kind=self.kind)


class Education(RecordBase):
    """Schooling that was finished with a diploma."""

    kind: Literal[RecordKind.EDUCATION] = RecordKind.EDUCATION
    school_name: Line
    major: Line | None = None
    degree: Degree
    started_on: date | None = None
    graduated_on: date
    certificate_number: Line | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.started_on, self.graduated_on)
        return self

    @property
    def effective_on(self) -> date:
        """The day of graduation."""
        return self.graduated_on

    @property
    def subject(self) -> str:
        """The diploma's number, else school and major."""
        return self.certificate_number or f"{self.school_name}/{self.major or ''}"

    def measures(self, keyed: Keyed) -> OtherMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the diploma is measured by."""
        return OtherMeasures(kind=self.kind)


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

    def measures(self, keyed: Keyed) -> OtherMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the employment is measured by."""
        return OtherMeasures(kind=self.kind)
