"""One worker's book in memory: what stands in it, and what is about to be appended.

Everything that is decided is decided here, from values; desk.py loads and saves. Each
appended row is also a link of the dossier's chain, with the exact bytes that are hashed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from uuid import UUID

from credit_bank.booking import (
    Appended,
    Deposit,
    Lot,
    Move,
    Series,
    written_entry,
    written_outcome,
)
from credit_bank.chain import Tail
from credit_bank.conversion import Judgement, judge_all
from credit_bank.errors import ReferenceConflictError
from credit_bank.families import ShelfLifeRule
from credit_bank.judging import EXPIRED, IS_WITHDRAWN, REPLACED, WITHDRAWN
from credit_bank.rulebook import PublishedRule, RuleBook
from schemas.contracts import plain_decimal
from schemas.credits import Arithmetic, LearningOutcome, Trace, as_credits
from schemas.ids import new_id
from schemas.vocabulary import Account, Act, Cause, Decision, Family


@dataclass(slots=True)
class Book:
    """The ledger of one worker while a transaction works on it."""

    worker_id: UUID
    tail: Tail
    is_new: bool = False
    outcomes: dict[UUID, LearningOutcome] = field(default_factory=dict)
    """The live outcomes by lineage."""
    newest: dict[UUID, UUID] = field(default_factory=dict)
    """The newest deposit of each lineage, withdrawn ones too."""
    references: dict[str, bytes] = field(default_factory=dict)
    series: dict[tuple[UUID, Family], Series] = field(default_factory=dict)
    appended: Appended = field(default_factory=Appended)
    _judged: dict[UUID, Judgement] = field(default_factory=dict)
    _corrected: set[UUID] = field(default_factory=set)
    """Lineages whose content changed since the last settling: they are explained anew."""

    def link(self, subject_kind: str, subject_id: UUID, body: bytes) -> bytes:
        """Append a link to the dossier's chain and return its hash."""
        link = self.tail.append(subject_kind, subject_id, body)
        row = {
            "worker_id": self.worker_id,
            "sequence": link.sequence,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "body": body,
            "hash": link.hash,
        }
        self.appended.links.append(row)
        return link.hash

    def deposit(self, deposit: Deposit, *, now: datetime) -> bool:
        """Append an outcome; return False when it is a replay of one that is here.

        Raises ReferenceConflictError when the reference came with other content.
        """
        known = self.references.get(deposit.reference)
        if known is not None:
            if known != deposit.fingerprint:
                raise ReferenceConflictError(reference=deposit.reference)
            return False
        lineage = deposit.outcome.id
        row, body = written_outcome(self.worker_id, deposit, self.newest.get(lineage), now)
        self.references[deposit.reference] = row["fingerprint"]
        self.newest[lineage] = deposit.id
        if self.outcomes.get(lineage, deposit.outcome) != deposit.outcome:
            self._corrected.add(lineage)
        if deposit.act is Act.WITHDRAW:
            self.outcomes.pop(lineage, None)
        else:
            self.outcomes[lineage] = deposit.outcome
        self.link("outcome", deposit.id, body)
        self.appended.outcomes.append(row)
        return True

    def settle(self, rules: RuleBook, *, now: datetime) -> None:
        """Bring every series to what the rules say of the live outcomes; post differences."""
        for judgement in judge_all(self.outcomes.values(), rules, self._judged):
            self._judged[judgement.outcome.id] = judgement
            key = (judgement.outcome.id, judgement.family)
            series = self.series.setdefault(key, Series(judgement.outcome, judgement.family))
            if series.says(judgement) and judgement.outcome.id not in self._corrected:
                continue
            if series.units and series.effective_on != judgement.outcome.effective_on:
                self._take_all_back(series, REPLACED, now)
            self._revise(series, judgement, now)
        for (lineage, _), series in list(self.series.items()):
            if lineage not in self.outcomes and series.is_grant and series.reason != IS_WITHDRAWN:
                self._take_all_back(series, IS_WITHDRAWN, now)
        self._corrected.clear()

    def expire(self, rules: RuleBook, *, now: datetime, today: date, zone: tzinfo) -> int:
        """Move what can no longer be used to ``expired``; return the units moved.

        No unit expires before its holder had the notice time since units were last added
        to its lot, so a late deposit or correction is never swallowed at once. Days are
        those of ``zone``.
        """
        moved = 0
        for series in list(self.series.values()):
            lot = series.lot
            if lot is None or not series.is_grant:
                continue
            left = lot.units[Account.AVAILABLE]
            published = rules.in_force(Family.SHELF_LIFE, lot.outcome.effective_on)
            granted_on = lot.granted_at.astimezone(zone).date()
            last_day = last_day_of(lot.outcome, published, granted_on)
            if left > 0 and published and last_day and last_day < today:
                context = {
                    "left": str(left),
                    "granted_on": granted_on.isoformat(),
                    "today": today.isoformat(),
                }
                self._expire_lot(lot, published, last_day, context, now)
                moved += left
        return moved

    def balance(self, account: Account) -> int:
        """Return the units of all lots in an account."""
        lots = (series.lot for series in self.series.values() if series.is_grant and series.lot)
        return sum(lot.units[account] for lot in lots)

    def _revise(self, series: Series, judgement: Judgement, now: datetime) -> None:
        difference = judgement.result.units - series.units
        series.turn(judgement)
        moves = self._moves(series, difference, REPLACED, now)
        self._book(series, Cause.GRANT, judgement.trace(), moves, now)

    def _take_all_back(self, series: Series, reason: str, now: datetime) -> None:
        trace = Trace(
            family=series.family,
            rule=None,
            version=None,
            day=series.effective_on or series.outcome.effective_on,
            outcome=series.outcome,
            steps=(Arithmetic(text=WITHDRAWN),),
        )
        moves = self._moves(series, -series.units, reason, now)
        series.revision += 1
        series.units, series.decision, series.reason = 0, Decision.NOTHING, reason
        series.version = None
        self._book(series, Cause.GRANT, trace, moves, now)

    def _moves(self, series: Series, difference: int, reason: str, now: datetime) -> list[Move]:
        """Return the postings of a difference; a first grant opens the lot.

        What was granted too much is taken back from ``available``; what has expired of it
        comes back there first.
        """
        posting_id = new_id()
        if difference > 0:
            if series.lot is None:
                series.lot = Lot(posting_id, series.outcome, now)
            series.lot.granted_at = now
        if difference == 0 or series.lot is None:
            return []
        missing = -difference - series.lot.units[Account.AVAILABLE]
        if missing > 0:
            self._bring_back(series.lot, missing, reason, now)
        return [
            Move(posting_id, Account.AVAILABLE, difference),
            Move(new_id(), Account.ISSUED, -difference),
        ]

    def _expire_lot(
        self,
        lot: Lot,
        published: PublishedRule,
        last_day: date,
        context: dict[str, str],
        now: datetime,
    ) -> None:
        left = lot.units[Account.AVAILABLE]
        key = (lot.outcome.id, Family.SHELF_LIFE)
        series = self.series.setdefault(key, Series(lot.outcome, Family.SHELF_LIFE, lot=lot))
        facts = {"credits": plain_decimal(as_credits(left)), "day": last_day.isoformat()}
        trace = Trace(
            family=Family.SHELF_LIFE,
            rule=published.rule.id,
            version=published.version,
            day=last_day,
            outcome=lot.outcome,
            context={"expired": str(series.units), **context},
            steps=(Arithmetic(text=EXPIRED, facts=facts),),
            source=published.rule.source,
        )
        self._turn_shelf_life(series, trace, left, "shelf_life_over", now)

    def _bring_back(self, lot: Lot, units: int, reason: str, now: datetime) -> None:
        """Move units that had expired back to ``available``, those of the latest day first.

        Raises ValueError when so much has not expired: the lot cannot give back more than
        it holds.
        """
        series = self.series.get((lot.outcome.id, Family.SHELF_LIFE))
        if series is None or series.units < units:
            message = "a lot cannot give back more than it holds"
            raise ValueError(message)
        for day in sorted(series.expired, reverse=True):
            part = min(units, series.expired[day])
            if part:
                trace = Trace(
                    family=Family.SHELF_LIFE,
                    rule=None,
                    version=None,
                    day=day,
                    outcome=lot.outcome,
                    context={"expired": str(series.units), "left": str(-part)},
                    steps=(Arithmetic(text=WITHDRAWN),),
                )
                self._turn_shelf_life(series, trace, -part, reason, now)
                units -= part

    def _turn_shelf_life(
        self, series: Series, trace: Trace, units: int, reason: str, now: datetime
    ) -> None:
        """Book that units expired (+), or that they had not (-)."""
        series.revision += 1
        series.units += units
        series.expired[trace.day] += units
        series.decision = Decision.GRANTED if series.units else Decision.NOTHING
        series.reason, series.version, series.effective_on = reason, trace.version, trace.day
        moves = [
            Move(new_id(), Account.AVAILABLE, -units),
            Move(new_id(), Account.EXPIRED, units),
        ]
        self._book(series, Cause.EXPIRY, trace, moves, now)

    def _book(
        self, series: Series, cause: Cause, trace: Trace, moves: list[Move], now: datetime
    ) -> None:
        entry, postings, body = written_entry(self.worker_id, series, cause, trace, moves, now)
        for move in moves:
            if series.lot:
                series.lot.units[move.account] += move.units
        self.link("entry", entry["id"], body)
        self.appended.entries.append(entry)
        self.appended.postings.extend(postings)


def last_day_of(
    outcome: LearningOutcome, published: PublishedRule | None, granted_on: date
) -> date | None:
    """Return the last day on which a grant of a local day can be used; None when it never ends."""
    if published is None or not isinstance(published.rule, ShelfLifeRule):
        return None
    return published.rule.last_day(outcome.kind, outcome.effective_on, granted_on)
