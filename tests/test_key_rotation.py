"""Versions of the master key: another is made, everything moves under it, the old one goes."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from archive.db import Database
from archive.dossiers import chains, reading
from archive.errors import ErasedError
from archive.files import UploadGoneError, Uploads
from archive.jobs.desk import PlainSteps
from archive.people import master_rotation
from archive.people.index_keys import FIRST, FOR_GOOD
from archive.people.key_store import INDEX_KEY, WRAPPED_KEY, current_master
from archive.people.master_key_refusals import (
    KeyVersionCurrentError,
    KeyVersionUnknownError,
    KeyVersionUsedError,
    MasterKeyForeignError,
)
from archive.people.opening import open_archive
from archive.people.privacy import Vault, vault_of
from archive.settings import Settings
from schemas.ids import new_id
from schemas.keys import KeyState, RotationReport
from tests.builders import NOW, TODAY
from tests.test_nightly import ZONE
from tests.test_vault import NAME, close, fill

LATER = NOW + timedelta(days=1)
OWNER = new_id()


def rotate(archive: Database) -> RotationReport:
    """Move everything under the master key in use."""
    return master_rotation.run(PlainSteps(archive, lambda: LATER), "", ZONE)


def states(vault: Vault) -> dict[str, KeyState | None]:
    """Return the state of each version."""
    return {one.version: one.state for one in master_rotation.listed(vault, ()).versions}


def under(vault: Vault) -> dict[str, int]:
    """Return how many keys are under each version."""
    return {one.version: one.rows for one in master_rotation.listed(vault, ()).versions}


def current(vault: Vault) -> str:
    with vault.store.reading() as session:
        return current_master(session)


def name_in(archive: Database, worker_id: Any) -> str:
    with archive.reading() as session:
        return reading.dossier(session, worker_id, today=TODAY).name


def test_new_keys_come_under_the_new_version_and_the_former_opens_what_was_before(archive):
    worker_id = fill(archive)
    vault = vault_of(archive)
    first = current(vault)

    second = master_rotation.make(vault, now=LATER)

    assert states(vault) == {first: KeyState.PREVIOUS, second: KeyState.CURRENT}
    newcomer = new_id()
    vault.new_keys([newcomer], LATER)
    assert under(vault) == {first: 3, second: 1}
    assert name_in(archive, worker_id) == NAME
    assert newcomer in vault.keys_of([newcomer])


def test_a_rotation_rewraps_every_key_and_no_body(archive, monkeypatch):
    monkeypatch.setattr(master_rotation, "BATCH", 2)
    worker_id = fill(archive)
    vault = vault_of(archive)
    vault.new_keys([new_id() for _ in range(6)], NOW)
    bodies = all_rows(archive)
    first, second = current(vault), master_rotation.make(vault, now=LATER)

    report = rotate(archive)

    assert (report.version, report.moved, report.left) == (second, 9, 0)
    assert under(vault) == {first: 0, second: 9}
    assert all_rows(archive) == bodies
    assert name_in(archive, worker_id) == NAME
    again = rotate(archive)
    assert (again.moved, again.left) == (0, 0)


def all_rows(archive: Database) -> list[Any]:
    with archive.reading() as session:
        records = text("SELECT worker_id, sealed FROM record ORDER BY id")
        looked_up = text("SELECT digest, version FROM blind_index ORDER BY digest")
        return [session.connection().execute(one).all() for one in (records, looked_up)]


def test_another_process_meets_the_new_version_without_a_restart(archive, settings):
    worker_id = fill(archive)
    other = open_archive(settings)
    assert name_in(other, worker_id) == NAME

    second = master_rotation.make(vault_of(archive), now=LATER)
    rotate(archive)

    assert name_in(other, worker_id) == NAME
    newcomer = new_id()
    vault_of(other).new_keys([newcomer], LATER)
    assert under(vault_of(archive))[second] == 4
    assert newcomer in vault_of(archive).keys_of([newcomer])
    close(other)


def test_an_erased_person_is_not_revived_by_a_rotation(archive):
    erased, kept = new_id(), new_id()
    vault = vault_of(archive)
    vault.new_keys([erased, kept], NOW)
    master_rotation.make(vault, now=LATER)
    with vault.store.transaction() as session:
        session.connection().execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id == erased))

    rotate(archive)

    assert set(vault.keys_of([erased, kept])) == {kept}


def test_an_erased_person_is_unreadable_in_an_older_backup_with_todays_keys(sqlite_settings):
    archive = open_archive(sqlite_settings)
    erased = fill(archive)
    backup = sqlite_settings.home / "backup.db"
    with archive.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql(f"VACUUM INTO '{backup}'")
    vault = vault_of(archive)
    with vault.store.transaction() as session:
        session.connection().execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.worker_id == erased))
    master_rotation.make(vault, now=LATER)
    rotate(archive)
    close(archive)

    old = open_archive(
        Settings(home=sqlite_settings.home, demo=False, database_url=f"sqlite:///{backup}")
    )

    with old.reading() as session:
        with pytest.raises(ErasedError):
            reading.dossier(session, erased, today=TODAY)
        assert chains.verify(session).is_whole
        sealed = session.connection().execute(text("SELECT sealed FROM record")).scalars().all()
    vault = vault_of(old)
    strangers = vault.new_keys([new_id()], NOW).values()
    assert len(sealed) == 5
    for body in sealed:
        for key in strangers:
            with pytest.raises(Exception, match="cannot be opened"):
                key.open("record.sealed", body)
    close(old)


def test_a_version_is_retired_once_nothing_is_under_it(archive, settings):
    fill(archive)
    vault = vault_of(archive)
    uploads = Uploads(settings.home / "uploads", vault)
    upload = uploads.keep("a.csv", b"rows", owner=OWNER, note={}, now=NOW)
    first = current(vault)
    with pytest.raises(KeyVersionCurrentError):
        master_rotation.retire(vault, first, [uploads])
    with pytest.raises(KeyVersionUnknownError):
        master_rotation.retire(vault, "0" * 16, [uploads])
    second = master_rotation.make(vault, now=LATER)
    with pytest.raises(KeyVersionUsedError) as used:
        master_rotation.retire(vault, first, [uploads])
    assert used.value.facts == {"version": first, "rows": 3, "files": 1}
    rotate(archive)
    with pytest.raises(KeyVersionUsedError) as used:
        master_rotation.retire(vault, first, [uploads])
    assert used.value.facts == {"version": first, "rows": 0, "files": 1}
    assert uploads.get(upload, owner=OWNER, now=NOW).content == b"rows"
    uploads.sweep(now=NOW + timedelta(days=1))

    master_rotation.retire(vault, first, [uploads])

    assert states(vault) == {second: KeyState.CURRENT}
    assert vault.ring.remove(first) is None
    later = uploads.keep("b.csv", b"more", owner=OWNER, note={}, now=LATER)
    assert uploads.get(later, owner=OWNER, now=LATER).content == b"more"
    with pytest.raises(UploadGoneError):
        uploads.get(upload, owner=OWNER, now=NOW)


def test_what_a_retired_version_wrapped_is_in_no_page_of_the_key_store(sqlite_settings):
    archive = open_archive(sqlite_settings)
    fill(archive)
    vault = vault_of(archive)
    with vault.store.reading() as session:
        former = list(session.execute(select(WRAPPED_KEY.c.wrapped)).scalars())
        former += session.execute(select(INDEX_KEY.c.wrapped)).scalars().all()
    first = current(vault)
    master_rotation.make(vault, now=LATER)
    rotate(archive)
    master_rotation.retire(vault, first, [])
    left = b"".join(path.read_bytes() for path in sqlite_settings.home.glob("keys.db*"))
    vault.store.close()
    archive.close()
    assert (len(former), left != b"") == (3, True)
    assert not [one for one in former if one in left]


def test_a_key_that_was_made_and_never_put_in_use_can_be_retired(sqlite_archive):
    vault = vault_of(sqlite_archive)
    stray = vault.ring.sources[0].make()
    assert states(vault)[stray.id] is None

    master_rotation.retire(vault, stray.id, ())

    assert list(states(vault).values()) == [KeyState.CURRENT]


def test_a_key_store_wrapped_by_a_key_that_is_gone_says_which(sqlite_archive):
    vault = vault_of(sqlite_archive)
    [whose] = vault.new_keys([new_id()], NOW)
    with vault.store.transaction() as session:
        session.connection().execute(WRAPPED_KEY.update().values(master_id="f" * 16))

    with pytest.raises(MasterKeyForeignError, match="f" * 16):
        vault.keys_of([whose])


def test_a_key_of_look_ups_that_was_exchanged_is_not_used(sqlite_archive):
    vault = vault_of(sqlite_archive)
    with vault.store.transaction() as session:
        first = session.execute(
            select(INDEX_KEY.c.wrapped).where(INDEX_KEY.c.version == FIRST)
        ).scalar_one()
        frozen = INDEX_KEY.c.version == FOR_GOOD
        session.connection().execute(INDEX_KEY.update().where(frozen).values(wrapped=first))

    with pytest.raises(MasterKeyForeignError):
        vault.digest("any", "thing")


# A rotation with slow, small steps, as the command runs it.
PROGRAM = """
import sys, time
from archive.people import master_rotation
master_rotation.BATCH = 1
move = master_rotation._move
def slowly(*told):
    print("step", flush=True)
    time.sleep(float(sys.argv[1]))
    return move(*told)
master_rotation._move = slowly
from archive.cli.app import assembled
assembled()(["keys", "master", "rotate", "--json"], standalone_mode=False)
"""


def test_a_rotation_that_is_killed_goes_on_when_the_command_is_given_again(archive, settings):
    vault = vault_of(archive)
    vault.new_keys([new_id() for _ in range(6)], NOW)
    master_rotation.make(vault, now=LATER)
    first = begun(settings, 0.3)
    assert first.stdout is not None
    for _ in range(4):
        assert first.stdout.readline() == "step\n"
    first.send_signal(signal.SIGKILL)
    first.communicate(timeout=30)
    moved = min(under(vault).values())
    assert 0 < moved < 6

    second = begun(settings, 0.0)
    told, _ = second.communicate(timeout=60)

    report = RotationReport.model_validate_json(told[told.index("{") :])
    assert second.returncode == 0
    assert (report.moved, report.left) == (8, 0)
    assert told.count("step\n") <= 6 - moved + 1
    assert sorted(under(vault).values()) == [0, 8]


def begun(settings: Settings, pause: float) -> "subprocess.Popen[str]":
    environment = os.environ | {
        "ARCHIVE_HOME": str(settings.home),
        "ARCHIVE_DATABASE_URL": settings.database_url,
    }
    words = [sys.executable, "-c", PROGRAM, str(pause)]
    return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
