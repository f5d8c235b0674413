"""Whom a verifier trusts: root certificates as PEM, and their fingerprints.

No private key is read here, so that a stranger's machine can verify with a PEM file alone.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

from asn1crypto import pem, x509

from archive.errors import ArchiveError


class TrustUnreadableError(ArchiveError):
    """A trust file holds no certificate that can be read."""

    code: ClassVar[str] = "trust_unreadable"
    template: ClassVar[str] = (
        "The trust file holds no readable certificate. "
        "Give a PEM file with the root certificates that the issuing body publishes."
    )


@dataclass(frozen=True)
class TrustBundle:
    """The root certificates at which a chain of trust has to end."""

    roots: tuple[x509.Certificate, ...]

    @classmethod
    def from_pem(cls, text: bytes) -> Self:
        """Read one or more certificates; raises TrustUnreadableError when there is none."""
        try:
            blocks = [der for kind, _, der in pem.unarmor(text, multiple=True) if kind == _KIND]
            roots = tuple(x509.Certificate.load(der, strict=True) for der in blocks)
            _ = [(root.subject.native, root.public_key.algorithm) for root in roots]
        except (ValueError, TypeError, KeyError) as unreadable:
            raise TrustUnreadableError from unreadable
        if not roots:
            raise TrustUnreadableError
        return cls(roots)

    def to_pem(self) -> bytes:
        """Return the certificates as they are published."""
        return b"".join(pem.armor(_KIND, root.dump()) for root in self.roots)

    @cached_property
    def fingerprints(self) -> tuple[str, ...]:
        """Hex SHA-256 of each certificate, for comparing by eye."""
        return tuple(hashlib.sha256(root.dump()).hexdigest() for root in self.roots)

    @cached_property
    def names(self) -> frozenset[str]:
        """The subjects of the roots: who signs under one of them claims to be of this house."""
        return frozenset(root.subject.human_friendly for root in self.roots)


_KIND = "CERTIFICATE"
