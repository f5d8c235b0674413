"""Whatever is edited in the credit bank is found: every column that there is, now or later.

The forger owns the database: the triggers are off. An audit of ledgers and law or the check
of the chains finds each edit by itself; what is edited with all its hashes made to fit, only
a checkpoint in other hands can find.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, select, update
from sqlmodel import Session

from archive.db import Database
from archive.dossiers import auditing, chains
from archive.dossiers.many_hands import Range
from archive.dossiers.notes import seal_note
from archive.dossiers.writing import Posting, writing
from archive.people.privacy import vault_of
from archive.settings import Settings
from archive.transcripts import checkpoints
from archive.transcripts.checkpoints import Checkpoint
from archive.transcripts.keys import DevelopmentKeys, development_keys
from credit_bank import bank, models
from credit_bank.auditing_law import audit_law
from credit_bank.bulk import table_of
from schemas.cases import CaseFact
from schemas.ids import new_id
from schemas.vocabulary import CaseAct, CaseKind, IssuerAct
from tests.builders import NOW, TODAY, an_account, an_identity, an_organisation
from tests.forging import Dossier, forge_in, read_in, switch_off_triggers
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level
from tests.test_cases_of_workers import a_decision

LATER = datetime(2025, 4, 1, tzinfo=UTC)
EVERYBODY = Range(UUID(int=0), UUID(int=(1 << 128) - 1))
TABLES = [
    table_of(model)
    for model in vars(models).values()
    if getattr(model, "__module__", "") == models.__name__ and hasattr(model, "__tablename__")
]


@pytest.fixture
def keys(settings: Settings) -> DevelopmentKeys:
    """Return real signing keys."""
    return development_keys(settings.secrets_folder, now=NOW)


@pytest.fixture
def whose(archive: Database) -> UUID:
    """A ledger in which every column of every table of the bank holds something."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        posted = Posting(organisation.id, an_account(session).id, NOW)
        with writing(session) as writer:
            (worker_id,) = writer.enrol([an_identity()], posted)
        ledger = Ledger(session, worker_id)
        course, other = a_course("160", date(2025, 2, 1)), a_course("80", date(2025, 2, 2), by="B")
        ledger.deposit(course, other, a_course("160", date(2015, 2, 1), by="B"), a_level())
        ledger.correct(course, hours="176", now=LATER)
        gone = a_course("16", date(2025, 2, 3), by="B")
        ledger.deposit(gone)
        ledger.withdraw(gone, now=LATER)
        ledger.expire(date(2025, 8, 1), now=LATER)
        ledger.step(CaseAct.DECLINE, ledger.redeem((course, 30_000)), now=LATER)
        ledger.step(CaseAct.ACCEPT, ledger.redeem((course, 60_000)), now=LATER)
        _appeal(ledger, other.id)
        fact = a_decision(IssuerAct.SUSPEND, new_id())
        fact = fact.model_copy(update={"due_on": TODAY + timedelta(days=60)})
        bank.decide_on_issuer(session, fact, by=new_id(), now=LATER)
    return worker_id


def _appeal(ledger: Ledger, outcome_id: UUID) -> None:
    case_id = new_id()
    fact = CaseFact(
        id=case_id,
        case_id=case_id,
        kind=CaseKind.APPEAL,
        act=CaseAct.OPEN,
        reference="appeal",
        effective_on=TODAY,
        outcome_id=outcome_id,
        organisation_id=new_id(),
        due_on=TODAY + timedelta(days=40),
    )
    session, worker_id = ledger.session, ledger.worker_id
    note = seal_note(vault_of(session).keys_of([worker_id])[worker_id], "学时少计")
    bank.take_step(session, worker_id, fact, by=new_id(), now=LATER, note=note)


def faults(session: Session, checkpoint: Checkpoint) -> set[str]:
    """Return what the audit, the check of the chains and a checkpoint find."""
    found = {finding.invariant for finding in audit_law(session)}
    if not found:
        looked = auditing.look(session, EVERYBODY)
        found = {one.invariant for _, one in looked.findings}
    reports = (chains.verify(session), checkpoints.compare(session, checkpoint))
    return found | {fault.code for report in reports for fault in report.faults}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_an_edit_of_any_column_of_the_bank_is_found(archive, whose, keys, table):
    assert len(TABLES) >= 8
    with archive.reading() as session:
        checkpoint = checkpoints.make(session, keys, now=LATER)
        assert faults(session, checkpoint) == set()

    unseen = [
        column.name
        for column in table.columns
        if not is_found(archive, checkpoint, table, column.name)
    ]

    assert unseen == []


def is_found(archive: Database, checkpoint: Checkpoint, table: Table, column: str) -> bool:
    """Edit a column of one row, look, and undo it."""
    with archive.transaction() as session, session.begin_nested() as undone:
        connection = session.connection()
        switch_off_triggers(connection)
        row = connection.execute(select(table).where(table.c[column].is_not(None))).first()
        assert row is not None, f"the scene has nothing in {column}"
        key = [one == row._mapping[one] for one in table.primary_key]
        edit = update(table).where(*key).values({column: another(row._mapping[column])})
        assert connection.execute(edit).rowcount == 1
        session.expire_all()
        found = faults(session, checkpoint)
        undone.rollback()
        return bool(found)


# --- Every hash made to fit

ONLY_BY_A_CHECKPOINT = [
    "shelf_life.expiry: context.today",
    "training.grant: context.used",
]
"""What decides nothing where it stands: another value would have led to the same entry."""


def test_an_edit_of_any_field_of_an_explanation_is_found_though_every_hash_fits(
    archive, whose, keys
):
    with archive.reading() as session:
        checkpoint = checkpoints.make(session, keys, now=LATER)
        _, dossier = read_in(session.connection(), whose)
    fields = {
        (entry["family"], entry["cause"], path): (place, path)
        for place, entry in enumerate(dossier.entries)
        for path in leaves(entry["trace"])
    }

    unseen = [
        f"{name[0]}.{name[1]}: {'.'.join(map(str, name[2]))}"
        for name, (place, path) in fields.items()
        if not forged_is_found(archive, whose, checkpoint, place, path)
    ]

    assert len(fields) > 100
    assert sorted(unseen) == ONLY_BY_A_CHECKPOINT


def leaves(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value in a text of JSON."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from leaves(value, (*path, name))
    elif isinstance(told, list):
        for place, value in enumerate(told):
            yield from leaves(value, (*path, place))
    else:
        yield path


def forged_is_found(
    archive: Database, whose: UUID, checkpoint: Checkpoint, place: int, path: tuple[Any, ...]
) -> bool:
    """Edit one field of an explanation, make all fit, look, and undo it.

    The checkpoint finds it always; so the audit must find it without.
    """

    def edit(dossier: Dossier) -> None:
        told = dossier.entries[place]["trace"]
        for name in path[:-1]:
            told = told[name]
        told[path[-1]] = reworded(told[path[-1]])

    with archive.transaction() as session, session.begin_nested() as undone:
        forge_in(session.connection(), whose, edit)
        session.expire_all()
        assert chains.verify(session).is_whole
        rewritten = checkpoints.compare(session, checkpoint).faults
        found = auditing.look(session, Range(whose, whose)).findings
        undone.rollback()
    assert {fault.code for fault in rewritten} == {"chain_rewritten"}
    return bool(found)


def reworded(value: object) -> object:
    """Return another value that reads the same way: another day, number, identifier or word."""
    match value:
        case int():
            return value + 1
        case None:
            return "1"
        case str() if re.fullmatch(r"[0-9.]+", value):
            return str(Decimal(value) + 1)
        case str() if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return (date.fromisoformat(value) + timedelta(days=1)).isoformat()
        case str() if re.fullmatch(r"[0-9a-f]{8}-.*", value):
            return str(new_id())
        case _:
            return f"{value}x"


def another(value: object) -> object:
    """Return a value of the same kind that is not the same."""
    match value:
        case Enum():
            return next(one for one in type(value) if one is not value)
        case UUID():
            return new_id()
        case datetime() | date():
            return value + timedelta(days=1)
        case int() | Decimal():
            return value + 1_000
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:] if value else b"x"
        case _:
            return f"{value}x"[-10:]
