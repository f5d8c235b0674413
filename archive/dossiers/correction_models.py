"""Table of requests for correction and addition: what was asked, answered and decided.

What is said stands sealed under the person's key, a file among the evidence; the rest names
nobody. Appeals against credits are cases of the bank and stand elsewhere.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import CorrectionAct, CorrectionKind

APPEND_ONLY = {"info": {"append_only": True}}


class CorrectionStep(SQLModel, table=True):
    """A step of one request; the first opens it, and its id names the case."""

    __tablename__ = "correction_step"
    __table_args__ = (
        UniqueConstraint("worker_id", "case_id", "number"),
        Index("ix_correction_step_case", "case_id"),
        Index("ix_correction_step_organisation", "organisation_id", "recorded_at"),
        Index("ix_correction_step_act", "act", "recorded_at"),
        one_of("kind", CorrectionKind),
        one_of("act", CorrectionAct),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    case_id: UUID
    number: int
    """Its place in the case, from 1: of two who act at once only the first does."""
    kind: CorrectionKind = Field(sa_type=Word(CorrectionKind))
    act: CorrectionAct = Field(sa_type=Word(CorrectionAct))
    organisation_id: UUID = Field(foreign_key="organisation.id")
    """With whom it is from then on."""
    record_id: UUID | None = None
    """Of the first step the record that is wrong, of the answer the version that put it right."""
    effective_on: date
    due_on: date | None = None
    """The last day for the next step; None after the last one."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    evidence: bytes | None = Field(default=None, sa_type=LargeBinary)
    """SHA-256 of the file that was sent along."""
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID | None = Field(default=None, foreign_key="account.id")
    """None for what the clock did."""
