"""One class per kind of record; each tells which learning outcome it is."""

from datetime import date
from decimal import Decimal
from operator import not_
from typing import Annotated, Literal, Self

from pydantic import Field, TypeAdapter, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from schemas.careers import Education, Experience, Honour
from schemas.contracts import Hundredths, Line
from schemas.credits import (
    ApprenticeshipMeasures,
    CertificateMeasures,
    CompetitionMeasures,
    SchemeCredits,
    TrainingMeasures,
)
from schemas.identities import Identity, NameChange
from schemas.prizes import refuse_disorder
from schemas.record_base import Keyed, RecordBase, in_order
from schemas.vocabulary import (
    ContestGroup,
    ContestTier,
    Grade,
    Instrument,
    Mode,
    Prize,
    RecordKind,
    Step,
    TitleGrade,
)


class Training(RecordBase):
    """A finished course."""

    kind: Literal[RecordKind.TRAINING] = RecordKind.TRAINING
    course_name: Line
    course_code: Line | None = None
    trade: Line | None = None
    """The 工种 below the occupation, as the source wrote it."""
    scheme: Line | None = None
    """Code of another credit bank that told us of the course; the bureau alone posts it."""
    scheme_credits: SchemeCredits | None = None
    """How many credits that bank gave."""
    hours: Annotated[Hundredths, Field(gt=0, le=10_000)] | None = Field(
        default=None, validate_default=True
    )
    """Class hours; unknown only of what another credit bank told."""
    attendance: Annotated[Hundredths, Field(ge=0, le=100)] | None = None
    lacks_attendance: bool = Field(default=False, exclude_if=not_)
    """Whether its course asks for attendance and none is told.

    The archive says so, from the course as its organisation filed it; what an author says is not
    heard. Only what is so is written.
    """
    score: Annotated[Hundredths, Field(ge=0, le=1000)] | None = None
    grade: Grade | None = None
    mode: Mode | None = None
    started_on: date | None = None
    completed_on: date
    certificate_number: Line | None = None

    @field_validator("hours", mode="after")
    @classmethod
    def _known_here(cls, hours: Decimal | None, others: ValidationInfo) -> Decimal | None:
        if hours is None and others.data.get("scheme") is None:
            raise PydanticCustomError("missing", "Field required")
        return hours

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
            hours=self.hours or Decimal(0),  # Unknown; nothing is counted from it.
            attendance=self.attendance,
            lacks_attendance=self.lacks_attendance and self.attendance is None,
            score=self.score,
            grade=self.grade,
            mode=self.mode,
            course_code=keyed(self.course_code) if self.course_code else None,
            course=keyed(self.course_name),
            compared=keyed.compared(self.course_name),
            scheme=self.scheme,
            scheme_credits=self.scheme_credits,
        )


class Certificate(RecordBase):
    """A certificate, permit or attested ability."""

    kind: Literal[RecordKind.CERTIFICATE] = RecordKind.CERTIFICATE
    instrument: Instrument = Instrument.SKILL_LEVEL
    certificate_number: Line
    title: Line | None = None
    trade: Line | None = None
    step: Step | None = None
    title_grade: TitleGrade | None = None
    """Of a professional title (职称) only."""
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
            title_grade=self.title_grade,
            title=keyed(self.title) if self.title else None,
            prepared_by=keyed.compared(self.prepared_by) if self.prepared_by else None,
        )


class Competition(RecordBase):
    """A result in a competition."""

    kind: Literal[RecordKind.COMPETITION] = RecordKind.COMPETITION
    event_name: Line
    item: Line | None = None
    tier: ContestTier
    contest_class: Annotated[int, Field(ge=1, le=2)] | None = None
    """First or second class (一类, 二类) of a contest of its tier."""
    prize: Prize | None = None
    placement: Annotated[int, Field(ge=1, le=100_000)] | None = None
    prize_places: dict[Prize, Annotated[int, Field(ge=1, le=100_000)]] | None = None
    """The contest's own prize table: the last place of each prize."""
    group: ContestGroup | None = None
    is_selection_trial: bool | None = None
    """Whether it only chose who goes on to WorldSkills."""
    team: bool = False
    trade: Line | None = None
    awarded_on: date
    certificate_number: Line | None = None

    @model_validator(mode="after")
    def _prizes_in_order(self) -> Self:
        refuse_disorder(self.prize_places or {})
        return self

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
            contest_class=self.contest_class,
            prize=self.prize,
            placement=self.placement,
            prize_places=self.prize_places,
            group=self.group,
            is_selection_trial=self.is_selection_trial,
            event=keyed(f"{self.event_name} {self.awarded_on.year}"),
            team=self.team,
        )


class Apprenticeship(RecordBase):
    """An apprenticeship under an employer and a school (企业新型学徒制)."""

    kind: Literal[RecordKind.APPRENTICESHIP] = RecordKind.APPRENTICESHIP
    employer_name: Line
    master_name: Line | None = None
    trade: Line | None = None
    hours: Annotated[Hundredths, Field(gt=0, le=10_000)] | None = None
    class_number: Line | None = None
    """The number under which the class was registered (开班备案编号)."""
    is_registered: bool | None = None
    """Whether the class was registered; None when nobody said and there is no number."""
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

    def measures(self, keyed: Keyed) -> ApprenticeshipMeasures:
        """Return what the apprenticeship is measured by."""
        return ApprenticeshipMeasures(
            hours=self.hours,
            started_on=self.started_on,
            class_number=keyed(self.class_number) if self.class_number else None,
            is_registered=self.is_registered,
        )


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
