"""The table of lists that programs posted, by which a list that comes again is known."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, text
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime

_HAS_KEY = text("key_digest IS NOT NULL")


class PostedBatch(SQLModel, table=True):
    """A list that was carried out, and what its items were answered.

    The answer names records by their identifiers and faults by their codes, nobody by name.
    """

    __tablename__ = "posted_batch"
    __table_args__ = (
        Index(
            "uq_posted_batch_key",
            "organisation_id",
            "key_digest",
            unique=True,
            sqlite_where=_HAS_KEY,
            postgresql_where=_HAS_KEY,
        ),
        Index("ix_posted_batch_digest", "organisation_id", "digest"),
        {"info": {"append_only": True}},
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    key_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Keyed digest of the Idempotency-Key; None when the list came without."""
    digest: bytes = Field(sa_type=LargeBinary)
    """Keyed digest of the body, with the mode."""
    items: int
    faulty: int
    written: int
    answer: bytes = Field(sa_type=LargeBinary)
    """The report as JSON, compressed by zlib."""
    posted_by: UUID = Field(foreign_key="account.id")
    posted_at: datetime = Field(sa_type=UtcTime)
