"""Tables of consent: share links, the directory of their tokens, requests for access, answers.

Whom a worker shares with, what for and what, is sealed under the worker's key; in clear stands
only until when.
"""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.vocabulary import ConsentAct


class Share(SQLModel, table=True):
    """A share link: sealed for whom, what for, of what, and what is kept of its PIN."""

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    sealed: bytes = Field(sa_type=LargeBinary)
    frozen: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The content of a frozen share, sealed; None for one that shows the dossier as it is."""
    frozen_at: datetime | None = Field(default=None, sa_type=UtcTime)
    created_at: datetime = Field(sa_type=UtcTime)
    created_by: UUID = Field(foreign_key="account.id")
    expires_at: datetime = Field(sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class ShareToken(SQLModel, table=True):
    """Finds a share by the SHA-256 of its token: 256 random bits need no key to stay secret."""

    __tablename__ = "share_token"
    __table_args__ = (
        ForeignKeyConstraint(["worker_id", "share_id"], ["share.worker_id", "share.id"]),
        Index("ix_share_token_share", "worker_id", "share_id"),
        {"info": {"forgotten": True}},
    )

    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    worker_id: UUID
    share_id: UUID


class AccessRequest(SQLModel, table=True):
    """A request of an organisation for access to a dossier.

    One about nobody is kept alike, under an identifier that no worker has and with random
    bytes for a sealed text, so that neither the answer nor the list tells who is known here.
    """

    __tablename__ = "access_request"
    __table_args__ = (
        Index("ix_access_request_organisation", "organisation_id", "asked_at"),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    reference: str = Field(max_length=40)
    sealed: bytes = Field(sa_type=LargeBinary)
    asked_at: datetime = Field(sa_type=UtcTime)
    asked_by: UUID = Field(foreign_key="account.id")
    lapses_at: datetime = Field(sa_type=UtcTime)


class Consent(SQLModel, table=True):
    """What a worker said to a request: granted, declined, taken back."""

    __table_args__: ClassVar[tuple[object, ...]] = (
        ForeignKeyConstraint(
            ["worker_id", "request_id"], ["access_request.worker_id", "access_request.id"]
        ),
        Index("ix_consent_request", "worker_id", "request_id"),
        one_of("act", ConsentAct),
        {"info": {"append_only": True}},
    )

    worker_id: UUID = Field(primary_key=True)
    id: UUID = Field(primary_key=True)
    request_id: UUID
    act: ConsentAct = Field(sa_type=Word(ConsentAct))
    text_version: str | None = Field(default=None, sa_type=WORD)
    """Which text was agreed to; None unless access was granted."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What was granted and the text word for word, sealed; None unless access was granted."""
    expires_at: datetime | None = Field(default=None, sa_type=UtcTime)
    said_at: datetime = Field(sa_type=UtcTime)
    said_by: UUID = Field(foreign_key="account.id")
