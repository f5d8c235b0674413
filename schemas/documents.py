"""What a holder, or an office for one, wants a document about: the request, before it is judged.

What is signed in the end stands in transcripts.py.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract, Line
from schemas.vocabulary import DocumentLanguage, DocumentScope, DocumentState, RunState

MOST_LISTED = 5_000
"""Documents of one list."""
ListedWord = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^\S+$")]
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
    for_whom: Bilingual | None = None
    """The organisation that had it made by the holder's consent; None for any other document."""
    request: UUID | None = None
    """The request by whose consent it was made: taking that back takes the document back."""
    is_taken_back: bool = False
    """Whether that consent was taken back: whoever verifies the document is told so."""
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
    """Empty where it is about a consent: a list tells nobody whom a request met."""
    reference: str | None = None
    """What the organisation calls its request, where a document is made by consent."""
    name_masked: str
    code: str
    reason: Bilingual


class BatchView(Contract):
    """Documents for many, as who asked for them sees them."""

    id: UUID
    organisation: str
    """Code of the organisation for which they are made."""
    is_by_consent: bool = False
    """Whether they are about those who consented to documents for that organisation."""
    scope: DocumentScope
    language: DocumentLanguage
    class_id: UUID | None
    state: RunState
    is_under_way: bool
    total: int
    ready: int
    failed: int
    megabytes: int
    """What they take on the archive's disk at most."""
    waits_for: str | None = None
    """The code of what it waits for, such as room on the disk; None when it goes on."""
    waits_because: Bilingual | None = None
    asked_at: datetime
    ended_at: datetime | None
    kept_until: datetime
    faults: tuple[BatchFault, ...] = ()
    """The first of those that were not issued."""

    @property
    def done(self) -> int:
        """Documents of which it is decided."""
        return self.ready + self.failed


class BatchLine(Contract):
    """One document of many, and what became of it."""

    position: int
    reference: str | None = None
    """What the organisation calls its request, where it is made by consent."""
    archive_number: str
    name_masked: str
    document: UUID | None = None
    """The document's number; None while there is none."""
    state: DocumentState
    code: str | None = None
    """The code of what refused it."""
    reason: Bilingual | None = None


class BatchLines(Contract):
    """Some lines of documents for many, in their order."""

    lines: tuple[BatchLine, ...]
    next: int | None
    """After which place the next lines stand; None when these are the last."""


class BatchList(Contract):
    """Documents for many that an organisation asked for lately, the newest first."""

    lists: tuple[BatchView, ...]


class BatchAsked(Contract):
    """Documents for many that are asked for: of a class, of archive numbers, or by consent."""

    class_id: UUID | None = None
    """A closed class of the own organisation."""
    numbers: tuple[ListedWord, ...] = Field(default=(), max_length=MOST_LISTED)
    """Archive numbers; the bureau's only."""
    by_consent: bool = False
    """Of those who consented to documents for the organisation."""
    organisation: str | None = Field(default=None, max_length=40)
    """With ``by_consent`` the bureau tells for which one, by its code."""
    references: tuple[ListedWord, ...] = Field(default=(), max_length=MOST_LISTED)
    """With ``by_consent``: the organisation's own references; none: every consent that stands."""
    scope: Literal["dossier", "credits"] = "dossier"
    """What documents about archive numbers are about; others are about records."""
    language: DocumentLanguage = DocumentLanguage.CHINESE


class RefreshReport(Contract):
    """What the run did that stamps kept files anew."""

    looked_at: int
    """Files that are kept, of documents whose validity is not over."""
    refreshed: int
    refused: int
    """Files whose last stamp does not hold any more; their documents are to be issued anew."""
