"""Tables of the platforms whose badges an organisation lets count."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import PlatformAct

APPEND_ONLY = {"info": {"append_only": True}}


class Platform(SQLModel, table=True):
    """A platform as it was registered; who has other keys is registered anew."""

    __table_args__ = (
        Index("ix_platform_organisation", "organisation_id", "issuer"),
        APPEND_ONLY,
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    name: str = Field(max_length=120)
    issuer: str = Field(max_length=500)
    """What its badges name as issuer: an address or a DID."""
    keys: bytes = Field(sa_type=LargeBinary)
    """Its public keys, a JSON list of JWKs."""
    registered_by: UUID = Field(foreign_key="account.id")
    registered_at: datetime = Field(sa_type=UtcTime)


class PlatformStep(SQLModel, table=True):
    """That a platform was confirmed by a second person, or ended; each happens once."""

    __tablename__ = "platform_step"
    __table_args__ = (one_of("act", PlatformAct), APPEND_ONLY)

    platform_id: UUID = Field(primary_key=True, foreign_key="platform.id")
    act: PlatformAct = Field(primary_key=True, sa_type=Word(PlatformAct))
    taken_by: UUID = Field(foreign_key="account.id")
    taken_at: datetime = Field(sa_type=UtcTime)
