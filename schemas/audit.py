"""What the audit tells: whether its rows are as they were told, and who looked at whom."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.vocabulary import Role


class SealMark(Contract):
    """The newest seal of a stream, as a checkpoint keeps it."""

    stream: str
    number: int
    hash: str


class SealFault(Contract):
    """Something in the audit that is not as it was told."""

    stream: str
    """“writes” or “accesses”."""
    seal: int | None
    """The number of the seal; None for a row that none holds."""
    event_id: UUID | None
    """The row; None when the seal itself is at fault."""
    code: str
    message: Bilingual


class SealReport(Contract):
    """Whether both streams of the audit are as they were told."""

    seals: int
    events: int
    unsealed: int
    """Rows that wait for their seal; the server seals every few seconds."""
    faults: tuple[SealFault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


class SealReceipt(Contract):
    """How many events were sealed."""

    events: int


class Look(Contract):
    """One look at a dossier, or one act on it, as its worker reads it; no account is named."""

    at: datetime
    organisation: Bilingual | None
    role: Role | None
    """None for a stranger, and for the archive itself."""
    is_stranger: bool
    action: str
    """The permission that was used, or “command:…” or “job:…”."""
    what: Bilingual
    is_write: bool
    is_refused: bool
    """Whether it was only tried."""
    at_counter: bool
    """Whether the worker was present, at the counter."""
    request: str | None
    """By this number an audit administrator finds the act."""


class LookDay(Contract):
    """The looks of a local day; the worker's own are only counted."""

    day: date
    looks: tuple[Look, ...]
    own: int


class LookList(Contract):
    """Who looked at a dossier, the newest first."""

    archive_number: str
    days: tuple[LookDay, ...]
    older: UUID | None
    """Ask for what was before this one; None at the end."""


class AuditLine(Contract):
    """One event, as an audit administrator reads it; a typed reason stays sealed."""

    id: UUID
    at: datetime
    account: str | None
    role: str | None
    organisation: str | None
    """The organisation's code."""
    visit_id: UUID | None
    action: str
    worker: str | None
    """The archive number; None for nobody, and for a dossier that is gone."""
    worker_id: UUID | None
    subject_kind: str | None
    subject_id: UUID | None
    people: int | None
    """Of an act over all dossiers: how many it opened."""
    request: str | None
    purpose: str | None
    source: str | None
    """A digest of the network address: equal ones come from one place."""
    outcome: str
    code: str | None


class AuditLines(Contract):
    """Events, the newest first."""

    lines: tuple[AuditLine, ...]
    older: UUID | None


class AuditExportReceipt(Contract):
    """How many events were written to a file."""

    events: int
