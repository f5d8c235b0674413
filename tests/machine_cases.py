"""What can happen to credits in the bank's machine: used, disputed, reviewed, held, expired."""

from datetime import UTC, date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, precondition, rule

from archive.bureau import nightly
from credit_bank import bank
from credit_bank.due import overdue_cases, overdue_suspensions
from credit_bank.errors import (
    AppealOpenError,
    CaseActRefusedError,
    DossierClosedError,
    LotHeldError,
    LotTooSmallError,
    UnknownCaseError,
)
from credit_bank.publishing import rule_book
from schemas.cases import IssuerFact, Pick
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, CaseKind, IssuerAct, PairVerdict
from tests.ledgers import Ledger
from tests.machine_records import WHOSE
from tests.machine_truth import past_their_day
from tests.machine_world import World, appeals, deposited, redemptions
from tests.outcomes import issuer

CASE_REFUSALS = (
    CaseActRefusedError,
    DossierClosedError,
    LotHeldError,
    LotTooSmallError,
    UnknownCaseError,
)
CLOCK = timedelta(days=30)

suspensions: Bundle[IssuerFact] = Bundle("suspensions")


class Cases(World):
    """Redemptions, appeals, reviews of pairs, decisions on issuers, and the nightly run."""

    def __init__(self) -> None:
        """Begin without a case."""
        super().__init__()
        self.case_of: dict[UUID, Ledger] = {}
        self.accepted: set[UUID] = set()
        self.over: set[UUID] = set()
        """Redemptions after which nothing follows."""

    # --- Time --------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 30, 91, 400, 2600]))
    def wait(self, days: int) -> None:
        """Time goes by."""
        if self.now.year < 2050:
            self.now += timedelta(days=days)

    @rule()
    def expire(self) -> None:
        """What can no longer be used expires, of everybody."""
        workers = [ledger.worker_id for ledger in self.workers]
        bank.expire(self.session, workers, now=self.tick(), today=self.today, zone=UTC)
        rules = rule_book(self.session)
        for ledger in self.workers:
            left = past_their_day(self.rows(ledger), self.content, rules, self.today)
            assert list(left) == []

    @rule()
    def end_what_ran_out(self) -> None:
        """The nightly run ends the cases and holds whose clock ran out; then none is left."""
        for overdue in overdue_cases(self.session, self.today):
            step = lambda one=overdue: nightly._lapsing(one, self.session, self.tick())  # noqa: E731
            self.tried(step, (CaseActRefusedError,))
        for hold in overdue_suspensions(self.session, self.today):
            nightly._releasing(hold, self.session, self.tick())
        assert overdue_cases(self.session, self.today) == []
        assert overdue_suspensions(self.session, self.today) == []

    # --- Redemptions -------------------------------------------------------------------------

    @precondition(lambda self: self.usable(self.workers[0]))
    @rule(target=redemptions, parts=st.lists(st.integers(1, 100), min_size=1, max_size=3))
    def redeem(self, parts: list[int]) -> UUID:
        """Some per cent of the first lots is asked for."""
        return self.asked_for(self.workers[0], parts)

    @precondition(lambda self: any(map(self.usable, self.workers)))
    @rule(target=redemptions, part=st.integers(30, 100), whose=WHOSE)
    def use_up(self, part: int, whose: int) -> UUID:
        """Much of what is there is asked for, and accepted at once."""
        ledger = self.workers[whose]
        if not self.usable(ledger):
            ledger = next(one for one in self.workers if self.usable(one))
        case_id = self.asked_for(ledger, [part, part, part])
        self.step_or_refusal(case_id, CaseAct.ACCEPT, CaseKind.REDEMPTION)
        return case_id

    @precondition(lambda self: self.usable(self.workers[0]))
    @rule(more=st.integers(1, 10**9))
    def redeem_too_much(self, more: int) -> None:
        """More than a lot has is refused; so is a unit that another redemption has (D4)."""
        lot_id, units = self.usable(self.workers[0])[0]
        told: dict[str, Any] = {
            "on": self.today,
            "picks": [Pick(lot_id=lot_id, units=units + more)],
        }
        self.refused(
            lambda: self.workers[0].step(CaseAct.OPEN, new_id(), now=self.tick(), **told),
            (LotTooSmallError,),
        )

    @rule(case_id=redemptions)
    def accept(self, case_id: UUID) -> None:
        """The receiving organisation accepts."""
        self.step_or_refusal(case_id, CaseAct.ACCEPT, CaseKind.REDEMPTION)

    @rule(
        case_id=redemptions,
        act=st.sampled_from(
            [CaseAct.ACCEPT, CaseAct.DECLINE, CaseAct.WITHDRAW, CaseAct.LAPSE, CaseAct.ANNUL]
        ),
    )
    def answer(self, case_id: UUID, act: CaseAct) -> None:
        """The receiving organisation, the worker or the bureau says something, or nobody does."""
        self.step_or_refusal(case_id, act, CaseKind.REDEMPTION)

    # --- Appeals and reviews -----------------------------------------------------------------

    @rule(target=appeals, lineage=deposited)
    def appeal(self, lineage: UUID) -> UUID:
        """The worker appeals against a line; a second appeal waits for the end of the first."""
        case_id, ledger = new_id(), self.whose[lineage]
        if ledger in self.closed:
            return case_id
        told: dict[str, Any] = {
            "kind": CaseKind.APPEAL,
            "on": self.today,
            "now": self.tick(),
            "outcome_id": lineage,
        }
        self.tried(lambda: ledger.step(CaseAct.OPEN, case_id, **told), (AppealOpenError,))
        assert not self.can_use(lineage)
        self.case_of[case_id] = ledger
        return case_id

    @rule(
        case_id=appeals,
        act=st.sampled_from(
            [CaseAct.ANSWER, CaseAct.ESCALATE, CaseAct.DECIDE, CaseAct.WITHDRAW, CaseAct.LAPSE]
        ),
        is_upheld=st.booleans(),
    )
    def follow_appeal(self, case_id: UUID, act: CaseAct, is_upheld: bool) -> None:  # noqa: FBT001
        """Someone answers, escalates, decides or lets it be."""
        says = {"is_upheld": is_upheld} if act in (CaseAct.ANSWER, CaseAct.DECIDE) else {}
        self.step_or_refusal(case_id, act, CaseKind.APPEAL, **says)

    @rule(
        pair=st.lists(deposited, min_size=2, max_size=2, unique=True),
        verdict=st.sampled_from(PairVerdict),
    )
    def review(self, pair: list[UUID], verdict: PairVerdict) -> None:
        """A clerk looks at two courses of a worker and finds that they are one, or two (D2)."""
        ledger = self.whose[pair[0]]
        if self.whose[pair[1]] is not ledger or ledger in self.closed:
            return
        told = {"outcome_id": pair[0], "other_id": pair[1], "verdict": verdict}
        kind, case_id = CaseKind.REVIEW, new_id()
        ledger.step(CaseAct.DECIDE, case_id, kind=kind, on=self.today, now=self.tick(), **told)
        self.verdicts[frozenset(pair)] = told

    # --- Decisions on issuers ----------------------------------------------------------------

    @rule(
        target=suspensions,
        of=st.sampled_from("AB"),
        years=st.integers(0, 20),
        courses=st.sampled_from([(), ("shared",)]),
        due_in=st.sampled_from([None, 60]),
    )
    def suspend(
        self, of: str, years: int, courses: tuple[str, ...], due_in: int | None
    ) -> IssuerFact:
        """The bureau suspends an issuer, for some courses or for all that it posted."""
        case_id = new_id()
        fact = IssuerFact(
            id=case_id,
            case_id=case_id,
            act=IssuerAct.SUSPEND,
            issuer_id=issuer(of),
            effective_on=self.today,
            begins_on=date(2022 - years, 1, 1),
            ends_on=date(2030, 1, 1),
            courses=courses,
            due_on=self.today + timedelta(days=due_in) if due_in else None,
            source="示例决定",
        )
        self.decisions[case_id] = fact
        bank.decide_on_issuer(self.session, fact, by=None, now=self.tick())
        for one in self.content.values():
            course = getattr(one.measures, "course", None)
            is_meant = one.issuer == fact.issuer_id and one.effective_on >= fact.begins_on
            if is_meant and (not courses or course in courses):
                assert not self.can_use(one.id)
        return fact

    @rule(
        first=suspensions,
        act=st.sampled_from([IssuerAct.EXTEND, IssuerAct.RELEASE, IssuerAct.REVOKE]),
    )
    def follow_suspension(self, first: IssuerFact, act: IssuerAct) -> None:
        """The bureau extends, releases or revokes."""
        due_on = self.today + CLOCK if act is IssuerAct.EXTEND and first.due_on else None
        fact = first.model_copy(
            update={"id": new_id(), "act": act, "effective_on": self.today, "due_on": due_on}
        )
        self.tried(
            lambda: bank.decide_on_issuer(self.session, fact, by=None, now=self.tick()),
            (CaseActRefusedError,),
        )

    # --- What these steps share --------------------------------------------------------------

    def can_use(self, lineage: UUID) -> bool:
        """Whether any credit of a record can be used now."""
        return any(lot.units.get(Account.AVAILABLE) for lot in self.lots(lineage))

    def asked_for(self, ledger: Ledger, parts: list[int]) -> UUID:
        """Ask for some per cent of each of the first lots; return the case."""
        case_id = new_id()
        picks = [
            Pick(lot_id=lot_id, units=max(1, units * part // 100))
            for (lot_id, units), part in zip(self.usable(ledger), parts, strict=False)
        ]
        told: dict[str, Any] = {"on": self.today, "picks": picks, "due_on": self.today + CLOCK}
        ledger.step(CaseAct.OPEN, case_id, now=self.tick(), **told)
        self.case_of[case_id] = ledger
        return case_id

    def step_or_refusal(self, case_id: UUID, act: CaseAct, kind: CaseKind, **says: object) -> None:
        """Take a step; when it is refused nothing may have changed."""
        now = self.tick()
        due_on = self.today + CLOCK if act in (CaseAct.ANSWER, CaseAct.ESCALATE) else None
        reference = f"{case_id}/{act}/{now.isoformat()}"[:80]
        told: dict[str, Any] = {**says, "kind": kind, "on": self.today, "reference": reference}
        if case_id not in self.case_of:
            return
        step = self.case_of[case_id].step
        done = self.tried(lambda: step(act, case_id, now=now, due_on=due_on, **told), CASE_REFUSALS)
        if not done or kind is not CaseKind.REDEMPTION:
            return
        assert case_id not in self.over
        assert (act is CaseAct.ANNUL) == (case_id in self.accepted)
        (self.accepted if act is CaseAct.ACCEPT else self.over).add(case_id)
