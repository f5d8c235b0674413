"""What the bureau sees of two dossiers of one person: side by side, and what a merger would do.

Names and numbers are masked: who compares recognises a person, and learns nothing to take away.
"""

from datetime import date, datetime
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.credits import Credits
from schemas.vocabulary import Account, DocumentType, RecordKind


class PersonSide(Contract):
    """One of two dossiers, as far as it tells whose it is."""

    archive_number: str
    name_masked: str
    former_names_masked: tuple[str, ...]
    document_type: DocumentType
    document_number_masked: str
    records: int
    """Records of learning and work that stand."""
    balances: dict[Account, Credits]


class MergedRecord(Contract):
    """A record of one of the two dossiers, and what becomes of its credits."""

    record_id: UUID
    """As it is called before the merger."""
    title: str
    kind: RecordKind
    organisation: Bilingual
    effective_on: date | None
    is_carried: bool
    """Whether it comes from the dossier that closes."""
    is_double: bool = False
    """Whether the other dossier has it already: it is named, and not added."""
    is_changed: bool = False
    """Of a double: whether the other dossier's says something else, and stands."""
    before: Credits
    after: Credits
    reason: str | None = None
    """Why it earns what it earns afterwards; None when no rule covers it."""


class MergerPreview(Contract):
    """What a merger would do; nothing is written."""

    closing: PersonSide
    survivor: PersonSide
    is_same_name: bool
    """Whether a present or former name of one is one of the other."""
    is_same_birth: bool | None
    """Whether both documents tell one day of birth; None where one tells none."""
    records: tuple[MergedRecord, ...]
    """All that are carried, and those of the surviving dossier whose credits change."""
    uses: int
    """Accepted uses of credits that are carried."""
    balances: dict[Account, Credits]
    """Of the surviving dossier afterwards."""


class MergerProposed(Contract):
    """A merger that waits for a second person, or was answered."""

    id: UUID
    closing_number: str
    into_number: str
    proposed_by: str
    proposed_at: datetime
    is_approved: bool | None
    answered_by: str | None
    answered_at: datetime | None
    evidence: str
    """SHA-256 of the scan, in hex."""
    reason: str | None = None
    """None in a list, and when the person's data were erased."""


class MergerList(Contract):
    """Mergers that were proposed, the newest first."""

    mergers: tuple[MergerProposed, ...]
