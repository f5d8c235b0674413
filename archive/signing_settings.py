"""The settings of signatures and time stamps; the others, and how all are read, in ``settings``."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

from schemas.keys import SigningProfile

_POLICY = re.compile(r"[0-2](\.(0|[1-9][0-9]*))+")


class SigningSettings(BaseSettings):
    """How documents are signed and stamped."""

    signing_profile: SigningProfile = Field(
        default=SigningProfile.B_LTA, description="B-B, B-T, B-LT or B-LTA, of PAdES."
    )
    signing_lists: Path | None = Field(
        default=None, description="Folder with revocation lists; default keys/lists in the home."
    )
    signing_refresh_days: int = Field(
        default=365, ge=1, description="So long before its end a time stamp is followed by another."
    )
    signing_pkcs11_module: str = Field(
        default="", description="The module of the token with the bodies' keys."
    )
    signing_pkcs11_token: str = Field(default="", description="Label of that token.")
    signing_pkcs11_pin: SecretStr = Field(default=SecretStr(""), description="Its PIN.")
    signing_pkcs11_pin_file: Path | None = Field(
        default=None, description="File with that PIN, mode 600, instead of the PIN itself."
    )
    tsa_trust: Path | None = Field(
        default=None, description="PEM file with the root of the time stamp authority."
    )
    tsa_url: str = Field(
        default="", description="Time stamp authority (RFC 3161); empty: the one in this process."
    )
    tsa_policy: str = Field(
        default="", description="Policy that its stamps have to be made under; empty: any."
    )
    tsa_user: str = Field(default="", description="Name at the authority.")
    tsa_password: SecretStr = Field(default=SecretStr(""), description="Its password.")
    tsa_password_file: Path | None = Field(
        default=None, description="File with that password, mode 600, instead of itself."
    )
    tsa_timeout_seconds: float = Field(
        default=10.0, gt=0, le=60, description="How long its answer is waited for."
    )
    tsa_may_be_private: bool = Field(
        default=False, description="Whether the authority may have a private address."
    )

    @field_validator("tsa_url")
    @classmethod
    def _is_trusted(cls, url: str, beside: ValidationInfo) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            message = "an address begins with https://"
            raise ValueError(message)
        if url and beside.data.get("tsa_trust") is None:
            message = "an authority is believed by its root only"
            raise ValueError(message)
        return url

    @field_validator("tsa_policy")
    @classmethod
    def _is_an_identifier(cls, told: str) -> str:
        if told and not _POLICY.fullmatch(told):
            message = "a policy is an object identifier such as 1.2.3"
            raise ValueError(message)
        return told
