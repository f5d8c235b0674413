"""Seals over what was told: an edited, removed, inserted or cut-off row is named."""

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from archive.audit import checking
from archive.audit.acts import Act
from archive.audit.events import Stream
from archive.audit.sealing import first_id_at, newest, seal_all, unsealed
from archive.audit.tables import ACCESS_EVENT, AUDIT_EVENT, AUDIT_SEAL
from archive.cli.auditing import streams_of
from archive.cli.seal_watch import watch
from archive.people.trail import trail_of
from archive.transcripts import checkpoints
from archive.transcripts.keys import development_keys
from schemas.vocabulary import Role
from tests.command_line import CommandLine

TABLES = {Stream.WRITES: "audit_event", Stream.ACCESSES: "access_event"}


def clock():
    return datetime.now(UTC)


def rows(count=3, **more):
    act = Act(at=clock(), action="dossier.read", role=Role.CLERK)
    return [act.row(**more) for _ in range(count)]


def told(archive, *, count=3):
    """Tell some accesses and some writes; return the identifiers of each."""
    made = {stream: rows(count) for stream in Stream}
    trail_of(archive).log.write(made[Stream.ACCESSES])
    with archive.transaction() as session:
        session.execute(AUDIT_EVENT.insert(), made[Stream.WRITES])
    return {stream: [row["id"] for row in some] for stream, some in made.items()}


def unprotected(archive, stream, statement, **values):
    """Do what only somebody who owns the database can do."""
    database = streams_of(archive).database(stream)
    table = TABLES.get(stream, "audit_seal")
    with database.transaction() as session:
        if archive.engine.dialect.name == "sqlite":
            session.execute(text(f"DROP TRIGGER {table}_no_update"))
            session.execute(text(f"DROP TRIGGER {table}_no_delete"))
        else:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        session.execute(statement)


def found(archive):
    return [
        (fault.stream, fault.code, fault.event_id)
        for fault in checking.verify(streams_of(archive)).faults
    ]


def table_of(stream):
    return AUDIT_EVENT if stream is Stream.WRITES else ACCESS_EVENT


def test_what_was_told_is_sealed_once(archive):
    told(archive)
    assert seal_all(streams_of(archive), now=clock()) == 6
    assert seal_all(streams_of(archive), now=clock()) == 0
    told(archive, count=2)
    assert seal_all(streams_of(archive), now=clock()) == 4
    report = checking.verify(streams_of(archive))
    assert (report.seals, report.events, report.unsealed, report.is_whole) == (4, 10, 0, True)


@pytest.mark.parametrize("stream", list(Stream))
def test_an_edited_row_is_named(archive, stream):
    ids = told(archive)[stream]
    seal_all(streams_of(archive), now=clock())
    table = table_of(stream)
    change = table.update().where(table.c.id == ids[1]).values(role="worker")
    unprotected(archive, stream, change)
    assert found(archive) == [(stream, "event_changed", ids[1])]


@pytest.mark.parametrize("stream", list(Stream))
def test_a_removed_row_is_named(archive, stream):
    ids = told(archive)[stream]
    seal_all(streams_of(archive), now=clock())
    table = table_of(stream)
    unprotected(archive, stream, table.delete().where(table.c.id == ids[2]))
    assert found(archive) == [(stream, "event_removed", ids[2])]


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_row_that_was_inserted_later_as_if_it_were_old_is_named(archive, is_sealed):
    told(archive)
    seal_all(streams_of(archive), now=clock() + timedelta(hours=3))
    [late] = rows(1)
    trail_of(archive).log.write([late])
    if is_sealed:
        seal_all(streams_of(archive), now=clock() + timedelta(hours=3))
    assert found(archive) == [(Stream.ACCESSES, "event_inserted", late["id"])]


def test_a_row_that_says_another_day_than_its_identifier_is_named(archive):
    [row] = rows(1, at=clock() - timedelta(days=30))
    trail_of(archive).log.write([row])
    assert found(archive) == [(Stream.ACCESSES, "event_inserted", row["id"])]


def test_a_row_that_commits_after_younger_ones_were_sealed_is_sealed_late_and_not_lost(archive):
    """On PostgreSQL a long transaction does that; on SQLite writers take turns."""
    [early], [young] = rows(1), rows(1)
    log = trail_of(archive).log
    log.write([young])
    assert seal_all(streams_of(archive), now=clock(), since=clock() - timedelta(minutes=1)) == 1
    log.write([early])
    assert early["id"] < young["id"]
    assert seal_all(streams_of(archive), now=clock(), since=clock() - timedelta(minutes=1)) == 1
    assert checking.verify(streams_of(archive)).is_whole


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # On SQLite they take turns.
def test_a_transaction_that_is_open_while_others_are_sealed_loses_nothing(settings, archive):
    [slow], [quick] = rows(1), rows(1)
    with archive.transaction() as open_one:
        open_one.execute(AUDIT_EVENT.insert(), [slow])
        open_one.flush()
        with archive.transaction() as other:
            other.execute(AUDIT_EVENT.insert(), [quick])
        assert seal_all(streams_of(archive), now=clock()) == 1
    assert seal_all(streams_of(archive), now=clock()) == 1
    assert checking.verify(streams_of(archive)).is_whole


def test_sealers_of_two_processes_take_turns(settings, archive):
    told(archive, count=40)
    code = (
        "import sys; from datetime import UTC, datetime\n"
        "from archive.settings import Settings\n"
        "from archive.people.opening import open_archive\n"
        "from archive.cli.auditing import streams_of\n"
        "from archive.audit import sealing\n"
        "sealing.MOST = 1\n"
        "archive = open_archive(Settings(home=sys.argv[1], database_url=sys.argv[2], demo=False))\n"
        "for _ in range(30): sealing.seal_all(streams_of(archive), now=datetime.now(UTC))\n"
        "archive.close()\n"
    )
    words = [sys.executable, "-c", code, str(settings.home), settings.database_url]
    others = [subprocess.Popen(words) for _ in range(2)]
    told(archive, count=10)
    assert [one.wait(120) for one in others] == [0, 0]
    seal_all(streams_of(archive), now=clock())
    report = checking.verify(streams_of(archive))
    assert (report.events, report.unsealed, report.faults) == (100, 0, ())


def test_a_seal_that_was_changed_or_removed_is_named(archive):
    told(archive)
    seal_all(streams_of(archive), now=clock())
    told(archive)
    seal_all(streams_of(archive), now=clock())
    store = trail_of(archive).store
    last = newest(store, Stream.ACCESSES)
    assert last is not None
    assert last.number == 2
    is_first = (AUDIT_SEAL.c.stream == "accesses") & (AUDIT_SEAL.c.number == 1)
    with store.transaction() as session:
        if archive.engine.dialect.name == "sqlite":
            session.execute(text("DROP TRIGGER audit_seal_no_delete"))
        else:
            session.execute(text("ALTER TABLE audit_seal DISABLE TRIGGER USER"))
        session.execute(AUDIT_SEAL.delete().where(is_first))
    codes = [fault.code for fault in checking.verify(streams_of(archive)).faults]
    assert codes[0] == "seal_missing"


def test_a_checkpoint_finds_a_cut_tail_and_a_log_that_was_sealed_anew(
    monkeypatch, sqlite_settings, sqlite_archive, tmp_path
):
    run, file = CommandLine(monkeypatch, sqlite_settings), tmp_path / "checkpoint.json"
    told(sqlite_archive)
    assert run.asked("audit", "seal")["events"] == 6
    run.done("chain", "checkpoint", "-o", file)
    assert run.asked("audit", "verify", "--checkpoint", file)["faults"] == []
    keys = development_keys(sqlite_settings.secrets_folder, now=clock())
    assert len(checkpoints.read(file.read_bytes(), keys.trust, now=clock()).seals) == 2

    gone = sqlite_archive
    with trail_of(gone).store.transaction() as session:
        for table in ("audit_seal", "access_event"):
            session.execute(text(f"DROP TRIGGER {table}_no_delete"))
        session.execute(AUDIT_SEAL.delete().where(AUDIT_SEAL.c.stream == "accesses"))
    assert _codes(run, file) == ["seal_cut"]
    seal_all(streams_of(gone), now=clock())
    assert _codes(run, file) == []  # The same rows give the same seal.
    with trail_of(gone).store.transaction() as session:
        session.execute(AUDIT_SEAL.delete().where(AUDIT_SEAL.c.stream == "accesses"))
        first = session.execute(ACCESS_EVENT.select().limit(1)).one().id
        session.execute(ACCESS_EVENT.delete().where(ACCESS_EVENT.c.id == first))
    seal_all(streams_of(gone), now=clock())
    assert _codes(run, file) == ["seal_rewritten"]
    found = run.asked("chain", "verify", "--checkpoint", file, status=1)["faults"]
    assert "seal_rewritten" in [fault["code"] for fault in found]


def _codes(run, file):
    answered = run("audit", "verify", "--checkpoint", file, "--json")
    assert answered.status == (1 if answered.document["faults"] else 0)
    return [fault["code"] for fault in answered.document["faults"]]


def test_the_sealer_of_a_server_seals_by_itself_and_once_more_as_it_ends(
    sqlite_settings, sqlite_archive
):
    stop = threading.Event()
    thread = threading.Thread(
        target=watch, args=(sqlite_settings, stop), kwargs={"every_seconds": 0.05}
    )
    thread.start()
    told(sqlite_archive)
    stop.set()
    thread.join(20)
    assert not list(unsealed(streams_of(sqlite_archive), Stream.ACCESSES))


def test_only_who_looks_after_the_audit_may_verify_it(monkeypatch, door, sqlite_settings):
    run = CommandLine(monkeypatch, sqlite_settings)
    assert run.refused("audit", "verify", "--as", "clerk") == "not_allowed"
    assert run.refused("audit", "seal", "--as", "administrator") == "not_allowed"


def test_identifiers_of_a_moment_begin_with_it():
    moment = clock()
    [row] = rows(1)
    assert first_id_at(moment) <= row["id"] < first_id_at(moment + timedelta(seconds=5))
    assert isinstance(first_id_at(moment), UUID)
