"""Whatever is edited behind the archive's back is found, and named."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from uuid import UUID

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from archive.db import Database, append_only_tables, is_sqlite, missing_triggers
from archive.dossiers import chains, reading
from archive.dossiers.models import Record
from archive.dossiers.writing import Posting as Posted
from archive.dossiers.writing import writing
from archive.migrations.tables import METADATA
from archive.people.look_ups import Purpose
from archive.people.models import BlindIndex, Worker
from credit_bank.bulk import table_of
from credit_bank.checking import (
    HEAD_DIFFERS,
    LINK_CHANGED,
    LINK_MISSING,
    LOOK_UP_DIFFERS,
    ROW_CHANGED,
    ROW_MISSING,
    ROW_UNLINKED,
)
from credit_bank.models import ChainLink, Entry, Outcome, Posting
from schemas.ids import new_id
from schemas.reports import ChainReport
from tests.builders import (
    NOW,
    TODAY,
    a_certificate,
    a_training,
    an_account,
    an_identity,
    an_organisation,
)

APPEND_ONLY = (
    "case_event",
    "chain_link",
    "entry",
    "intake_batch",
    "issuer_decision",
    "outcome",
    "posting",
    "proposal",
    "proposal_answer",
    "record",
    "rule_version",
)


@pytest.fixture
def filled(archive: Database) -> Database:
    """Return an archive with one dossier of a course and a certificate."""
    with archive.transaction() as session:
        organisation = an_organisation(session)
        trainer = an_account(session, organisation=organisation)
        posting = Posted(organisation.id, trainer.id, NOW)
        with writing(session) as writer:
            (worker_id,) = writer.enrol([an_identity()], posting)
            writer.add(worker_id, a_training(), posting)
            writer.add(worker_id, a_certificate(), posting)
    return archive


def tamper(archive: Database, statement: str, table: str) -> None:
    """Change rows as someone could who owns the database: the triggers are switched off."""
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        if is_sqlite(connection):
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS " + f"{table}_no_update")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS " + f"{table}_no_delete")
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(statement)).rowcount > 0


def verified(archive: Database) -> ChainReport:
    """Return what the check finds."""
    with archive.reading() as session:
        return chains.verify(session)


def test_an_untouched_dossier_is_whole(filled):
    report = verified(filled)

    assert report.is_whole
    assert report.dossiers == 1
    assert report.links == 8  # The number, an identity; two records, outcomes and entries.


@pytest.mark.parametrize(
    ("table", "statement", "code"),
    [
        ("record", "UPDATE record SET hours = 9900 WHERE kind = 'training'", ROW_CHANGED),
        ("record", "UPDATE record SET rank = 5 WHERE kind = 'certificate'", ROW_CHANGED),
        ("outcome", "UPDATE outcome SET hours = 9900 WHERE kind = 'training'", ROW_CHANGED),
        ("entry", "UPDATE entry SET posted_units = 1 WHERE family = 'training'", ROW_CHANGED),
        ("posting", "UPDATE posting SET units = units * 2", ROW_CHANGED),
        ("chain_link", "UPDATE chain_link SET body = hash WHERE sequence = 3", LINK_CHANGED),
        ("chain_link", "DELETE FROM chain_link WHERE sequence = 3", LINK_MISSING),
        ("chain_link", "DELETE FROM chain_link WHERE sequence = 8", HEAD_DIFFERS),
        ("entry", "DELETE FROM entry WHERE family = 'training'", ROW_MISSING),
        ("posting", "DELETE FROM posting WHERE account = 'issued'", ROW_CHANGED),
    ],
)
def test_an_edited_row_is_named(filled, table, statement, code):
    if table == "entry" and statement.startswith("DELETE"):
        tamper(filled, "DELETE FROM posting", "posting")
    tamper(filled, statement, table)

    report = verified(filled)

    assert code in {fault.code for fault in report.faults}
    assert all(fault.archive_number for fault in report.faults)
    assert all(fault.message.zh != fault.message.en for fault in report.faults)


@pytest.mark.parametrize("model", [Record, Outcome, Entry, Posting, ChainLink])
def test_an_edit_of_any_column_is_found(filled, model):
    table, unseen, tried = table_of(model), [], 0
    with filled.reading() as session:
        row = session.exec(select(model).where(col(model.worker_id).is_not(None))).all()[-1]
    switch_off(filled, table.name)
    for column in table.columns:
        value = getattr(row, column.name)
        if column.name == "worker_id" or value is None:
            continue
        tried += 1
        if not edited_is_found(filled, table, row, column.name, another(value)):
            unseen.append(column.name)
    assert tried >= 4
    assert unseen == []


def switch_off(archive: Database, table: str) -> None:
    """Take off the triggers of a table where that cannot be done for one transaction."""
    if archive.engine.dialect.name == "sqlite":
        with archive.engine.execution_options(archive_mode="write").begin() as connection:
            connection.exec_driver_sql(f"DROP TRIGGER {table}_no_update")


def edited_is_found(archive: Database, table, row, name: str, value: object) -> bool:
    """Edit one column of a row, check, and undo it."""
    with archive.transaction() as session, session.begin_nested() as undone:
        if is_sqlite(session.connection()):
            session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        else:
            session.connection().execute(text("SET LOCAL session_replication_role = replica"))
        key = [column == getattr(row, column.name) for column in table.primary_key]
        changed = session.connection().execute(update(table).where(*key).values({name: value}))
        assert changed.rowcount == 1
        found = not chains.verify(session).is_whole
        undone.rollback()
        return found


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
            return value + 1
        case bytes():
            return bytes([value[0] ^ 1]) + value[1:]
        case _:
            return f"{value}x"[-10:]


def test_a_record_slipped_in_is_found(filled):
    tamper(filled, "DELETE FROM chain_link WHERE subject_kind = 'record'", "chain_link")

    assert ROW_UNLINKED in {fault.code for fault in verified(filled).faults}


def test_a_swapped_sealed_text_is_found(filled):
    tamper(
        filled,
        "UPDATE record SET sealed = (SELECT sealed FROM record WHERE kind = 'identity') "
        "WHERE kind = 'training'",
        "record",
    )

    assert ROW_CHANGED in {fault.code for fault in verified(filled).faults}


def test_two_dossiers_that_change_their_numbers_are_both_found(filled):
    with filled.transaction() as session:
        add_another_dossier(session)
        first, second = session.exec(select(Worker)).all()
        theirs = first.archive_number, second.archive_number
        first.archive_number = "between"
        session.flush()
        second.archive_number, first.archive_number = theirs
        change_look_ups(session)

    faults = verified(filled).faults

    assert [(fault.table, fault.code) for fault in faults] == [("worker", ROW_CHANGED)] * 2
    assert {fault.archive_number for fault in faults} == set(theirs)


def test_a_number_that_leads_to_another_dossier_is_named(filled):
    with filled.transaction() as session:
        add_another_dossier(session)
        change_look_ups(session)

    faults = verified(filled).faults

    assert [fault.code for fault in faults] == [LOOK_UP_DIFFERS] * 2


def add_another_dossier(session: Session) -> None:
    """Enrol a second worker."""
    held = session.exec(select(Record)).first()
    assert held is not None
    with writing(session) as writer:
        writer.enrol([an_identity(2)], Posted(held.organisation_id, held.recorded_by, NOW))


def change_look_ups(session: Session) -> None:
    """Let each of two archive numbers lead to the other's dossier."""
    numbers = select(BlindIndex).where(BlindIndex.purpose == Purpose.ARCHIVE_NUMBER)
    first, second = session.exec(numbers).all()
    first.worker_id, second.worker_id = second.worker_id, first.worker_id


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("act", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_what_was_appended(filled, table, act):
    column = {"chain_link": "sequence", "rule_version": "version"}.get(table, "id")
    fill_empty_tables(filled)

    with (
        pytest.raises(Exception, match="append-only"),
        filled.engine.execution_options(archive_mode="write").begin() as connection,
    ):
        connection.execute(text(act.format(table, column)))


def fill_empty_tables(archive: Database) -> None:
    """Put a row into the tables that the scene leaves empty; row triggers need rows."""
    with archive.engine.execution_options(archive_mode="write").begin() as connection:
        some = connection.execute(text("SELECT id FROM account")).scalar_one()
        where = connection.execute(text("SELECT id FROM organisation")).scalar_one()
        values = {"a": some, "o": where, "d": b"d", "t": "2025-01-01 00:00:00"}
        values["n"] = "2025-01-01"
        for statement in (
            "INSERT INTO proposal VALUES (:a, 'x', :d, :a, :t)",
            (
                "INSERT INTO proposal_answer (id, proposal_id, is_approved, answered_by,"
                " answered_at) VALUES (:a, :a, FALSE, :a, :t)"
            ),
            "INSERT INTO intake_batch VALUES (:a, :o, :d, 'training', 1, 1, :a, :t)",
            "INSERT INTO issuer_decision VALUES (:a, :a, 'suspend', :o, :n, NULL, :t, :a, :d)",
            (
                "INSERT INTO case_event (worker_id, id, case_id, kind, act, reference, fingerprint,"
                " effective_on, recorded_at) VALUES (:a, :a, :a, 'review', 'decide', 'r',"
                " :d, :n, :t)"
            ),
        ):
            connection.execute(text(statement), values)


@pytest.mark.parametrize("table", append_only_tables(METADATA))
def test_postgresql_refuses_to_cut_a_table_and_both_miss_each_of_its_triggers(archive, table):
    with archive.engine.execution_options(archive_mode="write").connect() as connection:
        lite = is_sqlite(connection)
        if not lite:
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(f"TRUNCATE {table} CASCADE"))
            connection.rollback()
        names = ("no_update", "no_delete") if lite else ("is_kept", "is_not_cut")
        for name in names:
            of = "" if lite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER {table}_{name}{of}"))
            assert missing_triggers(connection, append_only_tables(METADATA)) == [table]
            connection.rollback()
        assert missing_triggers(connection, append_only_tables(METADATA)) == []


def test_replacing_a_row_by_insert_is_refused_on_sqlite(sqlite_archive):
    with (
        pytest.raises(Exception, match="append-only"),
        sqlite_archive.engine.execution_options(archive_mode="write").begin() as connection,
    ):
        connection.execute(
            text("INSERT OR REPLACE INTO rule_version SELECT * FROM rule_version LIMIT 1")
        )


def test_a_dossier_reads_back_what_was_written(filled):
    with filled.reading() as session:
        worker_id = session.exec(select(Worker.worker_id)).one()
        view = reading.dossier(session, worker_id, today=TODAY)

    assert view.name == "李明华"
    assert view.document_number_masked.startswith("990000")
    assert "1990" not in view.document_number_masked
    assert [record.title for record in view.records] == ["电工技能提升", "电工"]
    credits_told = [record.credit and str(record.credit.credits) for record in view.records]
    assert credits_told == ["2.25", "27.5"]
    assert view.levels[0].rank_name.zh.startswith("中级工")
    assert view.entitlement is not None
    assert "相当于中专学历" in view.entitlement.sentence.zh


def test_the_entitlement_ends_with_the_plan(filled):
    with filled.reading() as session:
        worker_id = session.exec(select(Worker.worker_id)).one()
        view = reading.dossier(session, worker_id, today=date(2026, 1, 1))

    assert view.levels
    assert view.entitlement is None
