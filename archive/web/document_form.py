"""What the form of a document says: of every kind only what belongs to it is taken."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from archive.web.field_faults import faults_in
from schemas.documents import MOST_RECORDS, DocumentAsked
from schemas.outputs import FieldFault
from schemas.vocabulary import DocumentLanguage, DocumentScope


class WrittenDocument(BaseModel):
    """The form; what is empty was not filled in."""

    model_config = ConfigDict(extra="ignore")

    scope: DocumentScope = DocumentScope.DOSSIER
    language: DocumentLanguage = DocumentLanguage.CHINESE
    occupation: str = ""
    first_day: str = ""
    last_day: str = ""
    certificate: str = ""
    record: Annotated[list[str], Field(max_length=MOST_RECORDS)] = []
    purpose: str = ""
    whole: str = ""

    def told(self) -> dict[str, object]:
        """Return what was chosen for the kind that was chosen."""
        match self.scope:
            case DocumentScope.OCCUPATION:
                return {"occupation": self.occupation.strip() or None}
            case DocumentScope.PERIOD:
                days = {"first_day": self.first_day.strip(), "last_day": self.last_day.strip()}
                return {name: day for name, day in days.items() if day}
            case DocumentScope.RECORDS:
                return {"records": self.record}
            case DocumentScope.CERTIFICATE:
                return {"records": [self.certificate] if self.certificate else []}
            case DocumentScope.DOSSIER | DocumentScope.CREDITS:
                return {}


def document_in(written: WrittenDocument) -> tuple[DocumentAsked | None, tuple[FieldFault, ...]]:
    """Return the document that a form asks for, or its faults."""
    told = written.told() | {
        "scope": written.scope,
        "language": written.language,
        "purpose": " ".join(written.purpose.split()) or None,
        "whole_number": bool(written.whole),
    }
    try:
        return DocumentAsked.model_validate(told), ()
    except ValidationError as invalid:
        return None, faults_in(invalid)
