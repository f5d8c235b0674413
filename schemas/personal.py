"""What the archive tells of a person beside the records: who is found, and how to reach them."""

from datetime import datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.vocabulary import (
    ContactKind,
    DocumentType,
    PersonalField,
    RevealReason,
)


class FoundPerson(Contract):
    """Someone who bears a name: as little as tells two of them apart."""

    archive_number: str
    document_type: DocumentType | None
    """None when the dossier is frozen; then nothing else is told either."""
    document_number_masked: str | None
    birth_year: int | None
    """None when neither the document nor the record tells it."""


class FoundPeople(Contract):
    """Everyone who bears a name, or bore it."""

    people: tuple[FoundPerson, ...]


class ContactsView(Contract):
    """How a person can be reached, masked."""

    archive_number: str
    contacts: dict[ContactKind, str]
    waiting: dict[ContactKind, str]
    """What the person has told and not confirmed: it is used for nothing."""


class RevealedView(Contract):
    """Values in full, shown once for a reason that is on record."""

    archive_number: str
    reveal_id: UUID
    reason: RevealReason
    revealed_at: datetime
    values: dict[PersonalField, str]


class ExportedView(Contract):
    """A whole dossier that was written to a file."""

    archive_number: str
    records: int
    sha256: str
    size_bytes: int
