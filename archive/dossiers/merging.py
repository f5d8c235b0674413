"""Two dossiers of one person become one: records, lots and uses are carried to the survivor.

Each live record is withdrawn in the dossier that closes and posted to the surviving one, sealed
under its key; what the survivor has already is named and not doubled. What was decided and
used follows at the bank (``credit_bank/merging.py``). See docs/decisions/0025.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.notes import note_in, seal_note
from archive.dossiers.sealing import (
    Sealed,
    content_digest,
    identity_digest,
    unseal,
    written,
)
from archive.dossiers.shelves import Version
from archive.dossiers.writing import DossierWriter, Posting, writing
from archive.errors import ArchiveError
from archive.people.look_ups import worker_known_as
from archive.people.mergers import hand_over
from archive.people.models import Merger
from archive.people.privacy import vault_of
from archive.people.workers import take_turn
from archive.texts import both
from credit_bank.booking import SealedNote
from credit_bank.carrying import Event, estate_of
from credit_bank.desk import events_with_bodies
from credit_bank.merging import Occasion, join
from credit_bank.models import ChainLink, is_link_of
from credit_bank.publishing import rule_book
from credit_bank.traces import case_fact_in
from schemas.cases import Carried
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RecordKind

CARRIED_TO = "Carried to dossier {number}, into which this one was merged."
"""Why the records of a dossier that closes are withdrawn there."""


class MergeWithItselfError(ArchiveError):
    """Both numbers mean one dossier."""

    code: ClassVar[str] = "merge_with_itself"
    template: ClassVar[str] = (
        "Both numbers lead to one dossier: it was merged already, or the same number was given "
        "twice. Look both up again."
    )


@dataclass(frozen=True, slots=True)
class Deed:
    """On what a merger rests: who carries it out, when, with what proof."""

    by: UUID
    now: datetime
    zone: tzinfo
    evidence: bytes
    """SHA-256 of the scan."""
    proposal_id: UUID | None = None
    note: SealedNote | None = None
    """Why, sealed under the survivor's key."""


@dataclass(slots=True)
class Joined:
    """What became of the records of a dossier that was merged."""

    carried: list[Carried] = field(default_factory=list)
    contents: dict[UUID, AnyRecord] = field(default_factory=dict)
    """What each says, by its id in the dossier that closes."""

    @property
    def heirs(self) -> dict[UUID, UUID]:
        """What each record is called in the surviving dossier."""
        return {one.origin_id: one.record_id for one in self.carried}


def merge(session: Session, closing_id: UUID, into_id: UUID, deed: Deed) -> Joined:
    """Merge one dossier into another and close it, in this transaction.

    Raises MergeWithItselfError, DossierClosedError when one of them was merged before,
    ErasedError, MergerWaitsError, MergerUncoveredError.
    """
    if closing_id == into_id:
        raise MergeWithItselfError
    for worker_id in sorted((closing_id, into_id)):
        take_turn(session, worker_id)
    with writing(session, [closing_id, into_id]) as writer:
        joined = carry(session, writer, closing_id, into_id, deed)
    session.add(
        Merger(
            worker_id=closing_id,
            into_id=into_id,
            proposal_id=deed.proposal_id,
            evidence=deed.evidence,
            merged_at=deed.now,
        )
    )
    hand_over(session, closing_id, into_id, by=deed.by, now=deed.now)
    return joined


def carry(
    session: Session, writer: DossierWriter, closing_id: UUID, into_id: UUID, deed: Deed
) -> Joined:
    """Carry everything from one dossier to another, in a writer that has both."""
    closing, survivor = writer.book(closing_id), writer.book(into_id)
    events = list(_events(session, writer, closing_id, into_id))
    estate, joined = estate_of(closing), Joined()
    number = worker_known_as(session, into_id).archive_number
    told = both(CARRIED_TO, {"number": number})
    reason = f"{told.zh} {told.en}"
    for row, sealed in _live(session, writer, closing_id):
        leaving = Posting(row.organisation_id, deed.by, deed.now)
        coming = replace(leaving, source=sealed.source)
        if row.kind is RecordKind.IDENTITY:  # It goes on to say whose the closed dossier was.
            writer.release(closing_id, row.original_id)
        else:
            writer.withdraw(closing_id, row.original_id, sealed.content, leaving, reason)
        known = _double(session, writer, into_id, row, sealed.content)
        here = (
            known.original_id if known else writer.carry(into_id, sealed.content, coming).record_id
        )
        joined.contents[row.original_id] = sealed.content
        joined.carried.append(
            Carried(
                origin_id=row.original_id,
                version_id=row.id,
                record_id=here,
                is_double=known is not None,
                is_changed=known is not None and not _says(session, known, into_id, sealed.content),
                lots=estate.lots.get(row.original_id, ()),
            )
        )
    writer.settle()
    today = deed.now.astimezone(deed.zone).date()
    at = Occasion(deed.by, deed.now, today, deed.zone, deed.note)
    join(closing, survivor, estate, events, joined.carried, joined.heirs, rule_book(session), at)
    return joined


def _double(
    session: Session, writer: DossierWriter, into_id: UUID, row: Record, content: AnyRecord
) -> Version | None:
    """Return the survivor's record that is this one (decision 0010); None when there is none."""
    identity = identity_digest(vault_of(session), into_id, row.organisation_id, content)
    known = writer.shelves[into_id].find(identity)
    return known if known and known.act is not Act.WITHDRAW else None


def _says(session: Session, known: Version, into_id: UUID, content: AnyRecord) -> bool:
    """Whether the survivor's record says just what the other dossier's did."""
    return known.content == content_digest(vault_of(session), into_id, written(content))


def _live(
    session: Session, writer: DossierWriter, worker_id: UUID
) -> Iterator[tuple[Record, Sealed]]:
    """Yield the records that stand in a dossier, opened, in the order of its chain."""
    query = (
        select(Record)
        .join(ChainLink, is_link_of(Record, "record"))
        .where(col(Record.worker_id) == worker_id)
        .order_by(col(ChainLink.sequence))
    )
    rows, key = list(session.exec(query)), writer.key(worker_id)
    replaced = {row.target_id for row in rows}
    for row in rows:
        if row.id not in replaced and row.act is not Act.WITHDRAW:
            yield row, unseal(key, row.sealed)


def _events(
    session: Session, writer: DossierWriter, closing_id: UUID, into_id: UUID
) -> Iterator[Event]:
    """Yield what was told of the closing dossier's cases; what was written, sealed anew."""
    closing, survivor = writer.key(closing_id), writer.key(into_id)
    for event, body in events_with_bodies(session, [closing_id]):
        text = note_in(closing, event)
        note = seal_note(survivor, text) if text is not None else None
        yield Event(case_fact_in(body), event.recorded_by, note)
