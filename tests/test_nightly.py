"""The nightly run: it ends what has run out, once, and goes on where it was cut off."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from archive.bureau import nightly
from archive.db import Database
from archive.dossiers import appeals, records
from archive.jobs import desk
from credit_bank import bank
from schemas.cases import CaseFact, IssuerFact, Pick
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, CaseKind, IssuerAct, Role
from tests.builders import a_training, an_account, an_organisation, workers

ZONE = ZoneInfo("Asia/Shanghai")
AVAILABLE, HELD, EXPIRED = Account.AVAILABLE, Account.HELD, Account.EXPIRED
FIRST = date(2023, 3, 1)


def at(day: date) -> datetime:
    """Return noon of a local day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)


class Scene:
    """Three workers with one course each, of 10 credits, completed on 1 March 2023."""

    def __init__(self, archive: Database, *, count: int = 3) -> None:
        self.archive = archive
        with archive.transaction() as session:
            self.organisation = an_organisation(session)
            self.trainer = an_account(session, organisation=self.organisation)
            self.clerk = an_account(session, "clerk", Role.CLERK)
            self.console = an_account(session, "console", Role.CONSOLE)
            self.workers = list(workers(session, self.organisation, self.trainer, count=count))
            for worker_id in self.workers:
                records.add(
                    session,
                    worker_id,
                    a_training(hours="160", completed_on=FIRST),
                    organisation_id=self.organisation.id,
                    by=self.clerk,
                    now=at(FIRST),
                    today=FIRST,
                )

    def run(self, day: date):
        steps = desk.PlainSteps(self.archive, lambda: at(day))
        return nightly.run(steps, day.isoformat(), ZONE)

    def accounts(self, worker_id: UUID | None = None):
        with self.archive.reading() as session:
            found = bank.balances(session, worker_id or self.workers[0])
        return {one: units for one, units in found.items() if units and one is not Account.ISSUED}

    def as_of(self, day: date):
        """Return where the first worker's units lie as of a day."""
        with self.archive.reading() as session:
            found = bank.statement(session, self.workers[0], as_of=day).accounts
        return {one: units for one, units in found.items() if units and one is not Account.ISSUED}

    def lines(self):
        """Return the entries of the first worker."""
        with self.archive.reading() as session:
            return bank.statement(session, self.workers[0]).lines

    def lot(self, session) -> tuple[UUID, UUID]:
        """Return entry and lot of the first worker's course."""
        from sqlmodel import select  # noqa: PLC0415

        from credit_bank.models import Posting  # noqa: PLC0415

        query = select(Posting).where(Posting.worker_id == self.workers[0])
        opening = next(one for one in session.exec(query) if one.id == one.lot_id)
        return opening.entry_id, opening.lot_id


@pytest.fixture
def scene(archive: Database) -> Scene:
    """Return the scene on each database."""
    return Scene(archive)


def test_what_is_too_old_expires_for_everybody_and_only_once(scene, monkeypatch):
    monkeypatch.setattr(nightly, "BATCH", 2)
    last = date(2030, 3, 1)
    assert scene.run(last).expired == 0

    report = scene.run(last + timedelta(days=1))

    assert (report.expired, report.workers) == (30, 3)
    assert all(scene.accounts(one) == {EXPIRED: 100_000} for one in scene.workers)
    again = scene.run(last + timedelta(days=1))
    assert (again.expired, again.workers, again.postponed) == (0, 0, ())


def test_a_run_that_is_cut_off_is_done_by_the_next(scene, monkeypatch):
    monkeypatch.setattr(nightly, "BATCH", 1)
    expire, calls = bank.expire, []

    def dying(*args: Any, **told: Any) -> int:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return expire(*args, **told)

    monkeypatch.setattr(bank, "expire", dying)
    with pytest.raises(KeyboardInterrupt):
        scene.run(date(2031, 1, 1))
    monkeypatch.setattr(bank, "expire", expire)

    assert scene.run(date(2031, 1, 1)).expired == 20
    assert all(scene.accounts(one) == {EXPIRED: 100_000} for one in scene.workers)


def test_a_rejected_appeal_lapses_the_day_after_its_last(scene):
    worker_id = scene.workers[0]
    with scene.archive.transaction() as session:
        entry_id, _ = scene.lot(session)
        case = appeals.file_appeal(
            session,
            worker_id,
            entry_id,
            text="学时不符",
            by=scene.console,
            now=at(FIRST),
            zone=ZONE,
        )
        appeals.answer(
            session,
            case,
            is_upheld=False,
            text="核对无误",
            by=scene.trainer,
            now=at(FIRST),
            zone=ZONE,
        )
    last = date(2023, 3, 22)
    assert scene.run(last).appeals_lapsed == 0
    assert scene.accounts() == {HELD: 100_000}

    assert scene.run(date(2023, 4, 1)).appeals_lapsed == 1

    assert scene.accounts() == {AVAILABLE: 100_000}
    with scene.archive.reading() as session:
        statement = bank.statement(session, worker_id, as_of=last)
        assert statement.accounts[HELD] == 100_000
    assert scene.run(date(2023, 4, 1)).appeals_lapsed == 0


def test_an_unanswered_appeal_does_not_lapse(scene):
    with scene.archive.transaction() as session:
        entry_id, _ = scene.lot(session)
        appeals.file_appeal(
            session,
            scene.workers[0],
            entry_id,
            text="学时不符",
            by=scene.console,
            now=at(FIRST),
            zone=ZONE,
        )
    assert scene.run(date(2024, 1, 1)).appeals_lapsed == 0
    assert scene.accounts() == {HELD: 100_000}


def test_a_hold_that_nobody_decided_about_is_released(scene):
    own = new_id()
    fact = IssuerFact(
        id=own,
        case_id=own,
        act=IssuerAct.SUSPEND,
        issuer_id=scene.organisation.id,
        effective_on=FIRST,
        begins_on=FIRST,
        ends_on=FIRST,
        due_on=date(2023, 4, 30),
        source="示例决定〔2023〕1号",
    )
    with scene.archive.transaction() as session:
        bank.decide_on_issuer(session, fact, by=None, now=at(FIRST))
    assert scene.run(date(2023, 4, 30)).suspensions_released == 0
    assert scene.accounts() == {HELD: 100_000}

    assert scene.run(date(2023, 5, 1)).suspensions_released == 1

    assert all(scene.accounts(one) == {AVAILABLE: 100_000} for one in scene.workers)
    assert scene.run(date(2023, 5, 1)).suspensions_released == 0
    assert scene.as_of(date(2023, 4, 30)) == {HELD: 100_000}
    assert scene.as_of(date(2023, 5, 1)) == {AVAILABLE: 100_000}


def test_what_is_held_does_not_expire_before_it_is_released(scene):
    case, over = new_id(), date(2030, 3, 2)
    told = {"kind": CaseKind.APPEAL, "case_id": case, "outcome_id": scene.lines()[0].outcome_id}
    opening = {"id": case, "act": CaseAct.OPEN, "reference": "test:1", "effective_on": FIRST}
    with scene.archive.transaction() as session:
        fact = CaseFact.model_validate({**told, **opening})
        bank.take_step(session, scene.workers[0], fact, by=None, now=at(FIRST))

    assert scene.run(over).expired == 20
    assert scene.accounts() == {HELD: 100_000}
    assert len(scene.lines()) == 2  # Granted and held.

    with scene.archive.transaction() as session:
        ending = {"id": new_id(), "act": CaseAct.WITHDRAW, "reference": "test:2"}
        fact = CaseFact.model_validate({**told, **ending, "effective_on": over})
        bank.take_step(session, scene.workers[0], fact, by=None, now=at(over))
    assert scene.run(over).expired == 10
    assert scene.accounts() == {EXPIRED: 100_000}


@pytest.mark.parametrize("due_on", [date(2023, 4, 30), None])
def test_a_redemption_lapses_only_by_a_clock_that_its_rule_set(scene, due_on):
    case_id = new_id()
    with scene.archive.transaction() as session:
        _, lot_id = scene.lot(session)
        fact = CaseFact(
            id=case_id,
            case_id=case_id,
            kind=CaseKind.REDEMPTION,
            act=CaseAct.OPEN,
            reference="test:1",
            effective_on=FIRST,
            picks=(Pick(lot_id=lot_id, units=60_000),),
            due_on=due_on,
        )
        bank.take_step(session, scene.workers[0], fact, by=None, now=at(FIRST))

    report = scene.run(date(2023, 5, 1))

    assert report.redemptions_lapsed == (0 if due_on is None else 1)
    assert scene.accounts()[AVAILABLE] == (40_000 if due_on is None else 100_000)
