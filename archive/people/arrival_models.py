"""Tables of arriving: one-time codes, registrations that wait for proof, activation codes.

None is a dossier's: what a stranger says of oneself stands here until it is proved.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import WORD, UtcTime, Word, one_of
from schemas.ids import new_id


class CodePurpose(StrEnum):
    """What a code opens; it opens nothing else."""

    SIGN_IN = "sign_in"
    JOIN = "join"
    CONTACT = "contact"


class OneTimeCode(SQLModel, table=True):
    """A code that was asked for; the sender of notices makes it, not the page that asks."""

    __tablename__ = "one_time_code"
    __table_args__ = (one_of("purpose", CodePurpose),)

    token_digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    """Of the token that the asking browser keeps: elsewhere the code is worth nothing."""
    purpose: CodePurpose = Field(sa_type=Word(CodePurpose))
    reached_by: str = Field(sa_type=WORD)
    """``phone`` or ``email``: among which digests it is looked for."""
    contact_digest: bytes = Field(sa_type=LargeBinary)
    """Under the key of look-ups in use, followed by those that a rotation has not emptied."""
    account_id: UUID | None = None
    """Whose sign-in it finishes; None until it was looked for, and for nobody."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """What a registration says, under the key of the account that it would begin; which contact
    is to be confirmed, under the person's."""
    code_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    tries: int = 0
    asked_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Registration(SQLModel, table=True):
    """What someone said of oneself, sealed; no dossier until it is proved."""

    account_id: UUID = Field(primary_key=True, foreign_key="account.id")
    sealed: bytes = Field(sa_type=LargeBinary)
    reached_by: str = Field(sa_type=WORD)
    made_at: datetime = Field(sa_type=UtcTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcTime)


class Activation(SQLModel, table=True):
    """A code on paper that binds an account to a dossier, or makes one in an organisation."""

    __table_args__: ClassVar[dict[str, object]] = {"info": {"forgotten": True}}

    id: UUID = Field(default_factory=new_id, primary_key=True)
    code_digest: bytes = Field(unique=True, sa_type=LargeBinary)
    role: str = Field(sa_type=WORD)
    worker_id: UUID | None = Field(default=None, index=True)
    organisation_id: UUID | None = Field(default=None, foreign_key="organisation.id")
    made_by: UUID = Field(foreign_key="account.id")
    made_at: datetime = Field(sa_type=UtcTime)
    expires_at: datetime = Field(sa_type=UtcTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)
    used_by: UUID | None = None
