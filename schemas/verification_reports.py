"""The payload of a verification report that is a signed document of its own.

What it states never changes, so that it repeats nothing of the answers of the doors by
reference: those are extended. A later report is a ``ReportV2``. No name and no text that
comes out of the checked file stands in it unless this archive vouches for its signer.
"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.transcripts import TranscriptIssuer
from schemas.vocabulary import Act, CheckState, DocumentLanguage, Verdict


class ReportedCheck(Contract):
    """One numbered check."""

    number: int
    code: str
    state: CheckState
    title: Bilingual
    message: Bilingual


class ReportedDocument(Contract):
    """What the checked document states; told only when its signature holds."""

    code: str
    holder_name_masked: str
    archive_number: str
    issued_at: datetime
    valid_until: date
    issuer: Bilingual
    levels: tuple[Bilingual, ...] = ()
    entitlement: Bilingual | None = None
    records: int
    credits: str | None
    is_demo: bool
    is_development: bool


class ReportedSignature(Contract):
    """The signature of the checked file."""

    is_trusted: bool
    """Whether this archive vouches for the signer; only then anybody is named."""
    is_intact: bool
    reaches_end: bool
    fingerprint: str
    """Hex SHA-256 of the signer's certificate."""
    signer_name: str | None = None
    stamped_at: datetime | None = None


class ReportedChange(Contract):
    """A record of the checked document that was corrected or withdrawn after its issue."""

    number: int
    act: Act
    changed_on: date


class ReportedNote(Contract):
    """A record of the checked document whose issuer is suspended."""

    number: int
    is_revoked: bool
    """Whether the credits of its issuer are revoked; otherwise they are held."""
    since: date
    source: str


class Reported(Contract):
    """What the checks of one file found."""

    verdict: Verdict
    reason: str
    message: Bilingual
    checked_at: datetime
    sha256: str
    """Hex SHA-256 of the checked file."""
    checks: tuple[ReportedCheck, ...]
    changed: tuple[ReportedChange, ...] = ()
    noted: tuple[ReportedNote, ...] = ()
    document: ReportedDocument | None = None
    signature: ReportedSignature | None = None


class ReportV1(Contract):
    """What a verification report states, as a document of its own."""

    schema_name: Literal["skills-archive/verification-report/1"] = (
        "skills-archive/verification-report/1"
    )
    id: UUID
    code: str
    """The verification code of this report, not of the document that it is about."""
    template: Literal["family/1"] = "family/1"
    language: DocumentLanguage
    timezone: str
    issued_at: datetime
    issuer: TranscriptIssuer
    report: Reported
    verify_url: str
    is_development: bool
    """Whether a development key signs; such a report proves nothing."""
    signer: str
    """Hex SHA-256 of the certificate that signs."""
    seal: str | None = None
    """Hex SHA-256 of the issuer's registered seal; None where the specimen is drawn."""
