"""The table of documents that were made by a worker's consent, and for whom."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime


class DocumentConsent(SQLModel, table=True):
    """By which consent a document was made: whoever takes that back takes the document back."""

    __tablename__ = "document_consent"
    __table_args__: ClassVar[tuple[object, ...]] = (
        ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_document_consent_transcript",
        ),
        ForeignKeyConstraint(
            ["worker_id", "request_id"],
            ["access_request.worker_id", "access_request.id"],
            name="fk_document_consent_request",
        ),
        Index("ix_document_consent_request", "worker_id", "request_id"),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    transcript_id: UUID = Field(primary_key=True)
    request_id: UUID
    organisation_id: UUID = Field(foreign_key="organisation.id")
    made_at: datetime = Field(sa_type=UtcTime)
