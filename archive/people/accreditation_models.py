"""Tables of what organisations are accredited to post: recorded, narrowed, ended, never edited."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field, SQLModel

from credit_bank.columns import Level, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import AccreditationAct, Rank

_APPEND_ONLY: dict[str, object] = {"info": {"append_only": True}}


class Accreditation(SQLModel, table=True):
    """What an organisation may post from a day on, by which act and paper."""

    __table_args__ = (one_of("act", AccreditationAct), _APPEND_ONLY)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id", index=True)
    act: AccreditationAct = Field(sa_type=Word(AccreditationAct))
    kinds: str | None = None
    """Kinds of record, by spaces; None for all."""
    occupations: str | None = None
    """Codes of occupations, by spaces; None for all."""
    highest_rank: Rank | None = Field(default=None, sa_type=Level)
    first_on: date
    last_on: date | None = None
    document: str
    recorded_by: UUID = Field(foreign_key="account.id")
    """Who proposed it; the second person stands in the proposal's answer."""
    recorded_at: datetime = Field(sa_type=UtcTime)


class AccreditationChange(SQLModel, table=True):
    """The end of an accreditation from a day on, or what is left of it from then."""

    __tablename__ = "accreditation_change"
    __table_args__: ClassVar[dict[str, object]] = _APPEND_ONLY

    id: UUID = Field(default_factory=new_id, primary_key=True)
    accreditation_id: UUID = Field(foreign_key="accreditation.id", index=True)
    from_on: date
    is_end: bool
    kinds: str | None = None
    occupations: str | None = None
    highest_rank: Rank | None = Field(default=None, sa_type=Level)
    reason: str
    document: str
    recorded_by: UUID = Field(foreign_key="account.id")
    recorded_at: datetime = Field(sa_type=UtcTime)
