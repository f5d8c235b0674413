"""What the archive answers to a file: the report of an intake, the report of a verification."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract
from schemas.dossiers import IssuerNote
from schemas.link_proofs import ProvedLink
from schemas.vocabulary import (
    Act,
    CheckState,
    DocumentLanguage,
    RecordKind,
    RowState,
    Severity,
    Verdict,
)


class Finding(Contract):
    """Something wrong, or worth a look, in a file."""

    severity: Severity
    code: str
    row: int | None
    """The row as the spreadsheet numbers it; None when the whole file is meant."""
    column: str | None
    """The header as the file writes it."""
    value: str | None
    """The faulty value, masked where it is personal."""
    message: Bilingual
    """What is wrong and what to do."""


class RowReport(Contract):
    """What one row of the file would do, or did."""

    row: int
    state: RowState
    name_masked: str | None = None
    summary: str | None = None
    """Course, certificate or event and day, for the preview."""
    record_id: UUID | None = None


class ColumnReport(Contract):
    """One column of the file, whether it is read or not."""

    place: int
    """Its column as the sheet counts them, from 1."""
    header: str
    field: str | None
    """What it tells; None when it is left out."""


class IntakeReport(Contract):
    """All that was found in a file, and what it would do or did."""

    organisation: str
    kind: RecordKind | None
    """None when no row could be read."""
    digest: str
    """Hex SHA-256 of the file."""
    sheet: str | None = None
    header_row: int | None = None
    encoding: str | None = None
    columns: dict[str, str] = Field(default_factory=dict)
    """Header as written -> field."""
    sheets: tuple[str, ...] = ()
    """All sheets that hold a table, or anything when none does; empty for a text file."""
    delimiter: str | None = None
    """What stands between the cells of a text file."""
    kind_found: RecordKind | None = None
    """The kind that the headers or the person told, also when no row could be read."""
    headers: tuple[ColumnReport, ...] = ()
    """Every column with a header, also those that are left out."""
    codes: dict[str, int] = Field(default_factory=dict)
    """How many findings there are of each code."""
    notes: tuple[str, ...] = ()
    committed: bool
    batch_id: UUID | None = None
    counts: dict[RowState, int]
    warned: int = 0
    """Rows that are worth a look, whatever became of them."""
    earlier: UUID | None = None
    """The last posting of this very file by this organisation, before this one."""
    written: int
    findings: tuple[Finding, ...]
    rows: tuple[RowReport, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether no row is faulty and the file could be read."""
        return not self.counts.get(RowState.FAULTY) and self.kind is not None


class Check(Contract):
    """One numbered check of a verification."""

    number: int
    code: str
    state: CheckState
    title: Bilingual
    message: Bilingual


class VerifiedDocument(Contract):
    """What the document states; told only when its signature holds, or from the register."""

    code: str
    holder_name_masked: str
    archive_number: str
    issued_at: datetime
    valid_until: date
    """The document's own validity; a certificate listed in it has another."""
    issuer: Bilingual
    levels: tuple[Bilingual, ...] = ()
    """Occupation and skill level, highest first."""
    entitlement: Bilingual | None = None
    records: int
    credits: str | None
    """Credits that could be used on the day of issue; None where it tells no balance."""
    is_demo: bool
    is_development: bool
    """Whether a development key signed: then the document proves nothing."""


class VerifiedReport(Contract):
    """What a verification report states, in short: of which file, and what was found."""

    code: str
    """The code of the report."""
    issued_at: datetime
    issuer: Bilingual
    language: DocumentLanguage
    verdict: Verdict
    """What the checks answered then; not what the report itself is worth."""
    checked_at: datetime
    checked_sha256: str
    """Hex SHA-256 of the file that it is about."""
    is_development: bool


class FoundSignature(Contract):
    """The signature of a file as its certificates tell it; who they name, nobody has to be."""

    profile: str
    """How it is made to last, in the words of PAdES: B-B, B-T, B-LT or B-LTA."""
    is_intact: bool
    """Whether signature and time stamps fit the bytes that they cover."""
    reaches_end: bool
    """Whether the last of them ends where the file ends, so that nothing was added since."""
    is_trusted: bool
    """Whether this archive vouches for the signer; of a stranger's file it never does."""
    signer_name: str
    issuer_name: str
    fingerprint: str
    """Hex SHA-256 of the signer's certificate."""
    claimed_at: datetime | None = None
    """The time of signing as the signer tells it."""
    stamped_at: datetime | None = None
    stamper_name: str | None = None


class ChangedRecord(Contract):
    """A record of the document that was corrected or withdrawn after its issue."""

    number: int
    """The number under which the document lists it."""
    act: Act
    changed_on: date


class NotedRecord(Contract):
    """A record of the document whose issuer is suspended; the record stays valid."""

    number: int
    """The number under which the document lists it."""
    note: IssuerNote


class VerificationReport(Contract):
    """The numbered answer to "is this document genuine, and does it still hold?"."""

    verdict: Verdict
    reason: str
    """A code that says which of the causes of the verdict it was."""
    message: Bilingual
    checked_at: datetime
    checks: tuple[Check, ...]
    changed: tuple[ChangedRecord, ...] = ()
    noted: tuple[NotedRecord, ...] = ()
    """They change nothing in the verdict: level and certificate stay valid, with this note."""
    document: VerifiedDocument | None = None
    report: VerifiedReport | None = None
    """What it states, where it is a verification report itself."""
    proof: ProvedLink | None = None
    """What the file proves, where it is the proof of a single record or entry."""
    signature: FoundSignature | None = None
    """None when there is none, when only a code was asked for, or when the file differs."""
    sha256: str | None = None
    """Hex SHA-256 of the file; None when only a code was asked for."""


class ChainFault(Contract):
    """Something in a dossier that is not as it was written."""

    archive_number: str | None
    table: str
    row_id: str | None
    """The identifier of the row; None when a link has no row or the chain itself is cut."""
    sequence: int | None
    code: str
    message: Bilingual


class ChainReport(Contract):
    """Whether dossiers are as they were written."""

    dossiers: int
    links: int
    faults: tuple[ChainFault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults
