"""What is told of self-declared records (自主申报): nobody has verified them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.corrections import Told
from schemas.dossiers import OrganisationView
from schemas.records import Record as AnyRecord
from schemas.vocabulary import DeclarationAct, DeclarationState, RecordKind


class DeclarationTold(Contract):
    """What a step says: kept sealed under the person's key."""

    record: dict[str, Any] | None = None
    """What is declared, as a record would say it; only of what declares or changes."""
    text: Told = ""
    """Why it is declined, or a note to who is asked to confirm."""
    file_name: str = ""


class DeclarationStepView(Contract):
    """Something that happened to a self-declared record."""

    act: DeclarationAct
    recorded_at: datetime
    organisation: OrganisationView | None
    """To whom it was sent, or who answered."""
    text: str


class DeclarationView(Contract):
    """A self-declared record, as it stands."""

    id: UUID
    archive_number: str
    holder: str
    kind: RecordKind
    record: AnyRecord
    title: str
    occupation_name: Bilingual | None
    effective_on: date | None
    state: DeclarationState
    organisation: OrganisationView | None
    """Who was asked to confirm it last."""
    record_id: UUID | None
    """The record that it became; None until it was confirmed."""
    has_evidence: bool
    declared_at: datetime
    steps: tuple[DeclarationStepView, ...]

    @property
    def can_change(self) -> bool:
        """Whether its holder can still change, send or withdraw it."""
        return self.state not in {DeclarationState.CONFIRMED, DeclarationState.WITHDRAWN}


class DeclarationList(Contract):
    """Self-declared records that somebody is asked to confirm, those that wait first."""

    declarations: tuple[DeclarationView, ...]
