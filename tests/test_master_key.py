"""The master key file: private, never silently replaced, never that of another archive."""

import stat
from pathlib import Path

import pytest
from sqlmodel import Session, select

from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.master_key_file import FILE_NAME, KeyFile
from archive.people.master_key_refusals import (
    MasterKeyForeignError,
    MasterKeyMissingError,
    MasterKeyReadableError,
    MasterKeyUnusableError,
)
from archive.people.models import Worker
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.identities import Identity
from tests.test_vault import NAME, an_archive, close, fill


@pytest.fixture
def used(tmp_path: Path) -> Settings:
    """Return the settings of an archive that holds a person."""
    settings = Settings(home=tmp_path / "var", demo=False)
    opened = an_archive(settings.home)
    fill(opened)
    close(opened)
    return settings


def key_file(settings: Settings) -> Path:
    """Return where the master key lies."""
    return settings.secrets_folder / FILE_NAME


def test_only_the_owner_may_read_the_master_key(used):
    assert stat.S_IMODE(key_file(used).stat().st_mode) == 0o600
    assert stat.S_IMODE(used.secrets_folder.stat().st_mode) == 0o700
    assert [path.name for path in used.secrets_folder.iterdir()] == [FILE_NAME]


def test_a_master_key_that_others_may_read_is_refused(used):
    key_file(used).chmod(0o640)

    with pytest.raises(MasterKeyReadableError, match="600"):
        open_archive(used)


def test_a_missing_master_key_is_refused_and_never_silently_replaced(used):
    key_file(used).unlink()

    with pytest.raises(MasterKeyMissingError, match=FILE_NAME):
        open_archive(used)
    assert not key_file(used).exists()


def test_the_master_key_of_another_archive_is_refused(used, tmp_path):
    KeyFile(tmp_path / "other").make_first()
    key_file(used).write_bytes((tmp_path / "other" / FILE_NAME).read_bytes())

    with pytest.raises(MasterKeyForeignError, match=FILE_NAME):
        open_archive(used)


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"wrapping": "00", "index": "00"}', '{"wrapping": ["é"]}', "\x00"]
)
def test_a_damaged_master_key_is_refused(used, content):
    key_file(used).write_text(content)

    with pytest.raises(MasterKeyUnusableError):
        open_archive(used)


def test_the_right_master_key_put_back_opens_everything_again(used):
    kept = key_file(used).read_bytes()
    key_file(used).unlink()
    with pytest.raises(MasterKeyMissingError):
        open_archive(used)
    key_file(used).write_bytes(kept)
    key_file(used).chmod(0o600)

    opened = open_archive(used)
    with opened.reading() as session:
        assert open_first(session) == NAME
    close(opened)


def open_first(session: Session) -> str:
    """Return the name of the first dossier, opened."""
    worker_id = session.exec(select(Worker.worker_id)).one()
    sealed = session.exec(select(Record.sealed).where(Record.kind == "identity")).one()
    content = unseal(vault_of(session).keys_of([worker_id])[worker_id], sealed).content
    assert isinstance(content, Identity)
    return content.name


def test_a_new_home_gets_a_master_key_of_its_own_and_keeps_it(tmp_path):
    one, other = (KeyFile(tmp_path / name) for name in ("one", "other"))
    for source in (one, other, one):
        source.make_first()

    [first], [second] = one.keys(), other.keys()
    assert first.id != second.id
    assert [key.id for key in KeyFile(tmp_path / "one").keys()] == [first.id]  # noqa: SIM118  # No dict.
