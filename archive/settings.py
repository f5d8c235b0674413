"""Every setting, once. Each is an environment variable ``ARCHIVE_<NAME>``; see the README."""

from enum import StrEnum
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import SettingsConfigDict

from archive.errors import SettingInvalidError
from archive.signing_settings import SigningSettings
from schemas.keys import MasterKeySource
from schemas.vocabulary import Language

_WHOLE = "access_database_url"  # The one setting that is judged beside others.
_DRIVERS = frozenset({"sqlite", "sqlite+pysqlite", "postgresql+psycopg"})


class MailSecurity(StrEnum):
    """How the way to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class Settings(SigningSettings):
    """How this installation runs. Read once at a door, handed down from there."""

    model_config = SettingsConfigDict(env_prefix="ARCHIVE_", extra="ignore", frozen=True)

    home: Path = Field(default=Path("var"), description="Data folder.")
    database_url: str = Field(
        default="", repr=False, description="Database; default SQLite in the home."
    )
    key_database_url: str = Field(
        default="",
        repr=False,
        description="Key store; default SQLite in the home. Never back up with the rest.",
    )
    access_database_url: str = Field(
        default="",
        repr=False,
        description="Access log; default SQLite in the home, or the archive's PostgreSQL.",
    )
    master_key_source: MasterKeySource = Field(
        default=MasterKeySource.FILE, description="Where master keys are made."
    )
    master_keys: SecretStr = Field(
        default=SecretStr(""), description="Master keys, hexadecimal, with commas between them."
    )
    master_pkcs11_module: str = Field(default="", description="The module of the token.")
    master_pkcs11_token: str = Field(default="", description="Label of the token.")
    master_pkcs11_pin: SecretStr = Field(default=SecretStr(""), description="PIN of the token.")
    master_pkcs11_pin_file: Path | None = Field(
        default=None, description="File with the PIN, mode 600, instead of the PIN itself."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    base_url: str = Field(default="", description="Public address, printed in QR codes.")
    demo: bool = Field(default=True, description="Fill an empty archive with a synthetic district.")
    lang: Language = Field(default=Language.CHINESE, description="Language when none is asked for.")
    timezone: str = Field(default="Asia/Shanghai", description="Whose days count.")
    notices_to_console: bool = Field(
        default=False, description="Print notices and codes instead of sending; never for others."
    )
    smtp_host: str = Field(default="", description="Mail server; empty: no e-mail is sent.")
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: MailSecurity = Field(
        default=MailSecurity.STARTTLS, description="starttls, tls, or none for this machine only."
    )
    smtp_user: str = Field(default="", description="Name at the mail server.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    smtp_sender: str = Field(default="archive@localhost", description="Sender of e-mails.")
    sms_url: str = Field(default="", description="Gateway for text messages; see docs/notices.md.")
    sms_key: SecretStr = Field(default=SecretStr(""), description="Key that signs its requests.")
    sms_url_may_be_private: bool = Field(
        default=False, description="Whether the gateway may have a private address."
    )
    oidc_issuer: str = Field(
        default="", description="The city's identity service (OpenID Connect); empty: none."
    )
    oidc_client_id: str = Field(
        default="", validate_default=True, description="The archive's name at that service."
    )
    oidc_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Its secret there; empty for a client without one."
    )
    oidc_client_secret_file: Path | None = Field(
        default=None, description="File with that secret, mode 600, instead of the secret itself."
    )
    oidc_scopes: str = Field(default="openid profile", description="What the service is asked for.")
    oidc_id_number_claim: str = Field(
        default="id_number", description="The claim with the verified identity number."
    )
    oidc_name_claim: str = Field(default="name", description="The claim with the verified name.")
    oidc_may_be_private: bool = Field(
        default=False, description="Whether the service may have a private address."
    )
    accreditation_required: bool = Field(
        default=False, description="Whether only accredited organisations can post records."
    )
    roster_years: int = Field(
        default=5,
        ge=0,
        description="Calendar years for which people are named on rosters of classes; 0: always.",
    )
    security_contact: str = Field(
        default="",
        description="Whom to tell of a security hole: mailto: or https:",
    )
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

    @field_validator("security_contact")
    @classmethod
    def _is_a_contact(cls, told: str) -> str:
        if told and not (told.startswith(("mailto:", "https://")) and told.isprintable()):
            message = "a contact begins with mailto: or https://"
            raise ValueError(message)
        return told

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, told: str) -> str:
        _networks(told)
        return told

    @field_validator("database_url", "key_database_url", "access_database_url")
    @classmethod
    def _is_a_database(cls, url: str) -> str:
        try:
            driver = _parts(_driver(url))[0] if url else "sqlite"
        except ValueError:
            driver = ""
        if driver not in _DRIVERS:
            message = "a database is sqlite:///path or postgresql://host/name"
            raise ValueError(message)
        return url

    @model_validator(mode="after")
    def _keeps_accesses_apart(self) -> "Settings":
        if self.access_url.startswith("sqlite") and _file(self.access_url) in (
            _file(self.archive_url),
            _file(self.keys_url),
        ):
            raise PydanticCustomError("same_file", "the access log needs a file of its own")
        return self

    @field_validator("oidc_issuer")
    @classmethod
    def _is_an_issuer(cls, url: str) -> str:
        parts = urlsplit(url)
        is_issuer = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        if url and (not is_issuer or parts.query or parts.fragment or "@" in parts.netloc):
            message = "an issuer is an address without query and fragment"
            raise ValueError(message)
        return url

    @field_validator("oidc_client_id")
    @classmethod
    def _is_registered(cls, told: str, beside: ValidationInfo) -> str:
        if beside.data.get("oidc_issuer") and not told:
            message = "an identity service knows the archive by a name"
            raise ValueError(message)
        return told

    @field_validator("oidc_scopes")
    @classmethod
    def _asks_for_openid(cls, told: str) -> str:
        if "openid" not in told.split():
            message = "without openid no token is signed"
            raise ValueError(message)
        return told

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
    def access_url(self) -> str:
        """Where the access log's database is.

        On PostgreSQL the archive's own, with tables of its own. Never the same file on SQLite:
        who writes there and waits for the access log would wait for itself.
        """
        if self.access_database_url:
            return _driver(self.access_database_url)
        if self.archive_url.startswith("postgresql"):
            return self.archive_url
        return f"sqlite:///{self.home / 'access.db'}"

    @property
    def public_url(self) -> str:
        """The address that strangers reach, without a slash at its end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def evidence_folder(self) -> Path:
        """Where scans that decisions rest on are kept, sealed."""
        return self.home / "evidence"

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
        named = (error["loc"][0] if error["loc"] else _WHOLE for error in invalid.errors())
        names = ", ".join(f"ARCHIVE_{str(name).upper()}" for name in named)
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


def _parts(url: str) -> tuple[str, str | None]:
    """Return the driver and the database of an address; raises ValueError."""
    if url.startswith("sqlite:///") and "?" not in url:
        return "sqlite", url.removeprefix("sqlite:///")
    from sqlalchemy import engine, exc  # noqa: PLC0415  # Twenty megabytes: who signs needs none.

    try:
        parsed = engine.make_url(url)
    except exc.ArgumentError as fault:
        raise ValueError from fault
    return parsed.drivername, parsed.database


def _file(url: str) -> Path | None:
    """Return the file of a SQLite database; None for any other."""
    driver, database = _parts(url)
    return Path(database).resolve() if driver.startswith("sqlite") and database else None
