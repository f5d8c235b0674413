"""Settings: each from the environment, each with a default that works, each refused by name."""

from pathlib import Path

import pytest

from archive.errors import SettingInvalidError
from archive.settings import Settings, load_settings
from schemas.vocabulary import Language


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away every setting of the machine that runs the test."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ARCHIVE_{name.upper()}", raising=False)


def test_without_any_setting_everything_lies_under_var():
    settings = load_settings()

    assert settings.home == Path("var")
    assert settings.archive_url == "sqlite:///var/archive.db"
    assert settings.keys_url == "sqlite:///var/keys.db"
    assert settings.secrets_folder == Path("var/keys")
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.lang is Language.CHINESE
    assert settings.zone.key == "Asia/Shanghai"


def test_each_setting_is_read_from_the_environment(monkeypatch):
    told = {
        "HOME": "/srv/archive",
        "DATABASE_URL": "postgresql://db/archive",
        "KEY_DATABASE_URL": "postgres://keys/keys",
        "HOST": "0.0.0.0",
        "PORT": "9000",
        "BASE_URL": "https://skills.example/",
        "DEMO": "0",
        "LANG": "en",
        "TIMEZONE": "Asia/Urumqi",
    }
    for name, value in told.items():
        monkeypatch.setenv(f"ARCHIVE_{name}", value)

    settings = load_settings()

    assert settings.archive_url == "postgresql+psycopg://db/archive"
    assert settings.keys_url == "postgresql+psycopg://keys/keys"
    assert (settings.host, settings.port, settings.demo) == ("0.0.0.0", 9000, False)
    assert settings.public_url == "https://skills.example"
    assert (settings.lang, settings.zone.key) == (Language.ENGLISH, "Asia/Urumqi")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "many"),
        ("PORT", "65536"),
        ("PORT", "-1"),
        ("DEMO", "perhaps"),
        ("LANG", "fr"),
        ("TIMEZONE", "Mars/Base"),
        ("TIMEZONE", "../../etc/passwd"),
        ("DATABASE_URL", "not a url"),
        ("DATABASE_URL", "mysql://db/archive"),
        ("KEY_DATABASE_URL", "sqlite:/half"),
        ("BASE_URL", "skills.example"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused_by_name(monkeypatch, name, value):
    monkeypatch.setenv(f"ARCHIVE_{name}", value)

    with pytest.raises(SettingInvalidError, match=f"ARCHIVE_{name}"):
        load_settings()


def test_all_faulty_settings_are_named_at_once(monkeypatch):
    monkeypatch.setenv("ARCHIVE_PORT", "many")
    monkeypatch.setenv("ARCHIVE_LANG", "fr")

    with pytest.raises(SettingInvalidError, match="ARCHIVE_PORT, ARCHIVE_LANG"):
        load_settings()


def test_a_refused_setting_never_repeats_its_value(monkeypatch):
    monkeypatch.setenv("ARCHIVE_DATABASE_URL", "mysql://boss:secret@db/archive")

    with pytest.raises(SettingInvalidError) as refused:
        load_settings()

    assert "secret" not in str(refused.value)
    assert refused.value.__suppress_context__
