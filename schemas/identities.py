"""Who a dossier belongs to: records of a person's names and documents."""

from datetime import date
from typing import Literal

from schemas.contracts import Line
from schemas.record_base import Keyed, RecordBase
from schemas.vocabulary import DocumentType, RecordKind


class Identity(RecordBase):
    """By which name and document a person is known; the first record of each dossier."""

    kind: Literal[RecordKind.IDENTITY] = RecordKind.IDENTITY
    name: Line
    document_type: DocumentType
    document_number: Line
    born_on: date | None = None

    @property
    def effective_on(self) -> None:
        """An identity has no day of its own."""
        return

    @property
    def subject(self) -> str:
        """The document's number."""
        return self.document_number

    def measures(self, keyed: Keyed) -> None:
        """Return nothing: being someone earns no credit."""


class NameChange(RecordBase):
    """A new name; the former one stays on file, so that the person is still found."""

    kind: Literal[RecordKind.NAME_CHANGE] = RecordKind.NAME_CHANGE
    name: Line
    former_name: Line
    changed_on: date

    @property
    def effective_on(self) -> date:
        """The day of the change."""
        return self.changed_on

    @property
    def subject(self) -> str:
        """Both names."""
        return f"{self.former_name}>{self.name}"

    def measures(self, keyed: Keyed) -> None:
        """Return nothing: a name earns no credit."""
