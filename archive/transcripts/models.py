"""Tables of transcripts: what was to be issued, how far it is, and the signed files that were.

A document is registered before it is signed; its file when it is signed and before a byte
of it leaves. Codes and files are found through ``BlindIndex``, never by their value.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.vocabulary import DocumentLanguage, DocumentState

APPEND_ONLY = {"info": {"append_only": True}}


class Transcript(SQLModel, table=True):
    """A document that was to be issued, as it stood before anything was signed."""

    __table_args__ = (one_of("language", DocumentLanguage), APPEND_ONLY)

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    scope: str = Field(sa_type=WORD)
    template: str = Field(sa_type=WORD)
    language: DocumentLanguage = Field(sa_type=WORD)
    issuer_id: UUID = Field(foreign_key="organisation.id")
    signer: str = Field(max_length=64)
    """Hex SHA-256 of the certificate that is to sign."""
    payload_digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the payload; its random code keeps anyone from guessing what it holds."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """The payload, under the person's key."""
    valid_until: date
    expires_at: datetime = Field(sa_type=UtcTime)
    requested_by: UUID = Field(foreign_key="account.id")
    intended_at: datetime = Field(sa_type=UtcTime)


class TranscriptFile(SQLModel, table=True):
    """A signed file of a document; refreshing its signature would add another."""

    __tablename__ = "transcript_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_transcript_file_transcript",
        ),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    transcript_id: UUID = Field(primary_key=True)
    sha256: bytes = Field(primary_key=True, sa_type=LargeBinary)
    size_bytes: int
    registered_at: datetime = Field(sa_type=UtcTime)
    profile: str = Field(default="B-B", sa_type=WORD)
    """Of PAdES: B-B, B-T, B-LT or B-LTA."""
    stamped_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """The moment of the signature's time stamp; None without one."""
    stamper: str | None = Field(default=None, max_length=64)
    """Hex SHA-256 of the certificate that stamped."""


class DocumentMaking(SQLModel, table=True):
    """How far a document is that was asked for, and what it says, to tell whether one is there.

    What was issued before this was kept has none.
    """

    __tablename__ = "document_making"
    __table_args__ = (
        ForeignKeyConstraint(
            ["worker_id", "transcript_id"],
            ["transcript.worker_id", "transcript.id"],
            name="fk_document_making_transcript",
        ),
        one_of("state", DocumentState),
        Index("ix_document_making_content", "worker_id", "content"),
        Index("ix_document_making_state", "state", "moved_at"),
    )

    worker_id: UUID = Field(primary_key=True)
    transcript_id: UUID = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
    """What it states, as a digest under the person's key: equal documents have equal ones."""
    state: DocumentState = Field(sa_type=Word(DocumentState))
    moved_at: datetime = Field(sa_type=UtcTime)
    replaced_by: UUID | None = None
    """The document that is made in its stead; None unless it was replaced."""
    fault: str | None = Field(default=None, max_length=80)
    """The code of the refusal that ended it; None unless it failed."""
