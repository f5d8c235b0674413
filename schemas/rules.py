"""Rules as people and programs read them: their history, differences, and explanations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.credits import Credits
from schemas.vocabulary import Cause, Decision, Family, Rank, RecordKind


class ExceptionView(Contract):
    """A dated exception from a rule."""

    id: str
    title: Bilingual
    source: str
    when: dict[str, Any]
    changes: dict[str, Any]


class RepealView(Contract):
    """The published end of a rule."""

    id: str
    in_force_from: date
    """The first day on which the rule is not in force any more."""
    title: Bilingual
    clause: Bilingual
    source: str


class RuleVersionView(Contract):
    """A rule of a family with its two dates: in force, and published."""

    id: str
    version: str
    in_force_from: date
    in_force_until: date | None
    """Its last day: its own, or the day before a rule that replaces it or its repeal."""
    title: Bilingual
    clause: Bilingual
    source: str
    published_at: datetime
    proposal_id: UUID | None = None
    """The proposal by which it came; None for what came with the system."""
    proposed_by: str | None = None
    approved_by: str | None = None
    repeal: RepealView | None = None


class RuleHistory(Contract):
    """Every rule of a family that was ever published, newest first."""

    family: Family
    versions: tuple[RuleVersionView, ...]


class RuleChange(Contract):
    """One value that differs; None where one side does not have it."""

    field: str
    before: str | None
    after: str | None


class RuleDifference(Contract):
    """How one rule differs from another; None where there is none on that side."""

    family: Family
    before: str | None
    after: str | None
    changes: tuple[RuleChange, ...]


class RulesCompared(Contract):
    """What differs between two rules, files or days; nothing when they say the same."""

    first: str
    second: str
    differences: tuple[RuleDifference, ...]


class RuleDraft(Contract):
    """A rule file that stood up to every check, and what it would change."""

    file: str
    rules: tuple[str, ...]
    new: tuple[str, ...]
    """Those that are not published yet."""
    examples: int
    """How many examples came out as they say."""
    differences: tuple[RuleDifference, ...]
    """Against what each of them would take the place of."""


class PromotionView(Contract):
    """Which level a competition result supports; it posts no credits."""

    decision: Decision
    reason: Bilingual
    rank: Rank | None
    rank_name: Bilingual | None
    needs_conditions: bool
    held: Rank | None
    """The level of the occupation on the day of the competition."""
    rule: str | None
    source: str | None


class EntryExplanation(Contract):
    """Why an entry of a credit account says what it says."""

    entry_id: UUID
    archive_number: str
    record_id: UUID
    title: str | None
    """What the record is called; None when it cannot be opened any more."""
    kind: RecordKind
    cause: Cause
    effective_on: date
    recorded_at: datetime
    credits: Credits
    """What the entry changed: into (+) or out of (-) what the worker can use."""
    evaluated_credits: Credits
    decision: Decision
    reason: Bilingual
    steps: tuple[Bilingual, ...]
    """The arithmetic, sentence by sentence."""
    family: Family
    rule: str | None
    version: str | None
    rule_title: Bilingual | None
    clause: Bilingual | None
    source: str | None
    exception: ExceptionView | None = None
    """The exception of the rule that applied."""
    comes_out_again: bool
    """Whether evaluating the stored explanation once more gives the same credits."""
    promotion: PromotionView | None = None
