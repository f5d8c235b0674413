"""What a dossier shows: the same view for pages, the API, the command line and transcripts."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract
from schemas.credits import Arithmetic, Credits, Trace
from schemas.records import Record
from schemas.vocabulary import (
    Account,
    Act,
    Cause,
    Decision,
    DocumentType,
    OrganisationKind,
    Rank,
    Way,
)


class OrganisationView(Contract):
    """An organisation, as anyone may see it."""

    id: UUID
    code: str
    name: Bilingual
    kind: OrganisationKind
    street: str | None = None
    is_demo: bool = False


class CreditMove(Contract):
    """What became of a record's credits after they were granted."""

    entry_id: UUID
    effective_on: date
    cause: Cause
    reason: str
    steps: tuple[Arithmetic, ...]
    rule: str | None
    source: str | None


class ExpiringView(Contract):
    """Credits of a record that can soon no longer be used."""

    record_id: UUID
    title: str | None
    credits: Credits
    last_day: date
    """The last day on which they can be used."""


class CreditView(Contract):
    """What a record earned, why, and where its credits are now."""

    decision: Decision
    reason: str
    credits: Credits
    """What the rules give in all, as of the newest revision."""
    expired: Credits
    accounts: dict[Account, Credits] = Field(default_factory=dict)
    """Where its credits are; accounts that hold none are left out."""
    moves: tuple[CreditMove, ...] = ()
    """What became of them since, the oldest first."""
    trace: Trace | None
    """None when no rule covers this kind of record: its credits cannot be decided."""


class VersionView(Contract):
    """One row of a record's history."""

    id: UUID
    act: Act
    recorded_at: datetime
    reason: str | None
    sequence: int
    link_hash: str


class IssuerNote(Contract):
    """A decision on the credits of a record's issuer; the record itself stays valid."""

    is_revoked: bool
    """Whether its credits were revoked; else they are held."""
    since: date
    source: str
    """The number of the decision."""


class OriginView(Contract):
    """From which merged dossier a record was carried, by pseudonyms alone."""

    archive_number: str
    record_id: UUID
    version_id: UUID
    merged_at: datetime
    is_double: bool
    """Whether it was on file here already: then the record here stands, and this one is named."""


class RecordView(Contract):
    """One record as it stands, with its history and what it earned."""

    id: UUID
    """The record's id for good; corrections keep it."""
    record: Record
    is_withdrawn: bool
    organisation: OrganisationView
    title: str
    """What the record is called: a course, a certificate, an event, a school, an employer."""
    occupation_name: Bilingual | None
    effective_on: date | None
    recorded_at: datetime
    sequence: int
    link_hash: str
    versions: tuple[VersionView, ...]
    way: Way | None = None
    """By which way the row came that is told; None for what was posted before ways were kept."""
    file: str | None = None
    row: int | None = None
    credit: CreditView | None
    """None for identities and withdrawn records."""
    recognition: CreditView | None = None
    """What an agreement makes of it besides; None when none is about it."""
    issuer_note: IssuerNote | None = None
    """None unless a decision on its issuer names the record now."""
    origins: tuple[OriginView, ...] = ()
    """Which records of merged dossiers this one goes on for, the latest merger first."""


class LevelView(Contract):
    """A skill level held in one occupation."""

    rank: Rank
    rank_name: Bilingual
    occupation: str | None
    occupation_name: Bilingual | None
    held_since: date
    record_id: UUID
    issuer_note: IssuerNote | None = None
    """None unless a decision on the issuer of its certificate names it now."""


class EntitlementView(Contract):
    """Treatment by skill level as of a dated rule; never a statement on education."""

    rank: Rank
    """The level that it is the treatment of."""
    sentence: Bilingual
    rule: str
    source: str


class DossierView(Contract):
    """One worker's dossier, as its holder or the bureau sees it."""

    archive_number: str
    name: str
    former_names: tuple[str, ...]
    document_type: DocumentType
    document_number_masked: str
    is_demo: bool
    balances: dict[Account, Credits]
    levels: tuple[LevelView, ...]
    entitlement: EntitlementView | None
    """None when no level is named by a rule in force today."""
    records: tuple[RecordView, ...]
    """Newest first; identities and changes of name are not among them."""
    expiring: tuple[ExpiringView, ...] = ()
    """What expires within the days of notice, the earliest first."""
    chain_sequence: int
    chain_hash: str

    def record(self, record_id: UUID) -> RecordView | None:
        """Return one record, named by any of its versions, or as in a dossier merged into this."""
        for view in self.records:
            if record_id == view.id or any(record_id == one.id for one in view.versions):
                return view
        for view in self.records:
            if any(record_id in (one.record_id, one.version_id) for one in view.origins):
                return view
        return None

    def by_year(self) -> list[tuple[int | None, list[RecordView]]]:
        """Return the records by year, newest first; those without a day at the end."""
        years: dict[int | None, list[RecordView]] = {}
        for view in self.records:
            year = view.effective_on.year if view.effective_on else None
            years.setdefault(year, []).append(view)
        return list(years.items())
