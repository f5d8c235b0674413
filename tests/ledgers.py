"""One worker's account at the bank, to test the ledger without any person or record."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import bank
from credit_bank.booking import Deposit
from credit_bank.models import ChainLink, Entry, Outcome, Posting
from credit_bank.traces import trace_in
from schemas.cases import CaseFact, Pick
from schemas.credits import LearningOutcome, StatementLine, Trace
from schemas.ids import new_id
from schemas.vocabulary import Account, Act, CaseAct, CaseKind
from tests.builders import NOW, TODAY


class Ledger:
    """A worker at the bank, with what a test does and asks."""

    def __init__(self, session: Session, worker_id: UUID | None = None) -> None:
        """Begin a dossier, or take the one of a worker who was enrolled."""
        self.session = session
        self.worker_id = worker_id or new_id()
        if worker_id is None:
            with bank.open_books(session, [], new=[self.worker_id]):
                pass

    def deposit(
        self, *outcomes: LearningOutcome, act: Act = Act.ADD, now: datetime = NOW
    ) -> list[Deposit]:
        """Deposit outcomes, one after the other in one transaction."""
        brought = [a_deposit(one, act) for one in outcomes]
        self.bring(brought, now=now)
        return brought

    def bring(self, deposits: Iterable[Deposit], *, now: datetime = NOW) -> None:
        """Bring deposits as they are."""
        bank.deposit(self.session, {self.worker_id: deposits}, now=now)

    def correct(self, outcome: LearningOutcome, *, now: datetime = NOW, **changes: object) -> None:
        """Correct an outcome: fields of its own or of its measures."""
        own = {
            name: value for name, value in changes.items() if name in LearningOutcome.model_fields
        }
        other = {name: value for name, value in changes.items() if name not in own}
        measures = type(outcome.measures).model_validate({**outcome.measures.model_dump(), **other})
        corrected = outcome.model_copy(update={**own, "measures": measures})
        self.deposit(corrected, act=Act.CORRECT, now=now)

    def withdraw(self, outcome: LearningOutcome, *, now: datetime = NOW) -> None:
        """Withdraw an outcome."""
        self.deposit(outcome, act=Act.WITHDRAW, now=now)

    def expire(self, today: date, *, now: datetime = NOW, zone: tzinfo = UTC) -> int:
        """Expire what can no longer be used; return the units moved."""
        return bank.expire(self.session, [self.worker_id], now=now, today=today, zone=zone)

    def step(
        self,
        act: CaseAct,
        case_id: UUID,
        *,
        kind: CaseKind = CaseKind.REDEMPTION,
        on: date = TODAY,
        now: datetime = NOW,
        **told: object,
    ) -> bool:
        """Take a step in a case; the first of a case is told by its own id."""
        first = act is CaseAct.OPEN or kind is CaseKind.REVIEW
        fact = CaseFact.model_validate(
            {
                "id": case_id if first else new_id(),
                "case_id": case_id,
                "kind": kind,
                "act": act,
                "reference": f"{case_id}/{act}",
                "effective_on": on,
                **told,
            }
        )
        return bank.take_step(self.session, self.worker_id, fact, by=None, now=now)

    def redeem(self, *wanted: tuple[LearningOutcome, int], on: date = TODAY) -> UUID:
        """Ask for units of some outcomes' lots; return the case."""
        lots = self.lots
        picks = tuple(Pick(lot_id=lots[one.id], units=units) for one, units in wanted)
        case_id = new_id()
        self.step(CaseAct.OPEN, case_id, on=on, picks=picks)
        return case_id

    @property
    def lots(self) -> dict[UUID, UUID]:
        """The lot of each outcome that was granted something, by lineage."""
        query = (
            select(Entry.outcome_id, Posting.lot_id)
            .join(Posting, col(Posting.entry_id) == col(Entry.id))
            .where(col(Entry.worker_id) == self.worker_id, col(Posting.id) == col(Posting.lot_id))
        )
        return dict(self.session.exec(query).all())

    def recompute(self, *, now: datetime = NOW) -> None:
        """Apply the rules as they are published now."""
        bank.recompute(self.session, [self.worker_id], now=now)

    @property
    def accounts(self) -> dict[Account, int]:
        """The units that lie somewhere, by account."""
        return nonzero(bank.balances(self.session, self.worker_id))

    @property
    def lines(self) -> tuple[StatementLine, ...]:
        """The entries, newest last."""
        return bank.statement(self.session, self.worker_id).lines

    def as_of(self, day: date) -> dict[Account, int]:
        """Return the units that lie somewhere as of a day, as it is known now."""
        return nonzero(bank.statement(self.session, self.worker_id, as_of=day).accounts)

    def known_at(self, moment: datetime) -> dict[Account, int]:
        """Return the units that lay somewhere as it was known at a moment."""
        return nonzero(bank.statement(self.session, self.worker_id, known_at=moment).accounts)

    @property
    def live(self) -> list[LearningOutcome]:
        """The outcomes that stand."""
        return list(bank.live_outcomes(self.session, self.worker_id).values())

    @property
    def outcomes_written(self) -> int:
        """How many outcomes, corrections and withdrawals were written."""
        mine = select(Outcome.id).where(col(Outcome.worker_id) == self.worker_id)
        return len(self.session.exec(mine).all())

    @property
    def entries(self) -> list[tuple[Entry, list[Posting]]]:
        """The entries with their postings, in the order of the chain."""
        postings = defaultdict[UUID, list[Posting]](list)
        mine = select(Posting).where(col(Posting.worker_id) == self.worker_id)
        for posting in self.session.exec(mine):
            postings[posting.entry_id].append(posting)
        return [(entry, postings[entry.id]) for entry, _ in self._linked()]

    @property
    def traces(self) -> list[tuple[Entry, Trace]]:
        """The entries with their stored traces, in the order of the chain."""
        return [(entry, trace_in(body)) for entry, body in self._linked()]

    def _linked(self) -> list[tuple[Entry, bytes]]:
        query = (
            select(Entry, ChainLink.body)
            .join(
                ChainLink,
                (col(ChainLink.worker_id) == col(Entry.worker_id))
                & (col(ChainLink.subject_id) == col(Entry.id)),
            )
            .where(col(Entry.worker_id) == self.worker_id)
            .order_by(col(ChainLink.sequence))
        )
        return list(self.session.exec(query))


def a_deposit(outcome: LearningOutcome, act: Act = Act.ADD, reference: str = "") -> Deposit:
    """Return a deposit; the first of a lineage has the lineage's own id."""
    own = outcome.id if act is Act.ADD else new_id()
    return Deposit(own, reference or f"test:{own}", outcome, act)


def nonzero(accounts: dict[Account, int]) -> dict[Account, int]:
    """Return the accounts that hold something."""
    return {account: units for account, units in accounts.items() if units}
