"""What a record claims for its worker alone: a document, a certificate, an outer identifier."""

from uuid import UUID

from archive.dossiers.errors import CertificateTakenError, DocumentTakenError, OuterIdTakenError
from archive.dossiers.sealing import normalised
from archive.errors import ArchiveError
from archive.people.identity import IdentityDocument
from archive.people.look_ups import Claim, Purpose, document_claim
from archive.people.privacy import Vault
from schemas.identities import Identity
from schemas.records import Certificate
from schemas.records import Record as AnyRecord


def claims_of(
    vault: Vault, organisation_id: UUID, record: AnyRecord
) -> list[tuple[Claim, type[ArchiveError]]]:
    """Return what a record claims for its worker alone, each with the refusal of a second."""
    claims: list[tuple[Claim, type[ArchiveError]]] = []
    if isinstance(record, Identity):
        document = IdentityDocument(record.document_type, record.document_number)
        claims.append((document_claim(vault, document), DocumentTakenError))
    if isinstance(record, Certificate):
        digest = vault.digest(Purpose.CERTIFICATE, normalised(record.certificate_number))
        claims.append((Claim(Purpose.CERTIFICATE, digest), CertificateTakenError))
    if record.outer_id:
        told = f"{organisation_id}\0{record.kind}\0{record.outer_id}"
        digest = vault.digest(Purpose.OUTER_ID, told)
        claims.append((Claim(Purpose.OUTER_ID, digest), OuterIdTakenError))
    return claims
