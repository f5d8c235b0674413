"""Tables of documents for many: what was asked for, and how far each is.

They hold pseudonymous identifiers only, and are updated like other job state; after some days
what names a worker is removed, and the counts stay.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import DocumentLanguage, DocumentScope, DocumentState, RunState

_HAS_KEY = text("key_digest IS NOT NULL")


class DocumentBatch(SQLModel, table=True):
    """Documents about many dossiers that were asked for at once."""

    __tablename__ = "document_batch"
    __table_args__ = (
        one_of("scope", DocumentScope),
        one_of("language", DocumentLanguage),
        one_of("state", RunState),
        Index(
            "uq_document_batch_key",
            "organisation_id",
            "key_digest",
            unique=True,
            sqlite_where=_HAS_KEY,
            postgresql_where=_HAS_KEY,
        ),
        Index("ix_document_batch_organisation", "organisation_id", "asked_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    """On whose behalf it was asked for."""
    class_id: UUID | None = Field(default=None, foreign_key="training_class.id")
    """The class whose completions they prove; None for other lists."""
    is_by_consent: bool = False
    """Whether they are about those who consented to documents for the organisation."""
    key_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Keyed digest of the Idempotency-Key; None when it was asked for without."""
    asked_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Keyed digest of what was asked for with that key."""
    scope: DocumentScope = Field(sa_type=Word(DocumentScope))
    language: DocumentLanguage = Field(sa_type=Word(DocumentLanguage))
    state: RunState = Field(sa_type=Word(RunState))
    total: int
    ready: int = 0
    failed: int = 0
    asked_by: UUID = Field(foreign_key="account.id")
    asked_at: datetime = Field(sa_type=UtcTime)
    moved_at: datetime = Field(sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")
    """Who stopped it before its end."""
    kept_until: datetime = Field(sa_type=UtcTime)
    """Until then its documents can be had together."""


class DocumentBatchItem(SQLModel, table=True):
    """One document of many: whose, and what became of it."""

    __tablename__ = "document_batch_item"
    __table_args__ = (one_of("state", DocumentState),)

    batch_id: UUID = Field(primary_key=True, foreign_key="document_batch.id")
    position: int = Field(primary_key=True)
    worker_id: UUID
    record_id: UUID | None = None
    """The record that it proves; None for what is about the whole."""
    request_id: UUID | None = None
    """The request whose consent it is made by; None where none is needed."""
    transcript_id: UUID | None = None
    """Its document; None before it was begun."""
    state: DocumentState = Field(sa_type=Word(DocumentState))
    fault: str | None = Field(default=None, max_length=80)
    """The code of what refused it."""
