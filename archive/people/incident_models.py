"""Tables of the register of incidents: its steps, whom one affects, what they were told and read.

Nothing is overwritten; texts are sealed, those of the register under a key of the incident's
own, a notice under the key of the person who reads it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Index, LargeBinary
from sqlalchemy.orm import Mapped
from sqlmodel import Field, SQLModel, col, exists

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import IncidentStepKind

APPEND_ONLY = {"info": {"append_only": True}}


class IncidentStep(SQLModel, table=True):
    """One step of an incident: found, remedied, reported, closed."""

    __tablename__ = "incident_step"
    __table_args__ = (
        one_of("kind", IncidentStepKind),
        Index("ix_incident_step_incident", "incident_id"),
        {"info": {"append_only": True}},
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    incident_id: UUID
    """The first step's own id."""
    kind: IncidentStepKind = Field(sa_type=Word(IncidentStepKind))
    sealed: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID = Field(foreign_key="account.id")


class IncidentPerson(SQLModel, table=True):
    """An incident affects this person's data."""

    __tablename__ = "incident_person"
    __table_args__ = APPEND_ONLY

    worker_id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(primary_key=True)
    recorded_at: datetime = Field(sa_type=UtcTime)


class IncidentNotice(SQLModel, table=True):
    """What a person was told of an incident."""

    __tablename__ = "incident_notice"
    __table_args__ = APPEND_ONLY

    worker_id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    told_at: datetime = Field(sa_type=UtcTime)
    told_by: UUID = Field(foreign_key="account.id")


class IncidentReceipt(SQLModel, table=True):
    """The person has read it."""

    __tablename__ = "incident_receipt"
    __table_args__ = APPEND_ONLY

    worker_id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(primary_key=True)
    read_at: datetime = Field(sa_type=UtcTime)


def has_unread(worker_id: Mapped[UUID | None]) -> ColumnElement[bool]:
    """Return the condition that a worker was told of an incident and has not read it."""
    is_read = exists().where(
        col(IncidentReceipt.worker_id) == col(IncidentNotice.worker_id),
        col(IncidentReceipt.incident_id) == col(IncidentNotice.incident_id),
    )
    return exists().where(col(IncidentNotice.worker_id) == worker_id, ~is_read)
