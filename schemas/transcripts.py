"""The payload that is signed and attached to a transcript.

``TranscriptV1`` is frozen for good once the first document is issued: a change of
content is a ``TranscriptV2`` beside it.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from schemas.contracts import Bilingual, Contract, Hundredths
from schemas.credits import Credits
from schemas.vocabulary import (
    Account,
    ContestTier,
    Decision,
    Degree,
    DocumentLanguage,
    DocumentType,
    Grade,
    Instrument,
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
    """A skill level held in one occupation, and the treatment it entitles to."""

    occupation: str | None
    occupation_name: Bilingual | None
    rank: Rank
    rank_name: Bilingual
    held_since: date
    record_id: UUID


class TranscriptEntitlement(Contract):
    """Treatment as of a dated rule; never a statement on education."""

    sentence: Bilingual
    rule: str
    source: str


class TranscriptRecord(Contract):
    """One record, with who vouches for it and what it earned."""

    record_id: UUID
    sequence: int
    link_hash: str
    """Hex SHA-256 of the record's link in the dossier's chain."""
    kind: RecordKind
    title: str
    organisation: Bilingual
    effective_on: date | None
    started_on: date | None = None
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
    hours: Hundredths | None = None
    score: Hundredths | None = None
    grade: Grade | None = None
    certificate_number: str | None = None
    credits: Credits | None = None
    decision: Decision | None = None
    reason: str | None = None
    rule: str | None = None


class TranscriptV1(Contract):
    """Everything that the document states; every number in it can be rebuilt from here."""

    schema_name: Literal["skills-archive/transcript/1"] = "skills-archive/transcript/1"
    id: UUID
    code: str
    """The verification code that the QR code carries."""
    language: DocumentLanguage
    issued_at: datetime
    valid_until: date
    issuer: TranscriptIssuer
    holder: TranscriptHolder
    levels: tuple[TranscriptLevel, ...]
    entitlement: TranscriptEntitlement | None
    credits: dict[Account, Credits]
    records: tuple[TranscriptRecord, ...]
    chain_sequence: int
    chain_hash: str
    """Where the dossier's chain stood when the document was issued."""
    verify_url: str
    is_demo: bool
