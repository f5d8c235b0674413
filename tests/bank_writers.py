"""What several people do to one worker's credits at once, each in transactions of its own.

Importable by itself, as ``writers`` is: a spawned process loads this module and nothing of
pytest. What is refused is refused; whatever else is raised ends the test.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial
from multiprocessing.synchronize import Barrier
from uuid import UUID

from sqlmodel import Session, col, func, select

from archive.db import Database
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from credit_bank import bank, publishing
from credit_bank.chain import canonical_bytes
from credit_bank.models import Outcome, Posting
from credit_bank.publishing import rule_book
from schemas.cases import Pick
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Account, Act, CaseAct, CaseKind, Family, IssuerAct
from tests.builders import NOW
from tests.ledgers import Ledger, a_deposit
from tests.outcomes import a_course
from tests.test_cases_of_workers import a_decision
from tests.writers import PATIENCE, Task, Work

Does = Callable[[Database, UUID, int], list[str]]
"""What someone does again and again to a worker; returns the redemptions that were accepted."""


def in_process(does: Does) -> Work:
    """Return the work of a process that opens the archive for itself."""
    return partial(_in_process, does)


def _in_process(does: Does, task: Task, ready: Barrier) -> list[str]:
    archive = open_archive(task.settings[0])
    assert task.worker_id is not None
    ready.wait(PATIENCE)
    said = does(archive, task.worker_id, task.count)
    vault_of(archive).store.close()
    archive.close()
    return said


def deposit(archive: Database, worker_id: UUID, count: int) -> list[str]:
    """Post courses of two issuers, and withdraw every third."""
    for number in range(count):
        day = date(2025, 1, 1) - timedelta(days=17 * number)
        course = a_course("48", day, by="AB"[number % 2])
        brought = [a_deposit(course)]
        if number % 3 == 2:
            brought.append(a_deposit(course, Act.WITHDRAW))
        for one in brought:
            with archive.transaction() as session:
                bank.deposit(session, {worker_id: [one]}, now=NOW)
    return []


def redeem(archive: Database, worker_id: UUID, count: int) -> list[str]:
    """Ask for most of what the first lot has; every other time it is accepted, else withdrawn."""
    accepted = []
    for number in range(count):
        case_id = new_id()
        with suppress(Refusal), archive.transaction() as session:
            lot_id, units = _a_lot(session, worker_id)
            picks = [Pick(lot_id=lot_id, units=units)]
            Ledger(session, worker_id).step(CaseAct.OPEN, case_id, picks=picks)
            accepted.append(str(case_id))
        act = (CaseAct.ACCEPT, CaseAct.WITHDRAW)[number % 2]
        with suppress(Refusal), archive.transaction() as session:
            Ledger(session, worker_id).step(act, case_id)
    return accepted


def appeal(archive: Database, worker_id: UUID, count: int) -> list[str]:
    """Appeal against the newest line, and let it be."""
    kind = CaseKind.APPEAL
    for _ in range(count):
        case_id = new_id()
        with suppress(Refusal), archive.transaction() as session:
            newest = select(Outcome.lineage_id).where(col(Outcome.worker_id) == worker_id)
            lineage = session.exec(newest.order_by(col(Outcome.id).desc())).first()
            told = {"kind": kind, "outcome_id": lineage}
            Ledger(session, worker_id).step(CaseAct.OPEN, case_id, **told)  # type: ignore[arg-type]  # As told.
        with suppress(Refusal), archive.transaction() as session:
            Ledger(session, worker_id).step(CaseAct.WITHDRAW, case_id, kind=kind)
    return []


def suspend(archive: Database, worker_id: UUID, count: int) -> list[str]:
    """Hold what an issuer's courses brought, and release it."""
    for _ in range(count):
        case_id = new_id()
        for act in (IssuerAct.SUSPEND, IssuerAct.RELEASE):
            fact = a_decision(act, case_id).model_copy(update={"begins_on": date(2015, 1, 1)})
            with archive.transaction() as session:
                bank.decide_on_issuer(session, fact, by=None, now=NOW)
    return []


def publish(archive: Database, worker_id: UUID, count: int) -> list[str]:
    """Publish rules that reach back, and apply them to everybody."""
    for number in range(count):
        day = date(2023, 1, 1) + timedelta(days=number)
        with archive.transaction() as session:
            known = rule_book(session).in_force(Family.TRAINING, day)
            assert known is not None
            changed = {
                **json.loads(known.body),
                "id": f"training-of-{day}",
                "replaces": known.rule.id,
                "in_force_from": day.isoformat(),
                "hours_per_credit": (8, 32)[number % 2],
                "example": [
                    {
                        "name": "A course that was not passed",
                        "given": {"hours": "40", "score": "59"},
                        "expect": {"credits": "0", "reason": "not_passed"},
                    }
                ],
            }
            publishing.publish(session, [canonical_bytes(changed)], now=NOW)
            bank.recompute_since(session, day, now=NOW)
    return []


def _a_lot(session: Session, worker_id: UUID) -> tuple[UUID, int]:
    left = func.sum(col(Posting.units))
    query = (
        select(Posting.lot_id, left)
        .where(col(Posting.worker_id) == worker_id, col(Posting.account) == Account.AVAILABLE)
        .group_by(col(Posting.lot_id))
        .having(left > 0)
    )
    found = session.exec(query).first()
    return (found[0], max(1, int(found[1]) * 3 // 4)) if found else (new_id(), 1)


EVERYBODY: tuple[tuple[Does, int], ...] = (
    (deposit, 20),
    (deposit, 20),
    (redeem, 20),
    (redeem, 20),
    (appeal, 10),
    (suspend, 5),
    (publish, 3),
)
"""Who does what how often, all at once."""
