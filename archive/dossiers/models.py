"""Tables of dossiers: records, and the files that they came in."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from credit_bank.columns import Hundredth, Level, UtcTime, Word, one_of
from schemas.vocabulary import Act, Rank, RecordKind

APPEND_ONLY = {"info": {"append_only": True}}


class Record(SQLModel, table=True):
    """One row of a dossier: a record added, a correction of one, or its withdrawal.

    What names a person is in ``sealed``, under the person's key; ``commitment`` is the
    SHA-256 of the sealed text, whose salt is sealed too. The chain hashes the clear
    columns and the commitment, so that a proof survives the destruction of the key.
    """

    __table_args__ = (
        UniqueConstraint("worker_id", "target_id"),
        ForeignKeyConstraint(
            ["worker_id", "target_id"], ["record.worker_id", "record.id"], name="fk_record_target"
        ),
        ForeignKeyConstraint(
            ["worker_id", "original_id"],
            ["record.worker_id", "record.id"],
            name="fk_record_original",
        ),
        Index(
            "uq_record_identity",
            "worker_id",
            "identity_digest",
            unique=True,
            sqlite_where=text("act = 'add'"),
            postgresql_where=text("act = 'add'"),
        ),
        Index("ix_record_organisation", "organisation_id", "recorded_at"),
        Index("ix_record_id", "id"),
        one_of("act", Act),
        one_of("kind", RecordKind),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    act: Act = Field(sa_type=Word(Act))
    original_id: UUID
    """The first row of this record's corrections; the credit bank's lineage."""
    target_id: UUID | None = None
    """The row that this one corrects or withdraws."""
    kind: RecordKind = Field(sa_type=Word(RecordKind))
    organisation_id: UUID = Field(foreign_key="organisation.id")
    occupation: str | None = Field(default=None, max_length=10)
    rank: Rank | None = Field(default=None, sa_type=Level)
    hours: Decimal | None = Field(default=None, sa_type=Hundredth)
    started_on: date | None = None
    effective_on: date | None = None
    identity_digest: bytes = Field(sa_type=LargeBinary)
    """What tells this record from all others (design decision 15), as a keyed digest."""
    content_digest: bytes = Field(sa_type=LargeBinary)
    """Keyed digest of the whole content: equal content, equal digest."""
    commitment: bytes = Field(sa_type=LargeBinary)
    sealed: bytes = Field(sa_type=LargeBinary)
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID = Field(foreign_key="account.id")
    batch_id: UUID | None = Field(default=None, foreign_key="intake_batch.id")
    row: int | None = None


class IntakeBatch(SQLModel, table=True):
    """A file that was committed: who posted it, and what it was. Its name may name people."""

    __tablename__ = "intake_batch"
    __table_args__ = (
        Index("ix_intake_batch_digest", "organisation_id", "digest"),
        one_of("kind", RecordKind),
        APPEND_ONLY,
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the file."""
    kind: RecordKind = Field(sa_type=Word(RecordKind))
    rows: int
    written: int
    posted_by: UUID = Field(foreign_key="account.id")
    posted_at: datetime = Field(sa_type=UtcTime)
