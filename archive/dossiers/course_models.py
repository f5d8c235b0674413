"""Tables of the courses that organisations offer, and under which names platforms know them.

Both are append-only: a changed course is a row that replaces the earlier one, so that a class
keeps what it was opened under. Classes stand in ``classes/models.py``.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, false, true
from sqlmodel import Field, SQLModel

from credit_bank.columns import UNITS, Hundredth, Level, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import Mode, Rank

APPEND_ONLY = {"info": {"append_only": True}}


class OfferedCourse(SQLModel, table=True):
    """A version of a course: what the catalogue shows, what a class is opened under."""

    __tablename__ = "offered_course"
    __table_args__ = (
        UniqueConstraint("replaces_id"),
        Index("ix_offered_course_organisation", "organisation_id", "code"),
        one_of("mode", Mode),
        APPEND_ONLY,
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    code: str = Field(max_length=40)
    """The course's code, as its records will tell it."""
    title: str
    title_en: str
    occupation: str | None = Field(default=None, max_length=10)
    rank: Rank | None = Field(default=None, sa_type=Level)
    """The level that it trains for; None for a course of no level."""
    hours: Decimal = Field(sa_type=Hundredth)
    fee_fen: int | None = Field(default=None, sa_type=UNITS)
    """None when nobody told it, which is not free of charge."""
    mode: Mode | None = Field(default=None, sa_type=Word(Mode))
    asks_attendance: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    """Whether attendance is part of passing, so that a class has to record it."""
    resource: str | None = None
    """Address of the digital resource; None when there is none."""
    is_published: bool = Field(default=True, sa_column_kwargs={"server_default": true()})
    """Whether others than the organisation are shown it."""
    in_force_from: date
    in_force_until: date | None = None
    replaces_id: UUID | None = None
    published_at: datetime = Field(sa_type=UtcTime)
    published_by: UUID = Field(foreign_key="account.id")


class CourseIdentifier(SQLModel, table=True):
    """An identifier under which a platform knows a version of a course."""

    __tablename__ = "course_identifier"
    __table_args__ = (
        Index("ix_course_identifier_known", "organisation_id", "identifier"),
        APPEND_ONLY,
    )

    course_id: UUID = Field(primary_key=True, foreign_key="offered_course.id")
    identifier: str = Field(primary_key=True, max_length=500)
    """An IRI: the activity of an xAPI statement, the achievement of an Open Badge."""
    organisation_id: UUID = Field(foreign_key="organisation.id")
