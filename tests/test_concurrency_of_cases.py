"""Deposits, uses, appeals, decisions on issuers and new rules of one moment: nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from sqlmodel import Session, func, select

from archive.db import Database
from archive.dossiers import auditing, chains
from archive.dossiers.many_hands import Range
from archive.settings import Settings
from credit_bank import bank
from credit_bank.auditing_law import audit_law
from credit_bank.cases import Case, told_cases
from credit_bank.desk import events_with_bodies
from credit_bank.models import ChainHead, ChainLink, IssuerDecision, Outcome
from credit_bank.publishing import rule_book
from credit_bank.traces import case_fact_in
from schemas.vocabulary import Account, CaseAct
from tests.bank_writers import EVERYBODY, Does, in_process
from tests.ledgers import Ledger
from tests.outcomes import a_course
from tests.writers import PATIENCE, Task, at_once


@pytest.fixture
def worker_id(archive: Database) -> UUID:
    """Begin a dossier with a lot, so that the first redemption finds one, whoever begins."""
    with archive.transaction() as session:
        ledger = Ledger(session)
        ledger.deposit(a_course("48", date(2012, 1, 1), by="C"))
        return ledger.worker_id


@pytest.mark.slow
def test_threads_that_do_everything_to_one_worker_at_once_lose_nothing(archive, worker_id):
    ready = Barrier(len(EVERYBODY))

    def run(does: Does, count: int) -> list[str]:
        ready.wait(PATIENCE)
        return does(archive, worker_id, count)

    with ThreadPoolExecutor(len(EVERYBODY)) as pool:
        running = [pool.submit(run, does, count) for does, count in EVERYBODY]
        said = [one.result(timeout=PATIENCE) for one in running]

    nothing_is_lost(archive, worker_id, said)


@pytest.mark.slow
def test_processes_that_do_everything_to_one_worker_at_once_lose_nothing(
    archive: Database, settings: Settings, worker_id: UUID
):
    said = at_once(
        [
            (in_process(does), Task(settings=(settings,), worker_id=worker_id, count=count))
            for does, count in EVERYBODY
        ]
    )

    nothing_is_lost(archive, worker_id, said)


def nothing_is_lost(archive: Database, worker_id: UUID, said: list[list[str]]) -> None:
    """Everything that was done is there, once, and every invariant holds."""
    with archive.reading() as session:
        assert audit_law(session) == []
        assert list(auditing.look(session, Range(worker_id, worker_id)).findings) == []
        assert chains.verify(session, worker_id).is_whole
        links = session.exec(select(func.count()).select_from(ChainLink)).one()
        assert session.get_one(ChainHead, worker_id).sequence == links
        assert session.exec(select(func.count()).select_from(Outcome)).one() == 1 + 2 * (20 + 6)
        assert session.exec(select(func.count()).select_from(IssuerDecision)).one() == 10
        assert rule_book(session).named("training-of-2023-01-03") is not None
        cases = cases_of(session, worker_id)
        opened = {case_id for one in said for case_id in one}
        assert opened
        assert {str(one.id) for one in cases if one.picks} == opened
        consumed = sum(p.units for one in cases if one.last is CaseAct.ACCEPT for p in one.picks)
        assert bank.balances(session, worker_id)[Account.REDEEMED] == consumed


def cases_of(session: Session, worker_id: UUID) -> list[Case]:
    """Return the cases of a worker as they stand."""
    events = events_with_bodies(session, [worker_id])
    return list(told_cases(case_fact_in(body) for _, body in events).values())
