"""Lists of revoked certificates that the development authority publishes, kept fresh.

A signature holds the lists of its moment, so that it can be judged decades later without
asking anyone. Whoever reads them here finds them fresh: a list past the middle of its life,
or made after the moment that is asked about, is made anew.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from archive.transcripts.certifying import Made

LIFE = timedelta(days=30)
_EARLIER = timedelta(hours=1)  # Clocks of verifiers may be behind ours.
_PRIVATE = 0o600
_REVOKED = "revoked.json"


@dataclass(frozen=True)
class Revoked:
    """A certificate that is no longer good."""

    serial: int
    since: datetime
    reason: str
    """As X.509 calls it: keyCompromise, superseded, cessationOfOperation …"""


def fresh(path: Path, by: Made, *, at: datetime, revoked: tuple[Revoked, ...] = ()) -> bytes:
    """Return the list at ``path`` in DER as it is good at ``at``; it is made anew if need be."""
    told = _read(path)
    if told is None or not _is_fresh(told, at) or _serials(told) != {r.serial for r in revoked}:
        made = _make(by, at, revoked)
        write(path, made)
        return made
    return told.public_bytes(Encoding.DER)


def revoked_in(folder: Path) -> tuple[Revoked, ...]:
    """Return what the authority in ``folder`` has revoked, the oldest first."""
    path = folder / _REVOKED
    if not path.is_file():
        return ()
    return tuple(_revoked(told) for told in json.loads(path.read_text()))


def revoke(folder: Path, one: Revoked) -> None:
    """Note that a certificate is revoked; once is enough, and the first day stands."""
    known = revoked_in(folder)
    if any(other.serial == one.serial for other in known):
        return
    told = [
        {"serial": f"{r.serial:x}", "since": r.since.isoformat(), "reason": r.reason}
        for r in (*known, one)
    ]
    write(folder / _REVOKED, json.dumps(told, indent=1).encode())


def write(path: Path, content: bytes) -> None:
    """Put a file in its place as a whole; of two who do so at once the second stands."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _revoked(told: Mapping[str, str]) -> Revoked:
    since = datetime.fromisoformat(told["since"])
    return Revoked(int(told["serial"], 16), since, told["reason"])


def _read(path: Path) -> x509.CertificateRevocationList | None:
    try:
        return x509.load_der_x509_crl(path.read_bytes())
    except (OSError, ValueError):
        return None  # It is made from what is known: nothing is lost.


def _is_fresh(told: x509.CertificateRevocationList, at: datetime) -> bool:
    begin, end = told.last_update_utc, told.next_update_utc
    return end is not None and begin <= at < begin + (end - begin) / 2


def _serials(told: x509.CertificateRevocationList) -> set[int]:
    return {one.serial_number for one in told}


def _make(by: Made, at: datetime, revoked: tuple[Revoked, ...]) -> bytes:
    begin = at.astimezone(UTC).replace(microsecond=0) - _EARLIER
    key = by.key.public_key()
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(begin)
        .next_update(begin + LIFE)
        .add_extension(x509.CRLNumber(int(begin.timestamp())), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key), critical=False)
    )
    for one in revoked:
        builder = builder.add_revoked_certificate(_entry(one))
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _entry(one: Revoked) -> x509.RevokedCertificate:
    reason = x509.CRLReason(x509.ReasonFlags(one.reason))
    return (
        x509.RevokedCertificateBuilder()
        .serial_number(one.serial)
        .revocation_date(one.since)
        .add_extension(reason, critical=False)
        .build()
    )
