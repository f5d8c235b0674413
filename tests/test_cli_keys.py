"""Keys on the command line: status, new, rotate, retire, in words and as documents."""

import json

import pytest
from sqlalchemy import text

from archive.bureau.what_if_runs import FOLDER, SEALED
from archive.db import Database
from archive.files import UPLOADS, Uploads
from archive.people.master_key_file import FILE_NAME
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.ids import new_id
from tests.builders import NOW
from tests.command_line import CommandLine
from tests.test_vault import close, fill


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, sqlite_settings: Settings) -> CommandLine:
    """Return the command line on an archive with a worker."""
    archive = open_archive(sqlite_settings)
    fill(archive)
    close(archive)
    return CommandLine(monkeypatch, sqlite_settings)


def test_a_master_key_is_rotated_and_retired_at_the_counter(line):
    [before] = line.asked("keys", "master", "status")["versions"]
    assert (before["state"], before["source"], before["rows"]) == ("current", "file", 3)
    assert line.refused("keys", "master", "retire", before["version"]) == "key_version_current"
    assert line.refused("keys", "master", "retire", "0" * 16) == "key_version_unknown"

    made = line.done("keys", "master", "new")
    assert "former" in made
    assert line.refused("keys", "master", "retire", before["version"]) == "key_version_used"
    rotated = line.done("keys", "master", "rotate")
    assert "1 of 1" in rotated
    assert "Moved to version" in rotated
    assert line.asked("keys", "master", "rotate")["moved"] == 0
    left = line.asked("keys", "master", "retire", before["version"])["versions"]

    assert [(one["state"], one["rows"]) for one in left] == [("current", 3)]
    kept = json.loads((line.home / "keys" / FILE_NAME).read_text())
    assert len(kept["wrapping"]) == 1
    shown = made + rotated + line.done("keys", "master", "status")
    assert kept["wrapping"][0] not in shown


def test_keys_are_moved_only_by_who_runs_the_system(line):
    line.done("account", "add", "li", "--role", "clerk", "--no-password")
    line.done("account", "add", "wang", "--role", "administrator", "--no-password")
    assert line.refused("keys", "master", "new", "--as", "li") == "not_allowed"
    assert len(line.asked("keys", "master", "new", "--as", "wang")["versions"]) == 2


def test_a_waiting_file_keeps_its_version_for_a_day(line, sqlite_settings):
    archive = open_archive(sqlite_settings)
    for folder in (UPLOADS, f"{FOLDER}/{SEALED}"):
        uploads = Uploads(sqlite_settings.home / folder, vault_of(archive))
        uploads.keep("a.csv", b"rows", owner=new_id(), note={}, now=NOW.replace(year=2099))
        uploads.keep("b.csv", b"rows", owner=new_id(), note={}, now=NOW.replace(year=2020))
    close(archive)

    [before] = line.asked("keys", "master", "status")["versions"]

    assert before["files"] == 2


def test_the_key_of_look_ups_is_rotated_and_retired_at_the_counter(line):
    [before] = line.asked("keys", "index", "status")["versions"]
    assert (before["version"], before["state"]) == (1, "current")
    assert line.refused("keys", "index", "retire", 1) == "key_version_current"
    assert line.refused("keys", "index", "retire", 0) == "key_version_unknown"

    report = line.asked("keys", "index", "rotate")
    assert (report["version"], report["moved"], report["left"]) == ("2", before["rows"], 0)
    assert "former" in line.done("keys", "index", "status")
    left = line.asked("keys", "index", "retire", 1)["versions"]

    assert [(one["version"], one["rows"]) for one in left] == [(2, before["rows"])]
    [worker] = line.asked("worker", "list")["workers"]
    assert line.asked("dossier", worker["archive_number"])["name"] == "欧阳静雯"


def test_what_cannot_be_moved_is_told(line, sqlite_settings):
    """A look-up that nobody can tell any more, as a code of an erased person."""
    archive = open_archive(sqlite_settings)
    with archive.transaction() as session:
        made_up = "INSERT INTO blind_index SELECT 'transcript', x'00', worker_id, worker_id, 1 "
        session.connection().execute(text(made_up + "FROM worker LIMIT 1"))
    close(archive)

    told = line.done("keys", "index", "rotate")

    assert "Left under former versions: 1" in told
    assert "still found" in told


def test_a_rotation_that_meets_a_fault_stops_and_goes_on_when_it_is_mended(line, sqlite_settings):
    path = line.home / "keys" / FILE_NAME
    line.done("keys", "master", "new")
    kept = json.loads(path.read_text())
    archive = open_archive(sqlite_settings)
    spoil(archive, "x'00'")
    close(archive)

    assert line.refused("keys", "master", "rotate") == "job_stopped"  # Twice, in both manners.
    archive = open_archive(sqlite_settings)
    spoil(archive, None)
    close(archive)

    assert json.loads(path.read_text()) == kept
    assert line.asked("keys", "master", "rotate")["left"] == 0


def spoil(archive: Database, value: str | None) -> None:
    """Spoil what is wrapped, or remove what was spoilt."""
    with vault_of(archive).store.transaction() as session:
        act = f"UPDATE wrapped_key SET wrapped = {value}" if value else "DELETE FROM wrapped_key"
        session.connection().execute(text(act))


def test_with_a_missing_master_key_a_command_says_so_in_one_line(line):
    (line.home / "keys" / FILE_NAME).unlink()

    assert line.refused("keys", "master", "status") == "master_key_missing"
