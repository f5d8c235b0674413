"""Master keys in a PKCS#11 token: a real one by SoftHSM, also wrong, empty and pulled out."""

import builtins
from collections.abc import Iterator
from typing import Any

import pkcs11
import pytest
from cryptography.exceptions import InvalidTag

from archive.errors import SealBrokenError
from archive.people import master_key_token, master_rotation
from archive.people.key_sources import ring_of
from archive.people.master_key_file import FILE_NAME
from archive.people.master_key_refusals import (
    MasterKeyModuleError,
    MasterKeyPinError,
    MasterKeyReadableError,
    MasterKeyUnreachableError,
)
from archive.people.opening import open_archive
from archive.people.privacy import vault_of
from archive.settings import Settings
from schemas.ids import new_id
from schemas.keys import KeyState, MasterKeySource
from tests.builders import NOW
from tests.test_key_rotation import rotate, states
from tests.test_vault import an_archive, close, fill
from tests.tokens import PIN, SoftToken, forget, module, plugged_in


@pytest.fixture
def token(tmp_path, monkeypatch) -> Iterator[SoftToken]:
    with plugged_in(tmp_path / "token", monkeypatch) as found:
        yield found


def test_a_key_is_made_in_the_token_wraps_there_and_cannot_be_read(token, tmp_path):
    settings = token.settings(tmp_path / "var")
    archive = an_archive(settings.home, settings)
    worker_id = fill(archive)
    close(archive)
    forget()

    again = open_archive(settings)

    assert worker_id in vault_of(again).keys_of([worker_id])
    assert not (settings.secrets_folder / FILE_NAME).exists()
    [(key, source)] = vault_of(again).ring.everything()
    assert (source.kind, source.name) == (MasterKeySource.PKCS11, "archive-test")
    assert repr(key) == f"TokenKey({key.id})"
    assert PIN not in repr(source)
    session = pkcs11.lib(module()).get_token(token_label="archive-test").open()
    [kept] = session.get_objects({pkcs11.Attribute.LABEL: master_key_token.LABEL})
    with pytest.raises(pkcs11.AttributeSensitive):
        kept[pkcs11.Attribute.VALUE]
    close(again)


def test_what_the_token_wrapped_opens_only_for_whom_it_was_bound_to(token, tmp_path):
    [key] = made(token, tmp_path)
    wrapped = key.wrap(b"k" * 32, b"one")

    assert key.unwrap(wrapped, b"one") == b"k" * 32
    for broken, bound_to in ((wrapped, b"other"), (wrapped[:-1], b"one"), (b"", b"one")):
        with pytest.raises(InvalidTag):
            key.unwrap(broken, bound_to)
    assert key.unwrap(wrapped, b"one") == b"k" * 32


def made(token: SoftToken, home) -> list[Any]:
    """Return the keys of a token in which one was made."""
    source = ring_of(token.settings(home)).sources[0]
    source.make_first()
    source.make_first()
    return list(source.keys())


def test_a_broken_seal_in_the_key_store_is_told_as_such(token, tmp_path):
    settings = token.settings(tmp_path / "var")
    archive = an_archive(settings.home, settings)
    whose = new_id()
    vault_of(archive).new_keys([whose], NOW)
    with vault_of(archive).store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE wrapped_key SET wrapped = x'00112233'")

    with pytest.raises(SealBrokenError):
        vault_of(archive).keys_of([whose])
    close(archive)


def test_an_archive_moves_from_the_file_into_the_token_and_back(token, tmp_path):
    home = tmp_path / "var"
    archive = an_archive(home)
    worker_id = fill(archive)
    [(of_file, _)] = vault_of(archive).ring.everything()
    close(archive)

    archive = open_archive(token.settings(home))
    vault = vault_of(archive)
    assert worker_id in vault.keys_of([worker_id])
    in_token = master_rotation.make(vault, now=NOW)
    assert rotate(archive).left == 0
    assert states(vault) == {of_file.id: KeyState.PREVIOUS, in_token: KeyState.CURRENT}
    assert master_rotation.retire(vault, of_file.id, ()) is MasterKeySource.FILE
    assert of_file.id not in (home / "keys" / FILE_NAME).read_text()
    close(archive)

    settings = token.settings(home, master_key_source=MasterKeySource.FILE)
    archive = open_archive(settings)
    vault = vault_of(archive)
    back = master_rotation.make(vault, now=NOW.replace(year=NOW.year + 1))
    assert rotate(archive).left == 0
    assert master_rotation.retire(vault, in_token, ()) is MasterKeySource.PKCS11
    close(archive)
    token.take_away()
    forget()
    archive = open_archive(Settings(home=home, demo=False))
    assert worker_id in vault_of(archive).keys_of([worker_id])
    assert states(vault_of(archive)) == {back: KeyState.CURRENT}
    close(archive)


@pytest.mark.parametrize("pin", ["000000", "", "1"])
def test_a_wrong_pin_has_its_own_code(token, tmp_path, pin):
    made(token, tmp_path)
    forget()

    with pytest.raises(MasterKeyPinError) as refused:
        open_archive(token.settings(tmp_path, master_pkcs11_pin=pin))
    assert refused.value.code == "master_key_pin_refused"


def test_the_pin_may_stand_in_a_file_that_only_its_owner_can_read(token, tmp_path):
    pin = tmp_path / "pin"
    settings = token.settings(tmp_path, master_pkcs11_pin="", master_pkcs11_pin_file=pin)
    with pytest.raises(MasterKeyPinError):
        open_archive(settings)
    pin.write_text(PIN + "\n")
    pin.chmod(0o644)
    with pytest.raises(MasterKeyReadableError, match="pin"):
        open_archive(settings)
    pin.chmod(0o600)

    close(open_archive(settings))


def test_a_token_that_is_pulled_out_is_told_and_works_again_when_it_is_back(token, tmp_path):
    settings = token.settings(tmp_path / "var")
    archive = an_archive(settings.home, settings)
    worker_id = fill(archive)
    vault = vault_of(archive)
    token.take_away()

    for _ in range(2):
        with pytest.raises(MasterKeyUnreachableError) as refused:
            vault.keys_of([worker_id])
        assert refused.value.code == "master_key_unreachable"
    with pytest.raises(MasterKeyUnreachableError):
        vault.new_keys([new_id()], NOW)
    with pytest.raises(MasterKeyUnreachableError):
        open_archive(settings)
    token.put_back()

    assert worker_id in vault.keys_of([worker_id])
    close(archive)


def test_a_token_without_the_key_or_of_another_name_is_unreachable(token, tmp_path):
    settings = token.settings(tmp_path / "var")
    archive = an_archive(settings.home, settings)
    [(key, source)] = vault_of(archive).ring.everything()
    with pytest.raises(MasterKeyUnreachableError):
        open_archive(token.settings(settings.home, master_pkcs11_token="nobody"))
    source.remove(key.id)

    with pytest.raises(MasterKeyUnreachableError):
        key.wrap(b"k" * 32, b"one")
    with pytest.raises(MasterKeyUnreachableError):
        source.remove(key.id)
    close(archive)


def test_a_token_that_refuses_to_wrap_or_to_make_a_key_is_unreachable(token, tmp_path, monkeypatch):
    [key] = made(token, tmp_path)
    source = ring_of(token.settings(tmp_path)).sources[0]

    def refuse(*_: object) -> None:
        raise pkcs11.DeviceMemory

    monkeypatch.setattr(master_key_token, "_generate", refuse)
    with pytest.raises(MasterKeyUnreachableError):
        source.make()
    monkeypatch.setattr(master_key_token, "_gcm", refuse)
    with pytest.raises(MasterKeyUnreachableError):
        key.wrap(b"k" * 32, b"one")
    monkeypatch.setattr(pkcs11.Session, "get_objects", refuse, raising=False)
    monkeypatch.setattr(master_key_token._Opened, "found", refuse)
    assert not next(iter(master_key_token.OPENED.values())).is_well()


def test_a_module_that_cannot_be_loaded_has_its_own_code(token, tmp_path, monkeypatch):
    settings = token.settings(tmp_path, master_pkcs11_module=str(tmp_path / "none.so"))
    with pytest.raises(MasterKeyModuleError, match="ARCHIVE_MASTER_PKCS11_MODULE"):
        open_archive(settings)
    load = builtins.__import__

    def without(name: str, *others: Any) -> Any:
        if name == "pkcs11":
            raise ImportError
        return load(name, *others)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MasterKeyModuleError) as refused:
        open_archive(token.settings(tmp_path))
    assert refused.value.code == "master_key_module"
