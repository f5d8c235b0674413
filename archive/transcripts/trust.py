"""Whom a verifier trusts: root certificates as PEM, and their fingerprints.

No private key is read here, so that a stranger's machine can verify with a PEM file alone.
The file may say before a certificate what it is for, and may hold lists of revoked keys.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Self

from asn1crypto import crl, pem, x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key
from cryptography.x509 import load_der_x509_crl

from archive.errors import ArchiveError

_KIND, _LIST = "CERTIFICATE", "X509 CRL"
_BLOCK = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)
_WITHDRAWN = re.compile(
    rb"^Revoked: ([0-9a-f]{64}) ([0-9T:.+-]+\+00:00) (compromised|retired)\r?$", re.MULTILINE
)
_STAMPS_ONLY = b"Purpose: time stamps"
"""Stands before a root under which time stamps are made, but no documents signed."""


class TrustUnreadableError(ArchiveError):
    """A trust file holds no certificate that can be read."""

    code: ClassVar[str] = "trust_unreadable"
    template: ClassVar[str] = (
        "The trust file holds no readable certificate. "
        "Give a PEM file with the root certificates that the issuing body publishes."
    )


@dataclass(frozen=True)
class Revoked:
    """Since when a key is revoked, and whether others may have had it."""

    at: datetime
    is_compromised: bool


@dataclass(frozen=True)
class Withdrawn:
    """A key that the archive revoked."""

    fingerprint: str
    """Hex SHA-256 of its certificate."""
    revoked: Revoked


@dataclass(frozen=True)
class TrustBundle:
    """The root certificates at which a chain of trust has to end."""

    roots: tuple[x509.Certificate, ...]
    """For documents, and for time stamps as well."""
    stamp_roots: tuple[x509.Certificate, ...] = ()
    """For time stamps only: another authority's root vouches for no document of ours."""
    lists: tuple[crl.CertificateList, ...] = ()
    """The newest lists of revoked keys, which a document that was signed before cannot hold."""
    withdrawn: tuple[Withdrawn, ...] = ()
    """Keys that the archive itself revoked, whatever their authority's list says."""

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """Read one or more certificates; raises TrustUnreadableError when there is none."""
        roots: list[x509.Certificate] = []
        stamp_roots: list[x509.Certificate] = []
        lists: list[crl.CertificateList] = []
        try:
            for kind, is_for_stamps, der in _blocks(text):
                if kind == _LIST:
                    lists.append(_list(der))
                elif kind == _KIND:
                    (stamp_roots if is_for_stamps else roots).append(_certificate(der))
        except (ValueError, TypeError, KeyError) as unreadable:
            raise TrustUnreadableError from unreadable
        if not roots:
            raise TrustUnreadableError
        return cls(tuple(roots), tuple(stamp_roots), tuple(lists), _withdrawn_in(text))

    def with_lists(self, lists: Iterable[bytes]) -> Self:
        """Return the same trust with these lists (DER); raises TrustUnreadableError."""
        try:
            return replace(self, lists=tuple(_list(one) for one in lists))
        except (ValueError, TypeError, KeyError) as unreadable:
            raise TrustUnreadableError from unreadable

    def with_stamp_roots(self, roots: Iterable[x509.Certificate]) -> Self:
        """Return the same trust with these roots of time stamps besides."""
        known = {one.dump() for one in (*self.roots, *self.stamp_roots)}
        others = tuple(one for one in roots if one.dump() not in known)
        return replace(self, stamp_roots=(*self.stamp_roots, *others))

    def to_pem(self) -> bytes:
        """Return certificates and lists as they are published."""
        parts = [_told_as(root) for root in self.roots]
        parts += [_STAMPS_ONLY + b"\n" + _told_as(root) for root in self.stamp_roots]
        parts += [pem.armor(_LIST, one.dump()) for one in self.lists]
        parts += [_line(one) for one in self.withdrawn]
        return b"".join(parts)

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """Hex SHA-256 of each certificate, for comparing by eye."""
        everyone = (*self.roots, *self.stamp_roots)
        return tuple(hashlib.sha256(root.dump()).hexdigest() for root in everyone)

    @cached_property
    def names(self) -> frozenset[str]:
        """The subjects of the roots: who signs under one of them claims to be of this house."""
        return frozenset(root.subject.human_friendly for root in self.roots)

    def has_list_of(self, issuer: x509.Certificate) -> bool:
        """Whether a list of the keys that ``issuer`` revoked is here."""
        return any(_is_by(issuer, one) for one in self.lists)

    def revoked(self, certificate: x509.Certificate, issuer: x509.Certificate) -> Revoked | None:
        """Return since when a certificate of ``issuer`` is revoked; None when no list names it."""
        number = certificate.serial_number
        found = [
            entry
            for one in self.lists
            if _is_by(issuer, one)
            for entry in one["tbs_cert_list"]["revoked_certificates"] or ()
            if entry["user_certificate"].native == number
        ]
        printed = hashlib.sha256(certificate.dump()).hexdigest()
        own = [one.revoked for one in self.withdrawn if one.fingerprint == printed]
        return min([*map(_told, found), *own], key=lambda one: one.at, default=None)


def _line(one: Withdrawn) -> bytes:
    why = "compromised" if one.revoked.is_compromised else "retired"
    return f"Revoked: {one.fingerprint} {one.revoked.at.isoformat()} {why}\n".encode()


def _withdrawn_in(text: bytes) -> tuple[Withdrawn, ...]:
    found = [[part.decode() for part in match.groups()] for match in _WITHDRAWN.finditer(text)]
    try:
        return tuple(
            Withdrawn(printed, Revoked(datetime.fromisoformat(since), why == "compromised"))
            for printed, since, why in found
        )
    except ValueError as unreadable:
        raise TrustUnreadableError from unreadable


def certificates_in(text: bytes) -> list[x509.Certificate]:
    """Return the certificates in a PEM file in its order; raises TrustUnreadableError."""
    try:
        found = [_certificate(der) for kind, _, der in _blocks(text) if kind == _KIND]
    except (ValueError, TypeError, KeyError) as unreadable:
        raise TrustUnreadableError from unreadable
    if not found:
        raise TrustUnreadableError
    return found


def _told_as(root: x509.Certificate) -> bytes:
    """Return a certificate with its name and fingerprint above it, for people."""
    name = " ".join(root.subject.human_friendly.split())
    told = f"# {name}\n# SHA-256 {hashlib.sha256(root.dump()).hexdigest()}\n"
    return told.encode() + bytes(pem.armor(_KIND, root.dump()))


def _blocks(text: bytes) -> list[tuple[str, bool, bytes]]:
    found, end = [], 0
    for block in _BLOCK.finditer(text):
        _, _, der = pem.unarmor(block.group())
        is_for_stamps = _STAMPS_ONLY in text[end : block.start()]
        found.append((block.group(1).decode(), is_for_stamps, der))
        end = block.end()
    return found


def _certificate(der: bytes) -> x509.Certificate:
    found = x509.Certificate.load(der, strict=True)
    _ = found.subject.native, found.public_key.algorithm
    return found


def _list(der: bytes) -> crl.CertificateList:
    found = crl.CertificateList.load(der, strict=True)
    _ = found.native
    return found


def _is_by(issuer: x509.Certificate, found: crl.CertificateList) -> bool:
    """Whether a list is signed by ``issuer``: another authority may bear the same name."""
    if found.issuer != issuer.subject:
        return False
    try:
        key = load_der_public_key(issuer.public_key.dump())
        return bool(load_der_x509_crl(found.dump()).is_signature_valid(key))  # type: ignore[arg-type]  # A key that may not sign raises TypeError.
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _told(entry: crl.RevokedCertificate) -> Revoked:
    since, found = entry["revocation_date"].native, entry.invalidity_date_value
    earliest = min(since, found.native) if found is not None else since
    return Revoked(earliest, is_compromise(entry.crl_reason_value))


def is_compromise(reason: crl.CRLReason | None) -> bool:
    """Whether a key revoked for this reason may have been in other hands; if none is told, yes."""
    harmless = {"superseded", "cessation_of_operation", "affiliation_changed"}
    return reason is None or reason.native not in harmless
