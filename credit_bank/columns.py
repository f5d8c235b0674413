"""Column types that read the same from SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, DateTime, Dialect, Integer, String
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import SQLModel

from schemas.vocabulary import Rank

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
"""Every constraint has a name, so that a later migration can find it."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: it would be guessed later."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a moment needs a time zone"
            raise ValueError(message)
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Hundredth(TypeDecorator[Decimal]):
    """A decimal of two places, kept as an integer of hundredths: exact on every database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, _dialect: Dialect) -> int | None:
        """Return the hundredths."""
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> Decimal | None:
        """Return the decimal."""
        return None if value is None else Decimal(value) / 100


class Word(TypeDecorator[StrEnum]):
    """A member of a vocabulary, kept as text: a database's own enum is hard to extend."""

    impl = String(40)
    cache_ok = True

    def __init__(self, members: type[StrEnum]) -> None:
        """Take the vocabulary."""
        super().__init__()
        self.members = members

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # The interface's signature.
        """Return the text; raises ValueError for a word outside the vocabulary."""
        return None if value is None else self.members(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002  # The interface's signature.
        """Return the member."""
        return None if value is None else self.members(value)


class Level(TypeDecorator[Rank]):
    """A skill level, kept as the number of its rank."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Rank | None, dialect: Dialect) -> int | None:  # noqa: ARG002  # The interface's signature.
        """Return the number."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Rank | None:  # noqa: ARG002  # The interface's signature.
        """Return the rank."""
        return None if value is None else Rank(value)


UNITS: type[TypeEngine[int]] = BigInteger
"""Credits are whole units, and a district has many."""


def one_of(column: str, members: type[StrEnum]) -> CheckConstraint:
    """Return the check that a text column holds a member of ``members``."""
    words = ", ".join(f"'{member.value}'" for member in members)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


WORD = String(40)
"""The width of a word of the vocabulary."""
