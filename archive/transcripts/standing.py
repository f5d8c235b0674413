"""What the register knows of an issued document, and the protocol by which it is asked.

Verification asks through the protocol only, so that it works without a database too.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from schemas.dossiers import IssuerNote
from schemas.link_proofs import ProofStatementV1
from schemas.reports import ChangedRecord, NotedRecord, VerifiedReport
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import Act


@dataclass(frozen=True)
class Standing:
    """How an issued document stands now."""

    payload_digest: bytes
    valid_until: date
    expires_at: datetime
    """The moment when the last day of validity is over where the document was issued."""
    transcript: TranscriptV1 | None
    """What was issued; None when the person's data were erased since."""
    changed: tuple[ChangedRecord, ...] = ()
    """Records that were corrected or withdrawn since."""
    noted: tuple[NotedRecord, ...] = ()
    """Records whose issuer is suspended."""
    broken: tuple[int, ...] = ()
    """Numbers of records that the dossier's chain no longer holds as they were issued."""
    taken_back_on: date | None = None
    """When its holder took back the consent by which it was made; None for any other document."""
    merged_on: date | None = None
    """When the dossier was merged into another of the same person; None while it goes on."""


@dataclass(frozen=True)
class ReportStanding:
    """What is registered of a verification report."""

    payload_digest: bytes
    sha256: bytes
    """Of its signed file."""
    told: VerifiedReport


@dataclass(frozen=True)
class ProofChange:
    """What became of a record or an entry since it was proved."""

    act: Act | None
    """None for an entry: a later one took its place."""
    on: date


@dataclass(frozen=True)
class ProofStanding:
    """How a link that was proved stands now."""

    is_same: bool
    """Whether the chain is the one that was proved, and the rows are what it hashed."""
    is_closed: bool = False
    """Whether the person's data were erased since, or their use is restricted."""
    change: ProofChange | None = None
    note: IssuerNote | None = None
    """None unless the issuer of the record, or of an entry's outcome, is suspended."""
    merged_on: date | None = None
    """When the dossier was merged into another of the same person; None while it goes on."""


class Register(Protocol):
    """Knows every document that was issued, and every chain."""

    def report(self, code: str) -> ReportStanding | None:
        """Return what is registered of the verification report with this code."""

    def by_file(self, sha256: bytes) -> Standing | None:
        """Return how the document stands whose signed file has this digest."""

    def by_code(self, code: str) -> Standing | None:
        """Return how the document with this verification code stands."""

    def by_proof(self, told: ProofStatementV1, link: bytes) -> ProofStanding | None:
        """Return how a link with this hash stands; None when there is no such dossier."""
