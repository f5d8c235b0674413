"""Whom to trust, in words: what the page of trust shows of roots and of the keys that sign."""

import hashlib
from collections.abc import Collection, Iterator

from asn1crypto import x509
from sqlmodel import Session, col, select

from archive.people.models import Organisation
from archive.transcripts import issuing_keys
from archive.transcripts.judging import name_of
from archive.transcripts.keys import KeyProvider
from archive.transcripts.trust import TrustBundle
from schemas.contracts import Bilingual
from schemas.keys import CertificatePurpose, KeyStanding, TrustedCertificate, TrustView

_ORDER = (KeyStanding.CURRENT, KeyStanding.FORMER, KeyStanding.REVOKED, KeyStanding.WAITING)


def trust_view(session: Session, bundle: TrustBundle, fallback: KeyProvider) -> TrustView:
    """Return the roots, and who signs under them, did so before, or was revoked."""
    keys = tuple(_signers(session))
    own = _told(fallback.certificate, CertificatePurpose.DOCUMENTS)
    documents = (_told(one, CertificatePurpose.DOCUMENTS) for one in bundle.roots)
    stamps = (_told(one, CertificatePurpose.TIME_STAMPS) for one in bundle.stamp_roots)
    return TrustView(
        roots=(*documents, *stamps),
        signers=(*keys, own.model_copy(update={"standing": KeyStanding.CURRENT})),
        is_development=fallback.is_development,
    )


def _signers(session: Session) -> Iterator[TrustedCertificate]:
    """Return the keys of bodies; one that waits for a second person signs nothing yet."""
    certificates = {
        one.fingerprint: issuing_keys.certificate_of(one) for one in issuing_keys.everyone(session)
    }
    used = [one for one in issuing_keys.listed(session) if one.standing is not KeyStanding.WAITING]
    bodies = _bodies(session, {one.organisation for one in used})
    for view in sorted(used, key=lambda one: _ORDER.index(one.standing)):
        told = _told(certificates[view.fingerprint], CertificatePurpose.DOCUMENTS)
        yield told.model_copy(
            update={
                "standing": view.standing,
                "body": bodies[view.organisation],
                "signs_since": view.current_since,
                "revoked_since": view.revoked_since,
                "revoked_for": view.revoked_for,
            }
        )


def _bodies(session: Session, codes: Collection[str]) -> dict[str, Bilingual]:
    """Return the names of bodies by code."""
    query = select(Organisation).where(col(Organisation.code).in_(codes))
    return {one.code: Bilingual(zh=one.name, en=one.name_en) for one in session.exec(query)}


def _told(certificate: x509.Certificate, purpose: CertificatePurpose) -> TrustedCertificate:
    return TrustedCertificate(
        name=name_of(certificate.subject),
        issuer=name_of(certificate.issuer),
        purpose=purpose,
        fingerprint=hashlib.sha256(certificate.dump()).hexdigest(),
        serial=f"{certificate.serial_number:x}",
        valid_from=certificate.not_valid_before,
        valid_until=certificate.not_valid_after,
    )
