"""The register of incidents with personal data, and what a person reads of one."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from schemas.contracts import Contract
from schemas.vocabulary import IncidentStepKind

Words = Annotated[str, Field(max_length=2_000)]


class IncidentAsked(Contract):
    """What is known of an incident when it is opened."""

    happened: Words
    """For the register only; the persons affected do not read it."""
    began_on: date
    ended_on: date | None = None
    """None while it goes on, or nobody knows."""
    found_on: date
    data: Words
    """Which kinds of personal data."""
    measures: Words


class NoticeAsked(Contract):
    """What the persons affected are told besides data and measures (PIPL, article 57)."""

    harm: Words
    """The cause, and what harm may come of it."""
    advice: Words
    """What they can do."""
    contact: Words


class IncidentTold(Contract):
    """A notice of an incident, as the person affected reads it."""

    incident_id: UUID
    began_on: date
    found_on: date
    data: str
    measures: str
    harm: str
    advice: str
    contact: str
    told_at: datetime
    read_at: datetime | None


class IncidentStepView(Contract):
    """A step of an incident."""

    kind: IncidentStepKind
    text: str
    at: datetime
    by: str


class IncidentView(Contract):
    """An incident with its steps, and how many persons it affects, were told and have read it."""

    id: UUID
    asked: IncidentAsked
    opened_at: datetime
    steps: tuple[IncidentStepView, ...]
    affected: int
    told: int
    read: int
    is_closed: bool

    @property
    def waiting(self) -> int:
        """How many persons are affected and were not told."""
        return self.affected - self.told


class IncidentList(Contract):
    """All incidents, the newest first."""

    incidents: tuple[IncidentView, ...]


class IncidentReceiptOf(Contract):
    """Which incident, and how many persons this step concerned."""

    id: UUID
    affected: int = 0
    told: int = 0
