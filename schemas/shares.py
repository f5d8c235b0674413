"""What a worker shares with others: scopes, links, and what whoever opens one sees.

What is seen is named field by field, so that nothing is shown that nobody thought of.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from schemas.contracts import Bilingual, Contract, Hundredths, Line, OccupationCode
from schemas.credits import Credits
from schemas.dossiers import IssuerNote
from schemas.record_base import in_order
from schemas.vocabulary import (
    ContestTier,
    Degree,
    DocumentType,
    Grade,
    Instrument,
    LearningKind,
    Mode,
    Prize,
    Rank,
    RecordKind,
    RecordStanding,
    ShareState,
    Step,
)

ShareDays = Literal[7, 30, 180]
"""How long a share lasts; a certificate's validity is another matter."""

Pin = Annotated[str, Field(pattern=r"^[0-9]{6,12}$")]


class ShareScope(Contract):
    """Which part of a dossier is meant: all that is named must hold; nothing named is all of it."""

    record_ids: tuple[UUID, ...] = Field(default=(), max_length=500)
    """Chosen records, by their ids for good; corrections keep them."""
    occupation: OccupationCode | None = None
    kinds: tuple[LearningKind, ...] = ()
    begins_on: date | None = None
    ends_on: date | None = None
    """Records count by the day on which they take effect; both days are included."""
    with_credits: bool = False
    with_levels: bool = False
    is_name_masked: bool = False

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        in_order(self.begins_on, self.ends_on)
        return self

    @property
    def is_whole(self) -> bool:
        """Whether every record is meant."""
        narrowed = self.record_ids or self.kinds or self.occupation
        return not (narrowed or self.begins_on or self.ends_on)


class ShareAsked(Contract):
    """A share link as its worker wants it."""

    for_whom: Line
    purpose: Line
    scope: ShareScope = ShareScope()
    is_frozen: bool = False
    days: ShareDays = 30
    pin: Pin | None = None
    may_download: bool = True


class ShareTold(Contract):
    """What is kept sealed of a share: everything that could name somebody."""

    for_whom: str
    purpose: str
    scope: ShareScope
    may_download: bool
    pin_hash: str | None = None


class ShareLook(Contract):
    """That a share was looked at: when, and by which of its visitors, never from where."""

    at: datetime
    visitor: int | None
    """Equal numbers came by one network; None when that is not known."""


class ShareView(Contract):
    """A share as its worker sees it. Its link is not in it: only a digest of that is kept."""

    id: UUID
    for_whom: str
    purpose: str
    scope: ShareScope
    frozen_at: datetime | None
    """As of when its content stands; None when it shows the dossier as it is."""
    state: ShareState
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    has_pin: bool
    may_download: bool
    looks: tuple[ShareLook, ...] = ()
    """The newest first."""


class ShareList(Contract):
    """A worker's shares, the newest first."""

    archive_number: str
    shares: tuple[ShareView, ...]


class ShareMade(Contract):
    """A share that was just made or given a new link, which is told only this once."""

    archive_number: str
    share: ShareView
    token: str
    url: str


class SharedRecord(Contract):
    """One record, as far as a share tells of it."""

    record_id: UUID
    kind: RecordKind
    title: str
    detail: str | None = None
    organisation: Bilingual
    organisation_code: str
    recorded_at: datetime
    effective_on: date | None
    started_on: date | None = None
    ended_on: date | None = None
    valid_until: date | None = None
    """The certificate's own last day; not the link's."""
    occupation: str | None = None
    occupation_name: Bilingual | None = None
    rank: Rank | None = None
    step: Step | None = None
    instrument: Instrument | None = None
    degree: Degree | None = None
    tier: ContestTier | None = None
    prize: Prize | None = None
    placement: int | None = None
    team: bool | None = None
    mode: Mode | None = None
    hours: Hundredths | None = None
    attendance: Hundredths | None = None
    score: Hundredths | None = None
    grade: Grade | None = None
    certificate_number: str | None = None
    credits: Credits | None = None
    """None when credits are not shared, or none were decided."""


class SharedLevel(Contract):
    """A skill level whose certificate is among the shared records."""

    rank: Rank
    rank_name: Bilingual
    occupation_name: Bilingual | None
    held_since: date
    record_id: UUID


class SharedContent(Contract):
    """What is shared, as it stood at one moment. This is what a frozen share keeps."""

    as_of: datetime
    name: str
    is_name_masked: bool
    document_type: DocumentType | None
    document_number_masked: str | None
    """Never in full; None where the name is masked, too."""
    levels: tuple[SharedLevel, ...] | None
    """None when levels are not shared."""
    credits: Credits | None
    """What the shared records earned in all; None when credits are not shared."""
    records: tuple[SharedRecord, ...]
    is_demo: bool


class RecordState(Contract):
    """How one of the shared records stands now."""

    record_id: UUID
    standing: RecordStanding
    changed_at: datetime | None = None
    """When it was corrected or withdrawn since."""
    is_past_validity: bool = False
    """Whether the certificate's own last day is over."""
    issuer_note: IssuerNote | None = None


class SharedView(Contract):
    """What whoever opens a share, or was granted access, sees."""

    for_whom: str
    purpose: str
    frozen_at: datetime | None
    expires_at: datetime
    may_download: bool
    seen_at: datetime
    content: SharedContent
    states: tuple[RecordState, ...]
    """One for each record of the content, in its order."""


class ShareOpening(Contract):
    """How a program opens a share; a token in an address would stand in logs on its way."""

    token: Annotated[str, Field(min_length=1, max_length=200)]
    pin: Annotated[str, Field(max_length=20)] | None = None


class ShareExtension(Contract):
    """For how long a share is wanted from now on."""

    days: ShareDays
