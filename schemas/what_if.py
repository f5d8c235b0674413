"""What-if: what a draft of rules would change, for people and programs. It names no person.

Counts of persons below five are hidden (None), and as many others that they cannot be
computed; credits that only so few stand behind are hidden with them.
"""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from schemas.contracts import Bilingual, Contract
from schemas.credits import Credits
from schemas.vocabulary import Decision, Family, RecordKind

LEAST = 5
"""The smallest number of persons that is told, besides none."""


class Grouping(StrEnum):
    """By what those who gain and lose are told apart."""

    LEVEL = "level"
    AGE = "age"
    ORGANISATION = "organisation"


class Stage(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    LOADING = "loading"
    OPENING = "opening"
    """Birth dates are opened, because ages were asked for."""
    JUDGING = "judging"
    DONE = "done"
    FAILED = "failed"


class TrialEffect(Contract):
    """What a draft, or one change of it, does in all; None where too few stand behind."""

    persons_gaining: int | None
    persons_losing: int | None
    credits_gained: Credits | None
    credits_lost: Credits | None
    difference: Credits | None
    records_changed: int | None
    cap_forfeits: Credits | None
    """What the yearly cap would take in all."""
    persons_capped: int | None
    records_undecided: int
    """How many records could not be decided."""


class ChangeAlone(Contract):
    """What one rule or repeal of the draft does alone."""

    rule: str
    family: Family
    title: Bilingual
    is_repeal: bool
    effect: TrialEffect | None
    """None when it cannot stand without the other changes of the draft."""


class GroupLine(Contract):
    """Those of one group; a number that is hidden is None."""

    code: str
    label: Bilingual
    is_hidden: bool
    """Whether any of its numbers is."""
    persons: int | None
    """Who has a record that could earn credits; of an organisation: one that it posted."""
    gaining: int | None
    losing: int | None
    credits_gained: Credits | None
    credits_lost: Credits | None
    difference: Credits | None


class GroupTable(Contract):
    """Who gains and who loses, by one grouping.

    Of organisations each counts the records that it posted, so that one person can stand
    in several lines.
    """

    by: Grouping
    lines: tuple[GroupLine, ...]


class WhatIfReport(Contract):
    """What a draft would change, had it been the law; nothing was written."""

    file: str
    on: date
    """The day on which levels and ages are told."""
    rules: tuple[str, ...]
    persons: int
    records: int
    credits: Credits
    """What the records of all earn by the law that binds, before expiry and use."""
    cap_forfeits: Credits | None
    persons_capped: int | None
    records_undecided: int
    together: TrialEffect
    alone: tuple[ChangeAlone, ...]
    groups: tuple[GroupTable, ...]
    not_counted: tuple[Family, ...]
    """Families of the draft whose rules do not change what records earn."""
    course_names_kept: bool
    """Whether the draft compares course names otherwise, which works for later records only."""


class VerdictView(Contract):
    """What is decided of a record under one law, and why."""

    credits: Credits
    decision: Decision
    reason: Bilingual
    rule: str | None
    version: str | None
    steps: tuple[Bilingual, ...]


class RecordChange(Contract):
    """A record that would be decided otherwise."""

    record_id: UUID
    title: str | None
    kind: RecordKind
    effective_on: date
    difference: Credits
    before: VerdictView
    after: VerdictView


class PersonChange(Contract):
    """What would change for one person, record by record."""

    archive_number: str
    difference: Credits
    records: tuple[RecordChange, ...]


class TrialAnswer(Contract):
    """What the command answers: the report, and one person's changes if they were asked for."""

    report: WhatIfReport
    person: PersonChange | None = None


class WhatIfRun(Contract):
    """A run that the bureau started: how far it is, and what it found."""

    id: UUID
    file: str
    stage: Stage
    done: int
    of: int
    started_at: datetime
    message: Bilingual | None = None
    """Why it failed."""
    report: WhatIfReport | None = None
