"""The shape in which credit banks exchange what people learnt: three lists a person.

The fields of the lists are those that one city's credit bank uses (domain facts 8), no more
and no less; ``outer_id`` is the issuer's own key.
"""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, Hundredths, Line
from schemas.credits import SchemeCredits
from schemas.vocabulary import RowState, Severity

OuterId = Annotated[Line, Field(max_length=120)]


class ExchangeCredit(Contract):
    """A course with the credits that it brought."""

    course_name: Line
    property: Line | None = None
    """Compulsory or elective, as the issuer tells it."""
    result_code: Line | None = None
    score: Annotated[Hundredths, Field(ge=0, le=1000)] | None = None
    season: Line | None = None
    subject: Line | None = None
    year: Line | None = None
    credit: SchemeCredits
    credit_hours: Annotated[Hundredths, Field(gt=0, le=10_000)] | None = None
    outer_id: OuterId
    time: date
    institution: Line
    stage: Line | None = None


class ExchangeTraining(Contract):
    """A training, with a certificate or without."""

    outer_id: OuterId
    project: Line
    institution: Line
    has_certificate: bool
    time: date


class ExchangeCertificate(Contract):
    """A certificate."""

    outer_id: OuterId
    name: Line
    level: Line | None = None
    institution: Line
    time: date


class ExchangeHolder(Contract):
    """One person's three lists. Who it is, one of the two numbers tells."""

    archive_number: Line | None = None
    document_number: Line | None = None
    credits: tuple[ExchangeCredit, ...] = ()
    trainings: tuple[ExchangeTraining, ...] = ()
    certificates: tuple[ExchangeCertificate, ...] = ()


class ExchangeFile(Contract):
    """What is exported and imported."""

    format: Literal["skills-archive/exchange/1"] = "skills-archive/exchange/1"
    holders: tuple[ExchangeHolder, ...]


class ExchangeFinding(Contract):
    """Something wrong, or worth a look, and where in the file it stands."""

    place: str
    """``holders.0.credits.2.time``: lists count from 0."""
    severity: Severity
    code: str
    message: Bilingual


class ExchangeItem(Contract):
    """What one item of the file would do, or did."""

    place: str
    title: str
    """What the course or certificate is called."""
    state: RowState
    record_id: UUID | None = None
    """Of the record that was written, or is on file."""
    findings: tuple[ExchangeFinding, ...] = ()


class ExchangeReport(Contract):
    """All that was found in a file, and what it would do or did."""

    scheme: str
    organisation: str
    committed: bool
    counts: dict[RowState, int]
    findings: tuple[ExchangeFinding, ...]
    items: tuple[ExchangeItem, ...]

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong; remarks do not count."""
        return all(one.severity is not Severity.ERROR for one in self.findings)


class ExchangeReceipt(Contract):
    """A file of exchange that was written."""

    holders: int
    credits: int
    trainings: int
    certificates: int
