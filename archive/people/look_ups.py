"""Finding workers by secret values, and by their archive number, through keyed digests.

The key of the digests has versions. Everything is looked up under all that are known, and
written under the one in use; moving the rest stands in ``index_rotation``.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, and_, col, select, tuple_

from archive.audit.acts import name_worker
from archive.db import is_sqlite
from archive.errors import UnknownWorkerError
from archive.people.identity import IdentityDocument
from archive.people.models import BlindIndex, IndexVersion, Worker
from archive.people.privacy import Vault, vault_of
from schemas.ids import read_archive_number
from schemas.keys import KeyState
from schemas.vocabulary import DocumentType

_BATCH = 400  # Below every database's limit on bound values, at two values a claim.
_PINNED = "look_up_index"


class Claim(NamedTuple):
    """A secret value's digest, for one purpose."""

    purpose: str
    digest: bytes
    """Under the version in use."""
    earlier: tuple[bytes, ...] = ()
    """Under versions that a rotation has not emptied yet."""


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


class Sought(NamedTuple):
    """A secret value in the one form in which it is digested, and what for."""

    purpose: str
    value: str

    def __repr__(self) -> str:
        return f"Sought({self.purpose})"


@dataclass(frozen=True, slots=True)
class LookUpIndex:
    """The versions of the key that hold for one session, and the vault that has the keys."""

    vault: Vault
    version: int
    """The one in use."""
    earlier: tuple[int, ...]

    def digest(self, sought: Sought) -> bytes:
        """Return the digest of a value under the version in use."""
        return self.vault.index_digest(self.version, sought.purpose, sought.value)

    def claim(self, sought: Sought) -> Claim:
        """Return by what a value is found."""
        purpose, value = sought
        digest = self.vault.index_digest
        earlier = tuple([digest(version, purpose, value) for version in self.earlier])
        return Claim(purpose, digest(self.version, purpose, value), earlier)


def index_of(session: Session) -> LookUpIndex:
    """Return the versions that hold for this session, read once.

    A session that writes keeps them so until it ends: whoever changes them waits for it,
    so that no row comes under a version that was left meanwhile.
    """
    pinned = session.info.get(_PINNED)
    if not isinstance(pinned, LookUpIndex):
        pinned = session.info[_PINNED] = _index(session)
    return pinned


def _index(session: Session) -> LookUpIndex:
    query = select(IndexVersion.version, IndexVersion.state).order_by(col(IndexVersion.version))
    if session.get_bind().get_execution_options().get("archive_mode") != "read":
        query = query.with_for_update(read=True)
    current: list[int] = []
    while not current:  # A change that was waited for shows the version it made only now.
        found = session.exec(query).all()
        current = [version for version, state in found if state == KeyState.CURRENT]
    earlier = tuple(version for version, state in found if state != KeyState.CURRENT)
    return LookUpIndex(vault_of(session), current[0], earlier)


def document_sought(document: IdentityDocument) -> Sought:
    """Return what an identity document is found by; old and new numbers of a card are one."""
    return Sought(Purpose.DOCUMENT, sought_by(document))


def sought_by(document: IdentityDocument) -> str:
    """Return the value of what an identity document is found by."""
    kind, number = document
    if kind is DocumentType.RESIDENT_ID_15:
        kind, number = document.upgraded()
    return kind + ":" + number


def document_claim(session: Session, document: IdentityDocument) -> Claim:
    """Return the claim of an identity document."""
    return index_of(session).claim(document_sought(document))


def number_sought(archive_number: str) -> Sought:
    """Return what an archive number is found by."""
    return Sought(Purpose.ARCHIVE_NUMBER, archive_number)


def number_claim(session: Session, archive_number: str) -> Claim:
    """Return the claim of an archive number."""
    return index_of(session).claim(number_sought(archive_number))


def note(session: Session, claim: Claim, worker_id: UUID, subject_id: UUID) -> None:
    """Let a worker's row be found by a claim."""
    session.add(
        BlindIndex(
            purpose=claim.purpose,
            digest=claim.digest,
            worker_id=worker_id,
            subject_id=subject_id,
            version=index_of(session).version,
        )
    )


def holders(session: Session, claims: Iterable[Claim]) -> dict[Claim, UUID]:
    """Return who holds which of the claims; those that nobody holds are left out."""
    wanted: dict[str, dict[bytes, Claim]] = defaultdict(dict)
    for claim in claims:
        for digest in (claim.digest, *claim.earlier):
            wanted[claim.purpose][digest] = claim
    return {
        theirs[digest]: owner
        for purpose, theirs in wanted.items()
        for digest, owner in _owners(session, purpose, list(theirs))
    }


def holders_of(session: Session, purpose: str, values: Collection[str]) -> dict[str, UUID]:
    """Return whose the values are that somebody holds, for tens of thousands at once."""
    index = index_of(session)
    found: dict[str, UUID] = {}
    for version in (index.version, *index.earlier):
        digests = index.vault.index_digests(version, purpose, values)
        of = dict(zip(digests, values, strict=True))
        found |= {of[digest]: owner for digest, owner in _owners(session, purpose, digests)}
    return found


def _owners(
    session: Session, purpose: str, digests: Sequence[bytes]
) -> Iterator[tuple[bytes, UUID]]:
    """Yield the digests that are on file with their owners, by the driver's own means.

    Building a statement of some hundred values takes longer than running it.
    """
    connection = session.connection()
    if not is_sqlite(connection):
        driver: Any = connection.connection.driver_connection
        # Planned anew each time: a plan from when few people were known reads them all.
        yield from driver.execute(_ON_SERVER, (purpose, list(digests)), prepare=False)
        return
    for at in range(0, len(digests), _BATCH):
        part = digests[at : at + _BATCH]
        statement = _IN_FILE.format(",".join("?" * len(part)))
        rows = connection.exec_driver_sql(statement, (purpose, *part))
        yield from ((digest, UUID(worker_id)) for digest, worker_id in rows)


_ON_SERVER = "SELECT digest, worker_id FROM blind_index WHERE purpose = %s AND digest = ANY(%s)"
_IN_FILE = "SELECT digest, worker_id FROM blind_index WHERE purpose = ? AND digest IN ({})"


def held_by(session: Session, subjects: Sequence[tuple[UUID, UUID]]) -> Iterator[BlindIndex]:
    """Yield what some records claim, each told by its worker and its own id."""
    mine = tuple_(col(BlindIndex.worker_id), col(BlindIndex.subject_id))
    for at in range(0, len(subjects), _BATCH):
        yield from session.exec(select(BlindIndex).where(mine.in_(subjects[at : at + _BATCH])))


def is_held(claim: Claim) -> ColumnElement[bool]:
    """Return the condition that a row is the claim's, under whatever version of the key."""
    return and_(
        col(BlindIndex.purpose) == claim.purpose,
        col(BlindIndex.digest).in_((claim.digest, *claim.earlier)),
    )


EVERYONE = true()
"""No condition on whose dossier may be found; doors give one, see access.within_reach."""


def worker_numbered(
    session: Session, text: str, *, within: ColumnElement[bool] = EVERYONE
) -> Worker:
    """Return the worker with an archive number; raises UnknownWorkerError."""
    number = read_archive_number(text)
    if number is None:
        raise UnknownWorkerError
    return _held(session, number_claim(session, number), within)


def worker_with_document(
    session: Session, document: IdentityDocument, *, within: ColumnElement[bool] = EVERYONE
) -> Worker:
    """Return the worker known by a document; raises UnknownWorkerError."""
    return _held(session, document_claim(session, document), within)


def _held(session: Session, claim: Claim, within: ColumnElement[bool]) -> Worker:
    """Return who holds a claim, if within reach; whose it is, is noted for a refusal, too."""
    query = (
        select(Worker, within)
        .join(BlindIndex, col(BlindIndex.worker_id) == col(Worker.worker_id))
        .where(is_held(claim))
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
