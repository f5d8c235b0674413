"""Tables of the keys and seals of issuing bodies: registered, used, revoked, never edited."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.keys import KeyPlace, RevocationReason

_APPEND_ONLY: dict[str, object] = {"info": {"append_only": True}}


class IssuingKey(SQLModel, table=True):
    """A signing key of a body: its certificate, and where its private part is."""

    __tablename__ = "issuing_key"
    __table_args__ = (one_of("place", KeyPlace), _APPEND_ONLY)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    fingerprint: str = Field(unique=True, max_length=64)
    """Hex SHA-256 of the certificate."""
    chain: bytes = Field(sa_type=LargeBinary)
    """PEM: the certificate, those above it, the root last."""
    place: KeyPlace = Field(sa_type=Word(KeyPlace))
    reference: str = Field(max_length=500)
    """The file, or the key's name in the token or at the development authority."""
    valid_from: datetime = Field(sa_type=UtcTime)
    valid_to: datetime = Field(sa_type=UtcTime)
    added_by: UUID = Field(foreign_key="account.id")
    added_at: datetime = Field(sa_type=UtcTime)


class IssuingKeyUse(SQLModel, table=True):
    """From when on a key signs for its body, until another one does."""

    __tablename__ = "issuing_key_use"
    __table_args__: ClassVar[dict[str, object]] = _APPEND_ONLY

    id: UUID = Field(default_factory=new_id, primary_key=True)
    key_id: UUID = Field(foreign_key="issuing_key.id", index=True)
    since: datetime = Field(sa_type=UtcTime)
    proposed_by: UUID = Field(foreign_key="account.id")
    """The second person stands in the proposal's answer."""


class IssuingKeyRevocation(SQLModel, table=True):
    """From when on nothing that a key signed is to be believed."""

    __tablename__ = "issuing_key_revocation"
    __table_args__ = (one_of("reason", RevocationReason), _APPEND_ONLY)

    key_id: UUID = Field(foreign_key="issuing_key.id", primary_key=True)
    reason: RevocationReason = Field(sa_type=Word(RevocationReason))
    since: datetime = Field(sa_type=UtcTime)
    proposed_by: UUID = Field(foreign_key="account.id")
    decided_at: datetime = Field(sa_type=UtcTime)


class IssuingSeal(SQLModel, table=True):
    """A seal that a body registered; the newest one is printed."""

    __tablename__ = "issuing_seal"
    __table_args__: ClassVar[dict[str, object]] = _APPEND_ONLY

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    sha256: bytes = Field(sa_type=LargeBinary)
    drawing: bytes = Field(sa_type=LargeBinary)
    """Canonical JSON of a SealV1."""
    registered_by: UUID = Field(foreign_key="account.id")
    registered_at: datetime = Field(sa_type=UtcTime)
