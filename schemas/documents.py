"""What a holder, or an office for one, wants a document about: the request, before it is judged.

What is signed in the end stands in transcripts.py.
"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, Line
from schemas.vocabulary import DocumentLanguage, DocumentScope, DocumentState, RunState

MOST_RECORDS = 500
"""Of one document of chosen records: sixty pages."""


class DocumentAsked(Contract):
    """A document that is asked for; whether there can be one is judged when it is composed."""

    scope: DocumentScope = DocumentScope.DOSSIER
    language: DocumentLanguage = DocumentLanguage.CHINESE
    occupation: str | None = Field(default=None, max_length=80)
    """Code or name of the occupation that it is about."""
    first_day: date | None = None
    last_day: date | None = None
    """The period that it is about; one of the two may be left open."""
    records: tuple[UUID, ...] = Field(default=(), max_length=MOST_RECORDS)
    """The records that it is about; for the proof of a certificate exactly one."""
    purpose: Line | None = None
    """What the holder wants it for; it is printed."""
    whole_number: bool = False
    """Whether the number of the holder's document stands in it whole: the holder's own choice."""


class DocumentReport(Contract):
    """What a job that signs a document later tells in the end."""

    document: UUID


class DocumentView(Contract):
    """A document that was asked for, as its holder and who issued it see it."""

    id: UUID
    code: str
    scope: DocumentScope
    occupation_name: Bilingual | None = None
    first_day: date | None = None
    last_day: date | None = None
    records: int
    language: DocumentLanguage
    purpose: str | None
    has_whole_number: bool
    issued_at: datetime
    valid_until: date
    state: DocumentState
    fault: str | None = None
    """The code of what ended it; None unless it failed."""
    is_outdated: bool
    """Whether a record that it lists was corrected or withdrawn since."""
    is_past_validity: bool
    is_kept: bool
    """Whether its file is here, to be fetched again."""
    sha256: str | None = None
    size_bytes: int | None = None


class DocumentList(Contract):
    """The documents about one dossier, the newest first."""

    archive_number: str
    documents: tuple[DocumentView, ...]


class BatchReport(Contract):
    """What a job that makes documents for many tells in the end."""

    batch: UUID


class BatchFault(Contract):
    """One document of many that was not issued."""

    archive_number: str
    name_masked: str
    code: str
    reason: Bilingual


class BatchView(Contract):
    """Documents for many, as who asked for them sees them."""

    id: UUID
    scope: DocumentScope
    language: DocumentLanguage
    class_id: UUID | None
    state: RunState
    is_under_way: bool
    total: int
    ready: int
    failed: int
    asked_at: datetime
    ended_at: datetime | None
    kept_until: datetime
    faults: tuple[BatchFault, ...] = ()
    """The first of those that were not issued."""

    @property
    def done(self) -> int:
        """Documents of which it is decided."""
        return self.ready + self.failed


class RefreshReport(Contract):
    """What the run did that stamps kept files anew."""

    looked_at: int
    """Files that are kept, of documents whose validity is not over."""
    refreshed: int
    refused: int
    """Files whose last stamp does not hold any more; their documents are to be issued anew."""
