"""What must hold whatever happens, in whatever order (domain facts 4: I1 to I14).

Hypothesis makes up lives of one worker: courses, certificates and prizes that arrive in
any order, are corrected, withdrawn and posted again, and expire in between.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from archive.dossiers import chains
from credit_bank.book import Book
from credit_bank.booking import Deposit
from credit_bank.chain import Tail
from credit_bank.conversion import FAMILY_OF, evaluate_again, judge_all
from credit_bank.models import Entry
from credit_bank.publishing import rule_book
from credit_bank.settling import expire, settle
from schemas.credits import CertificateMeasures, LearningOutcome
from schemas.vocabulary import (
    LEVEL_GIVING,
    Account,
    Act,
    Cause,
    Decision,
    Family,
    Rank,
    RecordKind,
)
from tests.builders import ELECTRICIAN, NOW, WELDER
from tests.ledgers import Ledger, a_deposit
from tests.lives import Life, lives
from tests.outcomes import a_course, shipped_rules

IN_A_DATABASE = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
IN_MEMORY = settings(max_examples=400)
FAR = date(2060, 1, 1)
BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def live_through(
    ledger: "Ledger | Memory", life: Life, order: Sequence[int], expire_at: Sequence[int] = ()
) -> Iterator[None]:
    """Let everything arrive in an order; expire what is over after some of the arrivals."""
    arrived: dict[int, int] = defaultdict(int)
    content: dict[int, LearningOutcome] = {}
    for step, place in enumerate(order):
        version = life.versions[place][arrived[place]]
        now = BEGIN + timedelta(days=200 * step)
        if version is None:
            if place in content:
                ledger.bring([a_deposit(content.pop(place), Act.WITHDRAW)], now=now)
        else:
            act = Act.CORRECT if arrived[place] else Act.ADD
            content[place] = version
            ledger.bring([a_deposit(version, act)], now=now)
        arrived[place] += 1
        if step in expire_at:
            ledger.expire(now.date(), now=now)
        yield


def check(ledger: Ledger) -> None:
    """Assert what must hold at every moment."""
    balances_hold(ledger)
    series_hold(ledger)
    rules_hold(ledger)
    rebuilt(ledger)
    statements_hold(ledger)


def balances_hold(ledger: Ledger) -> None:
    """I1: every entry sums to zero. I2: nothing is negative. I12: issued is somewhere."""
    for _, postings in ledger.entries:
        assert sum(posting.units for posting in postings) == 0
    accounts = defaultdict(int, ledger.accounts)
    assert all(units > 0 for units in accounts.values())
    assert not (accounts[Account.OWED] and accounts[Account.AVAILABLE])
    held = (
        Account.AVAILABLE,
        Account.HELD,
        Account.PENDING,
        Account.REDEEMED,
        Account.EXPIRED,
        Account.REVOKED,
    )
    assert accounts[Account.ISSUED] == sum(accounts[one] for one in held) - accounts[Account.OWED]


def series_hold(ledger: Ledger) -> None:
    """I3: one series an outcome and family, without a gap; each revision posts its difference."""
    newest = dict[tuple[object, Family], Entry]()
    lots: dict[object, int] = defaultdict(int)
    for entry, postings in ledger.entries:
        key = (entry.outcome_id, entry.family)
        before = newest.get(key)
        assert entry.revision == (before.revision + 1 if before else 0)
        difference = entry.evaluated_units - (before.evaluated_units if before else 0)
        sign = -1 if entry.cause is Cause.EXPIRY else 1
        assert entry.posted_units == sign * difference
        assert (entry.evaluated_units > 0) == (entry.decision is Decision.GRANTED)
        newest[key] = entry
        for posting in postings:
            lots[posting.lot_id] += posting.units if posting.account is Account.AVAILABLE else 0
    assert all(units >= 0 for units in lots.values())


def rules_hold(ledger: Ledger) -> None:
    """I4: one rule, in force on the outcome's day. I9: the trace gives what it gave."""
    rules = rule_book(ledger.session)
    for entry, trace in ledger.traces:
        assert evaluate_again(trace, rules) == entry.evaluated_units
        assert (trace.version, trace.day) == (entry.rule_version, entry.effective_on)
        in_force = rules.in_force(entry.family, trace.outcome.effective_on)
        if entry.rule_version is not None:
            assert in_force is not None
            assert in_force.version == entry.rule_version
        elif entry.cause is Cause.GRANT and entry.decision is Decision.UNDECIDED:
            assert in_force is None


def rebuilt(ledger: Ledger) -> None:
    """I5: outcomes and rules give what is stored. I7: an occupation has its highest level."""
    live = ledger.live
    due = {
        (one.outcome.id, one.family): (one.result.units, one.result.reason)
        for one in judge_all(live, rule_book(ledger.session))
    }
    stored = {
        (entry.outcome_id, entry.family): (entry.evaluated_units, entry.reason)
        for entry, _ in ledger.entries
        if entry.cause is Cause.GRANT
    }
    for key, told in stored.items():
        assert told == due.get(key, (0, "withdrawn"))
    assert set(due) <= set(stored)
    assert sum(units for units, _ in due.values()) == ledger.accounts.get(Account.ISSUED, 0)
    for occupation in (ELECTRICIAN, WELDER):
        mine = [one for one in live if one.occupation == occupation and gives_level(one)]
        total = sum(due[one.id, Family.CERTIFICATE][0] for one in mine)
        assert total == max((table(one.rank) for one in mine if is_covered(one)), default=0)


def gives_level(outcome: LearningOutcome) -> bool:
    """Whether the outcome is a certificate that gives a level."""
    measures = outcome.measures
    return isinstance(measures, CertificateMeasures) and measures.instrument in LEVEL_GIVING


def is_covered(outcome: LearningOutcome) -> bool:
    """Whether a rule was in force on the outcome's day."""
    return outcome.effective_on >= date(1990, 1, 1)


def table(rank: Rank | None) -> int:
    """Return the units of a level in the default table."""
    return (0, 150_000, 275_000, 375_000, 450_000, 500_000, 500_000, 500_000)[rank or 0]


def statements_hold(ledger: Ledger) -> None:
    """As of every day on which something took effect, nothing is negative."""
    for day in {entry.effective_on for entry, _ in ledger.entries}:
        assert all(units > 0 for units in ledger.as_of(day).values())


def issued(ledger: Ledger) -> dict[object, tuple[int, str]]:
    """Return what stands for each outcome."""
    return {
        (entry.outcome_id, entry.family): (entry.evaluated_units, entry.reason)
        for entry, _ in ledger.entries
        if entry.cause is Cause.GRANT and entry.outcome_id in {one.id for one in ledger.live}
    }


@IN_A_DATABASE
@given(life=lives(), expire_at=st.sets(st.integers(0, 10), max_size=3))
def test_everything_holds_after_every_step_of_a_life(session: Session, life, expire_at):
    ledger = Ledger(session)

    for _ in live_through(ledger, life, life.orders[0], sorted(expire_at)):
        check(ledger)

    report = chains.verify(session, ledger.worker_id)
    assert report.faults == ()  # I14
    assert report.links == sum(1 for _ in ledger.entries) + ledger.outcomes_written


@IN_A_DATABASE
@given(life=lives(), expire_at=st.sets(st.integers(0, 10), max_size=3))
def test_the_order_of_arrival_changes_nothing(session: Session, life, expire_at):
    ledgers = Ledger(session), Ledger(session)

    for ledger, order, expiries in zip(ledgers, life.orders, ((), sorted(expire_at)), strict=True):
        deque(live_through(ledger, life, order, expiries))
        check(ledger)

    one, other = ledgers
    assert issued(one) == issued(other)  # I6
    assert one.accounts.get(Account.ISSUED) == other.accounts.get(Account.ISSUED)
    for ledger in ledgers:
        ledger.expire(FAR, now=datetime(2059, 1, 1, tzinfo=UTC))
    assert one.accounts == other.accounts


@IN_MEMORY
@given(life=lives(), expire_at=st.sets(st.integers(0, 10), max_size=3))
def test_the_order_of_arrival_changes_nothing_in_many_more_lives(life, expire_at):
    one, other = (Memory() for _ in life.orders)

    deque(live_through(one, life, life.orders[0]))
    deque(live_through(other, life, life.orders[1], sorted(expire_at)))

    assert one.issued == other.issued  # I6
    for memory in (one, other):
        memory.expire(FAR, now=datetime(2059, 1, 1, tzinfo=UTC))
    assert one.accounts == other.accounts


class Memory:
    """A ledger that is never saved: the same decisions, a hundred times as quick."""

    def __init__(self) -> None:
        """Begin a book."""
        self.book = Book(UUID(int=1), Tail(UUID(int=1)), is_new=True)

    def bring(self, deposits: Iterable[Deposit], *, now: datetime) -> None:
        """Deposit and settle."""
        for deposit in deposits:
            self.book.deposit(deposit, now=now)
        settle(self.book, shipped_rules(), now=now)

    def expire(self, today: date, *, now: datetime) -> int:
        """Expire what can no longer be used."""
        return expire(self.book, shipped_rules(), now=now, today=today, zone=UTC)

    @property
    def accounts(self) -> dict[Account, int]:
        """The units that lie somewhere."""
        return {account: units for account in Account if (units := self.book.balance(account))}

    @property
    def issued(self) -> dict[object, tuple[int, str]]:
        """What stands for each outcome."""
        return {
            key: (series.units, series.reason)
            for key, series in self.book.series.items()
            if key[0] in self.book.outcomes and series.is_grant
        }


@IN_A_DATABASE
@given(life=lives())
def test_all_at_once_is_the_same_as_one_after_the_other(session: Session, life):
    slow, quick = Ledger(session), Ledger(session)
    deque(live_through(slow, life, life.orders[0]))
    deposits, seen, content = [], set(), {}
    arrived: dict[int, int] = defaultdict(int)
    for place in life.orders[0]:
        version = life.versions[place][arrived[place]]
        arrived[place] += 1
        if version is not None:
            deposits.append(a_deposit(version, Act.CORRECT if place in seen else Act.ADD))
            content[place] = version
        elif place in content:
            deposits.append(a_deposit(content.pop(place), Act.WITHDRAW))
        seen.add(place)

    quick.bring(deposits, now=NOW)
    check(quick)

    assert issued(quick) == issued(slow)
    assert quick.accounts == slow.accounts


@IN_A_DATABASE
@given(parts=st.lists(st.integers(800, 20_000), min_size=1, max_size=6), kind=st.booleans())
def test_splitting_a_course_never_gains(session: Session, parts, kind):
    whole, split = Ledger(session), Ledger(session)
    code = "1" if kind else None
    whole.deposit(a_course(str(Decimal(sum(parts)) / 100), date(2023, 1, 9), code=code))
    split.deposit(
        *(a_course(str(Decimal(part) / 100), date(2023, 1, 9), code=code) for part in parts)
    )

    assert sum(split.accounts.values()) <= sum(whole.accounts.values())


def test_every_kind_that_the_bank_converts_is_in_these_lives():
    made_up = {
        RecordKind.TRAINING,
        RecordKind.CERTIFICATE,
        RecordKind.COMPETITION,
        RecordKind.APPRENTICESHIP,
        RecordKind.EDUCATION,
    }

    assert set(FAMILY_OF) == made_up
