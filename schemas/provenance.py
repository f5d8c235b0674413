"""Where the rows of a record came from, as far as the asker may know; told for ever."""

from datetime import datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.dossiers import OrganisationView
from schemas.vocabulary import Act, RecordKind, Role, Way


class ProvenanceLine(Contract):
    """Where one row of a record came from: its posting, a correction, its withdrawal."""

    version_id: UUID
    act: Act
    organisation: OrganisationView
    role: Role
    """As whom the account acted that posted it."""
    account: str | None
    """Its name; None for who may not know it."""
    recorded_at: datetime
    way: Way | None
    """None for what was posted before ways were kept, and where they went with a person's key."""
    reference: str | None = None
    """What names it there: a class, a case, a statement, a badge, another credit bank."""
    file_name: str | None = None
    """Sealed with the record: it may name people."""
    row: int | None = None
    digest: str | None = None
    """Hex SHA-256 of what was sent; of a file of the whole file."""
    batch_id: UUID | None = None


class ProvenanceView(Contract):
    """Where a record came from, row by row, the first posting first."""

    record_id: UUID
    archive_number: str
    kind: RecordKind
    is_closed: bool
    """Whether the person's key is locked or destroyed: then only what names nobody is told."""
    lines: tuple[ProvenanceLine, ...]
