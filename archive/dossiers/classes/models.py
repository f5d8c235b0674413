"""Tables of classes: filings, rosters, lessons, presence, closings, spot checks.

All are append-only; of what is told again the highest version counts, so that nobody can
change unseen what an inspector saw. Whoever writes holds the class's row (``opening.held``).
What names a person is sealed under a key of that one place on the roster, or of the class.
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from credit_bank.columns import Hundredth, UtcTime, Word, one_of
from schemas.ids import new_id
from schemas.vocabulary import MemberFate

APPEND_ONLY = {"info": {"append_only": True}}
FILING = "class_filing.sealed"
MEMBER = "class_member.sealed"
MARK = "class_mark.sealed"
CHECK = "class_check.sealed"


class TrainingClass(SQLModel, table=True):
    """A class of an organisation, known by its number."""

    __tablename__ = "training_class"
    __table_args__ = (UniqueConstraint("organisation_id", "number"), APPEND_ONLY)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    number: str = Field(max_length=40)
    opened_at: datetime = Field(sa_type=UtcTime)
    opened_by: UUID = Field(foreign_key="account.id")


class ClassFiling(SQLModel, table=True):
    """What was filed of a class; a later version changes what may still be changed."""

    __tablename__ = "class_filing"
    __table_args__ = (Index("ix_class_filing_days", "first_on", "last_on"), APPEND_ONLY)

    class_id: UUID = Field(primary_key=True, foreign_key="training_class.id")
    version: int = Field(primary_key=True)
    course_id: UUID = Field(foreign_key="offered_course.id")
    """The version of the course under which it was opened."""
    first_on: date
    last_on: date
    place: str
    planned: int
    """For how many people."""
    sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The teacher's name, under the class's key; None when nobody is named yet."""
    filed_at: datetime = Field(sa_type=UtcTime)
    filed_by: UUID = Field(foreign_key="account.id")


class ClassMember(SQLModel, table=True):
    """A place on the roster. Whose it is stands sealed under a key of its own."""

    __tablename__ = "class_member"
    __table_args__ = (
        UniqueConstraint("class_id", "person_digest"),
        UniqueConstraint("class_id", "place"),
        Index("ix_class_member_person", "person_digest"),
        APPEND_ONLY,
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    class_id: UUID = Field(foreign_key="training_class.id")
    place: int
    """The number on the roster, from 1."""
    person_digest: bytes = Field(sa_type=LargeBinary)
    """Keyed digest of the identity document: one person stands on a roster once."""
    sealed: bytes = Field(sa_type=LargeBinary)
    enrolled_at: datetime = Field(sa_type=UtcTime)
    enrolled_by: UUID = Field(foreign_key="account.id")


class ClassMark(SQLModel, table=True):
    """What is told of a member besides the name: account at the platform, result, leaving."""

    __tablename__ = "class_mark"
    __table_args__ = (
        Index("ix_class_mark_class", "class_id"),
        Index("ix_class_mark_account", "account_digest"),
        APPEND_ONLY,
    )

    member_id: UUID = Field(primary_key=True, foreign_key="class_member.id")
    version: int = Field(primary_key=True)
    class_id: UUID = Field(foreign_key="training_class.id")
    sealed: bytes = Field(sa_type=LargeBinary)
    """Account, score, grade and the reason of leaving, under the key of the place."""
    account_digest: bytes | None = Field(default=None, sa_type=LargeBinary)
    has_left: bool = False
    marked_at: datetime = Field(sa_type=UtcTime)
    marked_by: UUID = Field(foreign_key="account.id")


class ClassLesson(SQLModel, table=True):
    """A lesson of a class: its day and class hours. A later version may strike it."""

    __tablename__ = "class_lesson"
    __table_args__ = (Index("ix_class_lesson_class", "class_id"), APPEND_ONLY)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    version: int = Field(primary_key=True)
    class_id: UUID = Field(foreign_key="training_class.id")
    held_on: date
    hours: Decimal = Field(sa_type=Hundredth)
    is_struck: bool = False
    noted_at: datetime = Field(sa_type=UtcTime)
    noted_by: UUID = Field(foreign_key="account.id")


class ClassPresence(SQLModel, table=True):
    """How many class hours of a lesson a member attended."""

    __tablename__ = "class_presence"
    __table_args__ = (Index("ix_class_presence_class", "class_id"), APPEND_ONLY)

    lesson_id: UUID = Field(primary_key=True)
    member_id: UUID = Field(primary_key=True, foreign_key="class_member.id")
    version: int = Field(primary_key=True)
    class_id: UUID = Field(foreign_key="training_class.id")
    hours: Decimal = Field(sa_type=Hundredth)
    noted_at: datetime = Field(sa_type=UtcTime)
    noted_by: UUID = Field(foreign_key="account.id")


class ClassClosing(SQLModel, table=True):
    """That a class was closed: from then on nothing in it changes."""

    __tablename__ = "class_closing"
    __table_args__ = (APPEND_ONLY,)

    class_id: UUID = Field(primary_key=True, foreign_key="training_class.id")
    members: int
    closed_at: datetime = Field(sa_type=UtcTime)
    closed_by: UUID = Field(foreign_key="account.id")


class ClassPosting(SQLModel, table=True):
    """What became of one member when the class was closed: once, whatever is killed meanwhile."""

    __tablename__ = "class_posting"
    __table_args__ = (one_of("fate", MemberFate), APPEND_ONLY)

    class_id: UUID = Field(primary_key=True, foreign_key="training_class.id")
    member_id: UUID = Field(primary_key=True, foreign_key="class_member.id")
    fate: MemberFate = Field(sa_type=Word(MemberFate))
    code: str | None = Field(default=None, max_length=60)
    """Of the first refusal that spoke against it."""
    worker_id: UUID | None = None
    record_id: UUID | None = None
    posted_at: datetime = Field(sa_type=UtcTime)


class ClassCheck(SQLModel, table=True):
    """A spot check by the bureau: on which day, who, and what was found."""

    __tablename__ = "class_check"
    __table_args__ = (Index("ix_class_check_class", "class_id"), APPEND_ONLY)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    class_id: UUID = Field(foreign_key="training_class.id")
    checked_on: date
    sealed: bytes = Field(sa_type=LargeBinary)
    """Who went and what was found, under the class's key: it may name people."""
    noted_at: datetime = Field(sa_type=UtcTime)
    noted_by: UUID = Field(foreign_key="account.id")
