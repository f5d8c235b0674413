"""Whom to trust, in words: what the page of trust shows of certificates and revoked keys."""

import hashlib
from collections.abc import Iterator

from asn1crypto import x509

from archive.transcripts.judging import name_of
from archive.transcripts.keys import KeyProvider
from archive.transcripts.trust import Revoked, TrustBundle, is_compromise
from schemas.keys import CertificatePurpose, RevokedCertificate, TrustedCertificate, TrustView


def trust_view(bundle: TrustBundle, keys: KeyProvider) -> TrustView:
    """Return the roots, who signs and stamps under them now, and which keys were revoked."""
    return TrustView(
        roots=(
            *(_told(one, CertificatePurpose.DOCUMENTS, None) for one in bundle.roots),
            *(_told(one, CertificatePurpose.TIME_STAMPS, None) for one in bundle.stamp_roots),
        ),
        signers=(_told(keys.certificate, CertificatePurpose.DOCUMENTS, _revoked(bundle, keys)),),
        revoked=tuple(sorted(_gone(bundle), key=lambda one: one.since)),
        is_development=keys.is_development,
    )


def _told(
    certificate: x509.Certificate, purpose: CertificatePurpose, revoked: Revoked | None
) -> TrustedCertificate:
    return TrustedCertificate(
        name=name_of(certificate.subject),
        issuer=name_of(certificate.issuer),
        purpose=purpose,
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
        revoked_since=revoked.at if revoked else None,
    )


def _revoked(bundle: TrustBundle, keys: KeyProvider) -> Revoked | None:
    above = keys.chain[0] if keys.chain else bundle.roots[0]
    return bundle.revoked(keys.certificate, above)


def _gone(bundle: TrustBundle) -> Iterator[RevokedCertificate]:
    for told in bundle.lists:
        for entry in told["tbs_cert_list"]["revoked_certificates"] or ():
            yield RevokedCertificate(
                serial=f"{entry['user_certificate'].native:x}",
                issuer=name_of(told.issuer),
                since=entry["revocation_date"].native,
                is_compromised=is_compromise(entry.crl_reason_value),
            )
