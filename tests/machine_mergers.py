"""What happens when two people of the bank's machine turn out to be one."""

from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import MultipleResults, multiple, precondition, rule

from credit_bank.errors import DossierClosedError, MergerUncoveredError, MergerWaitsError
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import CaseAct, CaseKind
from tests.joining import carried_uses, merge
from tests.ledgers import Ledger
from tests.machine_cases import Cases
from tests.machine_records import OUTCOMES
from tests.machine_world import deposited

MOST_MERGERS = 3


class Mergers(Cases):
    """Two dossiers become one; a third person comes in the place of the one that closed."""

    def __init__(self) -> None:
        """Begin without a merger."""
        super().__init__()
        self.carried_uses: list[UUID] = []

    @precondition(lambda self: len(self.closed) < MOST_MERGERS)
    @rule(target=deposited, closes=st.sampled_from([0, 1]))
    def merge(self, closes: int) -> MultipleResults[UUID]:
        """One dossier is merged into the other, unless something is open in it."""
        closing, survivor = self.workers[closes], self.workers[1 - closes]
        if self.tried(lambda: self._merge(closing, survivor), REFUSALS):
            return multiple(*self._renamed(closing, survivor))
        return multiple()

    def _merge(self, closing: Ledger, survivor: Ledger) -> None:
        self.heirs = merge(closing, survivor, now=self.tick())

    def _renamed(self, closing: Ledger, survivor: Ledger) -> list[UUID]:
        """Call everything by its new name, and see that nothing is left in what closed."""
        assert closing.accounts == {}
        for lineage, heir in self.heirs.items():
            del self.content[lineage]
            self.content[heir.id], self.whose[heir.id] = heir, survivor
        for told in list(self.verdicts.values()):
            pair = [self.heirs.get(told[name]) for name in ("outcome_id", "other_id")]
            if pair[0] and pair[1]:
                again = {**told, "outcome_id": pair[0].id, "other_id": pair[1].id}
                self.verdicts[frozenset((pair[0].id, pair[1].id))] = again
        self.closed.append(closing)
        for case_id, from_id in carried_uses(self.session, survivor.worker_id):
            if from_id in self.accepted and case_id not in self.case_of:
                self.case_of[case_id] = survivor
                self.accepted.add(case_id)
                self.carried_uses.append(case_id)
        fresh = Ledger(self.session)
        self.workers = (survivor, fresh) if closing is self.workers[1] else (fresh, survivor)
        return [heir.id for heir in self.heirs.values()]

    @rule(target=deposited, outcome=OUTCOMES)
    def post_to_both(self, outcome: LearningOutcome) -> MultipleResults[UUID]:
        """One record is posted to both dossiers: when they are merged it must count once."""
        pair = (outcome, outcome.model_copy(update={"id": new_id()}))
        for ledger, one in zip(self.workers, pair, strict=True):
            ledger.deposit(one, now=self.tick())
            self.content[one.id], self.whose[one.id] = one, ledger
        return multiple(*(one.id for one in pair))

    @precondition(lambda self: self.carried_uses)
    @rule(place=st.integers(0, 9))
    def annul_carried(self, place: int) -> None:
        """The bureau annuls a use that was carried from a dossier that closed."""
        case_id = self.carried_uses.pop(place % len(self.carried_uses))
        if self.case_of[case_id] not in self.closed:
            self.step_or_refusal(case_id, CaseAct.ANNUL, CaseKind.REDEMPTION)
            assert case_id in self.over

    @precondition(lambda self: self.closed)
    @rule(outcome=OUTCOMES)
    def come_too_late(self, outcome: LearningOutcome) -> None:
        """A closed dossier takes nothing any more."""
        closed, now = self.closed[-1], self.tick()
        self.refused(lambda: closed.deposit(outcome, now=now), (DossierClosedError,))
        told = {"kind": CaseKind.APPEAL, "on": self.today, "now": now, "outcome_id": outcome.id}
        self.refused(
            lambda: closed.step(CaseAct.OPEN, outcome.id, **told),  # type: ignore[arg-type]  # As told.
            (DossierClosedError,),
        )


REFUSALS = (MergerWaitsError, MergerUncoveredError)
