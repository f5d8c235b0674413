"""Which places on rosters are a worker's: their keys are destroyed when the worker is erased.

Nobody was looked up when they were enrolled, so that the places are found by the worker's
identity documents, as long as these can be opened.
"""

from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.classes.models import ClassMember
from archive.dossiers.classes.roster import person_digest
from archive.dossiers.models import Record
from archive.dossiers.sealing import unseal
from archive.people.identity import IdentityDocument
from archive.people.privacy import vault_of
from schemas.identities import Identity
from schemas.vocabulary import RecordKind


def places_of(session: Session, worker_id: UUID) -> list[UUID]:
    """Return the places on rosters that are a worker's, in whatever class."""
    vault = vault_of(session)
    key = vault.keys_to_prove([worker_id]).get(worker_id)
    if key is None:
        return []
    query = select(Record.sealed).where(
        col(Record.worker_id) == worker_id, col(Record.kind) == RecordKind.IDENTITY
    )
    told = (unseal(key, sealed).content for sealed in session.exec(query))
    digests = {
        person_digest(vault, IdentityDocument(one.document_type, one.document_number))
        for one in told
        if isinstance(one, Identity)
    }
    theirs = select(ClassMember.id).where(col(ClassMember.person_digest).in_(digests))
    return list(session.exec(theirs))
