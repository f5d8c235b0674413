"""One class per kind of record; each tells which learning outcome it is."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, model_validator

from schemas.contracts import Hundredths, Line
from schemas.credits import (
    CertificateMeasures,
    CompetitionMeasures,
    OtherMeasures,
    TrainingMeasures,
)
from schemas.identities import Identity, NameChange
from schemas.record_base import Keyed, RecordBase, in_order
from schemas.vocabulary import (
    ContestTier,
    Degree,
    Grade,
    Instrument,
    Mode,
    Prize,
    RecordKind,
    Step,
)


class Training(RecordBase):
    """A finished course."""

    SEALED = RecordBase.SEALED | {
        "course_name",
        "course_code",
        "certificate_number",
        "trade",
    }

    kind: Literal[RecordKind.TRAINING] = RecordKind.TRAINING
    course_name: Line
    course_code: Line | None = None
    trade: Line | None = None
    """The 工种 below the occupation, as the source wrote it."""
    hours: Annotated[Hundredths, Field(gt=0, le=10_000)]
    attendance: Annotated[Hundredths, Field(ge=0, le=100)] | None = None
    score: Annotated[Hundredths, Field(ge=0, le=1000)] | None = None
    grade: Grade | None = None
    mode: Mode | None = None
    started_on: date | None = None
    completed_on: date
    certificate_number: Line | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.started_on, self.completed_on)
        return self

    @property
    def effective_on(self) -> date:
        """The day on which the course ended."""
        return self.completed_on

    @property
    def subject(self) -> str:
        """The course's code, else its name."""
        return self.course_code or self.course_name

    def measures(self, keyed: Keyed) -> TrainingMeasures:
        """Return what the course is measured by."""
        return TrainingMeasures(
            hours=self.hours,
            attendance=self.attendance,
            score=self.score,
            grade=self.grade,
            mode=self.mode,
            course_code=keyed(self.course_code) if self.course_code else None,
            course=keyed(self.course_name),
        )


class Certificate(RecordBase):
    """A certificate, permit or attested ability."""

    SEALED = RecordBase.SEALED | {"certificate_number", "title", "trade", "prepared_by"}

    kind: Literal[RecordKind.CERTIFICATE] = RecordKind.CERTIFICATE
    instrument: Instrument = Instrument.SKILL_LEVEL
    certificate_number: Line
    title: Line | None = None
    trade: Line | None = None
    step: Step | None = None
    score: Annotated[Hundredths, Field(ge=0, le=1000)] | None = None
    issued_on: date
    valid_until: date | None = None
    prepared_by: Line | None = None

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.issued_on, self.valid_until)
        return self

    @property
    def effective_on(self) -> date:
        """The day of issue."""
        return self.issued_on

    @property
    def subject(self) -> str:
        """The certificate's number."""
        return self.certificate_number

    def measures(self, keyed: Keyed) -> CertificateMeasures:
        """Return what the certificate is measured by."""
        return CertificateMeasures(
            instrument=self.instrument,
            step=self.step,
            title=keyed(self.title) if self.title else None,
            prepared_by=keyed(self.prepared_by) if self.prepared_by else None,
        )


class Competition(RecordBase):
    """A result in a competition."""

    SEALED = RecordBase.SEALED | {"event_name", "item", "certificate_number", "trade"}

    kind: Literal[RecordKind.COMPETITION] = RecordKind.COMPETITION
    event_name: Line
    item: Line | None = None
    tier: ContestTier
    prize: Prize | None = None
    placement: Annotated[int, Field(ge=1, le=100_000)] | None = None
    team: bool = False
    trade: Line | None = None
    awarded_on: date
    certificate_number: Line | None = None

    @property
    def effective_on(self) -> date:
        """The day of the award."""
        return self.awarded_on

    @property
    def subject(self) -> str:
        """The event and its item."""
        return f"{self.event_name}/{self.item or ''}"

    def measures(self, keyed: Keyed) -> CompetitionMeasures:
        """Return what the result is measured by."""
        return CompetitionMeasures(
            tier=self.tier,
            prize=self.prize,
            placement=self.placement,
            event=keyed(self.event_name),
            team=self.team,
        )


class Apprenticeship(RecordBase):
    """An apprenticeship under an employer and a school (企业新型学徒制)."""

    SEALED = RecordBase.SEALED | {"employer_name", "master_name", "trade"}

    kind: Literal[RecordKind.APPRENTICESHIP] = RecordKind.APPRENTICESHIP
    employer_name: Line
    master_name: Line | None = None
    trade: Line | None = None
    hours: Annotated[Hundredths, Field(gt=0, le=10_000)] | None = None
    started_on: date
    completed_on: date

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.started_on, self.completed_on)
        return self

    @property
    def effective_on(self) -> date:
        """The day of completion."""
        return self.completed_on

    @property
    def subject(self) -> str:
        """The employer."""
        return self.employer_name

    def measures(self, keyed: Keyed) -> OtherMeasures:  # noqa: ARG002  # Nothing to key.
        """Return what the apprenticeship is measured by."""
        return OtherMeasures(kind=self.kind, hours=self.hours)


class Honour(RecordBase):
    """An honour that was awarded."""

    SEALED = RecordBase.SEALED | {"title", "awarding_body"}

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

    SEALED = RecordBase.SEALED | {"school_name", "major", "certificate_number"}

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

    SEALED = RecordBase.SEALED | {"employer_name", "post", "trade"}

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


Record = Annotated[
    Identity
    | NameChange
    | Training
    | Certificate
    | Competition
    | Apprenticeship
    | Honour
    | Education
    | Experience,
    Field(discriminator="kind"),
]
RECORD: TypeAdapter[Record] = TypeAdapter(Record)
"""Reads any record: ``RECORD.validate_python({"kind": "training", ...})``."""

CLASS_OF: dict[RecordKind, type[Record]] = {
    RecordKind.IDENTITY: Identity,
    RecordKind.NAME_CHANGE: NameChange,
    RecordKind.TRAINING: Training,
    RecordKind.CERTIFICATE: Certificate,
    RecordKind.COMPETITION: Competition,
    RecordKind.APPRENTICESHIP: Apprenticeship,
    RecordKind.HONOUR: Honour,
    RecordKind.EDUCATION: Education,
    RecordKind.EXPERIENCE: Experience,
}
