"""What can happen to records in the bank's machine: posted, corrected, withdrawn, posted again."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, consumes, initialize, multiple, rule

from credit_bank import bank, bulk
from credit_bank.errors import ReferenceConflictError
from schemas.cases import Pick
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Act, CaseAct, IssuerAct
from tests.ledgers import Ledger, a_deposit
from tests.lives import COURSES, FROM_ELSEWHERE, LEVELS, OTHER_CERTIFICATES, PASSED, PRIZES
from tests.machine_world import UndoneError, World, deposited
from tests.test_cases_of_workers import a_decision

OUTCOMES = st.one_of(PASSED, PASSED, COURSES, LEVELS, PRIZES, FROM_ELSEWHERE, OTHER_CERTIFICATES)
WHOSE = st.sampled_from([0, 0, 0, 1])


class Records(World):
    """Records arrive, late or in order, of two workers."""

    @initialize(target=deposited, outcomes=st.lists(PASSED, min_size=2, max_size=5))
    def begin(self, outcomes: list[LearningOutcome]) -> MultipleResults[UUID]:
        """A worker comes with some courses."""
        for outcome in outcomes:
            self.deposit(outcome, 0)
        return multiple(*(outcome.id for outcome in outcomes))

    @rule(target=deposited, outcome=OUTCOMES, whose=WHOSE)
    def deposit(self, outcome: LearningOutcome, whose: int) -> UUID:
        """A record is posted, late or in order."""
        self.workers[whose].deposit(outcome, now=self.tick())
        self.content[outcome.id], self.whose[outcome.id] = outcome, self.workers[whose]
        return outcome.id

    @rule(lineage=deposited, other=OUTCOMES)
    def correct(self, lineage: UUID, other: LearningOutcome) -> None:
        """A record turns out to be another of its kind, on another day or of another worth."""
        known = self.content.get(lineage)
        if known is None or known.kind is not other.kind:
            return
        corrected = other.model_copy(update={"id": lineage, "issuer_key": known.issuer_key})
        self.whose[lineage].deposit(corrected, act=Act.CORRECT, now=self.tick())
        self.content[lineage] = corrected

    @rule(lineage=consumes(deposited))
    def withdraw(self, lineage: UUID) -> None:
        """A record never was."""
        if lineage in self.content:
            self.whose[lineage].withdraw(self.content.pop(lineage), now=self.tick())

    @rule(lineage=deposited, other=OUTCOMES)
    def replay(self, lineage: UUID, other: LearningOutcome) -> None:
        """The same reference again changes nothing; with other content it is refused."""
        original = self.content.get(lineage)
        if original is None:
            return
        ledger, reference = self.whose[lineage], f"again:{new_id()}"
        ledger.bring([a_deposit(original, Act.CORRECT, reference)], now=self.tick())
        before = self.dump()
        ledger.bring([a_deposit(original, Act.CORRECT, reference)], now=self.tick())
        assert self.dump() == before
        changed = other.model_copy(update={"id": lineage})
        conflict = a_deposit(changed, Act.WITHDRAW, reference)
        self.refused(lambda: ledger.bring([conflict], now=self.tick()), (ReferenceConflictError,))

    # --- Failures ----------------------------------------------------------------------------

    @rule(
        outcome=OUTCOMES,
        after=st.integers(0, 5),
        what=st.sampled_from(["deposit", "withdraw", "redeem", "suspend"]),
    )
    def fail_between_writes(self, outcome: LearningOutcome, after: int, what: str) -> None:
        """The power goes while rows are written, or just before the end: nothing of them stays."""
        before, left = self.dump(), iter(range(after))

        def failing(*told: Any) -> None:
            if next(left, None) is None:
                raise OSError
            bulk.insert_rows(*told)

        act = self._doing(what, self.workers[0], outcome)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("credit_bank.desk.insert_rows", failing)
            with pytest.raises((OSError, UndoneError)):
                self._undone(act)
        self.session.expire_all()
        assert self.dump() == before

    def _undone(self, act: Callable[[], object]) -> None:
        """Do something, and lose it."""
        with self.session.begin_nested():
            act()
            raise UndoneError

    def _doing(self, what: str, ledger: Ledger, outcome: LearningOutcome) -> Callable[[], object]:
        """Return something that writes; a deposit when there is nothing to do it with."""
        now = self.tick()
        mine = [one for one in self.content.values() if self.whose[one.id] is ledger]
        usable = self.usable(ledger)
        if what == "withdraw" and mine:
            return lambda: ledger.withdraw(mine[0], now=now)
        if what == "redeem" and usable:
            pick = Pick(lot_id=usable[0][0], units=1)
            return lambda: ledger.step(CaseAct.OPEN, new_id(), on=self.today, now=now, picks=[pick])
        if what == "suspend":
            fact = a_decision(IssuerAct.SUSPEND, new_id(), self.today)
            return lambda: bank.decide_on_issuer(self.session, fact, by=None, now=now)
        return lambda: ledger.deposit(outcome, now=now)
