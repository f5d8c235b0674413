"""Tables of verification reports: what was to be signed, and the signed files that were.

A report is about a file, which may be anybody's or nobody's: no worker's shard is its place, so
that it has none. Its rows are spread by the hash of its own code, which is drawn at random
(75 bits), stands in each file, and is all by which anyone asks: no directory is needed.
Nothing of a person stands here; the report itself is not kept.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, LargeBinary
from sqlmodel import Field, SQLModel

from archive.transcripts.models import APPEND_ONLY
from credit_bank.columns import WORD, UtcTime, one_of
from schemas.vocabulary import DocumentLanguage, Verdict


class ReportIntent(SQLModel, table=True):
    """A report that was to be signed, as it stood before anything was."""

    __tablename__ = "report_intent"
    __table_args__ = (
        one_of("language", DocumentLanguage),
        one_of("verdict", Verdict),
        APPEND_ONLY,
    )

    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    id: UUID
    issuer_id: UUID = Field(foreign_key="organisation.id")
    template: str = Field(sa_type=WORD)
    language: DocumentLanguage = Field(sa_type=WORD)
    signer: str = Field(max_length=64)
    """Hex SHA-256 of the certificate that is to sign."""
    is_development: bool
    payload_digest: bytes = Field(sa_type=LargeBinary)
    checked_sha256: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the file that the report is about."""
    verdict: Verdict = Field(sa_type=WORD)
    """What the checks answered."""
    reason: str = Field(max_length=80)
    checked_at: datetime = Field(sa_type=UtcTime)
    intended_at: datetime = Field(sa_type=UtcTime)


class ReportFile(SQLModel, table=True):
    """The signed file of a report; registered before a byte of it leaves."""

    __tablename__ = "report_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["code_hash"], ["report_intent.code_hash"], name="fk_report_file_report_intent"
        ),
        APPEND_ONLY,
    )

    code_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    sha256: bytes = Field(sa_type=LargeBinary)
    size_bytes: int
    profile: str = Field(sa_type=WORD)
    stamped_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """The moment of the signature's time stamp; None without one."""
    stamper: str | None = Field(default=None, max_length=64)
    """Hex SHA-256 of the certificate that stamped."""
    registered_at: datetime = Field(sa_type=UtcTime)
