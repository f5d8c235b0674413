"""Every setting, once. Each is an environment variable ``ARCHIVE_<NAME>``; see the README."""

from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from archive.errors import SettingInvalidError
from schemas.vocabulary import Language


class Settings(BaseSettings):
    """How this installation runs. Read once at a door, handed down from there."""

    model_config = SettingsConfigDict(
        env_prefix="ARCHIVE_", extra="ignore", frozen=True
    )

    home: Path = Field(default=Path("var"), description="Data folder.")
    database_url: str = Field(
        default="", description="Database; default SQLite in the home."
    )
    key_database_url: str = Field(
        default="",
        description="Key store; default SQLite in the home. Never back up with the rest.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field(
        default="", description="Public address, printed in QR codes."
    )
    demo: bool = Field(
        default=True, description="Fill an empty archive with a synthetic district."
    )
    lang: Language = Field(
        default=Language.CHINESE, description="Language when none is asked for."
    )
    timezone: str = Field(default="Asia/Shanghai", description="Whose days count.")

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as missing:
            message = f"unknown time zone {name!r}"
            raise ValueError(message) from missing
        return name

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone whose days count for caps, deadlines and future checks."""
        return ZoneInfo(self.timezone)

    @property
    def archive_url(self) -> str:
        """Where the archive's database is."""
        return _driver(self.database_url or f"sqlite:///{self.home / 'archive.db'}")

    @property
    def keys_url(self) -> str:
        """Where the key store's database is."""
        return _driver(self.key_database_url or f"sqlite:///{self.home / 'keys.db'}")

    @property
    def public_url(self) -> str:
        """The address that strangers reach, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def secrets_folder(self) -> Path:
        """Where the master key and the development signing keys lie."""
        return self.home / "keys"


def load_settings() -> Settings:
    """Read the settings from the environment.

    Raises SettingInvalidError naming each setting that cannot be used.
    """
    try:
        return Settings()
    except ValidationError as invalid:
        names = ", ".join(
            f"ARCHIVE_{str(error['loc'][0]).upper()}" for error in invalid.errors()
        )
        raise SettingInvalidError(names=names) from invalid


def _driver(url: str) -> str:
    """Name psycopg 3 where a URL names only the database."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
