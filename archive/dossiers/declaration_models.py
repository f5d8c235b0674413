"""Table of self-declared records: what a worker says of themselves, apart from the dossier.

No chain, no credits, no transcript and no share knows of it before an organisation confirms it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import DeclarationAct, RecordKind

APPEND_ONLY = {"info": {"append_only": True}}


class DeclarationStep(SQLModel, table=True):
    """A step of one declaration; the first one's id names it."""

    __tablename__ = "declaration_step"
    __table_args__ = (
        UniqueConstraint("worker_id", "declaration_id", "number"),
        Index("ix_declaration_step_declaration", "declaration_id"),
        Index("ix_declaration_step_organisation", "organisation_id", "recorded_at"),
        one_of("kind", RecordKind),
        one_of("act", DeclarationAct),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    declaration_id: UUID
    number: int
    """Its place, from 1: of two who act at once only the first does."""
    kind: RecordKind = Field(sa_type=Word(RecordKind))
    act: DeclarationAct = Field(sa_type=Word(DeclarationAct))
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    """To whom it is sent, or who answers; None while nobody is asked."""
    record_id: UUID | None = None
    """The record that it became."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    evidence: bytes | None = Field(default=None, sa_type=LargeBinary)
    """SHA-256 of the file that was sent along."""
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID = Field(foreign_key="account.id")
