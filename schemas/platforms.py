"""Course platforms: what they sent, and which of them an organisation trusts."""

from datetime import datetime
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


class ArrivalList(Contract):
    """What came within thirty days, the newest first."""

    arrivals: tuple[ArrivalView, ...]
