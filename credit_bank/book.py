"""One worker's book in memory: what stands in it, and what is about to be appended.

settling.py decides what is booked, from values; desk.py loads and saves. Each appended row
is also a link of the dossier's chain, with the exact bytes that are hashed.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from credit_bank.booking import (
    Appended,
    Booking,
    Deposit,
    Move,
    SealedNote,
    Series,
    content_of,
    written_case,
    written_entry,
    written_outcome,
)
from credit_bank.cases import Case, Suspension, opened
from credit_bank.chain import Tail
from credit_bank.conversion import Judgement, canonical_order
from credit_bank.errors import DossierClosedError, ReferenceConflictError, UnknownCaseError
from credit_bank.explaining import Why, why_of
from credit_bank.judging import WITHDRAWN
from credit_bank.lots import Lot
from credit_bank.motions import Motion
from credit_bank.quick import QuickLook
from schemas.cases import CaseFact
from schemas.credits import Arithmetic, LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Account, Act, CaseAct, Cause, Decision, Family


@dataclass(frozen=True, slots=True)
class Unread:
    """Dossiers that were locked but not read: deposits in order may need no more."""

    look: QuickLook
    read: Callable[[Sequence[UUID]], None]


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
    lots: dict[UUID, Lot] = field(default_factory=dict)
    cases: dict[UUID, Case] = field(default_factory=dict)
    suspensions: Mapping[UUID, Suspension] = field(default_factory=dict)
    """Decisions on issuers; they are nobody's own."""
    unread: Unread | None = None
    """How to read what stands in the dossier, and others, as long as nobody had to."""
    appended: Appended = field(default_factory=Appended)
    judged: dict[tuple[UUID, Family], Judgement] = field(default_factory=dict)
    contents: dict[UUID, tuple[LearningOutcome, bytes]] = field(default_factory=dict)
    """By lineage: the outcome that was written last, and its canonical bytes."""
    corrected: set[UUID] = field(default_factory=set)
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

    def read(self) -> None:
        """Read what stands in the dossier, unless that was done."""
        read([self])

    def deposit(self, deposit: Deposit, *, now: datetime) -> bool:
        """Append an outcome; return False when it is a replay of one that is here.

        Raises ReferenceConflictError when the reference came with other content.
        """
        if self.unread and (
            self.outcomes or not self.unread.look.is_fresh(self.worker_id, deposit)
        ):
            self.read()
        if self._is_replay(deposit.reference, deposit.fingerprint):
            return False
        lineage = deposit.outcome.id
        row, body = written_outcome(self.worker_id, deposit, self.newest.get(lineage), now)
        self.references[deposit.reference] = row["fingerprint"]
        self.newest[lineage] = deposit.id
        if self.outcomes.get(lineage, deposit.outcome) != deposit.outcome:
            self.corrected.add(lineage)
        if deposit.act is Act.WITHDRAW:
            self.outcomes.pop(lineage, None)
        else:
            self.outcomes[lineage] = deposit.outcome
        self.contents[lineage] = (deposit.outcome, deposit.content)
        self.link("outcome", deposit.id, body)
        self.appended.outcomes.append(row)
        return True

    def tell(
        self,
        fact: CaseFact,
        *,
        now: datetime,
        by: UUID | None = None,
        note: SealedNote | None = None,
    ) -> bool:
        """Append an event of a case; return False when it is a replay of one that is here.

        Raises ReferenceConflictError, CaseActRefusedError for what cannot follow, and
        UnknownCaseError for a case that was not begun.
        """
        self.read()
        self.refuse_closed()
        row, body = written_case(self.worker_id, fact, now, by, note)
        if self._is_replay(fact.reference, row["fingerprint"]):
            return False
        if fact.id == fact.case_id:
            self.cases[fact.case_id] = opened(fact)
        else:
            self.case(fact.case_id).follow(fact)
        self.references[fact.reference] = row["fingerprint"]
        self.link("case", fact.id, body)
        self.appended.cases.append(row)
        return True

    def refuse_closed(self) -> None:
        """Raise DossierClosedError when the dossier was merged into another."""
        if any(case.last is CaseAct.CLOSE for case in self.cases.values()):
            raise DossierClosedError

    def case(self, case_id: UUID) -> Case:
        """Return a case; raises UnknownCaseError."""
        if case_id not in self.cases:
            raise UnknownCaseError(case=case_id)
        return self.cases[case_id]

    def balance(self, account: Account) -> int:
        """Return the units of all lots in an account."""
        return sum(lot.units[account] for lot in self.lots.values())

    def lots_in_order(self) -> list[Lot]:
        """Return the lots in the canonical order of their outcomes; of one by its families."""
        lots = sorted(self.lots.values(), key=lambda lot: lot.family)
        return sorted(lots, key=lambda lot: canonical_order(lot.outcome))

    def move(self, lot: Lot, motion: Motion, *, now: datetime) -> UUID:
        """Book a motion of a lot's units as the next revision of its series; return the entry.

        One series tells of all lots of an outcome how many units stand under its family.
        """
        key = (lot.outcome.id, motion.family)
        series = self.series.setdefault(key, Series(lot.outcome, motion.family))
        rule = motion.published.rule if motion.published else None
        why = Why(
            family=motion.family,
            rule=rule.id if rule else None,
            version=motion.published.version if motion.published else None,
            day=motion.day,
            outcome=lot.outcome,
            context={
                "standing": str(series.units),
                "moved": str(motion.standing),
                **motion.context,
            },
            steps=(motion.step,),
            source=rule.source if rule else None,
        )
        series.revision += 1
        series.units += motion.standing
        series.decision = Decision.GRANTED if series.units else Decision.NOTHING
        series.reason, series.version, series.effective_on = (
            motion.reason,
            why.version,
            motion.day,
        )
        moves = [Move(new_id(), account, units) for account, units in motion.moves]
        booking = Booking(motion.cause, why, lot, moves, motion.case_id, motion.reverses_id)
        return self._book(series, booking, now)

    def revise(self, series: Series, judgement: Judgement, *, now: datetime) -> None:
        """Book the difference that a judgement makes; what it says becomes the newest."""
        difference = judgement.result.units - series.units
        series.turn(judgement)
        moves = self._granted(series, difference, now)
        self._book(series, Booking(Cause.GRANT, why_of(judgement), series.lot, moves), now)

    def take_all_back(self, series: Series, reason: str, *, now: datetime) -> None:
        """Book that a series gives nothing any more, as of the day from which it gave."""
        why = Why(
            family=series.family,
            day=series.effective_on or series.outcome.effective_on,
            outcome=series.outcome,
            steps=(Arithmetic(text=WITHDRAWN),),
        )
        moves = self._granted(series, -series.units, now)
        series.revision += 1
        series.units, series.decision, series.reason = 0, Decision.NOTHING, reason
        series.version = None
        self._book(series, Booking(Cause.GRANT, why, series.lot, moves), now)

    def _content(self, outcome: LearningOutcome) -> bytes:
        """Return an outcome's canonical bytes, written once for all that is booked of it."""
        known, content = self.contents.get(outcome.id, (None, b""))
        if known is not outcome:
            content = content_of(outcome)
            self.contents[outcome.id] = (outcome, content)
        return content

    def _is_replay(self, reference: str, fingerprint: bytes) -> bool:
        known = self.references.get(reference)
        if known is None:
            return False
        if known != fingerprint:
            raise ReferenceConflictError(reference=reference)
        return True

    def _granted(self, series: Series, difference: int, now: datetime) -> list[Move]:
        """Return the postings of a difference; a first grant opens the lot.

        What was granted too much is taken back from ``available``, which may fall below zero
        until the book is arranged.
        """
        posting_id = new_id()
        if difference > 0:
            if series.lot is None:
                series.lot = Lot(posting_id, series.family, series.outcome, now)
                self.lots[posting_id] = series.lot
            series.lot.granted_at = now
        if difference == 0:
            return []
        return [
            Move(posting_id, Account.AVAILABLE, difference),
            Move(new_id(), Account.ISSUED, -difference),
        ]

    def _book(self, series: Series, booking: Booking, now: datetime) -> UUID:
        content = self._content(booking.why.outcome)
        entry, postings, body = written_entry(self.worker_id, series, booking, content, now)
        day, case_id = booking.why.day, booking.case_id
        for move in booking.moves:
            if booking.lot:
                booking.lot.move(series.family, case_id, day, move.account, move.units)
        self.link("entry", entry["id"], body)
        self.appended.entries.append(entry)
        self.appended.postings.extend(postings)
        entry_id: UUID = entry["id"]
        return entry_id


def read(books: Iterable[Book]) -> None:
    """Read what stands in some dossiers, all at once, unless that was done."""
    unread: dict[Unread, list[UUID]] = defaultdict(list)
    for book in books:
        if book.unread:
            unread[book.unread].append(book.worker_id)
            book.unread = None
    for them, whose in unread.items():
        them.read(whose)
