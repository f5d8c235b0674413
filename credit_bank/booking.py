"""What is booked: series, deposits, and how each is written as a row and as bytes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from credit_bank.chain import canonical_around, canonical_bytes
from credit_bank.conversion import Judgement, shared_subject
from credit_bank.explaining import Why
from credit_bank.forms import Form
from credit_bank.lots import GRANTING, Lot
from schemas.cases import CaseFact
from schemas.credits import LearningOutcome, TrainingMeasures
from schemas.ids import new_id
from schemas.vocabulary import Account, Act, Cause, Decision, Family

Row = dict[str, Any]  # A row about to be inserted: columns and their values.


class Move(NamedTuple):
    """One posting about to be made: units into (+) or out of (-) an account."""

    id: UUID
    account: Account
    units: int


@dataclass(slots=True)
class Series:
    """The newest revision of what one family's rules gave for one outcome.

    Of a family that grants, ``units`` is what the outcome earned; of any other, the units
    that stand under it now: expired, held, redeemed, revoked.
    """

    outcome: LearningOutcome
    family: Family
    revision: int = -1
    units: int = 0
    decision: Decision = Decision.UNDECIDED
    reason: str = ""
    version: str | None = None
    effective_on: date | None = None
    lot: Lot | None = None
    """What a granting family granted."""

    @property
    def is_grant(self) -> bool:
        """Whether the series grants units; the others move what was granted."""
        return self.family in GRANTING

    def turn(self, judgement: Judgement) -> None:
        """Begin the next revision, as the rules judge now."""
        self.revision += 1
        self.outcome = judgement.outcome
        self.effective_on = judgement.outcome.effective_on
        self.units, self.decision = judgement.result.units, judgement.result.decision
        self.reason, self.version = judgement.result.reason, judgement.version
        if self.lot:
            self.lot.outcome = judgement.outcome

    def says(self, judgement: Judgement) -> bool:
        """Whether the judgement is what stands here already."""
        result, day = judgement.result, judgement.outcome.effective_on
        told = (result.units, result.decision, result.reason, judgement.version, day)
        mine = (self.units, self.decision, self.reason, self.version, self.effective_on)
        return self.revision >= 0 and told == mine


@dataclass(slots=True)
class Appended:
    """Rows of one worker that wait to be inserted."""

    links: list[Row] = field(default_factory=list)
    outcomes: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    postings: list[Row] = field(default_factory=list)
    cases: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SealedNote:
    """Free text of a case, sealed by the archive, and the commitment to it."""

    sealed: bytes
    commitment: bytes


@dataclass
class Deposit:
    """What is brought to the bank: an outcome, its correction, or its end.

    ``outcome.id`` is the lineage: it stays the same through corrections. ``id`` names
    this deposit alone; the first of a lineage has the lineage's own.
    """

    id: UUID
    reference: str
    outcome: LearningOutcome
    act: Act = Act.ADD
    is_new: bool = False
    """Whether its id was made just now: then nobody can have brought it before."""

    @cached_property
    def content(self) -> bytes:
        """The outcome's canonical bytes."""
        return content_of(self.outcome)

    @cached_property
    def fingerprint(self) -> bytes:
        """What tells a replay from a conflict."""
        before, after = _around_outcome(self.act)
        return hashlib.sha256(before + self.content + after).digest()


@cache
def _around_outcome(act: Act) -> tuple[bytes, bytes]:
    return canonical_around({"act": act}, "outcome")


_OUTCOME = Form(("id", "reference", "act", "target_id", "recorded_at"), parts=("outcome", "v"))
_POSTING = Form(("id", "account", "units", "lot_id"))
ENTRY_TOLD = (
    "id",
    "reference",
    "cause",
    "family",
    "outcome_id",
    "revision",
    "rule_version",
    "decision",
    "reason",
    "evaluated_units",
    "posted_units",
    "effective_on",
    "recorded_at",
    "reverses_id",
    "case_id",
)
"""What the chain says of an entry besides its postings and its trace."""
_ENTRY = Form(ENTRY_TOLD, parts=("postings", "trace", "v"))


def content_of(outcome: LearningOutcome) -> bytes:
    """Return an outcome's canonical bytes."""
    return canonical_bytes(outcome.model_dump(mode="json"))


def written_outcome(
    worker_id: UUID, deposit: Deposit, target_id: UUID | None, now: datetime
) -> tuple[Row, bytes]:
    """Return an outcome's row and the bytes that the chain hashes."""
    outcome = deposit.outcome
    row = {
        "worker_id": worker_id,
        "id": deposit.id,
        "reference": deposit.reference,
        "fingerprint": deposit.fingerprint,
        "act": deposit.act,
        "lineage_id": outcome.id,
        "target_id": target_id,
        "kind": outcome.kind,
        "effective_on": outcome.effective_on,
        "issuer_id": outcome.issuer,
        "occupation": outcome.occupation,
        "rank": outcome.rank,
        "hours": getattr(outcome.measures, "hours", None),
        "recorded_at": now,
        **look_ups(outcome),
    }
    return row, _OUTCOME.text(row, outcome=deposit.content.decode(), v="1").encode()


def look_ups(outcome: LearningOutcome) -> dict[str, bytes | None]:
    """Return the columns by which outcomes that decide of one another are found.

    Short digests: two that meet by chance only send a deposit the long way.
    """
    shared = shared_subject(outcome)
    return {
        "subject_key": _short(shared) if shared else b"",
        "course_key": next(iter(course_keys(outcome, [outcome.occupation or ""])), None),
    }


def course_keys(outcome: LearningOutcome, occupations: Iterable[str]) -> list[bytes]:
    """Return the digests of a course's name with some occupations; none of anything else."""
    measures = outcome.measures
    if not isinstance(measures, TrainingMeasures):
        return []
    return [_short((measures.compared_name, code)) for code in occupations]


@lru_cache(maxsize=4_096)  # A class shares its course.
def _short(told: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\0".join(told).encode()).digest()[:8]


def written_case(
    worker_id: UUID, fact: CaseFact, now: datetime, by: UUID | None, sealed: SealedNote | None
) -> tuple[Row, bytes]:
    """Return the row of a case's event and the bytes that the chain hashes.

    The fingerprint tells a replay from a conflict; it leaves out the event's own id and
    moment, which differ in every attempt.
    """
    told = fact.model_dump(mode="json", exclude_none=True)
    note = {"commitment": sealed.commitment} if sealed else {}
    body = canonical_bytes({**told, **note, "v": 1, "recorded_at": now, "recorded_by": by})
    same = {name: value for name, value in told.items() if name not in ("id", "case_id")}
    row = {
        "worker_id": worker_id,
        "id": fact.id,
        "case_id": fact.case_id,
        "kind": fact.kind,
        "act": fact.act,
        "reference": fact.reference,
        "fingerprint": hashlib.sha256(canonical_bytes(same)).digest(),
        "outcome_id": fact.outcome_id,
        "organisation_id": fact.organisation_id,
        "due_on": fact.due_on,
        "effective_on": fact.effective_on,
        "recorded_at": now,
        "recorded_by": by,
        "sealed": sealed.sealed if sealed else None,
        "commitment": sealed.commitment if sealed else None,
    }
    return row, body


class Booking(NamedTuple):
    """What is about to be booked about one lot, and why."""

    cause: Cause
    why: Why
    lot: Lot | None
    moves: Sequence[Move]
    case_id: UUID | None = None
    reverses_id: UUID | None = None


def written_entry(
    worker_id: UUID, series: Series, booking: Booking, content: bytes, now: datetime
) -> tuple[Row, list[Row], bytes]:
    """Return an entry's row, its postings' rows, and the bytes that the chain hashes.

    ``content`` are the canonical bytes of the outcome that the explanation is about.
    """
    usable = sum(move.units for move in booking.moves if move.account is Account.AVAILABLE)
    entry: Row = {
        "id": new_id(),
        "reference": f"{series.outcome.id}/{series.family}/{series.revision}",
        "cause": booking.cause,
        "family": series.family,
        "outcome_id": series.outcome.id,
        "revision": series.revision,
        "rule_version": series.version,
        "decision": series.decision,
        "reason": series.reason,
        "evaluated_units": series.units,
        "posted_units": usable,
        "effective_on": booking.why.day,
        "recorded_at": now,
        "reverses_id": booking.reverses_id,
        "case_id": booking.case_id,
    }
    lot_id = booking.lot.id if booking.lot else None
    postings: list[Row] = [
        {"id": move.id, "account": move.account, "units": move.units, "lot_id": lot_id}
        for move in booking.moves
    ]
    explained = booking.why.written(content)
    moved = ",".join([_POSTING.text(one) for one in postings])
    body = _ENTRY.text(entry, postings=f"[{moved}]", trace=explained.decode(), v="1").encode()
    entry |= {"worker_id": worker_id, "fingerprint": hashlib.sha256(body).digest()}
    for posting in postings:
        posting |= {"worker_id": worker_id, "entry_id": entry["id"]}
    return entry, postings, body
