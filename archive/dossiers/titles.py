"""What a record, an occupation and an organisation are called, for people."""

from typing import TYPE_CHECKING

from archive.dossiers.occupations import name_of
from schemas.contracts import Bilingual
from schemas.dossiers import OrganisationView
from schemas.records import Record as AnyRecord
from schemas.vocabulary import RecordKind

if TYPE_CHECKING:  # What is called a record is told without the tables, too.
    from archive.people.models import Organisation


def title_of(record: AnyRecord) -> str:  # noqa: PLR0911  # One answer a kind.
    """Return what a record is called: its course, certificate, event, school or employer."""
    match record.kind:
        case RecordKind.IDENTITY | RecordKind.NAME_CHANGE:
            return record.name
        case RecordKind.TRAINING:
            return record.course_name
        case RecordKind.CERTIFICATE:
            return record.title or record.trade or name_of(record.occupation or "") or "—"
        case RecordKind.COMPETITION:
            return f"{record.event_name} · {record.item}" if record.item else record.event_name
        case RecordKind.APPRENTICESHIP:
            return record.trade or name_of(record.occupation or "") or record.employer_name
        case RecordKind.HONOUR:
            return record.title
        case RecordKind.EDUCATION:
            return f"{record.school_name} · {record.major}" if record.major else record.school_name
        case RecordKind.EXPERIENCE:
            return (
                f"{record.employer_name} · {record.post}" if record.post else record.employer_name
            )


def occupation_name(code: str | None) -> Bilingual | None:
    """Return an occupation's name; English has only the code beside the Chinese name."""
    name = name_of(code) if code else None
    return Bilingual(zh=name, en=f"{name} ({code})") if name else None


def organisation_view(organisation: "Organisation") -> OrganisationView:
    """Return an organisation as anyone may see it."""
    return OrganisationView(
        id=organisation.id,
        code=organisation.code,
        name=Bilingual(zh=organisation.name, en=organisation.name_en),
        kind=organisation.kind,
        street=organisation.street,
        is_demo=organisation.is_demo,
    )
