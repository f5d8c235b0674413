"""The table of what organisations give for credits and records; courses stand in course_models.

It is append-only: who offers something else appends a row that replaces the earlier one, so
that what a worker once applied for can always be read.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import UNITS, Level, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import Rank, Use

APPEND_ONLY = {"info": {"append_only": True}}


class Offer(SQLModel, table=True):
    """What a receiving organisation gives for credits, or for records that are shown."""

    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("ix_offer_organisation", "organisation_id", "code"),
        one_of("use", Use),
        APPEND_ONLY,
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    code: str = Field(max_length=40)
    """The organisation's own; the same code again replaces what was offered under it."""
    use: Use = Field(sa_type=Word(Use))
    title: str
    title_en: str
    occupation: str | None = Field(default=None, max_length=10)
    rank: Rank | None = Field(default=None, sa_type=Level)
    units: int = Field(sa_type=UNITS)
    """What is consumed; 0 where records are only cited."""
    in_force_from: date
    in_force_until: date | None = None
    replaces_id: UUID | None = None
    published_at: datetime = Field(sa_type=UtcTime)
    published_by: UUID = Field(foreign_key="account.id")
