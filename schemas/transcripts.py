"""The payload that is signed and attached to a transcript.

``TranscriptV1`` is frozen for good once the first document is issued: a change of
content is a ``TranscriptV2`` beside it.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from schemas.contracts import Bilingual, Contract, Hundredths
from schemas.credits import Arithmetic, Credits
from schemas.vocabulary import (
    Account,
    Cause,
    ContestTier,
    Decision,
    Degree,
    DocumentLanguage,
    DocumentType,
    Family,
    Grade,
    Instrument,
    Mode,
    Prize,
    Rank,
    RecordKind,
    Step,
)

TRANSCRIPT_FILE_NAME = "transcript.json"
"""The name under which the payload is attached to the PDF."""


class TranscriptHolder(Contract):
    """Whom the document is about. The document number is masked."""

    archive_number: str
    name: str
    former_names: tuple[str, ...] = ()
    document_type: DocumentType
    document_number_masked: str


class TranscriptIssuer(Contract):
    """Who issues the document."""

    code: str
    name: Bilingual


class TranscriptLevel(Contract):
    """A skill level held in one occupation."""

    occupation: str | None
    occupation_name: Bilingual | None
    rank: Rank
    rank_name: Bilingual
    held_since: date
    record_id: UUID
    """The record of the certificate that gives the level."""


class TranscriptEntitlement(Contract):
    """Treatment as of a dated rule; never a statement on education."""

    sentence: Bilingual
    rule: str
    source: str


class TranscriptRecord(Contract):
    """One record, with who vouches for it and what it earned."""

    record_id: UUID
    sequence: int
    """Its place in the dossier's chain."""
    link_hash: str
    """Hex SHA-256 of the record's link in the dossier's chain."""
    kind: RecordKind
    title: str
    """Course, certificate, event, employer, honour or school; as it was recorded."""
    detail: str | None = None
    """Item of a contest, post, major: what stands beside the title."""
    organisation: Bilingual
    """Who vouches for the record."""
    organisation_code: str
    recorded_at: datetime
    """When the record entered the archive."""
    effective_on: date | None
    started_on: date | None = None
    ended_on: date | None = None
    """Last day of an employment; None while it goes on."""
    valid_until: date | None = None
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
    """What its live entries granted; None when the credit bank has not weighed it."""
    decision: Decision | None = None
    reason: str | None = None
    rule: str | None = None


class TranscriptEntry(Contract):
    """One entry of the ledger; all entries together make the balance."""

    entry_id: UUID
    record_id: UUID
    """The record that it is about; one that was withdrawn is not in the document."""
    cause: Cause
    family: Family
    effective_on: date
    recorded_at: datetime
    units: int
    """What it changed in what the holder can use; 10,000 units are one credit."""
    decision: Decision
    reason: str
    rule: str | None
    rule_version: str | None
    context: dict[str, str]
    steps: tuple[Arithmetic, ...]


class TranscriptV1(Contract):
    """Everything that the document states; every number in it can be rebuilt from here."""

    schema_name: Literal["skills-archive/transcript/1"] = "skills-archive/transcript/1"
    id: UUID
    code: str
    """The verification code that the QR code carries."""
    scope: Literal["dossier"] = "dossier"
    template: Literal["dossier/1"] = "dossier/1"
    """The layout that printed it."""
    language: DocumentLanguage
    timezone: str
    """Whose days the printed days are; the times here are UTC."""
    issued_at: datetime
    valid_until: date
    issuer: TranscriptIssuer
    holder: TranscriptHolder
    levels: tuple[TranscriptLevel, ...]
    entitlement: TranscriptEntitlement | None
    credits: dict[Account, Credits]
    records: tuple[TranscriptRecord, ...]
    entries: tuple[TranscriptEntry, ...]
    chain_sequence: int
    chain_hash: str
    """Where the dossier's chain stood when the document was issued."""
    verify_url: str
    is_demo: bool
    """Whether the holder is a made-up person."""
    is_development: bool
    """Whether a development key signs; such a document proves nothing."""
    signer: str
    """Hex SHA-256 of the certificate that signs."""
