"""Redemptions, appeals and decisions on issuers: where units go, and that none is lost."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from archive.db import Database
from credit_bank import bank
from credit_bank.auditing import audit
from credit_bank.errors import (
    CaseActRefusedError,
    LotHeldError,
    LotTooSmallError,
    ReferenceConflictError,
    UnknownCaseError,
)
from credit_bank.publishing import publication_times, rule_book
from credit_bank.stored import stored_rows
from schemas.cases import IssuerFact
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, CaseKind, IssuerAct, Rank
from tests.builders import TODAY
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level, issuer

AVAILABLE, HELD, ISSUED = Account.AVAILABLE, Account.HELD, Account.ISSUED
REDEEMED, REVOKED, OWED, EXPIRED = (
    Account.REDEEMED,
    Account.REVOKED,
    Account.OWED,
    Account.EXPIRED,
)
LATER = datetime(2025, 4, 1, tzinfo=UTC)
MAY = date(2025, 5, 1)


@pytest.fixture
def ledger(archive: Database):
    """Yield a worker's ledger; afterwards every account, chain and explanation must hold."""
    with archive.transaction() as session:
        ledger = Ledger(session)
        yield ledger
        session.flush()
        rows = stored_rows(session, [ledger.worker_id])[ledger.worker_id]
        assert audit(rows, rule_book(session), publication_times(session)) == []


def a_hundred_hours(ledger: Ledger, completed_on: date = date(2025, 2, 1)) -> LearningOutcome:
    """Deposit a course of 160 hours: 10 credits."""
    course = a_course("160", completed_on)
    ledger.deposit(course)
    return course


def test_a_redemption_holds_its_units_until_it_is_accepted(ledger):
    course = a_hundred_hours(ledger)
    case = ledger.redeem((course, 60_000))
    assert ledger.accounts == {AVAILABLE: 40_000, HELD: 60_000, ISSUED: 100_000}

    ledger.step(CaseAct.ACCEPT, case, now=LATER)

    assert ledger.accounts == {AVAILABLE: 40_000, REDEEMED: 60_000, ISSUED: 100_000}


@pytest.mark.parametrize("act", [CaseAct.DECLINE, CaseAct.WITHDRAW, CaseAct.LAPSE])
def test_a_redemption_that_comes_to_nothing_gives_its_units_back_once(ledger, act):
    course = a_hundred_hours(ledger)
    case = ledger.redeem((course, 60_000))

    ledger.step(act, case, now=LATER)

    assert ledger.accounts == {AVAILABLE: 100_000, ISSUED: 100_000}
    reversed_once = [entry for entry, _ in ledger.entries if entry.reverses_id]
    assert [entry.cause for entry in reversed_once] == ["reversal"]
    assert ledger.step(act, case, now=LATER) is False  # A replay.
    for another in (CaseAct.ACCEPT, CaseAct.DECLINE, CaseAct.WITHDRAW, CaseAct.LAPSE):
        with pytest.raises(CaseActRefusedError):
            ledger.step(another, case, now=LATER, reference="another")


def test_after_acceptance_neither_side_can_undo_it(ledger):
    case = ledger.redeem((a_hundred_hours(ledger), 60_000))
    ledger.step(CaseAct.ACCEPT, case)

    for act in (CaseAct.WITHDRAW, CaseAct.DECLINE, CaseAct.LAPSE):
        with pytest.raises(CaseActRefusedError):
            ledger.step(act, case)


def test_no_lot_gives_more_than_it_has(ledger):
    course = a_hundred_hours(ledger)
    ledger.redeem((course, 60_000))

    with pytest.raises(LotTooSmallError):
        ledger.redeem((course, 40_001))
    with pytest.raises(LotTooSmallError):
        ledger.step(CaseAct.OPEN, new_id(), picks=[{"lot_id": new_id(), "units": 1}])
    assert ledger.accounts == {AVAILABLE: 40_000, HELD: 60_000, ISSUED: 100_000}


def test_a_lot_that_is_named_twice_gives_no_more_than_it_has(ledger):
    course = a_hundred_hours(ledger)

    with pytest.raises(LotTooSmallError):
        ledger.redeem((course, 60_000), (course, 60_000))
    case = ledger.redeem((course, 60_000), (course, 40_000))
    assert ledger.accounts == {HELD: 100_000, ISSUED: 100_000}
    ledger.step(CaseAct.WITHDRAW, case)
    assert ledger.accounts == {AVAILABLE: 100_000, ISSUED: 100_000}


def test_a_case_that_nobody_opened_is_refused_and_a_reference_means_one_thing(ledger):
    with pytest.raises(UnknownCaseError):
        ledger.step(CaseAct.ACCEPT, new_id())
    course = a_hundred_hours(ledger)
    case = ledger.redeem((course, 10_000))
    with pytest.raises(ReferenceConflictError):
        ledger.step(CaseAct.OPEN, case, picks=[{"lot_id": ledger.lots[course.id], "units": 9}])


def test_a_consumed_record_that_is_withdrawn_is_owed_and_later_deposits_cover_it_first(ledger):
    course = a_hundred_hours(ledger)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((course, 60_000)))

    ledger.withdraw(course, now=LATER)
    assert ledger.accounts == {OWED: 60_000, REDEEMED: 60_000}

    ledger.deposit(a_course("64", MAY), now=LATER)
    assert ledger.accounts == {OWED: 20_000, REDEEMED: 60_000, ISSUED: 40_000}
    ledger.deposit(a_course("48", MAY), now=LATER)
    assert ledger.accounts == {AVAILABLE: 10_000, REDEEMED: 60_000, ISSUED: 70_000}


def test_of_two_redemptions_of_one_lot_the_earlier_is_covered_first(ledger):
    course = a_hundred_hours(ledger)
    first, second = (ledger.redeem((course, 40_000)) for _ in range(2))
    for case in (second, first):
        ledger.step(CaseAct.ACCEPT, case)

    ledger.withdraw(course, now=LATER)
    ledger.deposit(a_course("48", MAY), now=LATER)

    covered = [entry.case_id for entry, _ in ledger.entries if entry.cause == "cover"]
    assert set(covered) == {first}
    assert ledger.accounts == {OWED: 50_000, REDEEMED: 80_000, ISSUED: 30_000}


def test_what_others_have_left_covers_a_shortfall_at_once(ledger):
    first = a_hundred_hours(ledger)
    a_hundred_hours(ledger, date(2025, 2, 2))
    ledger.step(CaseAct.ACCEPT, ledger.redeem((first, 60_000)))

    ledger.correct(first, hours="32", now=LATER)

    assert ledger.accounts == {AVAILABLE: 60_000, REDEEMED: 60_000, ISSUED: 120_000}


def test_what_is_owed_is_covered_from_the_earliest_records_first_whenever_they_came(ledger):
    gone = a_hundred_hours(ledger)
    late, early = (a_course("80", date(2025, 2, day)) for day in (3, 2))
    ledger.deposit(late)
    ledger.deposit(early)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((gone, 60_000)))

    ledger.withdraw(gone, now=LATER)

    covered = {
        entry.outcome_id: -entry.posted_units
        for entry, _ in ledger.entries
        if entry.cause == "cover" and entry.posted_units
    }
    assert covered == {early.id: 50_000, late.id: 10_000}


def test_a_statement_of_an_earlier_day_never_shows_less_than_nothing(ledger):
    course = a_hundred_hours(ledger, date(2024, 2, 1))
    ledger.step(CaseAct.ACCEPT, ledger.redeem((course, 60_000), on=TODAY), on=TODAY)
    ledger.withdraw(course, now=LATER)

    assert ledger.as_of(date(2024, 6, 1)) == {}
    assert ledger.as_of(TODAY) == {OWED: 60_000, REDEEMED: 60_000}


def test_a_pending_redemption_lapses_when_its_record_goes(ledger):
    course, other = a_hundred_hours(ledger), a_hundred_hours(ledger, date(2025, 2, 2))
    case = ledger.redeem((course, 60_000), (other, 60_000))

    ledger.withdraw(course, now=LATER)

    assert ledger.accounts == {AVAILABLE: 100_000, ISSUED: 100_000}
    with pytest.raises(CaseActRefusedError):
        ledger.step(CaseAct.ACCEPT, case)


def test_a_better_certificate_does_not_disturb_what_was_consumed(ledger):
    level = a_level()
    ledger.deposit(level)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((level, 275_000)))

    ledger.deposit(a_level(Rank.SENIOR, date(2024, 7, 1)), now=LATER)

    assert ledger.accounts == {AVAILABLE: 100_000, REDEEMED: 275_000, ISSUED: 375_000}


def test_the_bureau_annuls_what_was_redeemed_with_a_false_record(ledger):
    false, true = a_hundred_hours(ledger), a_hundred_hours(ledger, date(2025, 2, 2))
    case = ledger.redeem((false, 60_000), (true, 30_000))
    ledger.step(CaseAct.ACCEPT, case)
    ledger.withdraw(false, now=LATER)
    assert ledger.accounts == {AVAILABLE: 10_000, REDEEMED: 90_000, ISSUED: 100_000}

    ledger.step(CaseAct.ANNUL, case, on=MAY, now=LATER)

    assert ledger.accounts == {AVAILABLE: 100_000, ISSUED: 100_000}


def test_what_is_owed_for_an_annulled_redemption_is_owed_no_more_also_while_its_issuer_is_held(
    ledger,
):
    gone, left = a_hundred_hours(ledger), a_course("160", date(2025, 2, 2), by="B")
    ledger.deposit(left)
    case = ledger.redeem((gone, 60_000), (left, 60_000))
    ledger.step(CaseAct.ACCEPT, case)
    decide(ledger, IssuerAct.SUSPEND, new_id())
    ledger.withdraw(gone, now=LATER)
    assert ledger.accounts == {ISSUED: 100_000, REDEEMED: 120_000, OWED: 20_000}

    ledger.step(CaseAct.ANNUL, case, on=MAY, now=LATER)

    assert ledger.accounts == {AVAILABLE: 100_000, ISSUED: 100_000}


def test_an_appeal_holds_what_it_is_about_until_it_is_decided(ledger):
    course = a_hundred_hours(ledger)
    case = new_id()
    ledger.step(CaseAct.OPEN, case, kind=CaseKind.APPEAL, outcome_id=course.id)
    assert ledger.accounts == {HELD: 100_000, ISSUED: 100_000}

    ledger.correct(course, hours="176", now=LATER)
    assert ledger.accounts == {HELD: 110_000, ISSUED: 110_000}

    ledger.step(CaseAct.ESCALATE, case, kind=CaseKind.APPEAL, on=MAY)
    assert ledger.accounts[HELD] == 110_000
    ledger.step(CaseAct.DECIDE, case, kind=CaseKind.APPEAL, on=MAY, is_upheld=False)
    assert ledger.accounts == {AVAILABLE: 110_000, ISSUED: 110_000}
    assert ledger.as_of(date(2025, 4, 30))[HELD] == 110_000


def test_an_appeal_holds_nothing_of_other_records(ledger):
    disputed, other = a_hundred_hours(ledger), a_hundred_hours(ledger, date(2025, 2, 2))
    case = new_id()
    ledger.step(CaseAct.OPEN, case, kind=CaseKind.APPEAL, outcome_id=disputed.id)
    assert ledger.accounts == {AVAILABLE: 100_000, HELD: 100_000, ISSUED: 200_000}

    ledger.step(CaseAct.ACCEPT, ledger.redeem((other, 100_000)))

    assert ledger.accounts == {HELD: 100_000, REDEEMED: 100_000, ISSUED: 200_000}


def test_what_is_appealed_against_does_not_expire_meanwhile(ledger):
    course = a_hundred_hours(ledger)
    case = new_id()
    ledger.step(CaseAct.OPEN, case, kind=CaseKind.APPEAL, outcome_id=course.id)
    assert ledger.expire(date(2040, 1, 1)) == 0
    assert ledger.accounts == {HELD: 100_000, ISSUED: 100_000}

    ledger.step(CaseAct.WITHDRAW, case, kind=CaseKind.APPEAL, on=MAY)

    assert ledger.expire(date(2040, 1, 1)) == 100_000


def test_what_is_appealed_against_is_not_consumed_meanwhile(ledger):
    course = a_hundred_hours(ledger)
    redemption = ledger.redeem((course, 60_000))
    ledger.step(CaseAct.OPEN, new_id(), kind=CaseKind.APPEAL, outcome_id=course.id)

    with pytest.raises(LotHeldError):
        ledger.step(CaseAct.ACCEPT, redemption)


def test_what_is_appealed_against_is_not_consumed_though_all_of_it_was_asked_for(ledger):
    course, appeal = a_hundred_hours(ledger), new_id()
    redemption = ledger.redeem((course, 100_000))
    ledger.step(CaseAct.OPEN, appeal, kind=CaseKind.APPEAL, outcome_id=course.id)

    with pytest.raises(LotHeldError):
        ledger.step(CaseAct.ACCEPT, redemption)

    ledger.step(CaseAct.WITHDRAW, appeal, kind=CaseKind.APPEAL, outcome_id=course.id)
    ledger.step(CaseAct.ACCEPT, redemption)
    assert ledger.accounts == {REDEEMED: 100_000, ISSUED: 100_000}


def test_what_was_held_on_its_last_day_expires_when_it_comes_back_and_not_before(ledger):
    course = a_course("160", date(2018, 3, 20))
    ledger.deposit(course, now=datetime(2018, 4, 1, tzinfo=UTC))
    free, appeal = ledger.redeem((course, 60_000)), new_id()
    ledger.step(CaseAct.OPEN, appeal, kind=CaseKind.APPEAL, outcome_id=course.id)
    ledger.step(CaseAct.WITHDRAW, appeal, kind=CaseKind.APPEAL, on=MAY, now=LATER)
    ledger.step(CaseAct.DECLINE, free, on=date(2025, 5, 10), now=LATER)

    ledger.expire(date(2025, 6, 1), now=datetime(2025, 6, 1, tzinfo=UTC))

    assert ledger.as_of(date(2025, 4, 30)) == {HELD: 100_000, ISSUED: 100_000}
    assert ledger.as_of(date(2025, 5, 9)) == {HELD: 60_000, EXPIRED: 40_000, ISSUED: 100_000}
    assert ledger.as_of(date(2025, 5, 10)) == {EXPIRED: 100_000, ISSUED: 100_000}
    expiries = [one for one in ledger.lines if one.reason == "shelf_life_over"]
    assert {one.trace.steps[0].facts["day"] for one in expiries} == {"2025-03-20"}


def test_what_comes_back_into_a_hold_is_held_from_then_on_and_not_before(ledger):
    course, appeal = a_hundred_hours(ledger), new_id()
    redemption = ledger.redeem((course, 60_000))
    ledger.step(CaseAct.OPEN, appeal, kind=CaseKind.APPEAL, outcome_id=course.id)

    ledger.step(CaseAct.DECLINE, redemption, on=MAY, now=LATER)

    for day in (TODAY, date(2025, 4, 30), MAY):
        assert ledger.as_of(day) == {HELD: 100_000, ISSUED: 100_000}


def test_what_two_decisions_hold_is_never_held_twice(ledger):
    a_hundred_hours(ledger)
    first, second = new_id(), new_id()
    decide(ledger, IssuerAct.SUSPEND, first)
    decide(ledger, IssuerAct.SUSPEND, second, date(2025, 3, 15))
    decide(ledger, IssuerAct.RELEASE, first, MAY)
    decide(ledger, IssuerAct.REVOKE, second, date(2025, 6, 1))

    assert ledger.as_of(date(2025, 4, 30)) == {HELD: 100_000, ISSUED: 100_000}
    assert ledger.as_of(date(2025, 5, 31)) == {HELD: 100_000, ISSUED: 100_000}
    assert ledger.as_of(date(2025, 6, 1)) == {REVOKED: 100_000, ISSUED: 100_000}


def test_what_is_owed_is_covered_when_something_is_free_and_not_before(ledger):
    gone, held, appeal = a_hundred_hours(ledger), a_course("160", by="B"), new_id()
    ledger.deposit(held)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((gone, 100_000)))
    ledger.step(CaseAct.OPEN, appeal, kind=CaseKind.APPEAL, outcome_id=held.id)
    ledger.withdraw(gone, now=LATER)
    ledger.step(CaseAct.WITHDRAW, appeal, kind=CaseKind.APPEAL, on=MAY, now=LATER)

    before = {HELD: 100_000, REDEEMED: 100_000, OWED: 100_000, ISSUED: 100_000}
    assert ledger.as_of(date(2025, 4, 30)) == before
    assert ledger.as_of(MAY) == {REDEEMED: 100_000, ISSUED: 100_000}


def a_decision(act: IssuerAct, case_id: UUID, on: date = TODAY) -> IssuerFact:
    """Return a decision on what issuer A posted for 2025."""
    own = case_id if act is IssuerAct.SUSPEND else new_id()
    return IssuerFact(
        id=own,
        case_id=case_id,
        act=act,
        issuer_id=issuer("A"),
        effective_on=on,
        begins_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        source="示例决定〔2025〕1号",
    )


def decide(ledger: Ledger, act: IssuerAct, case_id: UUID, on: date = TODAY) -> None:
    """Let the bureau decide."""
    bank.decide_on_issuer(ledger.session, a_decision(act, case_id, on), by=None, now=LATER)


def test_a_suspended_issuers_credits_are_not_consumed_though_all_were_asked_for(ledger):
    redemption, case = ledger.redeem((a_hundred_hours(ledger), 100_000)), new_id()
    decide(ledger, IssuerAct.SUSPEND, case)

    with pytest.raises(LotHeldError):
        ledger.step(CaseAct.ACCEPT, redemption)

    decide(ledger, IssuerAct.RELEASE, case, MAY)
    ledger.step(CaseAct.ACCEPT, redemption, on=MAY)
    assert ledger.accounts == {REDEEMED: 100_000, ISSUED: 100_000}


@pytest.mark.parametrize("late", [False, True])
def test_a_suspended_issuers_credits_are_held_also_when_they_come_late(ledger, late):
    elsewhere = a_course("16", by="B")
    ledger.deposit(elsewhere)
    case = new_id()
    if not late:
        a_hundred_hours(ledger)
    decide(ledger, IssuerAct.SUSPEND, case)
    if late:
        a_hundred_hours(ledger)

    assert ledger.accounts == {AVAILABLE: 10_000, HELD: 100_000, ISSUED: 110_000}
    decide(ledger, IssuerAct.EXTEND, case, MAY)
    assert ledger.accounts[HELD] == 100_000
    decide(ledger, IssuerAct.RELEASE, case, MAY)
    assert ledger.accounts == {AVAILABLE: 110_000, ISSUED: 110_000}
    with pytest.raises(CaseActRefusedError):
        decide(ledger, IssuerAct.EXTEND, case, MAY)


@pytest.mark.parametrize(
    ("completed_on", "is_held"),
    [
        (date(2024, 12, 31), False),
        (date(2025, 1, 1), True),
        (date(2025, 12, 31), True),
        (date(2026, 1, 1), False),
    ],
)
def test_a_decision_holds_the_period_that_it_names_and_no_day_more(ledger, completed_on, is_held):
    ledger.deposit(a_course("160", date(2025, 6, 1)), a_course("16", completed_on))

    decide(ledger, IssuerAct.SUSPEND, new_id())

    assert ledger.accounts[HELD] == (110_000 if is_held else 100_000)
    assert ledger.accounts.get(AVAILABLE, 0) == (0 if is_held else 10_000)


def test_revoked_credits_stay_revoked_and_what_was_used_of_them_is_owed(ledger):
    course = a_hundred_hours(ledger)
    ledger.step(CaseAct.ACCEPT, ledger.redeem((course, 60_000)))
    case = new_id()
    decide(ledger, IssuerAct.SUSPEND, case)
    assert ledger.accounts == {HELD: 40_000, REDEEMED: 60_000, ISSUED: 100_000}

    decide(ledger, IssuerAct.REVOKE, case, MAY)
    assert ledger.accounts == {REVOKED: 100_000, REDEEMED: 60_000, OWED: 60_000, ISSUED: 100_000}

    ledger.deposit(a_course("16", date(2025, 2, 3)), now=LATER)  # The same issuer, late.
    assert ledger.accounts[REVOKED] == 110_000
    ledger.deposit(a_course("160", MAY, by="B"), now=LATER)
    assert ledger.accounts == {
        AVAILABLE: 40_000,
        REVOKED: 110_000,
        REDEEMED: 60_000,
        ISSUED: 210_000,
    }
