"""What the archive itself knows of a link that was proved: whether it stands, or since when not."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from archive.audit.acts import concern
from archive.dossiers import chains
from archive.dossiers.issuer_notes import notes_on
from archive.dossiers.models import Record
from archive.dossiers.reading import learner
from archive.people.privacy import vault_of
from archive.transcripts.following import Change, Followed, follow
from archive.transcripts.standing import ProofChange, ProofStanding
from credit_bank.issuers import suspensions
from credit_bank.merkle import merkle_root
from credit_bank.models import ChainHead, ChainLink, Entry
from schemas.dossiers import IssuerNote
from schemas.link_proofs import ProofStatementV1

SUBJECT = "proof"
"""What the holder's log calls a look at a proof."""


def standing_of(session: Session, told: ProofStatementV1, link: bytes) -> ProofStanding | None:
    """Return how a link stands; None when there is no such dossier.

    Whose it is learns of this look, as of one at a document.
    """
    worker_id = told.worker_id
    if session.get(ChainHead, worker_id) is None:
        return None
    concern(session, worker_id, SUBJECT, told.subject_id)
    if not _is_same(session, told, link):
        return ProofStanding(is_same=False)
    if worker_id not in vault_of(session).keys_of([worker_id]):
        return ProofStanding(is_same=True, is_closed=True)
    zone = ZoneInfo(told.timezone)
    lineage = _lineage(session, told)
    followed = follow(session, worker_id, [lineage], told.sequence)
    is_record = told.subject_kind == "record"
    found = _of_record(followed, lineage) if is_record else _of_entry(session, told)
    merged_at = followed.merged_at
    return ProofStanding(
        is_same=True,
        change=ProofChange(found[0], found[1].astimezone(zone).date()) if found else None,
        note=_note(session, followed, lineage),
        merged_on=merged_at.astimezone(zone).date() if merged_at else None,
    )


def hashes_of(session: Session, worker_id: UUID, *, until: int | None = None) -> list[bytes]:
    """Return the hashes of a dossier's links in their order: the leaves of its tree."""
    query = select(ChainLink.hash).where(col(ChainLink.worker_id) == worker_id)
    if until is not None:
        query = query.where(col(ChainLink.sequence) <= until)
    return list(session.exec(query.order_by(col(ChainLink.sequence))))


def _is_same(session: Session, told: ProofStatementV1, link: bytes) -> bool:
    """Whether the first links make the root that was signed, and the row is what was hashed."""
    hashes = hashes_of(session, told.worker_id, until=told.links)
    if len(hashes) != told.links or merkle_root(hashes).hex() != told.root:
        return False
    if hashes[told.sequence - 1] != link:
        return False
    faults = chains.verify(session, told.worker_id).faults
    return told.sequence not in {fault.sequence for fault in faults}


def _lineage(session: Session, told: ProofStatementV1) -> UUID:
    """Return the record that is meant, for good: that of which an entry tells, too."""
    place = (told.worker_id, told.subject_id)
    if told.subject_kind == "record":
        return session.get_one(Record, place).original_id
    return session.get_one(Entry, place).outcome_id


def _of_record(followed: Followed, lineage: UUID) -> Change | None:
    """Return the last correction or withdrawal, also after the dossier was merged."""
    return next(iter(followed.changes.get(lineage, [])[-1:]), None)


def _of_entry(session: Session, told: ProofStatementV1) -> tuple[None, datetime] | None:
    """Return since when a later entry tells of the same units; a reversal is one, too."""
    entry = session.get_one(Entry, (told.worker_id, told.subject_id))
    later = select(Entry.recorded_at).where(
        col(Entry.worker_id) == told.worker_id,
        col(Entry.outcome_id) == entry.outcome_id,
        col(Entry.family) == entry.family,
        col(Entry.revision) > entry.revision,
    )
    at = session.exec(later.order_by(col(Entry.revision))).first()
    return None if at is None else (None, at)


def _note(session: Session, followed: Followed, lineage: UUID) -> IssuerNote | None:
    """Return what a decision on the issuer says of the record now; it changes no verdict."""
    decisions = suspensions(session)
    if not decisions:
        return None
    notes = notes_on(learner(session, followed.worker_id).outcomes, decisions)
    return notes.get(followed.names[lineage])
