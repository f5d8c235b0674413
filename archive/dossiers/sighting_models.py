"""The table of what was seen of a record: the paper itself, or the national site's answer."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import SightingKind


class Sighting(SQLModel, table=True):
    """Someone saw the original of a record, or asked the national site for it."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["worker_id", "record_id"], ["record.worker_id", "record.id"], name="fk_sighting_record"
        ),
        Index("ix_sighting_record", "worker_id", "record_id"),
        one_of("kind", SightingKind),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    record_id: UUID
    """The record's id for good: a correction does not undo what was seen."""
    kind: SightingKind = Field(sa_type=Word(SightingKind))
    seen_on: date
    account_id: UUID = Field(foreign_key="account.id")
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What was written with it, under the person's key."""
    noted_at: datetime = Field(sa_type=UtcTime)
