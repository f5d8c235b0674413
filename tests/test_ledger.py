"""The ledger: what is posted, what is taken back, what expires; nothing twice, nothing lost."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from credit_bank import bank, publishing
from credit_bank.errors import ReferenceConflictError, UnknownDossierError
from credit_bank.models import Entry
from schemas.ids import new_id
from schemas.vocabulary import Account, Act, Cause, Decision, Family, Rank
from tests.builders import NOW
from tests.ledgers import Ledger, a_deposit
from tests.outcomes import a_course, a_level
from tests.test_rulebook import a_rule, body_of

AVAILABLE, EXPIRED, ISSUED = Account.AVAILABLE, Account.EXPIRED, Account.ISSUED
OLD = date(2015, 5, 10)  # Its seven years are over: only the notice keeps it usable.
NOTICE_ENDS = date(2025, 5, 30)  # 90 days after NOW.


@pytest.fixture
def ledger(session: Session) -> Ledger:
    """Return the account of a new worker."""
    return Ledger(session)


# --- What is posted


def test_a_grant_moves_units_from_issued_to_available(ledger):
    ledger.deposit(a_course("36"))

    ((entry, postings),) = ledger.entries
    assert {posting.account: posting.units for posting in postings} == {
        AVAILABLE: 22_500,
        ISSUED: -22_500,
    }
    assert (entry.cause, entry.revision, entry.posted_units) == (Cause.GRANT, 0, 22_500)


def test_a_lot_is_named_after_the_posting_that_granted_it_by_all_that_follow(ledger):
    course = a_course("36")
    ledger.deposit(course)
    ledger.correct(course, hours="40")
    ledger.withdraw(course)

    (_, first), *later = ledger.entries
    (granting,) = [posting for posting in first if posting.account is AVAILABLE]
    assert granting.lot_id == granting.id
    assert all(posting.lot_id == granting.id for _, found in later for posting in found)


def test_what_earns_nothing_is_an_entry_that_says_why_and_moves_nothing(ledger):
    ledger.deposit(a_course("36", score="40"), a_course("36", date(1989, 1, 1)))

    told = [(line.decision, line.reason, line.units) for line in ledger.lines]
    assert told == [
        (Decision.UNDECIDED, "no_rule_in_force", 0),
        (Decision.NOTHING, "not_passed", 0),
    ]
    assert not any(postings for _, postings in ledger.entries)


def test_one_workers_ledger_knows_nothing_of_another(session):
    one, other = Ledger(session), Ledger(session)
    one.deposit(a_course("640", code="1"))
    other.deposit(a_course("640", code="1"))

    assert one.accounts == other.accounts == {AVAILABLE: 400_000, ISSUED: 400_000}


# --- The same again


def test_the_same_deposit_again_is_a_replay_and_changes_nothing(ledger):
    deposits = ledger.deposit(a_course("36"))
    before = ledger.lines

    ledger.bring(deposits)
    ledger.bring([*deposits, *deposits])

    assert ledger.lines == before


def test_a_reference_with_other_content_is_refused_and_nothing_is_written(ledger):
    (deposit,) = ledger.deposit(a_course("36"))
    other = a_deposit(a_course("40"), reference=deposit.reference)

    with pytest.raises(ReferenceConflictError, match=deposit.reference):
        ledger.bring([a_deposit(a_course("16")), other])

    assert ledger.accounts == {AVAILABLE: 22_500, ISSUED: 22_500}


def test_who_has_no_dossier_has_no_ledger(session):
    with pytest.raises(UnknownDossierError):
        bank.deposit(session, {new_id(): [a_deposit(a_course())]}, now=NOW)


def test_the_database_itself_refuses_a_second_entry_of_one_reference(ledger):
    ledger.deposit(a_course("36"))
    ((entry, _),) = ledger.entries
    twin = Entry(**{**entry.model_dump(), "id": new_id()})

    ledger.session.add(twin)
    with pytest.raises(IntegrityError):
        ledger.session.flush()


# --- Corrections and withdrawals


def test_a_correction_revises_the_same_lot_and_posts_the_difference(ledger):
    course = a_course("36")
    ledger.deposit(course)
    ledger.correct(course, hours="32")

    assert [(line.revision, line.units, line.evaluated_units) for line in ledger.lines] == [
        (0, 22_500, 22_500),
        (1, -2_500, 20_000),
    ]
    assert ledger.accounts == {AVAILABLE: 20_000, ISSUED: 20_000}


def test_a_correction_that_earns_the_same_is_explained_by_what_it_says_now(ledger):
    course = a_course("36", score="85")
    ledger.deposit(course)
    ledger.correct(course, score="95")

    newest = ledger.lines[-1]
    assert (newest.revision, newest.units, newest.evaluated_units) == (1, 0, 22_500)
    assert newest.trace.outcome.measures.score == 95


def test_a_correction_of_the_day_takes_back_on_the_old_day_and_grants_on_the_new(ledger):
    course = a_course("36", date(2024, 5, 10))
    ledger.deposit(course)
    ledger.correct(course, effective_on=date(2023, 5, 10))

    told = [(line.effective_on.year, line.units, line.reason) for line in ledger.lines]
    assert told == [
        (2024, 22_500, "granted"),
        (2024, -22_500, "replaced"),
        (2023, 22_500, "granted"),
    ]
    assert ledger.as_of(date(2023, 12, 31)) == {AVAILABLE: 22_500, ISSUED: 22_500}


def test_a_withdrawal_is_an_entry_of_the_original_day(ledger):
    course = a_course("36", date(2024, 5, 10))
    ledger.deposit(course)
    ledger.withdraw(course)

    newest = ledger.lines[-1]
    assert (newest.units, newest.evaluated_units, newest.reason) == (-22_500, 0, "withdrawn")
    assert newest.effective_on == date(2024, 5, 10)
    assert ledger.accounts == {}


def test_a_withdrawal_of_what_earned_nothing_is_an_entry_too(ledger):
    course = a_course("36", score="40")
    ledger.deposit(course)
    ledger.withdraw(course)
    ledger.recompute()

    assert [line.reason for line in ledger.lines] == ["not_passed", "withdrawn"]


def test_what_was_withdrawn_can_be_deposited_again(ledger):
    course = a_course("36")
    ledger.deposit(course)
    ledger.withdraw(course)
    ledger.deposit(course, act=Act.CORRECT)

    assert ledger.accounts == {AVAILABLE: 22_500, ISSUED: 22_500}


# --- Late truth


def test_a_late_course_takes_its_room_under_the_cap_from_a_later_one(ledger):
    ledger.deposit(a_course("640", date(2024, 6, 1)))
    ledger.deposit(a_course("160", date(2024, 2, 1)))

    assert sorted(line.units for line in ledger.lines) == [-100_000, 100_000, 400_000]
    assert ledger.accounts == {AVAILABLE: 400_000, ISSUED: 400_000}
    assert ledger.as_of(date(2024, 5, 31)) == {AVAILABLE: 100_000, ISSUED: 100_000}


def test_a_late_lower_level_takes_its_part_from_the_higher_one(ledger):
    ledger.deposit(a_level(Rank.SENIOR, date(2024, 1, 1)))
    ledger.deposit(a_level(Rank.INTERMEDIATE, date(2020, 1, 1)))

    assert [line.units for line in ledger.lines] in (
        [375_000, 275_000, -275_000],
        [375_000, -275_000, 275_000],
    )
    assert ledger.accounts == {AVAILABLE: 375_000, ISSUED: 375_000}


def test_a_rule_with_effect_in_the_past_posts_only_differences_and_only_once(ledger):
    ledger.deposit(a_course("36", date(2023, 5, 1)), a_course("36", date(2025, 2, 1)))
    later = body_of(a_rule("training-2024", "2024-01-01"), replaces="training-2022")
    publishing.publish(ledger.session, [later], now=NOW)

    ledger.recompute()
    ledger.recompute()

    assert [line.units for line in ledger.lines] == [22_500, 22_500, -2_500]
    assert ledger.lines[-1].trace.rule == "training-2024"


def test_what_no_rule_decided_is_granted_when_a_rule_comes(ledger):
    ledger.deposit(a_course("36", date(1985, 5, 1)))
    assert ledger.accounts == {}
    early = body_of(a_rule("training-1980", "1980-01-01", ends="1989-12-31"))
    publishing.publish(ledger.session, [early], now=NOW)

    ledger.recompute()

    assert ledger.accounts == {AVAILABLE: 20_000, ISSUED: 20_000}


# --- Expiry


def test_credits_expire_the_day_after_their_last_day_and_only_once(ledger):
    ledger.deposit(a_course("36", date(2020, 5, 10)))

    assert ledger.expire(date(2027, 5, 10)) == 0
    assert ledger.expire(date(2027, 5, 11)) == 22_500
    assert ledger.expire(date(2030, 1, 1)) == 0
    assert ledger.accounts == {EXPIRED: 22_500, ISSUED: 22_500}
    assert ledger.lines[-1].effective_on == date(2027, 5, 10)


def test_nothing_expires_within_the_notice_of_its_grant(ledger):
    ledger.deposit(a_course("36", OLD))

    assert ledger.expire(NOTICE_ENDS) == 0
    assert ledger.expire(NOTICE_ENDS + timedelta(days=1)) == 22_500


def test_the_notice_counts_from_the_local_day_of_the_grant(ledger):
    """In Shanghai the day begins eight hours earlier: the holder would lose one."""
    evening = datetime(2025, 3, 1, 20, 0, tzinfo=UTC)  # The second of March over there.
    ledger.deposit(a_course("36", OLD), now=evening)

    ninetieth = date(2025, 3, 2) + timedelta(days=90)
    assert ledger.expire(ninetieth, zone=ZoneInfo("Asia/Shanghai")) == 0
    assert ledger.expire(ninetieth + timedelta(days=1), zone=ZoneInfo("Asia/Shanghai")) == 22_500


def test_units_that_a_correction_adds_have_a_notice_of_their_own(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.correct(course, now=datetime(2025, 7, 1, tzinfo=UTC), hours="40")

    assert ledger.expire(date(2025, 7, 2)) == 0
    assert ledger.expire(date(2025, 9, 30)) == 2_500
    assert ledger.accounts == {EXPIRED: 25_000, ISSUED: 25_000}


def test_certificates_never_expire(ledger):
    ledger.deposit(a_level(Rank.SENIOR, date(1995, 1, 1)))

    assert ledger.expire(date(2099, 1, 1)) == 0


def test_a_correction_after_expiry_takes_back_what_had_expired(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.correct(course, hours="32")

    assert ledger.accounts == {EXPIRED: 20_000, ISSUED: 20_000}
    assert ledger.as_of(date(2024, 1, 1)) == {AVAILABLE: 20_000, ISSUED: 20_000}
    assert expired_in_all(ledger) == 20_000


def test_a_withdrawal_after_expiry_leaves_nothing_on_any_day(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.withdraw(course)

    assert ledger.accounts == {}
    assert ledger.as_of(date(2024, 1, 1)) == {}
    assert expired_in_all(ledger) == 0


def test_what_expired_at_two_times_is_taken_back_from_the_later_first(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.correct(course, now=datetime(2025, 7, 1, tzinfo=UTC), hours="40")
    ledger.expire(date(2025, 10, 1))
    ledger.correct(course, now=datetime(2025, 11, 1, tzinfo=UTC), hours="32")

    for day in (date(2024, 1, 1), date(2025, 6, 1), date(2025, 10, 1)):
        assert all(units > 0 for units in ledger.as_of(day).values())
    assert ledger.accounts == {EXPIRED: 20_000, ISSUED: 20_000}
    assert expired_in_all(ledger) == 20_000


def test_what_expired_and_was_deposited_again_expires_once(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.withdraw(course)
    ledger.deposit(course, act=Act.CORRECT, now=datetime(2025, 7, 1, tzinfo=UTC))

    assert ledger.accounts == {AVAILABLE: 22_500, ISSUED: 22_500}
    assert ledger.expire(date(2025, 7, 2)) == 0
    assert ledger.expire(date(2026, 1, 1)) == 22_500
    assert expired_in_all(ledger) == 22_500


def test_a_corrected_day_gives_expired_credits_a_new_life(ledger):
    course = a_course("36", OLD)
    ledger.deposit(course)
    ledger.expire(date(2025, 6, 1))
    ledger.correct(course, effective_on=date(2024, 5, 10))

    assert ledger.accounts == {AVAILABLE: 22_500, ISSUED: 22_500}
    assert expired_in_all(ledger) == 0


def expired_in_all(ledger: Ledger) -> int:
    """Return what the newest revision of the shelf life says has expired."""
    told = [line for line in ledger.lines if line.trace.family is Family.SHELF_LIFE]
    return told[-1].evaluated_units
