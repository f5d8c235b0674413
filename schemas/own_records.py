"""What an organisation posted, as it is told itself."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import Act, RecordKind


class OwnRecord(Contract):
    """One record in the list of what an organisation posted."""

    record_id: UUID
    archive_number: str
    name_masked: str | None
    """None when the person's key is locked or destroyed."""
    kind: RecordKind
    title: str | None
    effective_on: date | None
    occupation_name: Bilingual | None
    act: Act
    """The newest: added, corrected, withdrawn."""
    undecided: str | None
    """Why its credits cannot be decided, ``reason.<code>``; None where they can."""
    posted_at: datetime
    batch_id: UUID | None
    row: int | None


class OwnRecords(Contract):
    """A page of them, the newest first."""

    records: tuple[OwnRecord, ...]
    next: str | None
    """Where the next page begins; None at the end."""
