"""A worker's account at the bank through anything that can happen, in any order.

Every step runs inside a savepoint of one transaction that is rolled back at the end, so
that thousands of lives fit into one database. After every step all invariants are audited;
what is refused must leave every row as it was.
"""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)
from sqlmodel import Session, SQLModel

from archive.db import Database
from credit_bank import bank, bulk, publishing
from credit_bank.auditing import audit
from credit_bank.chain import canonical_bytes
from credit_bank.errors import (
    AppealOpenError,
    CaseActRefusedError,
    LotHeldError,
    LotTooSmallError,
    ReferenceConflictError,
    UnknownCaseError,
)
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.cases import IssuerFact, Pick
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Account, Act, CaseAct, CaseKind, Family, IssuerAct, PairVerdict
from tests.ledgers import Ledger, a_deposit
from tests.lives import COURSES, LEVELS, PRIZES
from tests.outcomes import a_course, issuer

BEGIN = datetime(2022, 10, 1, tzinfo=UTC)
CASE_REFUSALS = (CaseActRefusedError, LotHeldError, LotTooSmallError, UnknownCaseError)
PASSED = st.builds(
    a_course,
    st.sampled_from(["480", "160", "36"]),
    st.dates(date(2019, 1, 1), date(2025, 1, 1)),
    code=st.sampled_from([None, "1"]),
    by=st.sampled_from("AB"),
    name=st.sampled_from(["", "shared"]),
)
OUTCOMES = st.one_of(PASSED, COURSES, LEVELS, PRIZES)


AN_EXAMPLE = {
    "name": "A course that was not passed",
    "given": {"hours": "40", "score": "59"},
    "expect": {"credits": "0", "reason": "not_passed"},
}


class UndoneError(Exception):
    """Rolls a life back when it is over."""


class BankMachine(RuleBasedStateMachine):
    """One worker, two issuers, a clock that never goes back."""

    database: Database
    deposited = Bundle("deposited")
    redemptions = Bundle("redemptions")
    appeals = Bundle("appeals")
    suspensions = Bundle("suspensions")

    def __init__(self) -> None:
        """Begin a dossier in a transaction of its own."""
        super().__init__()
        self._transaction = self.database.transaction()
        self.session: Session = self._transaction.__enter__()
        self.ledger = Ledger(self.session)
        self.now = BEGIN
        self.content: dict[UUID, LearningOutcome] = {}
        self.verdicts: dict[frozenset[UUID], dict[str, Any]] = {}
        self.hours_per_credit = 16
        self.drafts = 0

    def teardown(self) -> None:
        """Bring the same outcomes to another worker in another order; then undo everything."""
        try:
            other = Ledger(self.session)
            for told in self.verdicts.values():
                other.step(CaseAct.DECIDE, new_id(), kind=CaseKind.REVIEW, on=self.today, **told)
            for outcome in sorted(self.content.values(), key=lambda one: one.id.hex[::-1]):
                other.deposit(outcome, now=self.now)
            assert other.accounts.get(Account.ISSUED) == self.ledger.accounts.get(Account.ISSUED)
        finally:
            self._transaction.__exit__(UndoneError, UndoneError(), None)

    @property
    def today(self) -> date:
        """The day on the machine's clock."""
        return self.now.date()

    # --- Outcomes ----------------------------------------------------------------------------

    @initialize(target=deposited, outcomes=st.lists(PASSED, min_size=2, max_size=5))
    def begin(self, outcomes: list[LearningOutcome]) -> object:
        """A worker comes with some courses."""
        return multiple(*[self.deposit(outcome) for outcome in outcomes])

    @rule(target=deposited, outcome=OUTCOMES)
    def deposit(self, outcome: LearningOutcome) -> UUID:
        """A record is posted, late or in order."""
        self.ledger.deposit(outcome, now=self.now)
        self.content[outcome.id] = outcome
        return outcome.id

    @rule(lineage=deposited, other=OUTCOMES)
    def correct(self, lineage: UUID, other: LearningOutcome) -> None:
        """A record turns out to be another of its kind, on another day or of another worth."""
        known = self.content.get(lineage)
        if known is None or known.kind is not other.kind:
            return
        corrected = other.model_copy(update={"id": lineage, "issuer_key": known.issuer_key})
        self.ledger.deposit(corrected, act=Act.CORRECT, now=self.now)
        self.content[lineage] = corrected

    @rule(lineage=consumes(deposited))
    def withdraw(self, lineage: UUID) -> None:
        """A record never was."""
        if lineage in self.content:
            self.ledger.withdraw(self.content.pop(lineage), now=self.now)

    @rule(lineage=deposited, other=OUTCOMES)
    def replay(self, lineage: UUID, other: LearningOutcome) -> None:
        """The same reference again changes nothing; with other content it is refused."""
        original = next(
            (one for one in self.ledger.live if one.id == lineage and lineage in self.content),
            None,
        )
        if original is None:
            return
        reference = f"again:{new_id()}"
        first = a_deposit(original, Act.CORRECT, reference)
        self.ledger.bring([first], now=self.now)
        before = self.dump()
        self.ledger.bring([a_deposit(original, Act.CORRECT, reference)], now=self.now)
        assert self.dump() == before
        changed = other.model_copy(update={"id": lineage})
        conflict = a_deposit(changed, Act.WITHDRAW, reference)
        self.refused(lambda: self.ledger.bring([conflict], now=self.now), (ReferenceConflictError,))

    # --- Time --------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 30, 91, 400, 2600]))
    def wait(self, days: int) -> None:
        """Time goes by."""
        if self.now.year < 2050:
            self.now += timedelta(days=days)

    @rule()
    def expire(self) -> None:
        """The nightly run."""
        self.ledger.expire(self.today, now=self.now)

    # --- Redemptions -------------------------------------------------------------------------

    @precondition(lambda self: self.usable())
    @rule(target=redemptions, parts=st.lists(st.integers(1, 100), min_size=1, max_size=3))
    def redeem(self, parts: list[int]) -> UUID:
        """Some per cent of the first lots is asked for."""
        return self.asked_for(parts)

    @precondition(lambda self: self.usable())
    @rule(target=redemptions, part=st.integers(30, 100))
    def use_up(self, part: int) -> UUID:
        """Much of what is there is asked for, and accepted at once."""
        case_id = self.asked_for([part, part, part])
        self.step_or_refusal(case_id, CaseAct.ACCEPT, CaseKind.REDEMPTION)
        return case_id

    @precondition(lambda self: self.usable())
    @rule(more=st.integers(1, 10**9))
    def redeem_too_much(self, more: int) -> None:
        """More than a lot has is refused."""
        lot_id, units = self.usable()[0]
        pick = Pick(lot_id=lot_id, units=units + more)
        self.refused(
            lambda: self.ledger.step(
                CaseAct.OPEN, new_id(), on=self.today, now=self.now, picks=[pick]
            ),
            (LotTooSmallError,),
        )

    @rule(case_id=redemptions)
    def accept(self, case_id: UUID) -> None:
        """The receiving organisation accepts."""
        self.step_or_refusal(case_id, CaseAct.ACCEPT, CaseKind.REDEMPTION)

    @rule(
        case_id=redemptions,
        act=st.sampled_from(
            [CaseAct.ACCEPT, CaseAct.ACCEPT, CaseAct.DECLINE, CaseAct.WITHDRAW, CaseAct.ANNUL]
        ),
    )
    def answer(self, case_id: UUID, act: CaseAct) -> None:
        """The receiving organisation, the worker or the bureau says something."""
        self.step_or_refusal(case_id, act, CaseKind.REDEMPTION)

    # --- Appeals and decisions ---------------------------------------------------------------

    @rule(target=appeals, lineage=deposited)
    def appeal(self, lineage: UUID) -> UUID:
        """The worker appeals against a line; a second appeal waits for the end of the first."""
        case_id = new_id()
        told: dict[str, Any] = {
            "kind": CaseKind.APPEAL,
            "on": self.today,
            "now": self.now,
            "outcome_id": lineage,
        }
        self.tried(lambda: self.ledger.step(CaseAct.OPEN, case_id, **told), (AppealOpenError,))
        return case_id

    @rule(
        case_id=appeals,
        act=st.sampled_from(
            [CaseAct.ANSWER, CaseAct.ESCALATE, CaseAct.DECIDE, CaseAct.WITHDRAW, CaseAct.LAPSE]
        ),
    )
    def follow_appeal(self, case_id: UUID, act: CaseAct) -> None:
        """Someone answers, escalates, decides or lets it be."""
        self.step_or_refusal(case_id, act, CaseKind.APPEAL)

    @rule(
        pair=st.lists(deposited, min_size=2, max_size=2, unique=True),
        verdict=st.sampled_from(PairVerdict),
    )
    def review(self, pair: list[UUID], verdict: PairVerdict) -> None:
        """A clerk looks at two courses and finds that they are one, or two."""
        case_id = new_id()
        told = {"outcome_id": pair[0], "other_id": pair[1], "verdict": verdict}
        self.ledger.step(
            CaseAct.DECIDE, case_id, kind=CaseKind.REVIEW, on=self.today, now=self.now, **told
        )
        self.verdicts[frozenset(pair)] = told

    @rule(target=suspensions, of=st.sampled_from("AB"), years=st.integers(0, 20))
    def suspend(self, of: str, years: int) -> IssuerFact:
        """The bureau suspends an issuer."""
        case_id = new_id()
        fact = IssuerFact(
            id=case_id,
            case_id=case_id,
            act=IssuerAct.SUSPEND,
            issuer_id=issuer(of),
            effective_on=self.today,
            begins_on=date(2022 - years, 1, 1),
            ends_on=date(2030, 1, 1),
            source="示例决定",
        )
        bank.decide_on_issuer(self.session, fact, by=None, now=self.now)
        return fact

    @rule(
        first=suspensions,
        act=st.sampled_from([IssuerAct.EXTEND, IssuerAct.RELEASE, IssuerAct.REVOKE]),
    )
    def follow_suspension(self, first: IssuerFact, act: IssuerAct) -> None:
        """The bureau extends, releases or revokes."""
        fact = first.model_copy(update={"id": new_id(), "act": act, "effective_on": self.today})
        self.tried(
            lambda: bank.decide_on_issuer(self.session, fact, by=None, now=self.now),
            (CaseActRefusedError,),
        )

    # --- Rules -------------------------------------------------------------------------------

    @precondition(lambda self: self.drafts < 3)
    @rule(hours=st.sampled_from([8, 15, 17, 32]), year=st.integers(2022, 2024))
    def publish_a_rule_that_reaches_back(self, hours: int, year: int) -> None:
        """A new rule for courses, in force from a day in the past."""
        book = rule_book(self.session)
        day = date(year, 9, 15) + timedelta(days=self.drafts)
        known = book.in_force(Family.TRAINING, day)
        if known is None or known.rule.in_force_from >= day or known.until is not None:
            return
        self.drafts += 1
        body = {
            **json.loads(known.body),
            "id": f"training-draft-{self.drafts}",
            "replaces": known.rule.id,
            "in_force_from": day.isoformat(),
            "hours_per_credit": hours,
            "example": [AN_EXAMPLE],
        }
        publishing.publish(self.session, [canonical_bytes(body)], now=self.now)
        self.ledger.recompute(now=self.now)

    # --- Failures ----------------------------------------------------------------------------

    @rule(outcome=OUTCOMES, after=st.integers(0, 4))
    def fail_between_writes(self, outcome: LearningOutcome, after: int) -> None:
        """The power goes while rows are written: nothing of them stays."""
        before = self.dump()
        left = iter(range(after))

        def failing(*told: Any) -> None:
            if next(left, None) is None:
                raise OSError
            bulk.insert_rows(*told)

        try:
            with pytest.MonkeyPatch.context() as patch, self.session.begin_nested():
                patch.setattr("credit_bank.desk.insert_rows", failing)
                self.ledger.deposit(outcome, now=self.now)
        except OSError:
            self.session.expire_all()
            assert self.dump() == before
        else:
            self.content[outcome.id] = outcome

    # --- What must hold ----------------------------------------------------------------------

    @invariant()
    def every_invariant_holds(self) -> None:
        """I1 to I14, read from the rows."""
        rows = stored_rows(self.session, [self.ledger.worker_id])[self.ledger.worker_id]
        assert audit(rows, rule_book(self.session), publication_times(self.session)) == []

    def usable(self) -> list[tuple[UUID, int]]:
        """Return the lots that have something left, in the order of their ids."""
        units: dict[UUID, int] = {}
        for _, postings in self.ledger.entries:
            for posting in postings:
                if posting.account is Account.AVAILABLE:
                    units[posting.lot_id] = units.get(posting.lot_id, 0) + posting.units
        return sorted((lot, left) for lot, left in units.items() if left > 0)

    def asked_for(self, parts: list[int]) -> UUID:
        """Ask for some per cent of each of the first lots; return the case."""
        case_id = new_id()
        picks = [
            Pick(lot_id=lot_id, units=max(1, units * part // 100))
            for (lot_id, units), part in zip(self.usable(), parts, strict=False)
        ]
        self.ledger.step(CaseAct.OPEN, case_id, on=self.today, now=self.now, picks=picks)
        return case_id

    def step_or_refusal(self, case_id: UUID, act: CaseAct, kind: CaseKind) -> None:
        """Take a step; when it is refused nothing may have changed."""
        self.tried(
            lambda: self.ledger.step(
                act,
                case_id,
                kind=kind,
                on=self.today,
                now=self.now,
                reference=f"{case_id}/{act}/{self.now.isoformat()}",
            ),
            CASE_REFUSALS,
        )

    def tried(self, act: Callable[[], object], refusals: tuple[type[Refusal], ...]) -> None:
        """Do something that may be refused; then every row is as it was."""
        before = self.dump()
        try:
            with self.session.begin_nested():
                act()
        except refusals:
            self.session.expire_all()
            assert self.dump() == before

    def refused(self, act: Callable[[], object], refusals: tuple[type[Refusal], ...]) -> None:
        """Do something that must be refused, and see that every row is as it was."""
        before = self.dump()
        try:
            with self.session.begin_nested():
                act()
        except refusals:
            self.session.expire_all()
            assert self.dump() == before
        else:
            message = "it should have been refused"
            raise AssertionError(message)

    def dump(self) -> dict[str, list[str]]:
        """Return every row of every table, sorted."""
        connection = self.session.connection()
        return {
            table.name: sorted(map(repr, connection.execute(sqlalchemy.select(table))))
            for table in SQLModel.metadata.sorted_tables
        }
