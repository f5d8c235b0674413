"""What the bank's machine stands on: workers, a clock that never goes back, and what must hold.

Every step runs inside a savepoint of one transaction that is rolled back at the end, so
that thousands of lives fit into one database. What can happen stands in ``machine_records``,
``machine_cases`` and ``machine_law``.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant
from sqlmodel import Session, SQLModel, col, func, select

from archive.db import Database
from archive.dossiers import auditing
from archive.dossiers.many_hands import Range
from credit_bank.auditing import audit
from credit_bank.auditing_law import audit_law
from credit_bank.checking import Rows
from credit_bank.history import history_of
from credit_bank.judging import IS_WITHDRAWN
from credit_bank.lots import GRANTING
from credit_bank.models import ChainHead, Entry, IssuerDecision, Posting, RuleVersion
from credit_bank.publishing import publication_times, rule_book
from credit_bank.rebuilding import rebuild
from credit_bank.stored import stored_rows
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Account, CaseAct, CaseKind
from tests.builders import NOW
from tests.ledgers import Ledger
from tests.machine_truth import Lot, held_without_a_word, lots_of, untrue

if TYPE_CHECKING:
    from schemas.cases import IssuerFact
    from schemas.credits import LearningOutcome

BEGIN = NOW + timedelta(days=1)  # The shipped rules were published before.

deposited: Bundle[UUID] = Bundle("deposited")
redemptions: Bundle[UUID] = Bundle("redemptions")
appeals: Bundle[UUID] = Bundle("appeals")


class UndoneError(Exception):
    """Rolls a life, or what failed in it, back."""


class World(RuleBasedStateMachine):
    """Two workers, three issuers, one law, and a clock that never goes back."""

    database: Database

    def __init__(self) -> None:
        """Begin two dossiers in a transaction of their own."""
        super().__init__()
        self._transaction = self.database.transaction()
        self.session: Session = self._transaction.__enter__()
        self.workers = (Ledger(self.session), Ledger(self.session))
        self.now = BEGIN
        self.content: dict[UUID, LearningOutcome] = {}
        """What stands of each record, by lineage."""
        self.whose: dict[UUID, Ledger] = {}
        self.verdicts: dict[frozenset[UUID], dict[str, Any]] = {}
        self.decisions: dict[UUID, IssuerFact] = {}
        """The first of each case on an issuer, as it was told."""
        self.closed: list[Ledger] = []
        """Dossiers that were merged into others."""
        self.heirs: dict[UUID, LearningOutcome] = {}
        """What the last merger made of each record."""
        self._audited: dict[UUID, tuple[int, ...]] = {}
        self._usable: dict[UUID, tuple[int, list[tuple[UUID, int]]]] = {}

    @property
    def today(self) -> date:
        """The day on the machine's clock."""
        return self.now.date()

    def tick(self) -> datetime:
        """Let a moment pass, for no two things happen at once; return the new one."""
        self.now += timedelta(seconds=1)
        return self.now

    # --- What must hold ----------------------------------------------------------------------

    @invariant()
    def every_invariant_holds(self) -> None:
        """I1 to I14, read from the rows of every ledger that changed."""
        law = (self._count(RuleVersion), self._count(IssuerDecision))
        for ledger in (*self.workers, *self.closed):
            seen = (self.sequence(ledger), *law)
            if self._audited.get(ledger.worker_id) != seen:
                rows = self.rows(ledger)
                found = audit(rows, rule_book(self.session), publication_times(self.session))
                assert found == [], found
                wrong = untrue(rows, self.content, rule_book(self.session))
                wrong += held_without_a_word(rows, self.content, self.decisions)
                assert wrong == [], wrong
                assert not [e for e in rows.entries if e.reason == "exempted" and e.posted_units]
                self._audited[ledger.worker_id] = seen

    def teardown(self) -> None:
        """Audit the whole, compute it anew, bring it in another order; then undo everything."""
        try:
            for ledger in self.closed:
                self._is_whole(ledger)
            for ledger in self.workers:
                self._is_whole(ledger)
                self._is_the_same_in_another_order(ledger)
        finally:
            self._transaction.__exit__(UndoneError, UndoneError(), None)

    def _is_whole(self, ledger: Ledger) -> None:
        """The services behind ``ledger audit`` and ``ledger rebuild --check``, and statements."""
        assert audit_law(self.session) == []
        looked = auditing.look(self.session, Range(ledger.worker_id, ledger.worker_id))
        assert (looked.workers, list(looked.findings)) == (1, []), looked
        history = history_of(self.session)
        rebuilt = rebuild(self.rows(ledger), history, now=self.now, zone=UTC)
        assert rebuilt == ([], []), rebuilt

    def _is_the_same_in_another_order(self, ledger: Ledger) -> None:
        """I6; with I12 it holds for what is left after the same redemptions, too."""
        mine = [one for one in self.content.values() if self.whose[one.id] is ledger]
        for order in (lambda one: one.id.hex[::-1], lambda one: (-one.effective_on.toordinal(),)):
            other = Ledger(self.session)
            for told in self.verdicts.values():
                other.step(CaseAct.DECIDE, new_id(), kind=CaseKind.REVIEW, on=self.today, **told)
            for outcome in sorted(mine, key=order):
                other.deposit(outcome, now=self.tick())
            assert self._standing(other) == self._standing(ledger)
            assert other.accounts.get(Account.ISSUED) == ledger.accounts.get(Account.ISSUED)

    def _standing(self, ledger: Ledger) -> dict[object, object]:
        """Return what stands for each outcome that was not withdrawn, by family."""
        query = (
            select(Entry)
            .where(col(Entry.worker_id) == ledger.worker_id, col(Entry.family).in_(GRANTING))
            .order_by(col(Entry.revision))
        )
        newest = {
            (entry.outcome_id, entry.family): (
                entry.evaluated_units,
                entry.reason,
                entry.rule_version,
                entry.effective_on,
            )
            for entry in self.session.exec(query)
            if entry.outcome_id in self.content
        }
        return {key: told for key, told in newest.items() if told[1] != IS_WITHDRAWN}

    # --- What steps ask ------------------------------------------------------------------------

    def rows(self, ledger: Ledger) -> Rows:
        """Return all rows of a ledger, read anew."""
        return stored_rows(self.session, [ledger.worker_id])[ledger.worker_id]

    def lots(self, lineage: UUID) -> list[Lot]:
        """Return where the units of a record are now."""
        return [lot for lot in lots_of(self.rows(self.whose[lineage])) if lot.outcome_id == lineage]

    def sequence(self, ledger: Ledger) -> int:
        """Return how long the chain of a ledger is."""
        query = select(ChainHead.sequence).where(col(ChainHead.worker_id) == ledger.worker_id)
        return self.session.exec(query).one()

    def usable(self, ledger: Ledger) -> list[tuple[UUID, int]]:
        """Return the lots that have something left, in the order of their ids."""
        sequence = self.sequence(ledger)
        known = self._usable.get(ledger.worker_id)
        if known is None or known[0] != sequence:
            left = func.sum(col(Posting.units))
            query = (
                select(Posting.lot_id, left)
                .where(
                    col(Posting.worker_id) == ledger.worker_id,
                    col(Posting.account) == Account.AVAILABLE,
                )
                .group_by(col(Posting.lot_id))
                .having(left > 0)
                .order_by(col(Posting.lot_id))
            )
            found = [(lot_id, int(units)) for lot_id, units in self.session.exec(query)]
            known = self._usable[ledger.worker_id] = (sequence, found)
        return known[1]

    def tried(self, act: Callable[[], object], refusals: tuple[type[Refusal], ...]) -> bool:
        """Do something that may be refused, and then changes no row; tell whether it was done."""
        before = self.dump()
        try:
            with self.session.begin_nested():
                act()
        except refusals:
            self.session.expire_all()
            assert self.dump() == before
            return False
        return True

    def refused(self, act: Callable[[], object], refusals: tuple[type[Refusal], ...]) -> None:
        """Do something that must be refused, and see that every row is as it was."""
        assert not self.tried(act, refusals), "it should have been refused"

    def dump(self) -> dict[str, list[str]]:
        """Return every row of every table, sorted; by the driver alone, for it is done often."""
        self.session.flush()
        cursor = self.session.connection().connection.cursor()
        found = {}
        for table in SQLModel.metadata.sorted_tables:
            cursor.execute(f'SELECT * FROM "{table.name}"')
            found[table.name] = sorted(map(repr, cursor.fetchall()))
        cursor.close()
        assert found["rule_version"]
        return found

    def _count(self, model: type[SQLModel]) -> int:
        return self.session.exec(select(func.count()).select_from(model)).one()
