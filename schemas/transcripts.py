"""The payloads that are signed and attached to documents.

What a document of a payload states never changes. ``TranscriptV1`` may gain what is optional:
it is left out of the bytes where it is not told (``LeftOut``), so that the payload of every
document issued before reads, and hashes, as it did. Any other change is a ``TranscriptV2``.
"""

from datetime import date, datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import SerializerFunctionWrapHandler, model_serializer

from schemas.contracts import Bilingual, Contract, Hundredths
from schemas.credits import Arithmetic, Credits
from schemas.vocabulary import (
    Account,
    Cause,
    ContestTier,
    Decision,
    Degree,
    DocumentLanguage,
    DocumentScope,
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


class LeftOut(Contract):
    """What has fields that came later and are left out where they are not told."""

    later: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _without_later(self, written: SerializerFunctionWrapHandler) -> dict[str, Any]:
        told: dict[str, Any] = written(self)
        return {
            name: value
            for name, value in told.items()
            if value is not None or name not in self.later
        }


class TranscriptHolder(LeftOut):
    """Whom the document is about."""

    later: ClassVar[frozenset[str]] = frozenset({"document_number"})

    archive_number: str
    name: str
    former_names: tuple[str, ...] = ()
    document_type: DocumentType
    document_number_masked: str
    document_number: str | None = None
    """The whole number, where the holder chose so explicitly."""


class TranscriptIssuer(Contract):
    """Who issues the document."""

    code: str
    name: Bilingual


class TranscriptChoice(Contract):
    """What of the dossier the document is about; all else is left out of it."""

    occupation: str | None = None
    occupation_name: Bilingual | None = None
    first_day: date | None = None
    last_day: date | None = None


class TranscriptConsent(Contract):
    """For whom the document was made by its holder's consent, and what that leaves out."""

    organisation_code: str
    with_credits: bool
    """Whether the consent has credits told; without, none of the document says “no credits”."""


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


class TranscriptV1(LeftOut):
    """Everything that the document states; every number in it can be rebuilt from here."""

    later: ClassVar[frozenset[str]] = frozenset({"choice", "purpose", "consent", "seal"})

    schema_name: Literal["skills-archive/transcript/1"] = "skills-archive/transcript/1"
    id: UUID
    code: str
    """The verification code that the QR code carries."""
    scope: DocumentScope = DocumentScope.DOSSIER
    choice: TranscriptChoice | None = None
    """Which occupation or period it is about; of chosen records only the records tell."""
    purpose: str | None = None
    """What the holder wants it for, in the holder's words; it is printed."""
    consent: TranscriptConsent | None = None
    """By which an organisation had it made; None for what the holder or an office had made."""
    template: Literal["dossier/1", "family/1"] = "dossier/1"
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
    """The balance of the whole dossier; empty in a document about a part of it."""
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
    seal: str | None = None
    """Hex SHA-256 of the issuer's registered seal; None where the specimen is drawn."""


class SealV1(Contract):
    """The seal that a body registered: one path, in the manner of an SVG's."""

    path: str
    width: int
    height: int
    """The box of the path, in tenths of a millimetre on paper."""
    colour: str = "#d81e20"
