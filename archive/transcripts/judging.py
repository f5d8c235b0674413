"""What a key behind a signature is worth at a given time, by what the file and the trust hold."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Self

from asn1crypto import crl, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.status import SignatureStatus
from pyhanko_certvalidator import ValidationContext

from archive.transcripts.hostile import attempt
from archive.transcripts.trust import Revoked, TrustBundle, is_compromise

Certificates = tuple[x509.Certificate, ...]
Stored = tuple[list[x509.Certificate], list[crl.CertificateList]]
"""Certificates, and lists of revoked ones, that a file carries."""
Validate = Callable[[ValidationContext], Awaitable[SignatureStatus]]
_REVOKED = (AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE)

_LONGEST_NAME = 200  # Whoever made the certificate chose it.


@dataclass(frozen=True)
class KeyFacts:
    """What is known of the key behind a signature or a time stamp."""

    certificate: x509.Certificate
    is_trusted: bool
    """Whether its chain led to a trusted root when it signed, and it may sign such things."""
    is_alive: bool
    """Whether its term includes the time for which it has to hold."""
    has_lists: bool
    """Whether a list of revoked keys was fit to tell of it."""
    revoked: Revoked | None
    chain: Certificates
    """From the root to the certificate; empty when none leads there."""

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 of the certificate."""
        return sha256(self.certificate.dump()).hexdigest()

    @property
    def name(self) -> str:
        """Whom the certificate names; nobody vouches for it unless it is trusted."""
        return name_of(self.certificate.subject)


class Evidence:
    """The certificates and lists of revoked keys that a file carries, and whom we trust."""

    def __init__(self, trust: TrustBundle, stored: Stored | None = None) -> None:
        """Take whom we trust, and what the file carries; None where it carries nothing."""
        self.trust = trust
        self.has_store = stored is not None
        self._certificates, self._lists = stored or ([], [])

    @classmethod
    def of_pdf(cls, reader: PdfFileReader, trust: TrustBundle) -> Self:
        """Read the store of a PDF; one that cannot be read helps nobody."""
        if "/DSS" not in reader.root:
            return cls(trust)
        return cls(trust, attempt(lambda: _stored(reader)) or ([], []))

    def context(self, roots: Certificates, moment: datetime) -> ValidationContext:
        """Return by what to judge at a moment; a key without a list of its own does not pass."""
        return self._context(roots, moment, self._lists)

    async def key(
        self,
        status: SignatureStatus,
        again: Validate,
        *,
        roots: Certificates,
        moment: datetime,
        until: datetime,
    ) -> KeyFacts:
        """Return the facts of a key that was judged by ``context(roots, moment)``.

        Where only the lists of revoked keys were unfit, it is judged ``again`` without them.
        """
        has_lists, found = bool(self._lists), status
        if has_lists and not status.trusted and status.trust_problem_indic not in _REVOKED:
            has_lists, found = False, await again(self._context(roots, moment, []))
        path = found.validation_path
        chain = tuple(path.iter_certs(include_root=True)) if path else ()
        is_trusted = found.trusted or found.trust_problem_indic in _REVOKED
        return KeyFacts(
            certificate=status.signing_cert,
            is_trusted=is_trusted and len(chain) > 1,
            is_alive=all(_lives(one, until) for one in chain[1:]),
            has_lists=has_lists or (len(chain) > 1 and self.trust.has_list_of(chain[-2])),
            revoked=self._revoked(found, chain),
            chain=chain if is_trusted else (),
        )

    def _context(
        self, roots: Certificates, moment: datetime, lists: list[crl.CertificateList]
    ) -> ValidationContext:
        return ValidationContext(
            trust_roots=list(roots),
            other_certs=self._certificates,
            crls=lists or None,
            allow_fetching=False,
            revocation_mode="require" if lists else "soft-fail",
            moment=moment,
        )

    def _revoked(self, status: SignatureStatus, chain: Certificates) -> Revoked | None:
        """Return since when anything in the chain is revoked, by the file or by the trust."""
        links = zip(chain[1:], chain, strict=False)
        found = [self.trust.revoked(one, issuer) for one, issuer in links]
        told = status.revocation_details
        if told is not None:
            reason = told.revocation_reason
            found.append(Revoked(told.revocation_date, is_compromise(reason)))
        return min((one for one in found if one), key=lambda one: one.at, default=None)


def _stored(reader: PdfFileReader) -> Stored:
    store = DocumentSecurityStore.read_dss(reader)
    lists = [list_in(one.get_object().data) for one in store.crls]
    return list(store.load_certs()), lists


def list_in(der: bytes) -> crl.CertificateList:
    """Return a list of revoked certificates that can be read; raises ValueError."""
    found = crl.CertificateList.load(der, strict=True)
    _ = found.issuer.native
    return found


def name_of(name: x509.Name) -> str:
    """Return what a certificate calls someone: the common name, else the organisation."""
    told = name.native
    found = told.get("common_name") or told.get("organization_name") or ""
    return (found if isinstance(found, str) else ", ".join(found))[:_LONGEST_NAME]


def _lives(certificate: x509.Certificate, at: datetime) -> bool:
    return bool(certificate.not_valid_before <= at <= certificate.not_valid_after)
