"""Tables of the credit bank. Every one of a worker's begins its key with ``worker_id``.

All but ``chain_head`` are append-only: triggers refuse to change or remove a row. What a
row says also stands, as the exact bytes that were hashed, in its link of the chain.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    UniqueConstraint,
    and_,
)
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col, exists

from credit_bank.columns import UNITS, WORD, Hundredth, Level, UtcTime, Word, one_of
from schemas.vocabulary import (
    Account,
    Act,
    CaseAct,
    CaseKind,
    Cause,
    Decision,
    Family,
    IssuerAct,
    Rank,
    RecordKind,
)

APPEND_ONLY = {"info": {"append_only": True}}


class ChainHead(SQLModel, table=True):
    """Where a dossier's chain ends; writers of one worker take turns on this row."""

    __tablename__ = "chain_head"

    worker_id: UUID = Field(primary_key=True)
    sequence: int
    hash: bytes = Field(sa_type=LargeBinary)


class ChainLink(SQLModel, table=True):
    """One link of a dossier's chain with the exact bytes that it hashes."""

    __tablename__ = "chain_link"
    __table_args__ = (UniqueConstraint("worker_id", "subject_kind", "subject_id"), APPEND_ONLY)

    worker_id: UUID = Field(primary_key=True)
    sequence: int = Field(primary_key=True)
    subject_kind: str = Field(sa_type=WORD)
    subject_id: UUID
    body: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class Outcome(SQLModel, table=True):
    """A learning outcome that was deposited, corrected or withdrawn."""

    __table_args__ = (
        UniqueConstraint("worker_id", "reference"),
        UniqueConstraint("worker_id", "target_id"),
        ForeignKeyConstraint(
            ["worker_id", "target_id"],
            ["outcome.worker_id", "outcome.id"],
            name="fk_outcome_target",
        ),
        Index("ix_outcome_day", "worker_id", "effective_on"),
        Index("ix_outcome_subject", "worker_id", "subject_key"),
        Index("ix_outcome_course", "worker_id", "course_key"),
        one_of("kind", RecordKind),
        one_of("act", Act),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    reference: str = Field(max_length=80)
    """Who deposits names it once: the same reference again is a replay or a conflict."""
    fingerprint: bytes = Field(sa_type=LargeBinary)
    act: Act = Field(sa_type=Word(Act))
    lineage_id: UUID
    """The first row of this outcome's corrections; conversions speak of it."""
    target_id: UUID | None = None
    """The row that this one replaces or withdraws."""
    kind: RecordKind = Field(sa_type=Word(RecordKind))
    effective_on: date
    issuer_id: UUID
    occupation: str | None = Field(default=None, max_length=10)
    rank: Rank | None = Field(default=None, sa_type=Level)
    hours: Decimal | None = Field(default=None, sa_type=Hundredth)
    recorded_at: datetime = Field(sa_type=UtcTime)
    subject_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Digest of what it shares with others of which only the best counts; empty when nothing.

    None only in what was deposited by the first release.
    """
    course_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Digest of a course's compared name and its occupation; None for what is no course."""


class RuleVersion(SQLModel, table=True):
    """A rule as it was published, for good. Only this table is evaluated."""

    __tablename__ = "rule_version"
    __table_args__ = (
        UniqueConstraint("rule_id"),
        one_of("family", Family),
        APPEND_ONLY,
    )

    version: str = Field(primary_key=True, max_length=64)
    """Hex SHA-256 of ``body``."""
    rule_id: str = Field(max_length=80)
    family: Family = Field(sa_type=Word(Family))
    in_force_from: date
    in_force_until: date | None = None
    published_at: datetime = Field(sa_type=UtcTime)
    body: bytes = Field(sa_type=LargeBinary)


class Entry(SQLModel, table=True):
    """One booking of a worker's ledger; its postings sum to zero.

    Entries of one outcome (its lineage) and family form a series of revisions: each holds what the
    rules gave in all (``evaluated_units``) and what it changed (``posted_units``).
    """

    __table_args__ = (
        UniqueConstraint("worker_id", "reference"),
        UniqueConstraint("worker_id", "reverses_id"),
        ForeignKeyConstraint(
            ["worker_id", "outcome_id"],
            ["outcome.worker_id", "outcome.id"],
            name="fk_entry_outcome",
        ),
        ForeignKeyConstraint(
            ["worker_id", "reverses_id"], ["entry.worker_id", "entry.id"], name="fk_entry_reverses"
        ),
        Index("ix_entry_outcome", "worker_id", "outcome_id", "revision"),
        Index("ix_entry_family", "worker_id", "family", "effective_on"),
        one_of("cause", Cause),
        one_of("family", Family),
        one_of("decision", Decision),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    reference: str = Field(max_length=120)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    cause: Cause = Field(sa_type=Word(Cause))
    family: Family = Field(sa_type=Word(Family))
    outcome_id: UUID
    revision: int
    rule_version: str | None = Field(
        default=None, foreign_key="rule_version.version", max_length=64
    )
    """None only when no rule was in force on the effective day."""
    decision: Decision = Field(sa_type=Word(Decision))
    reason: str = Field(sa_type=WORD)
    evaluated_units: int = Field(sa_type=UNITS)
    posted_units: int = Field(sa_type=UNITS)
    effective_on: date
    recorded_at: datetime = Field(sa_type=UtcTime)
    reverses_id: UUID | None = None
    case_id: UUID | None = None
    """The case of the worker, or the decision on the issuer, that moved the units."""


class Posting(SQLModel, table=True):
    """Units into (+) or out of (-) one account of a worker."""

    __table_args__ = (
        ForeignKeyConstraint(
            ["worker_id", "entry_id"], ["entry.worker_id", "entry.id"], name="fk_posting_entry"
        ),
        ForeignKeyConstraint(
            ["worker_id", "lot_id"], ["posting.worker_id", "posting.id"], name="fk_posting_lot"
        ),
        Index("ix_posting_entry", "worker_id", "entry_id"),
        CheckConstraint("units <> 0", name="units_move"),
        one_of("account", Account),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    entry_id: UUID
    account: Account = Field(sa_type=Word(Account))
    units: int = Field(sa_type=UNITS)
    lot_id: UUID
    """The granting posting whose units these are; a granting posting names itself."""


class CaseEvent(SQLModel, table=True):
    """Something that happened to a case of one worker; the first event names the case.

    The whole of it stands in its link of the chain; what names a person or is free text is
    ``sealed``, under the person's key.
    """

    __tablename__ = "case_event"
    __table_args__ = (
        UniqueConstraint("worker_id", "reference"),
        ForeignKeyConstraint(
            ["worker_id", "case_id"],
            ["case_event.worker_id", "case_event.id"],
            name="fk_case_event_case",
        ),
        Index("ix_case_event_id", "id"),  # A page names a case, and not whose it is.
        Index("ix_case_event_case", "worker_id", "case_id"),
        Index("ix_case_event_organisation", "organisation_id", "recorded_at"),
        Index("ix_case_event_due", "due_on"),
        one_of("kind", CaseKind),
        one_of("act", CaseAct),
        APPEND_ONLY,
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    case_id: UUID
    kind: CaseKind = Field(sa_type=Word(CaseKind))
    act: CaseAct = Field(sa_type=Word(CaseAct))
    reference: str = Field(max_length=80)
    fingerprint: bytes = Field(sa_type=LargeBinary)
    outcome_id: UUID | None = None
    """The lineage of the outcome that an appeal or a review is about."""
    organisation_id: UUID | None = None
    """Who has to answer, or answered."""
    due_on: date | None = None
    """Until when someone has to answer."""
    effective_on: date
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID | None = None
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    commitment: bytes | None = Field(default=None, sa_type=LargeBinary)


class IssuerDecision(SQLModel, table=True):
    """A decision on the credits of an issuer's outcomes: no worker's, so no chain has it."""

    __tablename__ = "issuer_decision"
    __table_args__ = (
        Index("ix_issuer_decision_issuer", "issuer_id"),
        one_of("act", IssuerAct),
        APPEND_ONLY,
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID
    """The first decision of the case."""
    act: IssuerAct = Field(sa_type=Word(IssuerAct))
    issuer_id: UUID
    effective_on: date
    due_on: date | None = None
    """When the hold ends unless something else is decided."""
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID | None = None
    body: bytes = Field(sa_type=LargeBinary)
    """Canonical JSON of the decision."""


class Linked(Protocol):
    """A row of a dossier whose exact bytes stand in a link of the chain."""

    worker_id: UUID
    id: UUID


def is_link_of(row: type[Linked], kind: str) -> ColumnElement[bool]:
    """Return the condition on which a link holds the hashed bytes of a row; for joins.

    ``kind`` is the link's ``subject_kind``: "outcome", "entry", "case" or "record".
    """
    return and_(
        col(ChainLink.worker_id) == col(row.worker_id),
        col(ChainLink.subject_id) == col(row.id),
        col(ChainLink.subject_kind) == kind,
    )


def is_replaced() -> ColumnElement[bool]:
    """Return the condition on which a newer revision replaces an entry; for its queries."""
    newer = aliased(Entry)
    return exists().where(
        col(newer.worker_id) == col(Entry.worker_id),
        col(newer.outcome_id) == col(Entry.outcome_id),
        col(newer.family) == col(Entry.family),
        col(newer.revision) > col(Entry.revision),
    )
