"""Every setting, once. Each is an environment variable ``ARCHIVE_<NAME>``; see the README."""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from archive.errors import SettingInvalidError
from schemas.vocabulary import Language

_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql+psycopg"})


class Settings(BaseSettings):
    """How this installation runs. Read once at a door, handed down from there."""

    model_config = SettingsConfigDict(env_prefix="ARCHIVE_", extra="ignore", frozen=True)

    home: Path = Field(default=Path("var"), description="Data folder.")
    database_url: str = Field(default="", description="Database; default SQLite in the home.")
    key_database_url: str = Field(
        default="",
        description="Key store; default SQLite in the home. Never back up with the rest.",
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field(default="", description="Public address, printed in QR codes.")
    demo: bool = Field(default=True, description="Fill an empty archive with a synthetic district.")
    lang: Language = Field(default=Language.CHINESE, description="Language when none is asked for.")
    timezone: str = Field(default="Asia/Shanghai", description="Whose days count.")
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies whose X-Forwarded-For is believed.",
    )

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as missing:
            message = f"unknown time zone {name!r}"
            raise ValueError(message) from missing
        return name

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, told: str) -> str:
        _networks(told)
        return told

    @field_validator("database_url", "key_database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        try:
            driver = make_url(_driver(url)).drivername if url else "sqlite"
        except ArgumentError:
            driver = ""
        if driver not in _DRIVERS:
            message = "a database is sqlite:///path or postgresql://host/name"
            raise ValueError(message)
        return url

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.netloc):
            message = "an address begins with http:// or https://"
            raise ValueError(message)
        return url

    @cached_property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of the proxies that may tell from where a request came."""
        return _networks(self.trusted_proxies)

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
        names = ", ".join(f"ARCHIVE_{str(error['loc'][0]).upper()}" for error in invalid.errors())
        # Without the cause: it repeats the values, and a database's may hold a password.
        raise SettingInvalidError(names=names) from None


def _networks(told: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return addresses and networks between commas or blanks; raises ValueError."""
    return tuple(ip_network(one) for one in told.replace(",", " ").split())


def _driver(url: str) -> str:
    """Name psycopg 3 where a URL names only the database."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url
