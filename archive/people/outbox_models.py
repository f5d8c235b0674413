"""The table of what is to be sent to people."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id


class OutboxState(StrEnum):
    """How far something is that is to be sent."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """It may have been sent: it is not sent again."""


class Outbox(SQLModel, table=True):
    """One message to one person; whom, and what, are sealed until it has left, then forgotten."""

    __table_args__ = (one_of("state", OutboxState), Index("ix_outbox_due", "state", "due_at"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key: str = Field(unique=True, max_length=80)
    """Of two with one key only the first is sent; never anything personal."""
    owner_id: UUID
    """Under whose key it is sealed: a worker's or an account's."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: OutboxState = Field(default=OutboxState.WAITING, sa_type=Word(OutboxState))
    attempts: int = 0
    asked_at: datetime = Field(sa_type=UtcTime)
    due_at: datetime = Field(sa_type=UtcTime)
    useless_at: datetime = Field(sa_type=UtcTime)
    """From when on it is not worth sending, such as a code that has run out."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    fault: str | None = Field(default=None, max_length=80)
    """What kind of fault the last one was, never its text."""
