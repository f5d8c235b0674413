"""What commands answer, where no other contract says it: lists, receipts, checks.

Scripts of others rest on these shapes: fields are added, never renamed or removed.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from schemas.contracts import Bilingual, Contract
from schemas.credits import Credits, Trace
from schemas.dossiers import ExpiringView, OrganisationView, RecordView
from schemas.vocabulary import Account, Act, Cause, Decision, Family, RecordKind, Role, RowState


class FieldFault(Contract):
    """One field of what was sent that is at fault, and what to do."""

    field: str
    code: str
    messages: Bilingual


class RefusalView(Contract):
    """Why a command was refused: what every command answers under ``--json`` instead."""

    code: str
    message: Bilingual
    errors: tuple[FieldFault, ...] = ()
    """The single fields that are at fault."""


class WorkerLine(Contract):
    """A dossier, told by its number alone."""

    archive_number: str
    is_demo: bool
    created_at: datetime


class WorkerList(Contract):
    """Every dossier of the archive, in the order in which they were begun."""

    workers: tuple[WorkerLine, ...]


class RecordReceipt(Contract):
    """What became of a record that was added, corrected or withdrawn."""

    archive_number: str
    record_id: UUID
    """The record's id for good: corrections keep it."""
    version_id: UUID
    state: RowState


class RecordShown(Contract):
    """One record with its history, and whose it is."""

    archive_number: str
    record: RecordView


class StatementLineView(Contract):
    """One entry of a worker's ledger."""

    entry_id: UUID
    record_id: UUID
    title: str | None
    """What the record is called; None when it cannot be opened any more."""
    cause: Cause
    revision: int
    effective_on: date
    recorded_at: datetime
    credits: Credits
    """What the entry changed: into (+) or out of (-) what the worker can use."""
    evaluated_credits: Credits
    """What the record gives in all as of this entry (for an expiry: what has expired)."""
    moves: dict[Account, Credits] = Field(default_factory=dict)
    """Credits into (+) or out of (-) each account; what is owed more counts as more."""
    decision: Decision
    reason: str
    trace: Trace
    rule_title: Bilingual | None = None
    clause: Bilingual | None = None
    """What the rule says, as it was published."""
    appeal_until: date | None = None
    """The last day on which an appeal can be filed; None when none can, or no longer."""
    appeal_id: UUID | None = None
    """The newest appeal against this line."""


class StatementView(Contract):
    """A worker's account as of a day, as it was known on a day."""

    archive_number: str
    as_of: date | None
    """Entries that take effect later are left out; None leaves out none."""
    known_on: date | None
    """Entries that were recorded after this local day are left out; None leaves out none."""
    balances: dict[Account, Credits]
    units: dict[Account, int]
    """The same in whole units: 10,000 are one credit."""
    lines: tuple[StatementLineView, ...]
    """The oldest first; of a part, only those of the part."""
    count: int
    """How many lines there are in all."""
    part: int | None = None
    """Which part of the lines is told, the newest being 1; None when all are."""
    parts: int = 1
    expiring: tuple[ExpiringView, ...] = ()
    """What expires within the days of notice; told only of the account as it is today."""


class TranscriptReceipt(Contract):
    """A transcript that was issued and written to a file."""

    archive_number: str
    code: str
    """The verification code that stands beside the QR code."""
    issued_at: datetime
    valid_until: date
    sha256: str
    """Hex SHA-256 of the file."""
    size_bytes: int


class CheckpointReceipt(Contract):
    """A signed checkpoint of all dossiers that was written to a file."""

    made_at: datetime
    dossiers: int
    merkle_root: str
    """Hex SHA-256 over where every chain stood."""


class RuleView(Contract):
    """A published rule and the days on which it counts."""

    id: str
    family: Family
    version: str
    """Hex SHA-256 of the bytes under which it was published."""
    in_force_from: date
    in_force_until: date | None
    """Its last day: its own, or the day before a rule that replaces it."""
    title: Bilingual
    clause: Bilingual
    source: str
    content: dict[str, Any]
    """The whole rule, as it was published."""


class UnsetView(Contract):
    """Something that nobody has set: the answer is “cannot be decided”, never zero."""

    family: Family
    rule: str | None
    """The rule that leaves it open; None where no rule is in force."""
    message: Bilingual


class RuleList(Contract):
    """The rules in force on a day."""

    on: date
    known_on: date | None = None
    """Rules that were published after this local day are left out; None leaves out none."""
    rules: tuple[RuleView, ...]
    unset: tuple[UnsetView, ...] = ()
    """What the bureau still has to set for this day."""


class RulesChecked(Contract):
    """Rules that were read, whose examples came out, and that contradict nothing."""

    rules: tuple[str, ...]
    examples: int
    against: str
    """``published`` when checked against this archive's rules, else ``shipped``."""
    new: tuple[str, ...]
    """Those that are not published yet."""


class AccountLine(Contract):
    """An account, without anything secret."""

    name: str
    role: Role
    organisation: str | None
    """The organisation's code."""
    archive_number: str | None
    """Of a worker's own account."""
    can_sign_in: bool
    """Whether it has a password; without one it acts on the command line only."""
    is_active: bool
    is_demo: bool
    created_at: datetime


class AccountList(Contract):
    """Every account, by name."""

    accounts: tuple[AccountLine, ...]


class PasswordReceipt(Contract):
    """An account that was made or got a new password."""

    account: str
    role: Role
    password: str | None
    """The generated password, told only this once; None when it was given or there is none."""


class TokenReceipt(Contract):
    """A bearer token for programs, told only this once."""

    account: str
    token: str
    expires_at: datetime


class OrganisationList(Contract):
    """Every organisation, by kind and code."""

    organisations: tuple[OrganisationView, ...]


class DatabaseUpgrade(Contract):
    """What an upgrade of the databases did; nothing when they were of this version."""

    done: tuple[str, ...]


class DatabaseProblem(Contract):
    """Something that is wrong with a database."""

    code: str
    subject: str
    """The database, table or difference that is meant."""
    message: Bilingual


class DatabaseReport(Contract):
    """Whether the databases are as this version needs them."""

    problems: tuple[DatabaseProblem, ...]
    is_ready: bool


class SchemaList(Contract):
    """The names for which ``schema NAME`` prints a JSON schema."""

    names: tuple[str, ...] = Field(min_length=1)


class DemoSignIn(Contract):
    """A sign-in of the demo district; its password opens nothing but invented data."""

    name: str
    role: Role
    password: str
    needs_code: bool = False
    """Whether it also needs what ``demo code NAME`` prints."""


class DemoSignIns(Contract):
    """Who can sign in while the demo district is there; nobody once it was purged."""

    accounts: tuple[DemoSignIn, ...]


class DemoBuilt(Contract):
    """What a demo district holds."""

    workers: int
    records: int
    """Records of learning that were posted, the withdrawn among them."""
    organisations: int
    by_kind: dict[RecordKind, int]
    by_act: dict[Act, int]
    accounts: tuple[DemoSignIn, ...]


class DemoPurged(Contract):
    """What was removed with the demo district, and what had to stay."""

    workers: int
    records: int
    """Rows of dossiers: records, corrections, withdrawals, identities."""
    organisations: int
    accounts: int
    kept: RefusalView | None
    """Why some organisations and accounts stayed; None when all are gone."""
