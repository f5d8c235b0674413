"""Finding workers by secret values, and by their archive number, through keyed digests."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, select, tuple_

from archive.audit.acts import name_worker
from archive.errors import UnknownWorkerError
from archive.people.identity import IdentityDocument
from archive.people.models import BlindIndex, Worker
from archive.people.privacy import Vault, vault_of
from schemas.ids import read_archive_number

_BATCH = 400  # Below every database's limit on bound values, at two values a claim.


class Claim(NamedTuple):
    """A secret value's digest, for one purpose."""

    purpose: str
    digest: bytes


class Purpose:
    """What digests are kept for; each purpose has digests of its own."""

    DOCUMENT: ClassVar[str] = "document"
    ARCHIVE_NUMBER: ClassVar[str] = "archive_number"
    OUTER_ID: ClassVar[str] = "outer_id"
    CERTIFICATE: ClassVar[str] = "certificate"
    TRANSCRIPT: ClassVar[str] = "transcript"
    NAME: ClassVar[str] = "name"
    PHONE: ClassVar[str] = "phone"
    EMAIL: ClassVar[str] = "email"


def document_claim(vault: Vault, document: IdentityDocument) -> Claim:
    """Return the claim of an identity document; old and new numbers of one card are one."""
    known = document.upgraded()
    return Claim(Purpose.DOCUMENT, vault.digest(Purpose.DOCUMENT, f"{known.type}:{known.number}"))


def number_claim(vault: Vault, archive_number: str) -> Claim:
    """Return the claim of an archive number."""
    digest = vault.digest(Purpose.ARCHIVE_NUMBER, archive_number)
    return Claim(Purpose.ARCHIVE_NUMBER, digest)


def holders(session: Session, claims: Iterable[Claim]) -> dict[Claim, BlindIndex]:
    """Return who holds which of the claims; those that nobody holds are left out."""
    wanted: Sequence[Claim] = list(dict.fromkeys(claims))
    found: dict[Claim, BlindIndex] = {}
    for at in range(0, len(wanted), _BATCH):
        part = wanted[at : at + _BATCH]
        query = select(BlindIndex).where(
            tuple_(col(BlindIndex.purpose), col(BlindIndex.digest)).in_(part)
        )
        for row in session.exec(query):
            found[Claim(row.purpose, row.digest)] = row
    return found


EVERYONE = true()
"""No condition on whose dossier may be found; doors give one, see access.within_reach."""


def worker_numbered(
    session: Session, text: str, *, within: ColumnElement[bool] = EVERYONE
) -> Worker:
    """Return the worker with an archive number; raises UnknownWorkerError."""
    number = read_archive_number(text)
    if number is None:
        raise UnknownWorkerError
    return _held(session, number_claim(vault_of(session), number), within)


def worker_with_document(
    session: Session, document: IdentityDocument, *, within: ColumnElement[bool] = EVERYONE
) -> Worker:
    """Return the worker known by a document; raises UnknownWorkerError."""
    return _held(session, document_claim(vault_of(session), document), within)


def _held(session: Session, claim: Claim, within: ColumnElement[bool]) -> Worker:
    """Return who holds a claim, if within reach; whose it is, is noted for a refusal, too."""
    query = (
        select(Worker, within)
        .join(BlindIndex, col(BlindIndex.worker_id) == col(Worker.worker_id))
        .where(col(BlindIndex.purpose) == claim.purpose, col(BlindIndex.digest) == claim.digest)
    )
    found = session.exec(query).one_or_none()
    if found is None:
        raise UnknownWorkerError
    worker, is_within = found
    name_worker(worker.worker_id)
    if not is_within:
        raise UnknownWorkerError
    return worker


def worker_known_as(session: Session, worker_id: UUID) -> Worker:
    """Return the worker of a pseudonymous id; raises UnknownWorkerError."""
    worker = session.get(Worker, worker_id)
    if worker is None:
        raise UnknownWorkerError
    return worker
