"""Writers at once: no fork, no lost entry, no "locked"; the first start can happen twice."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlmodel import Session, col, func, select

from archive.bureau import rules_desk
from archive.db import Database
from archive.dossiers import chains, intake, records
from archive.dossiers.intake.run_models import IntakeRun
from archive.dossiers.models import IntakeBatch, Record
from archive.people import approvals
from archive.people.accounts import named
from archive.people.approvals import ProposalAnsweredError
from archive.people.models import Organisation
from archive.settings import Settings
from credit_bank import bank, publishing
from credit_bank.conversion import judge_all
from credit_bank.errors import RulesOverlapError
from credit_bank.models import ChainHead, ChainLink, Entry, Posting
from credit_bank.publishing import rule_book
from schemas.vocabulary import Account, Role
from tests.builders import (
    NOW,
    TODAY,
    a_training,
    an_account,
    an_identity,
    an_organisation,
    workers,
)
from tests.ledgers import Ledger, a_deposit
from tests.outcomes import a_course
from tests.test_rulebook import a_file, a_rule, body_of
from tests.writers import Task, append, at_once, begin, correct

APPENDS = 60
CORRECTIONS = 30
STARTS = 8
A_MOMENT = 0.3  # Seconds in which a thread that is not held up would have finished.


@pytest.fixture
def task(settings: Settings, archive: Database) -> Task:
    """Return a dossier with one record, of an organisation whose clerk posts."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        clerk = an_account(session, "clerk", Role.CLERK)
        (worker_id,) = workers(session, organisation, clerk)
        added = records.add(
            session,
            worker_id,
            a_training(hours="40", completed_on=TODAY),
            organisation_id=organisation.id,
            by=clerk,
            now=NOW,
            today=TODAY,
        )
    return Task(
        settings=(settings,),
        worker_id=worker_id,
        record_id=added.record_id,
        organisation_id=organisation.id,
        count=APPENDS,
    )


@pytest.mark.slow
def test_three_processes_write_one_dossier_at_once(archive, task):
    other = Task(**{**vars(task), "first": APPENDS})
    third = Task(**{**vars(task), "count": CORRECTIONS})

    at_once([(append, task), (append, other), (correct, third)])

    with archive.reading() as session:
        report = chains.verify(session, task.worker_id)
        assert report.faults == ()
        assert counted(session, Record) == 2 + 2 * APPENDS + CORRECTIONS
        head = session.get_one(ChainHead, task.worker_id)
        assert report.links == head.sequence == counted(session, ChainLink)
        assert balanced(session, task.worker_id)


def test_a_reader_sees_one_moment_whatever_is_written_meanwhile(archive, task):
    """Else a document is called false, or a chain broken, because someone posted just then."""
    with archive.reading() as session:
        before = session.exec(select(ChainHead.sequence)).one()
        with archive.transaction() as other:
            a_later_course(other, task)

        links = session.exec(select(func.max(col(ChainLink.sequence)))).one()
        assert session.exec(select(ChainHead.sequence)).one() == links == before
        assert chains.verify(session, task.worker_id).faults == ()

    with archive.reading() as session:
        assert session.exec(select(ChainHead.sequence)).one() > before


def test_a_head_that_was_read_before_it_was_locked_forks_no_chain(archive, task):
    with archive.transaction() as session:
        seen = session.get_one(ChainHead, task.worker_id)
        a_later_course(session, task)
        a_later_course(session, task, "46")

        assert chains.verify(session, task.worker_id).faults == ()
        assert seen.worker_id == task.worker_id  # It was held all the while.


def a_later_course(session, task, hours="44"):
    """Add one more course to the dossier."""
    records.add(
        session,
        task.worker_id,
        a_training(hours=hours, completed_on=date(2025, 2, int(hours) % 28 + 1)),
        organisation_id=task.organisation_id,
        by=named(session, "clerk"),
        now=NOW,
        today=TODAY,
    )


def counted(session, table) -> int:
    """Return how many rows a table has."""
    return int(session.exec(select(func.count()).select_from(table)).one())


def balanced(session, worker_id: UUID) -> bool:
    """Whether every entry sums to zero, and the balance is what the rules say."""
    sums = session.exec(select(func.sum(col(Posting.units))).group_by(col(Posting.entry_id)))
    live = bank.live_outcomes(session, worker_id).values()
    due = sum(one.result.units for one in judge_all(live, rule_book(session)))
    revisions = session.exec(select(Entry.outcome_id, Entry.revision)).all()
    balances = bank.balances(session, worker_id)
    return (
        all(int(total) == 0 for total in sums)
        and len(set(revisions)) == len(revisions)
        and balances[Account.AVAILABLE] == balances[Account.ISSUED] == due
    )


@pytest.mark.parametrize("file", ["known", "new"])
def test_a_file_that_is_sent_twice_at_once_is_written_once(archive, task, file):
    """A trainer's impatient second click: on file already, not refused."""
    content = a_list(1 if file == "known" else 7)

    def send(session):
        clerk = named(session, "clerk")
        whose = session.get_one(Organisation, task.organisation_id)
        report = intake.commit(session, content, "list.csv", whose, by=clerk, now=NOW, today=TODAY)
        written.append(report.written)

    written: list[int] = []
    second_meets_first(archive, send, send)

    assert written == [1, 0]
    with archive.reading() as session:
        assert len(session.exec(select(IntakeBatch.id)).all()) == 1
        assert sorted(session.exec(select(IntakeRun.new)).all()) == [0, 1]


def a_list(serial: int) -> bytes:
    """Return a file with one course of the person with a serial number."""
    person = an_identity(serial)
    return (
        "姓名,身份证号,课程名称,学时,成绩,结业日期\n"
        f"{person.name},{person.document_number},电工安全,16,90,2025-01-10\n"
    ).encode()


# --- The first start


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_homes(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Settings, ...]]:
    """Return settings of archives that were never started."""
    if request.param == "sqlite":
        yield tuple(Settings(home=tmp_path / str(n), demo=False) for n in range(STARTS))
        return
    socket = os.environ["SKILLS_ARCHIVE_TEST_POSTGRES"]
    server = psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True)
    names = [f"empty_{uuid4().hex[:12]}" for _ in range(2 * STARTS)]
    for name in names:
        server.execute(f'CREATE DATABASE "{name}"')
    urls = [f"postgresql://postgres@/{name}?host={socket}" for name in names]
    yield tuple(
        Settings(
            home=tmp_path / str(number),
            database_url=urls[number],
            key_database_url=urls[STARTS + number],
            demo=False,
        )
        for number in range(STARTS)
    )
    for name in names:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.close()


@pytest.mark.slow
def test_two_processes_can_start_an_empty_archive_at_once(empty_homes):
    task = Task(settings=empty_homes)

    one, other = at_once([(begin, task), (begin, task)])

    assert one == other  # The same master keys, and no problem.
    assert len(set(one)) == len(one) == STARTS


# --- Decisions at once


@pytest.fixture
def staffed(archive: Database) -> Database:
    """Return an archive with a clerk and two approvers."""
    with archive.transaction() as session:
        an_account(session, "clerk", Role.CLERK)
        an_account(session, "approver", Role.APPROVER)
        an_account(session, "chief", Role.CONSOLE)
    return archive


def second_meets_first(
    archive: Database,
    first: Callable[[Session], object],
    second: Callable[[Session], object],
) -> None:
    """Let a second writer begin while the first has not committed; raise what the second meets."""
    started = threading.Event()

    def run() -> None:
        started.set()
        with archive.transaction() as session:
            second(session)

    with ThreadPoolExecutor(1) as pool:
        with archive.transaction() as session:
            first(session)
            waiting = pool.submit(run)
            started.wait()
            threading.Event().wait(A_MOMENT)
            assert not waiting.done() or waiting.exception() is None
        waiting.result(timeout=60)


def test_two_rules_that_contradict_each_other_cannot_be_published_at_once(staffed):
    bodies = [
        body_of(a_rule(name, f"{year}-01-01"), replaces="training-2022")
        for name, year in (("training-2027", 2027), ("training-2028", 2028))
    ]

    with pytest.raises(RulesOverlapError):
        second_meets_first(
            staffed,
            lambda session: publishing.publish(session, bodies[:1], now=NOW),
            lambda session: publishing.publish(session, bodies[1:], now=NOW),
        )

    with staffed.reading() as session:
        assert rule_book(session).named("training-2028") is None


def reach_back(session: Session) -> None:
    """Publish a rule with effect in the past, and apply it to everyone."""
    body = body_of(a_rule("training-2024", "2024-01-01"), replaces="training-2022")
    publishing.publish(session, [body], now=NOW)
    bank.recompute_since(session, date(2024, 1, 1), now=NOW)


@pytest.mark.parametrize("deposit_first", [True, False])
def test_a_rule_that_reaches_back_misses_no_deposit_of_the_same_moment(archive, deposit_first):
    with archive.transaction() as session:
        ledger = Ledger(session)
    course = a_deposit(a_course("36", date(2025, 2, 1)))

    def deposit(session):
        bank.deposit(session, {ledger.worker_id: [course]}, now=NOW)

    both = (deposit, reach_back) if deposit_first else (reach_back, deposit)
    second_meets_first(archive, *both)

    with archive.reading() as session:
        assert bank.balances(session, ledger.worker_id)[Account.AVAILABLE] == 20_000


def test_two_approvers_cannot_answer_one_proposal_at_once(staffed, tmp_path):
    with staffed.transaction() as session:
        path = a_file(tmp_path, a_rule())
        proposal = rules_desk.propose(session, path, by=named(session, "clerk"), now=NOW)

    def answer(session, name):
        by = named(session, name)
        approvals.answer(session, proposal.id, is_approved=True, by=by, now=NOW)

    with pytest.raises(ProposalAnsweredError):
        second_meets_first(
            staffed,
            lambda session: answer(session, "approver"),
            lambda session: answer(session, "chief"),
        )
