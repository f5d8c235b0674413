"""Proving a single record or entry out of its dossier's chain, without the rest of the dossier.

The register line of a proof is the link itself: it stands, append-only, before anything is signed,
and only what the chain holds can be stated. That a proof was made, of what, by whom and whether
it was opened, is committed to the audit before anything is signed (decision 0040).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import concern, current, tell_always
from archive.db import Database
from archive.dossiers.models import Record
from archive.dossiers.sealing import COLUMN
from archive.dossiers.titles import title_of
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.look_ups import worker_known_as
from archive.people.models import Organisation
from archive.transcripts.intents import issuer_of_all, key_of, lock_dossier
from archive.transcripts.keys import KeyProvider
from archive.transcripts.proof_files import clear_part_in, opened_in, organisation_in, proof_bytes
from archive.transcripts.proof_refusals import (
    NothingSealedError,
    OpeningRefusedError,
    ProofSubjectUnknownError,
)
from archive.transcripts.proof_signing import signed_proof
from archive.transcripts.proof_standing import SUBJECT, hashes_of
from archive.transcripts.refusals import RecordWithdrawnError
from credit_bank.chain import GENESIS
from credit_bank.merkle import merkle_root, path_to_root
from credit_bank.models import ChainLink, Entry, Posting, is_link_of
from schemas.contracts import Bilingual
from schemas.keys import SigningProfile
from schemas.link_proofs import (
    LinkKind,
    LinkProofV1,
    ProofAsked,
    ProofIssuer,
    ProofLink,
    ProofOrganisation,
    ProofPreview,
    ProofReceipt,
    ProofStatementV1,
)
from schemas.vocabulary import LEARNING_KINDS, Act, Permission, Role

MADE, OPENED = "proof", "proof_opened"
"""What the audit tells of a proof: of the clear part alone, or with what is sealed."""


class Keys(Protocol):
    """Tells what signs in the name of the issuing body; see ``house_keys``."""

    def __call__(self, session: Session, *, now: datetime) -> KeyProvider:
        """Return what signs at this moment."""


@dataclass(frozen=True)
class Prover:
    """What makes proofs here: the keys, how signatures are made to last, and our address."""

    keys: Keys
    profile: SigningProfile
    base_url: str
    timezone: str


@dataclass(frozen=True)
class Proved:
    """A proof that was made."""

    statement: ProofStatementV1
    body: bytes
    """The file."""
    is_opened: bool

    @property
    def name(self) -> str:
        """What the file is called: it names nobody."""
        told = self.statement
        return f"proof-{told.archive_number}-{told.sequence}.json"

    @property
    def receipt(self) -> ProofReceipt:
        """What is told of a file that was written."""
        told = self.statement
        return ProofReceipt(
            archive_number=told.archive_number,
            subject_kind=told.subject_kind,
            subject_id=told.subject_id,
            sequence=told.sequence,
            links=told.links,
            made_at=told.made_at,
            is_opened=self.is_opened,
            is_development=told.is_development,
            sha256=sha256(self.body).hexdigest(),
            size_bytes=len(self.body),
        )


class _Subject(NamedTuple):
    """What is proved."""

    kind: LinkKind
    id: UUID
    record: Record | None
    """None for an entry of the ledger."""


class _Gathered(NamedTuple):
    """All that a proof tells, before it is signed."""

    statement: ProofStatementV1
    link: ProofLink
    path: tuple[str, ...]
    opening: str | None
    keys: KeyProvider


def prove(
    archive: Database,
    worker_id: UUID,
    asked: ProofAsked,
    *,
    by: Actor,
    now: datetime,
    using: Prover,
) -> Proved:
    """Return the proof of one record or entry, in a transaction of its own.

    The caller has judged that the dossier is the asker's to have documents of, and holds no
    writing session. Raises UnknownWorkerError, FrozenError, ErasedError, IssuerMissingError,
    ProofSubjectUnknownError, RecordWithdrawnError, OpeningRefusedError, NothingSealedError,
    SigningUnavailableError.
    """
    with archive.transaction() as session:
        gathered = _gathered(session, worker_id, asked, by=by, now=now, using=using)
    statement, link, path, opening, keys = gathered
    proof: LinkProofV1 = signed_proof(
        statement, link, path, opening, keys=keys, profile=using.profile
    )
    return Proved(statement, proof_bytes(proof), opening is not None)


def preview(session: Session, worker_id: UUID, subject_id: UUID, *, by: Actor) -> ProofPreview:
    """Return what a proof would tell, so that its holder can choose; nothing is signed.

    What is sealed is told to the holder alone. Raises UnknownWorkerError, FrozenError, ErasedError,
    ProofSubjectUnknownError, RecordWithdrawnError.
    """
    worker, key = worker_known_as(session, worker_id), key_of(session, worker_id)
    subject = _subject(session, worker_id, subject_id)
    link, hashes = _link(session, worker_id, subject), hashes_of(session, worker_id)
    opening = None
    if subject.record is not None and _is_holder(worker_id, by):
        opening = opened_in(key.open(COLUMN, subject.record.sealed).decode())
    return ProofPreview(
        archive_number=worker.archive_number,
        organisation=_organisation(session, subject, link).name,
        sequence=link.sequence,
        links=len(hashes),
        subject_kind=subject.kind,
        subject_id=subject.id,
        clear=clear_part_in(json.loads(link.body)),
        body=link.body.decode(),
        record_id=subject.record.original_id if subject.record else None,
        title=None if opening is None else title_of(opening.record),
        opening=opening,
    )


def _gathered(
    session: Session,
    worker_id: UUID,
    asked: ProofAsked,
    *,
    by: Actor,
    now: datetime,
    using: Prover,
) -> _Gathered:
    worker, issuer = worker_known_as(session, worker_id), issuer_of_all(session)
    lock_dossier(session, worker_id)
    key_of(session, worker_id)  # Of a dossier that is closed nothing is proved any more.
    subject = _subject(session, worker_id, asked.subject_id)
    opening = _opening(session, worker_id, subject, by) if asked.is_opened else None
    hashes, link = hashes_of(session, worker_id), _link(session, worker_id, subject)
    keys = using.keys(session, now=now)
    body = link.body.decode()
    statement = ProofStatementV1(
        made_at=now,
        worker_id=worker_id,
        archive_number=worker.archive_number,
        links=len(hashes),
        root=merkle_root(hashes).hex(),
        sequence=link.sequence,
        subject_kind=subject.kind,
        subject_id=subject.id,
        organisation=_organisation(session, subject, link),
        issuer=ProofIssuer(code=issuer.code, name=_named(issuer)),
        signer=keys.fingerprint,
        timezone=using.timezone,
        verify_url=f"{using.base_url}/verify",
        is_demo=worker.is_demo,
        is_development=keys.is_development,
    )
    previous = hashes[link.sequence - 2] if link.sequence > 1 else GENESIS
    path = tuple(one.hex() for _, one in path_to_root(hashes, link.sequence - 1))
    _tell(session, worker_id, subject, asked, by=by, now=now)
    return _Gathered(statement, ProofLink(previous=previous.hex(), body=body), path, opening, keys)


def _tell(
    session: Session,
    worker_id: UUID,
    subject: _Subject,
    asked: ProofAsked,
    *,
    by: Actor,
    now: datetime,
) -> None:
    """Write down that a proof is made, of what and by whom, before anything is signed."""
    tell_always(session)
    concern(session, worker_id, SUBJECT, subject.id)
    act = current()
    if act is not None:
        act.purpose = OPENED if asked.is_opened else MADE
    mark(session, Permission.ISSUE_TRANSCRIPT, subject.id, worker_id=worker_id, by=by, now=now)


def _subject(session: Session, worker_id: UUID, subject_id: UUID) -> _Subject:
    record = session.get(Record, (worker_id, subject_id))
    if record is not None:
        return _standing(session, record)
    posting = session.get(Posting, (worker_id, subject_id))
    entry = session.get(Entry, (worker_id, posting.entry_id if posting else subject_id))
    if entry is None:
        raise ProofSubjectUnknownError
    return _Subject("entry", entry.id, None)


def _standing(session: Session, record: Record) -> _Subject:
    """Return the version that is meant: named by its first one, a record is its newest."""
    if record.kind not in LEARNING_KINDS:
        raise ProofSubjectUnknownError
    query = (
        select(Record)
        .join(ChainLink, is_link_of(Record, "record"))
        .where(
            col(Record.worker_id) == record.worker_id,
            col(Record.original_id) == record.original_id,
        )
        .order_by(col(ChainLink.sequence).desc())
    )
    newest = session.exec(query).first()
    if newest is None or newest.act is Act.WITHDRAW:
        raise RecordWithdrawnError
    meant = newest if record.id == record.original_id else record
    return _Subject("record", meant.id, meant)


def _opening(session: Session, worker_id: UUID, subject: _Subject, by: Actor) -> str:
    """Return the sealed part as it was committed to: all of it, for there is one commitment."""
    if not _is_holder(worker_id, by):
        raise OpeningRefusedError
    if subject.record is None:
        raise NothingSealedError
    return key_of(session, worker_id).open(COLUMN, subject.record.sealed).decode()


def _is_holder(worker_id: UUID, by: Actor) -> bool:
    """Whether the holder asks, alone or at the counter."""
    return by.role is Role.WORKER and by.worker_id == worker_id


def _link(session: Session, worker_id: UUID, subject: _Subject) -> ChainLink:
    query = select(ChainLink).where(
        col(ChainLink.worker_id) == worker_id,
        col(ChainLink.subject_kind) == subject.kind,
        col(ChainLink.subject_id) == subject.id,
    )
    return session.exec(query).one()


def _organisation(session: Session, subject: _Subject, link: ChainLink) -> ProofOrganisation:
    told = organisation_in(subject.kind, json.loads(link.body))
    found = session.get_one(Organisation, told)
    return ProofOrganisation(id=found.id, code=found.code, name=_named(found))


def _named(organisation: Organisation) -> Bilingual:
    return Bilingual(zh=organisation.name, en=organisation.name_en)
