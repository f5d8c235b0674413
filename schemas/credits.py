"""What goes into the credit bank (outcomes) and what comes out (conversions, statements).

Nothing here names a person: keys of courses and events are keyed digests.
"""

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from operator import not_
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, PlainSerializer, PrivateAttr

from schemas.contracts import Contract, Hundredths, OccupationCode, plain_decimal
from schemas.vocabulary import (
    Account,
    Cause,
    ClassKind,
    ContestGroup,
    ContestTier,
    Decision,
    Degree,
    Family,
    Grade,
    Instrument,
    Mode,
    Prize,
    Rank,
    RecordKind,
    Step,
    TitleGrade,
)

UNITS_PER_CREDIT = 10_000
"""Fine enough for every agreement's factor; it can never change."""


SchemeCredits = Annotated[
    Decimal,
    Field(ge=0, le=10_000, max_digits=9, decimal_places=4),
    PlainSerializer(plain_decimal, return_type=str, when_used="json"),
]
"""Credits as another credit bank counts them: exact, at most four places, as units have."""


class TrainingMeasures(Contract):
    """What a finished course is measured by."""

    kind: Literal[RecordKind.TRAINING] = RecordKind.TRAINING
    hours: Hundredths
    attendance: Hundredths | None = None
    lacks_attendance: bool = Field(default=False, exclude_if=not_)
    """Whether the course asks for attendance and none is known; only what is so is written."""
    score: Hundredths | None = None
    grade: Grade | None = None
    mode: Mode | None = None
    course_code: str | None = None
    course: str
    """The normalised course name as a keyed digest: equal names have equal digests."""
    compared: str | None = None
    """The name as the rule on double counting compares it (D2, D3), as a keyed digest."""
    scheme: str | None = None
    """Another credit bank that credited the course; only an agreement converts that here."""
    scheme_credits: SchemeCredits | None = None
    """How many credits it gave, counted as it counts."""

    @property
    def compared_name(self) -> str:
        """What is compared with other courses; the first release kept no digest of its own."""
        return self.compared or self.course


class CertificateMeasures(Contract):
    """What a certificate is measured by, besides its occupation and rank."""

    kind: Literal[RecordKind.CERTIFICATE] = RecordKind.CERTIFICATE
    instrument: Instrument
    step: Step | None = None
    title: str | None = None
    title_grade: TitleGrade | None = None
    """Of a professional title only."""
    prepared_by: str | None = None
    """The course that prepared it, by its compared name (D3), as a keyed digest."""


class CompetitionMeasures(Contract):
    """What a result in a competition is measured by."""

    kind: Literal[RecordKind.COMPETITION] = RecordKind.COMPETITION
    tier: ContestTier
    contest_class: int | None = Field(default=None, ge=1, le=2)
    prize: Prize | None = None
    placement: int | None = Field(default=None, ge=1)
    prize_places: dict[Prize, int] | None = None
    """The contest's own prize table: the last place of each prize."""
    group: ContestGroup | None = None
    is_selection_trial: bool | None = None
    """Whether it only chose who goes on to WorldSkills; None when nobody said."""
    event: str
    """The event and the year of its award, keyed: a yearly contest is another one each year."""
    team: bool = False


class ApprenticeshipMeasures(Contract):
    """What an apprenticeship that was served to its end is measured by."""

    kind: Literal[RecordKind.APPRENTICESHIP] = RecordKind.APPRENTICESHIP
    hours: Hundredths | None = None
    started_on: date | None = None
    class_number: str | None = None
    """The number under which the class was registered before it began, as a keyed digest."""
    is_registered: bool | None = None
    """Whether the class was registered (备案); None when nobody said."""


class EducationMeasures(Contract):
    """What schooling is measured by; its level, if any, is that which it was evaluated for.

    ``degree`` is None only in what was deposited by the first release.
    """

    kind: Literal[RecordKind.EDUCATION] = RecordKind.EDUCATION
    hours: Hundredths | None = None
    degree: Degree | None = None
    class_kind: ClassKind | None = None
    expected_on: date | None = None
    """When a student will graduate; None for a graduate."""


class ExperienceMeasures(Contract):
    """What an employment is measured by; it began on the outcome's effective day."""

    kind: Literal[RecordKind.EXPERIENCE] = RecordKind.EXPERIENCE
    hours: Hundredths | None = None
    ended_on: date | None = None
    """The last day of work; None while it goes on."""


class OtherMeasures(Contract):
    """An outcome of a kind that the bank keeps and measures by nothing."""

    kind: Literal[RecordKind.HONOUR] = RecordKind.HONOUR
    hours: Hundredths | None = None


Measures = Annotated[
    TrainingMeasures
    | CertificateMeasures
    | CompetitionMeasures
    | ApprenticeshipMeasures
    | EducationMeasures
    | ExperienceMeasures
    | OtherMeasures,
    Field(discriminator="kind"),
]


class LearningOutcome(Contract):
    """Something that was learnt, as the bank knows it: no person, no name."""

    id: UUID
    effective_on: date
    issuer: UUID
    issuer_key: str
    """The issuer's own identifier of the outcome, as a keyed digest: it breaks ties in order."""
    occupation: OccupationCode | None = None
    rank: Rank | None = None
    measures: Measures

    @property
    def kind(self) -> RecordKind:
        """The kind of record that it came from."""
        return self.measures.kind


class Arithmetic(Contract):
    """One line of a calculation, in a form that both languages can print.

    ``text`` is the message id of a sentence; ``facts`` fill its placeholders.
    """

    text: str
    facts: dict[str, str] = Field(default_factory=dict)


class Trace(Contract):
    """Why an outcome earned what it earned: enough to evaluate it again.

    ``context`` holds what stood before it (credits of the occupation, used room of the
    year), as texts; ``rule`` and ``version`` are None only when no rule was in force.
    """

    family: Family
    rule: str | None
    version: str | None
    day: date
    outcome: LearningOutcome
    context: dict[str, str] = Field(default_factory=dict)
    steps: tuple[Arithmetic, ...] = ()
    source: str | None = None


class Conversion(Contract):
    """What the rules make of one outcome: units, the reason's code, and the trace."""

    outcome_id: UUID
    decision: Decision
    reason: str
    """A code of the vocabulary catalogue, ``reason.<code>``."""
    units: int = Field(ge=0)
    trace: Trace


Credits = Annotated[Decimal, PlainSerializer(plain_decimal, return_type=str, when_used="json")]
"""Units as credits, for people: exact, at most four places."""


def as_credits(units: int) -> Decimal:
    """Return whole units as credits, exactly."""
    return Decimal(units) / UNITS_PER_CREDIT


class StatementLine(Contract):
    """One entry of a worker's ledger, as a statement shows it."""

    entry_id: UUID
    cause: Cause
    family: Family
    outcome_id: UUID
    """The lineage of the outcome; the dossier uses its first record's id for it."""
    revision: int
    effective_on: date
    recorded_at: datetime
    units: int
    """What the entry changed: into (+) or out of (-) what the worker can use."""
    evaluated_units: int
    """What the outcome gives in all as of this entry (for an expiry: what has expired)."""
    moves: dict[Account, int] = Field(default_factory=dict)
    """Units into (+) or out of (-) each account, as they are stored: they sum to 0."""
    case_id: UUID | None = None
    """The worker's case, or the decision on the issuer, that moved them."""
    decision: Decision
    reason: str
    _explanation: bytes = PrivateAttr(default=b"")

    def explained(self, explanation: bytes) -> Self:
        """Take the JSON of the explanation; it is read only when somebody asks."""
        self._explanation = explanation
        return self

    @cached_property
    def trace(self) -> Trace:
        """Why the entry was booked; most readers of an account show the why of few lines."""
        return Trace.model_validate_json(self._explanation)


class Statement(Contract):
    """A worker's account as of a day, as it was known at a moment."""

    as_of: date | None
    known_at: datetime | None
    accounts: dict[Account, int]
    """Units by account, as people read them: never negative."""
    lines: tuple[StatementLine, ...]
