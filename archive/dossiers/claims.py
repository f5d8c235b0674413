"""What a record claims for its worker alone: a document, a certificate, an outer identifier."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql
from sqlmodel import Session, col, tuple_

from archive.dossiers.errors import CertificateTakenError, DocumentTakenError, OuterIdTakenError
from archive.dossiers.sealing import normalised
from archive.errors import ArchiveError
from archive.people.identity import IdentityDocument
from archive.people.look_ups import (
    Claim,
    Purpose,
    Sought,
    document_sought,
    holders,
    index_of,
)
from archive.people.models import BlindIndex
from credit_bank.bulk import insert_rows, table_of
from schemas.identities import Identity
from schemas.records import Certificate
from schemas.records import Record as AnyRecord

_BATCH = 400  # Below every database's limit on bound values, at two values a row.


class Holding(NamedTuple):
    """Who makes a claim, for which row, and what a second one is told."""

    worker_id: UUID
    subject_id: UUID
    refusal: type[ArchiveError]


@dataclass(slots=True)
class Claims:
    """The claims that one transaction makes, until they are inserted."""

    session: Session
    made: dict[Claim, Holding] = field(default_factory=dict)
    held: dict[Claim, UUID] = field(default_factory=dict)
    released: set[tuple[UUID, UUID]] = field(default_factory=set)
    """Worker and subject of records that were corrected or withdrawn."""
    _made_by: dict[tuple[UUID, UUID], list[Claim]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def release(self, worker_id: UUID, subject_id: UUID) -> None:
        """Give up what a record claimed: what it still says is claimed anew."""
        for claim in self._made_by.pop((worker_id, subject_id), ()):
            self.made.pop(claim, None)
        self.released.add((worker_id, subject_id))

    def make(
        self, claim: Claim, worker_id: UUID, subject_id: UUID, refusal: type[ArchiveError]
    ) -> None:
        """Claim something for a worker; raises ``refusal`` when it is another's already."""
        earlier = self.made.get(claim)
        if earlier and earlier.worker_id != worker_id:
            raise refusal
        self.made[claim] = Holding(worker_id, subject_id, refusal)
        self._made_by[worker_id, subject_id].append(claim)

    def give_up_released(self) -> None:
        """Remove what released records claimed, so that the true holder can claim it."""
        released = sorted(self.released)
        for at in range(0, len(released), _BATCH):
            mine = tuple_(col(BlindIndex.worker_id), col(BlindIndex.subject_id))
            self.session.exec(delete(BlindIndex).where(mine.in_(released[at : at + _BATCH])))

    def refuse_held(self) -> None:
        """Raise the refusal of a claim that another worker holds in the database."""
        self.held = holders(self.session, self.made)
        for claim, owner in self.held.items():
            if owner != self.made[claim].worker_id:
                raise self.made[claim].refusal

    def insert(self) -> None:
        """Insert what is not held yet.

        On PostgreSQL two transactions can enrol one new person at once: the second waits
        for the first to commit, inserts nothing, and is refused here.
        """
        version = index_of(self.session).version
        rows = [
            {
                "purpose": claim.purpose,
                "digest": claim.digest,
                "worker_id": holding.worker_id,
                "subject_id": holding.subject_id,
                "version": version,
            }
            for claim, holding in sorted(self.made.items())  # In one order: no circle of waiting.
            if claim not in self.held
        ]
        if not rows:
            return
        table = table_of(BlindIndex)
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.exec(postgresql.insert(table).on_conflict_do_nothing(), params=rows)
            self.refuse_held()
        else:
            insert_rows(self.session, table, rows)


def claims_of(
    session: Session, organisation_id: UUID, record: AnyRecord
) -> list[tuple[Claim, type[ArchiveError]]]:
    """Return what a record claims for its worker alone, each with the refusal of a second."""
    index = index_of(session)
    return [
        (index.claim(sought), refusal) for sought, refusal in claimed_by(organisation_id, record)
    ]


def claimed_by(organisation_id: UUID, record: AnyRecord) -> list[tuple[Sought, type[ArchiveError]]]:
    """Return the values that a record claims, in clear."""
    claimed: list[tuple[Sought, type[ArchiveError]]] = []
    if isinstance(record, Identity):
        document = IdentityDocument(record.document_type, record.document_number)
        claimed.append((document_sought(document), DocumentTakenError))
    if isinstance(record, Certificate):
        number = Sought(Purpose.CERTIFICATE, normalised(record.certificate_number))
        claimed.append((number, CertificateTakenError))
    if record.outer_id:
        told = f"{organisation_id}\0{record.kind}\0{record.outer_id}"
        claimed.append((Sought(Purpose.OUTER_ID, told), OuterIdTakenError))
    return claimed
