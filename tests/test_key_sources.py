"""Where master keys come from: a file, the environment; each fault has its own code."""

import json
import os
import threading

import pytest
from pydantic import SecretStr

from archive.people import master_rotation
from archive.people.key_sources import ring_of
from archive.people.key_store import INDEX_KEY, masters_in_use
from archive.people.master_key import KeyRing, PlainKey
from archive.people.master_key_file import FILE_NAME, KeyFile, KeyVariable
from archive.people.master_key_refusals import (
    IndexKeyMissingError,
    MasterKeyElsewhereError,
    MasterKeyForeignError,
    MasterKeyMissingError,
    MasterKeyUnsetError,
    MasterKeyUnusableError,
)
from archive.people.opening import open_archive, settle_keys
from archive.people.privacy import Vault, vault_of
from archive.settings import Settings
from schemas.ids import new_id
from schemas.keys import KeyState, MasterKeySource
from tests.builders import NOW
from tests.test_vault import an_archive, close, fill

KEY = "5a" * 32
OTHER = "a5" * 32


def in_environment(home, *keys: str) -> Settings:
    return Settings(
        home=home,
        demo=False,
        master_key_source=MasterKeySource.ENVIRONMENT,
        master_keys=SecretStr(", ".join(keys)),
    )


def test_an_archive_lives_on_a_key_of_the_environment_and_leaves_none_on_the_disk(tmp_path):
    settings = in_environment(tmp_path, KEY)
    archive = an_archive(tmp_path, settings)
    worker_id = fill(archive)
    close(archive)

    again = open_archive(settings)

    assert worker_id in vault_of(again).keys_of([worker_id])
    close(again)
    assert not (tmp_path / "keys" / FILE_NAME).exists()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert bytes.fromhex(KEY) not in content
            assert KEY.encode() not in content


def test_without_a_key_in_the_environment_the_archive_asks_for_one(tmp_path):
    with pytest.raises(MasterKeyUnsetError, match="openssl rand"):
        open_archive(in_environment(tmp_path))
    archive = an_archive(tmp_path, in_environment(tmp_path, KEY))
    close(archive)
    with pytest.raises(MasterKeyUnsetError, match="ARCHIVE_MASTER_KEYS"):
        open_archive(in_environment(tmp_path))


def test_another_key_in_the_environment_is_foreign(tmp_path):
    close(an_archive(tmp_path, in_environment(tmp_path, KEY)))

    with pytest.raises(MasterKeyForeignError, match=PlainKey(bytes.fromhex(KEY)).id):
        open_archive(in_environment(tmp_path, OTHER))


@pytest.mark.parametrize("text", ["5a", "secret-but-no-hex", KEY + "5a", f"{KEY},{OTHER}0"])
def test_a_damaged_value_is_refused_and_not_repeated(tmp_path, text):
    with pytest.raises(MasterKeyUnusableError) as refused:
        open_archive(in_environment(tmp_path, text))

    assert refused.value.code == "master_key_unusable"
    assert text not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None


def test_no_key_is_told_by_how_anything_looks(tmp_path, monkeypatch):
    monkeypatch.setenv("ARCHIVE_MASTER_KEYS", KEY)
    monkeypatch.setenv("ARCHIVE_MASTER_PKCS11_PIN", "271828")
    settings = Settings(home=tmp_path, demo=False)
    archive = an_archive(tmp_path, settings)
    vault = vault_of(archive)
    [key] = vault.new_keys([new_id()], NOW).values()
    vault.digest("any", "thing")
    looks = [repr(settings), settings.model_dump_json(), repr(vault), repr(key)]
    looks += [repr(vault.index_keys), repr(vault.ring), repr(PlainKey(bytes.fromhex(KEY)))]
    looks += [repr(source) for source in vault.ring.sources]
    looks += [repr(one) for one in vault.ring.everything()]
    kept = json.loads((tmp_path / "keys" / FILE_NAME).read_text())["wrapping"]
    frozen = vault.index_keys.key(0)

    told = " ".join(looks)

    for secret in (KEY, "271828", *kept, frozen.hex(), repr(frozen), repr(bytes.fromhex(KEY))):
        assert secret not in told
    close(archive)


def test_two_starts_at_once_end_with_the_same_file(tmp_path):
    ids: list[str] = []

    def begin() -> None:
        source = KeyFile(tmp_path)
        source.make_first()
        ids.extend(key.id for key in source.keys())  # noqa: SIM118  # No dict.

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 8
    assert len(set(ids)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_file_that_appears_meanwhile_is_not_overwritten(tmp_path, monkeypatch):
    source, link = KeyFile(tmp_path), os.link

    def late(draft, path):
        KeyFile(tmp_path)._write({"wrapping": [KEY]})
        link(draft, path)

    monkeypatch.setattr(os, "link", late)
    source.make_first()

    assert [key.id for key in source.keys()] == [PlainKey(bytes.fromhex(KEY)).id]  # noqa: SIM118


def test_a_key_of_the_environment_is_taken_up_and_left_by_a_rotation(tmp_path):
    close(an_archive(tmp_path, in_environment(tmp_path, KEY)))
    alone = open_archive(in_environment(tmp_path, KEY))
    with pytest.raises(MasterKeyElsewhereError):
        master_rotation.make(vault_of(alone), now=NOW)
    close(alone)
    both = open_archive(in_environment(tmp_path, OTHER, KEY))
    vault = vault_of(both)

    version = master_rotation.make(vault, now=NOW)

    assert version == PlainKey(bytes.fromhex(OTHER)).id
    states = [one.state for one in master_rotation.listed(vault, ()).versions]
    assert sorted(states, key=str) == [KeyState.CURRENT, KeyState.PREVIOUS]
    KeyVariable(SecretStr(KEY)).remove(version)  # Whoever sets the environment does it.
    with pytest.raises(MasterKeyElsewhereError):
        KeyVariable(SecretStr(KEY)).make()
    close(both)


def test_a_key_store_that_lost_the_keys_of_look_ups_is_not_given_new_ones(sqlite_archive):
    vault = vault_of(sqlite_archive)
    vault.new_keys([new_id()], NOW)
    with vault.store.transaction() as session:
        session.connection().execute(INDEX_KEY.delete())

    with pytest.raises(IndexKeyMissingError):
        settle_keys(vault, now=NOW)
    vault.index_keys._known.clear()
    with pytest.raises(IndexKeyMissingError):
        vault.digest("any", "thing")


def test_a_source_that_cannot_be_read_is_only_told_when_its_key_is_needed(tmp_path):
    close(an_archive(tmp_path))
    settings = Settings(home=tmp_path, demo=False, master_keys=SecretStr("damaged"))

    archive = open_archive(settings)

    assert vault_of(archive).ring.everything()
    close(archive)
    (tmp_path / "keys" / FILE_NAME).unlink()
    with pytest.raises(MasterKeyUnusableError) as refused:
        open_archive(settings)
    assert refused.value.code == "master_key_unusable"


def test_the_source_that_is_set_comes_first_and_an_empty_one_is_missing(tmp_path):
    assert ring_of(Settings(home=tmp_path)).sources[0].kind is MasterKeySource.FILE
    first = ring_of(in_environment(tmp_path)).sources[0]
    assert (first.kind, first.keys()) == (MasterKeySource.ENVIRONMENT, [])
    archive = an_archive(tmp_path / "other")
    vault = vault_of(archive)
    empty = Vault(KeyRing([KeyFile(tmp_path / "none")]), vault.store)
    with vault.store.transaction() as session:
        session.connection().exec_driver_sql("DELETE FROM master_version")
    assert masters_in_use(vault.store)
    with pytest.raises(MasterKeyMissingError):
        settle_keys(empty, now=NOW)
    close(archive)
