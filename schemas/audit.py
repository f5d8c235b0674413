"""What the audit tells: whether its rows are as they were told, and who looked at whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

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


class AuditForm(StrEnum):
    """As what events are taken away."""

    CSV = "csv"
    JSON_LINES = "jsonl"


class AuditAsked(Contract):
    """What is looked for in the audit; what is None is not asked."""

    worker: Annotated[str | None, Field(max_length=100)] = None
    """An archive number."""
    account: Annotated[str | None, Field(max_length=100)] = None
    action: Annotated[str | None, Field(max_length=100)] = None
    """A permission, such as “dossier.read”."""
    request: Annotated[str | None, Field(max_length=100)] = None
    """The number of a request, as a worker or a log tells it."""
    since: date | None = None
    until: date | None = None
    """To the end of this local day."""
    refused: bool = False
    """Only what was refused."""
    before: UUID | None = None
    """The “older” of the last page."""


class AuditExportAsked(AuditAsked):
    """What is taken away, and as what; ``before`` has no meaning here."""

    form: AuditForm = AuditForm.CSV


class SealState(Contract):
    """How far a stream of the audit is sealed."""

    stream: str
    number: int | None
    """The newest seal; None before the first."""
    sealed_at: datetime | None
    hash: str | None
    unsealed: int
    """Of the last day, what waits for its seal."""


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
