"""What is told of the counter: visits, what was done there, papers that were seen."""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.dossiers import OrganisationView
from schemas.vocabulary import DocumentType, Permission, ScanType, SightingKind, VisitPurpose


class CounterMark(Contract):
    """That something was done at the counter: by whom, on which authorisation."""

    visit_id: UUID
    account: str
    office: OrganisationView | None
    authorisation: str
    """The first characters of the scan's SHA-256, as on the list of visits."""
    done_at: datetime


class VisitAct(Contract):
    """Something that was done at a visit."""

    act: Permission
    subject_id: UUID
    done_at: datetime


class VisitView(Contract):
    """A visit to the counter, with all that was done there."""

    id: UUID
    account: str
    office: OrganisationView | None
    document_seen: DocumentType
    purpose: VisitPurpose
    authorisation: str
    authorisation_type: ScanType
    opened_at: datetime
    ended_at: datetime
    """When it was ended, or when it ends by itself."""
    acts: tuple[VisitAct, ...]


class SightingView(Contract):
    """That a paper was seen, or the national site asked, for a record."""

    id: UUID
    kind: SightingKind
    seen_on: date
    account: str
    office: OrganisationView | None
    text: str | None
    noted_at: datetime


class SightingList(Contract):
    """All that was seen of a record, the newest first."""

    sightings: tuple[SightingView, ...]
