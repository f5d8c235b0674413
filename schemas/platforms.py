"""Course platforms: what they sent, and which of them an organisation trusts."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import RowState, Way


class ArrivalView(Contract):
    """A result that a platform sent, and what became of it."""

    arrived_at: datetime
    way: Way
    reference: str
    """The statement's or the badge's identifier."""
    course: str
    """The platform's identifier of the course."""
    whom: str
    """Who is meant, masked."""
    state: RowState
    code: str | None = None
    message: Bilingual | None = None
    """Why it could not be used, and what to do."""
    record_id: UUID | None = None


class PlatformView(Contract):
    """A platform whose badges count for an organisation, or did, or will."""

    id: UUID
    organisation: str
    organisation_name: Bilingual
    name: str
    issuer: str
    keys: tuple[str, ...]
    """Kind and name of each key."""
    registered_by: str
    registered_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    can_confirm: bool
    """Whether the asker may confirm it: a second person."""


class PlatformList(Contract):
    """Platforms, the newest first."""

    platforms: tuple[PlatformView, ...]


class ArrivalList(Contract):
    """What came within thirty days, the newest first."""

    arrivals: tuple[ArrivalView, ...]


class BadgeWarning(Contract):
    """Something about a badge that is worth a look."""

    code: str
    message: Bilingual


class BadgeReport(Contract):
    """The completion that a badge proved."""

    state: RowState
    record_id: UUID | None
    platform: str
    course: str
    """The course's code."""
    course_title: Bilingual
    whom: str
    """Whose it is, masked."""
    completed_on: date
    digest: str
    """Hex SHA-256 of the file."""
    warnings: tuple[BadgeWarning, ...] = ()
