"""Tables of what course platforms sent: statements that were used, and a list for trainers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.vocabulary import RowState, Way

ARRIVAL = "platform_arrival.sealed"


class PostedStatement(SQLModel, table=True):
    """A statement from which a record was made or found: sent again, it changes nothing."""

    __tablename__ = "posted_statement"
    __table_args__ = ({"info": {"append_only": True}},)

    organisation_id: UUID = Field(primary_key=True, foreign_key="organisation.id")
    statement_id: UUID = Field(primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary)
    """Keyed digest of what it says."""
    record_id: UUID
    posted_by: UUID = Field(foreign_key="account.id")
    posted_at: datetime = Field(sa_type=UtcTime)


class PlatformArrival(SQLModel, table=True):
    """A result that a platform sent, for its trainer to look at; removed after thirty days."""

    __tablename__ = "platform_arrival"
    __table_args__ = (
        Index("ix_platform_arrival_organisation", "organisation_id", "arrived_at"),
        Index("ix_platform_arrival_arrived_at", "arrived_at"),
        CheckConstraint("way IN ('xapi', 'badge')", name="way_known"),
        one_of("state", RowState),
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    way: Way = Field(sa_type=Word(Way))
    state: RowState = Field(sa_type=Word(RowState))
    code: str | None = Field(default=None, max_length=60)
    """Why it could not be used."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """Course, statement, whom (masked), and why, under the organisation's own key."""
    arrived_at: datetime = Field(sa_type=UtcTime)
