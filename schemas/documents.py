"""What a holder, or an office for one, wants a document about: the request, before it is judged.

What is signed in the end stands in transcripts.py.
"""

from datetime import date
from uuid import UUID

from pydantic import Field

from schemas.contracts import Contract, Line
from schemas.vocabulary import DocumentLanguage, DocumentScope

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
