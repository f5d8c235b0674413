"""The table of jobs. DBOS keeps its own tables beside it; see engine.py."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import JobState

FOREIGN_TABLES = frozenset({"datasource_outputs", "dbos_datasource_migrations", "rate_limit"})
"""Tables that no migration makes: DBOS's on SQLite (on PostgreSQL they have a schema of their
own), and that of archive/limiting on PostgreSQL."""


class Job(SQLModel, table=True):
    """Work that was asked for once; its identifier is that of the durable workflow.

    ``kind`` and ``key`` tell what to do, by identifiers and days only: no name, no number.
    """

    __table_args__ = (UniqueConstraint("kind", "key"), one_of("state", JobState))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str = Field(sa_type=WORD)
    key: str = Field(max_length=80)
    state: JobState = Field(default=JobState.WAITING, sa_type=Word(JobState))
    attempt: int = 1
    done: int = 0
    total: int | None = None
    asked_at: datetime = Field(sa_type=UtcTime)
    started_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    failed_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the present attempt stopped by a fault; None while it goes on."""
    fault: str | None = Field(default=None, max_length=80)
    """What kind of fault it was, never its text."""
    result: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The report as JSON, once it is done."""
