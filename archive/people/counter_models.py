"""Tables of the counter: who came, who acted for them, what was done. Never overwritten."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import DocumentType, ScanType, VisitPurpose

APPEND_ONLY = {"info": {"append_only": True}}


class Visit(SQLModel, table=True):
    """A worker stood at the counter, and someone there acted for them."""

    __table_args__ = (
        one_of("document_seen", DocumentType),
        one_of("purpose", VisitPurpose),
        one_of("authorisation_type", ScanType),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    document_seen: DocumentType = Field(sa_type=Word(DocumentType))
    purpose: VisitPurpose = Field(sa_type=Word(VisitPurpose))
    authorisation: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the sealed scan, which is also its name among the scans."""
    authorisation_type: ScanType = Field(sa_type=Word(ScanType))
    opened_at: datetime = Field(sa_type=UtcTime)
    until: datetime = Field(sa_type=UtcTime)
    """When it ends at the latest, without anyone ending it."""


class VisitEnd(SQLModel, table=True):
    """Someone ended a visit before its time was over."""

    __tablename__ = "visit_end"
    __table_args__ = APPEND_ONLY

    worker_id: UUID = Field(primary_key=True)
    visit_id: UUID = Field(primary_key=True)
    ended_at: datetime = Field(sa_type=UtcTime)


class CounterAct(SQLModel, table=True):
    """Something that was done for a worker at the counter, in the same transaction."""

    __tablename__ = "counter_act"
    __table_args__ = APPEND_ONLY

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    visit_id: UUID
    account_id: UUID = Field(foreign_key="account.id")
    act: str = Field(sa_type=WORD)
    """The permission that was used, such as ``application.make``."""
    subject_id: UUID
    """What was made: the step of a case, a document, a share."""
    done_at: datetime = Field(sa_type=UtcTime)
