"""Two times: as of which day, and as it was known at which moment."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, select

from archive.dossiers import records
from archive.dossiers.statements import statement_of
from archive.people import look_ups
from credit_bank import bank
from credit_bank.chain import canonical_bytes
from credit_bank.models import ChainLink
from credit_bank.traces import line_in
from schemas.credits import Trace
from schemas.ids import new_id
from schemas.vocabulary import Account, Rank
from tests.builders import a_training, an_account, an_organisation, workers
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level

AVAILABLE, EXPIRED, ISSUED = Account.AVAILABLE, Account.EXPIRED, Account.ISSUED
SHANGHAI = ZoneInfo("Asia/Shanghai")
JANUARY = datetime(2025, 1, 10, tzinfo=UTC)
FEBRUARY = datetime(2025, 2, 10, tzinfo=UTC)
MARCH = datetime(2025, 3, 10, tzinfo=UTC)


@pytest.fixture
def ledger(session: Session) -> Ledger:
    """Return an account: a course of 2024 known in January, corrected in March, and a level."""
    ledger = Ledger(session)
    course = a_course("36", date(2024, 5, 10))
    ledger.deposit(course, now=JANUARY)
    ledger.deposit(a_level(Rank.SENIOR, date(2023, 6, 1)), now=FEBRUARY)
    ledger.correct(course, now=MARCH, hours="32")
    return ledger


def test_as_of_a_day_counts_what_takes_effect_until_then(ledger):
    assert ledger.as_of(date(2023, 5, 31)) == {}
    assert ledger.as_of(date(2023, 6, 1)) == {AVAILABLE: 375_000, ISSUED: 375_000}
    assert ledger.as_of(date(2024, 5, 10)) == {AVAILABLE: 395_000, ISSUED: 395_000}


def test_as_known_at_a_moment_counts_what_was_recorded_until_then(ledger):
    assert ledger.known_at(JANUARY - timedelta(seconds=1)) == {}
    assert ledger.known_at(JANUARY) == {AVAILABLE: 22_500, ISSUED: 22_500}
    assert ledger.known_at(FEBRUARY) == {AVAILABLE: 397_500, ISSUED: 397_500}
    assert ledger.known_at(MARCH) == {AVAILABLE: 395_000, ISSUED: 395_000}


def test_both_times_can_be_asked_at_once(ledger):
    found = bank.statement(
        ledger.session, ledger.worker_id, as_of=date(2024, 12, 31), known_at=JANUARY
    )

    assert found.accounts[AVAILABLE] == 22_500
    assert [line.units for line in found.lines] == [22_500]
    assert (found.as_of, found.known_at) == (date(2024, 12, 31), JANUARY)


def test_what_is_known_on_a_day_is_known_at_the_end_of_the_local_day(session: Session):
    organisation = an_organisation(session)
    trainer = an_account(session, organisation=organisation)
    (worker_id,) = workers(session, organisation, trainer)
    midnight = datetime(2025, 3, 6, tzinfo=SHANGHAI)
    for name, at in (("末刻", midnight - timedelta(seconds=1)), ("次日", midnight)):
        records.add(
            session,
            worker_id,
            a_training(course_name=name),
            organisation_id=organisation.id,
            by=trainer,
            now=at.astimezone(UTC),
            today=at.date(),
        )

    def known_on(day: date) -> list[str | None]:
        worker = look_ups.worker_known_as(session, worker_id)
        view = statement_of(
            session, worker, as_of=None, known_on=day, today=date(2025, 3, 7), zone=SHANGHAI
        )
        return [line.title for line in view.lines]

    assert known_on(date(2025, 3, 4)) == []
    assert known_on(date(2025, 3, 5)) == ["末刻"]
    assert known_on(date(2025, 3, 6)) == ["末刻", "次日"]


def test_a_moment_is_the_same_in_every_time_zone(ledger):
    shanghai = timezone(timedelta(hours=8))

    assert ledger.known_at(FEBRUARY.astimezone(shanghai)) == ledger.known_at(FEBRUARY)


def test_lines_stand_in_the_order_in_which_they_were_recorded_and_explain_themselves(ledger):
    assert [line.recorded_at for line in ledger.lines] == [JANUARY, FEBRUARY, MARCH]
    for line in ledger.lines:
        assert line.trace.steps
        assert line.trace.source
        assert line.trace.day == line.effective_on


@pytest.mark.parametrize("version", [1, 2])
def test_no_text_of_an_entry_is_taken_for_the_border_of_its_explanation(ledger, version):
    query = select(ChainLink.body).where(ChainLink.subject_kind == "entry")
    told = json.loads(ledger.session.exec(query).first())
    told |= {"reason": ',"trace":{}', "source": ',"trace":{},"v":1}', "v": version}
    told["trace"]["context"]["note"] = ',"v":1}'

    line = line_in(canonical_bytes(told))

    assert line.reason == ',"trace":{}'
    assert line.trace == Trace.model_validate(told["trace"])


def test_the_lines_add_up_to_what_can_be_used(ledger):
    ledger.expire(date(2040, 1, 1), now=MARCH)

    assert sum(line.units for line in ledger.lines) == ledger.accounts[AVAILABLE]
    assert ledger.accounts[EXPIRED] == 20_000


def test_accounts_read_positive_whatever_their_side(ledger):
    accounts = bank.balances(ledger.session, ledger.worker_id)

    assert set(accounts) == set(Account)
    assert accounts[ISSUED] == 395_000
    assert min(accounts.values()) == 0


def test_who_has_no_entry_has_nothing(session):
    found = bank.statement(session, new_id())

    assert found.lines == ()
    assert set(found.accounts.values()) == {0}


def test_live_outcomes_are_those_that_stand_as_they_stand(ledger):
    live = bank.live_outcomes(ledger.session, ledger.worker_id)

    assert [str(getattr(one.measures, "hours", "")) for one in live.values()] == ["32", ""]
    (course,) = [one for one in live.values() if one.kind == "training"]
    ledger.withdraw(course)
    assert course.id not in bank.live_outcomes(ledger.session, ledger.worker_id)
