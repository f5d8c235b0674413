"""Tables of what is personal beside the records: look-ups, contacts, reveals, closures, requests.

All of it is sealed or digested; rows that find a person go with the person.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ColumnElement, Index, LargeBinary, UniqueConstraint, exists
from sqlalchemy.orm import Mapped
from sqlmodel import Field, SQLModel, col

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import (
    ClosureAct,
    ContactKind,
    RequestAnswer,
    RequestKind,
    RevealReason,
)

FORGOTTEN = {"info": {"forgotten": True}}
"""Rows that go when a person is erased; what is append-only becomes unreadable instead."""


class ContactProof(StrEnum):
    """On what it rests that a contact is the person's."""

    CODE = "code"
    """A one-time code reached the person there."""
    OFFICE = "office"
    """Staff saw the person and wrote it down."""
    TOLD = "told"
    """The person typed it: a telephone number or e-mail address waits for its code."""


class SearchIndex(SQLModel, table=True):
    """Finds workers by the keyed digest of a value that several persons may share.

    Names, telephone numbers and e-mail addresses: only by the whole value, never by a part.
    What belongs to one person alone stands in ``BlindIndex``.
    """

    __tablename__ = "search_index"
    __table_args__ = (Index("ix_search_index_found", "purpose", "digest"), FORGOTTEN)

    worker_id: UUID = Field(primary_key=True)
    purpose: str = Field(primary_key=True, sa_type=WORD)
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    version: int
    """Of the key that made the digest; ``IndexVersion`` tells which are looked up under."""


class Contact(SQLModel, table=True):
    """How a person can be reached, as told at a moment; the newest that was proved counts."""

    __table_args__ = (
        one_of("kind", ContactKind),
        one_of("proof", ContactProof),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: ContactKind = Field(sa_type=Word(ContactKind))
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Under the person's key; None when the person has none of this kind any more."""
    proof: ContactProof = Field(sa_type=Word(ContactProof))
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID = Field(foreign_key="account.id")


class Reveal(SQLModel, table=True):
    """Someone of the staff looked at masked values in full, and said why."""

    __table_args__ = (one_of("reason", RevealReason), {"info": {"append_only": True}})

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    fields: str = Field(sa_type=WORD)
    """What was shown: words of ``PersonalField``, with commas between them."""
    reason: RevealReason = Field(sa_type=Word(RevealReason))
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What was said besides, under the person's key; it may name people."""
    revealed_at: datetime = Field(sa_type=UtcTime)
    revealed_by: UUID = Field(foreign_key="account.id")


class Closure(SQLModel, table=True):
    """A decision of two persons to freeze, unfreeze or erase a dossier; the newest counts."""

    __table_args__ = (one_of("act", ClosureAct), {"info": {"append_only": True}})

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    act: ClosureAct = Field(sa_type=Word(ClosureAct))
    ground: str | None = Field(default=None, sa_type=WORD)
    """Why it must be kept, of the list in keeping.toml; only when frozen for such a reason."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """The reason, under the person's key: of an erased person nobody can read it."""
    proposed_by: UUID = Field(foreign_key="account.id")
    decided_at: datetime = Field(sa_type=UtcTime)


class PersonalRequest(SQLModel, table=True):
    """A step of a request by which a person uses a right: asked, and answered."""

    __tablename__ = "personal_request"
    __table_args__ = (
        one_of("kind", RequestKind),
        one_of("answer", RequestAnswer),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID
    """The first step's own id; what answers it names it."""
    kind: RequestKind = Field(sa_type=Word(RequestKind))
    answer: RequestAnswer | None = Field(default=None, sa_type=Word(RequestAnswer))
    """None in the step that asks."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """What was said, under the person's key."""
    due_on: date | None = None
    """The last day for the answer, as of the rule in force when it was asked."""
    recorded_at: datetime = Field(sa_type=UtcTime)
    recorded_by: UUID = Field(foreign_key="account.id")


class RelativeHandover(SQLModel, table=True):
    """Something was handed to a near relative of a dead person, as two persons had granted."""

    __tablename__ = "relative_handover"
    __table_args__: ClassVar[dict[str, object]] = {"info": {"append_only": True}}

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)
    proposal_id: UUID
    handed_at: datetime = Field(sa_type=UtcTime)
    handed_by: UUID = Field(foreign_key="account.id")


class Tiding(SQLModel, table=True):
    """Something that a person is to be told: kept until it was read, and told by a message."""

    __table_args__: ClassVar[tuple[object, ...]] = (
        UniqueConstraint("worker_id", "key"),
        Index("ix_tiding_looked_at", "looked_at"),
        FORGOTTEN,
    )

    worker_id: UUID = Field(primary_key=True)
    """Of a request about nobody it is an identifier that no worker has."""
    id: UUID = Field(default_factory=new_id, primary_key=True)
    notice: str = Field(sa_type=WORD)
    """A word of ``Notice``: what is told, and the template of the message."""
    key: str = Field(max_length=80)
    noted_at: datetime = Field(sa_type=UtcTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcTime)
    """When the sender of notices looked whom it is for."""
    read_at: datetime | None = Field(default=None, sa_type=UtcTime)


class NewsMark(SQLModel, table=True):
    """Up to which link of the dossier's chain its holder knows it, and how they want to hear.

    Links are numbered in the order in which their transactions committed, so that nothing is
    missed that was written slowly; a moment could not say so.
    """

    __tablename__ = "news_mark"
    __table_args__ = FORGOTTEN

    worker_id: UUID = Field(primary_key=True)
    read_sequence: int = 0
    """Up to where the holder confirmed reading; 0 before the first time."""
    told_sequence: int = 0
    """Up to where a daily message told of it; 0 before the first one."""
    wants_digest: bool = True
    """Whether a daily message is sent; the list on the own page cannot be switched off."""


def has_tidings(worker_id: Mapped[UUID | None]) -> ColumnElement[bool]:
    """Return the condition that a worker was told something and has not read it."""
    return exists().where(col(Tiding.worker_id) == worker_id, col(Tiding.read_at).is_(None))
