"""What signs and stamps here, as the settings have it."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from asn1crypto import pem, x509
from pydantic import SecretStr

from archive.settings import Settings
from archive.transcripts.key_files import secret_in
from archive.transcripts.keys import DevelopmentKeys, development_keys
from archive.transcripts.list_files import ListFolder
from archive.transcripts.time_stamp_service import ServiceAddress, ServiceTimeStamps
from archive.transcripts.trust import TrustBundle, TrustUnreadableError


def signing_keys(settings: Settings, *, now: datetime) -> DevelopmentKeys:
    """Return the development keys, with the time stamps that the settings name.

    Raises SigningKeyUnusableError, TrustUnreadableError.
    """
    keys = development_keys(settings.secrets_folder, now=now)
    service = time_stamp_service(settings)
    return keys if service is None else replace(keys, stamps=service)


def time_stamp_service(settings: Settings) -> ServiceTimeStamps | None:
    """Return the authority elsewhere; None when this process stamps by itself."""
    if not settings.tsa_url or settings.tsa_trust is None:
        return None
    trust = roots_in(settings.tsa_trust)
    _remember(settings, trust.roots)
    return ServiceTimeStamps(
        ServiceAddress(
            url=settings.tsa_url,
            trust=trust,
            lists=ListFolder(lists_folder(settings)),
            policy=settings.tsa_policy,
            user=settings.tsa_user,
            password=_password(settings) if settings.tsa_user else None,
            timeout_seconds=settings.tsa_timeout_seconds,
            may_be_private=settings.tsa_may_be_private,
        )
    )


def stamp_roots(settings: Settings) -> tuple[x509.Certificate, ...]:
    """Return the roots of all authorities elsewhere that ever were to stamp here.

    New stamps have to lead to what the settings name; old ones verify when that has changed.
    """
    kept = (roots_in(one).roots for one in sorted(_roots_folder(settings).glob("*.pem")))
    return tuple(root for roots in kept for root in roots)


def _remember(settings: Settings, roots: Iterable[x509.Certificate]) -> None:
    folder = _roots_folder(settings)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for root in roots:
        path = folder / f"{hashlib.sha256(root.dump()).hexdigest()}.pem"
        if not path.exists():
            draft = path.with_suffix(f".{secrets.token_hex(4)}")
            draft.write_bytes(pem.armor("CERTIFICATE", root.dump()))
            draft.replace(path)


def _roots_folder(settings: Settings) -> Path:
    return settings.secrets_folder / "stamp-roots"


def lists_folder(settings: Settings) -> Path:
    """Return where revocation lists of authorities elsewhere lie."""
    return settings.signing_lists or settings.secrets_folder / "lists"


def roots_in(path: Path) -> TrustBundle:
    """Return the root certificates in a file; raises TrustUnreadableError."""
    try:
        return TrustBundle.from_pem(path.read_bytes())
    except OSError as unreadable:
        raise TrustUnreadableError from unreadable


def _password(settings: Settings) -> SecretStr:
    path = settings.tsa_password_file
    return settings.tsa_password if path is None else secret_in(path)
