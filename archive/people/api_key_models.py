"""The table of keys by which an organisation's programs act; what opens is a row of sign_in."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime
from schemas.ids import new_id


class ApiKey(SQLModel, table=True):
    """A program of an organisation: an account of its own that may only what the key names."""

    __tablename__ = "api_key"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account_id: UUID = Field(foreign_key="account.id", unique=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    title: str = Field(max_length=60)
    """What the organisation calls the program."""
    prefix: str = Field(max_length=12)
    """The first characters of the newest secret, to tell keys apart."""
    made_by: UUID = Field(foreign_key="account.id")
    rotated_by: UUID | None = None
    """Who had the newest secret made, and saw it; None while it is the first."""
    made_at: datetime = Field(sa_type=UtcTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcTime)
