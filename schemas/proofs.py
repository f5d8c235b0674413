"""What the proofs of the ledgers answer: the audit, the rebuilding, the export."""

from datetime import date
from uuid import UUID

from schemas.contracts import Bilingual, Contract


class AuditFinding(Contract):
    """An invariant that does not hold, and the row that shows it."""

    invariant: str
    """``I1`` to ``I14``, as docs/operations.md lists them."""
    archive_number: str | None
    """None for what is nobody's own, or of a dossier that is gone."""
    row_id: UUID | None
    """The entry, lot, outcome or case that is meant; None when the whole ledger is."""
    rule: str | None
    """The rule that is meant, where no row of a worker is."""
    message: Bilingual


class AuditReport(Contract):
    """Whether all ledgers, or one, are right."""

    workers: int
    outcomes: int
    entries: int
    looked_at_closely: int
    """Workers whose ledger was not proved by the quick walk and was checked piece by piece."""
    invariants: tuple[str, ...]
    """Those that were checked; the tests hold I6 and I11, which rows cannot show."""
    findings: tuple[AuditFinding, ...]

    @property
    def is_right(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


class RebuildDifference(Contract):
    """Something that is stored otherwise than it was computed anew."""

    archive_number: str | None
    code: str
    """Such as ``series_differs`` or ``outcome_missing``; docs/operations.md lists them."""
    subject_id: UUID | None
    """The outcome or the case that is meant; None for an account of the whole worker."""
    part: str
    """The rule family, the account, or both."""
    stored: str
    rebuilt: str
    message: Bilingual


class RebuildReport(Contract):
    """Whether every ledger is what records, rules, cases and decisions make of it."""

    workers: int
    outcomes: int
    not_opened: int
    """Erased dossiers, whose records cannot be compared with their outcomes any more."""
    posted: int
    """Entries that were posted now; always 0 under ``--check``."""
    workers_posted: int
    differences: tuple[RebuildDifference, ...]
    """What remains."""

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


class ExportReceipt(Contract):
    """A ledger that was written as text."""

    format: str
    workers: int
    transactions: int
    assertions: int
    """Balances that the text asserts."""
    first_on: date | None
    last_on: date | None
    sha256: str
    """Hex SHA-256 of the text."""
    size_bytes: int
