"""Importing what another credit bank tells: all is checked first, then written.

Everything or nothing, unless only the items without fault are asked for.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.barred import Gate
from archive.dossiers.exchange_file import Faults, FileReader, Item
from archive.dossiers.sealing import content_digest, identity_digest, source_of, written
from archive.dossiers.shelves import Shelf, shelves_of
from archive.dossiers.titles import title_of
from archive.dossiers.writing import Posting, writing
from archive.people import schemes
from archive.people.access import refuse_proposing
from archive.people.accreditation_refusals import NotAccreditedError
from archive.people.actors import Actor
from archive.people.models import Organisation
from archive.people.privacy import vault_of
from schemas.batches import BatchMode
from schemas.exchange import ExchangeFinding, ExchangeItem, ExchangeReport
from schemas.records import Certificate, Training
from schemas.vocabulary import Act, RowState, Severity, Way

__all__ = ["Faults", "bring_in"]


@dataclass(frozen=True, slots=True)
class _Judged:
    """An item that can be taken: whose record it is, and which."""

    item: Item
    worker_id: UUID
    record: Training | Certificate


def bring_in(  # noqa: PLR0913  # What, from whom, for whom, how told, by whom, when.
    session: Session,
    told: Mapping[str, Any],
    *,
    scheme: str,
    organisation: Organisation,
    commit: bool,
    faults: Faults,
    by: Actor,
    now: datetime,
    today: date,
    mode: BatchMode = "all",
) -> ExchangeReport:
    """Check a file of another credit bank and write it, if that is asked for.

    With ``mode`` “all” nothing is written when anything is wrong, with “good” every item
    without fault. The same file again changes nothing, nor does one that was exported here.
    Raises NotAllowedError for others than the bureau, UnknownSchemeError, and what the writer
    refuses.
    """
    refuse_proposing(by)
    known = schemes.coded(session, scheme)
    reader = FileReader(session, known.code, faults, today)
    items = reader.items(told)
    taken = [
        _Judged(one, one.worker_id, one.record) for one in items if one.worker_id and one.record
    ]
    _judge(session, taken, organisation.id)
    findings = [*reader.findings, *(found for one in items for found in one.findings)]
    is_clean = all(one.severity is not Severity.ERROR for one in findings)
    writes = commit and (is_clean or mode == "good")
    if writes:
        source = source_of(Way.EXCHANGE, told, reference=known.code)
        _write(session, taken, Posting(organisation.id, by.id, now, source))
    done = [_told(one) for one in items if one.record or one.is_ours or one.is_faulty]
    return ExchangeReport(
        scheme=known.code,
        organisation=organisation.code,
        committed=writes,
        counts=dict(Counter(one.state for one in done)),
        findings=tuple(_in_order(findings)),
        items=tuple(done),
    )


def _judge(session: Session, taken: Sequence[_Judged], organisation_id: UUID) -> None:
    """Tell of each item what it would do, and what the organisation is not accredited for."""
    gate, vault = Gate(session), vault_of(session)
    shelves = shelves_of(session, list({one.worker_id for one in taken}))
    for one in taken:
        identity = identity_digest(vault, one.worker_id, organisation_id, one.record)
        shelf = shelves[one.worker_id]
        known = shelf.find(identity)
        one.item.record_id = known.original_id if known else None
        one.item.state = _state(session, one, shelf, identity)
        try:
            gate.refuse(one.record, organisation_id, known=known)
        except NotAccreditedError as refusal:
            one.item.fault(refusal)
            one.item.state = RowState.FAULTY


def _state(session: Session, one: _Judged, shelf: Shelf, identity: bytes) -> RowState:
    known = shelf.find(identity)
    if known is None:
        return RowState.NEW
    digest = content_digest(vault_of(session), one.worker_id, written(one.record))
    is_same = known.content == digest and known.act is not Act.WITHDRAW
    return RowState.SAME if is_same else RowState.CHANGED


def _write(session: Session, taken: Sequence[_Judged], posting: Posting) -> None:
    good = [one for one in taken if not one.item.is_faulty]
    with writing(session, [one.worker_id for one in good]) as writer:
        for one in good:
            added = writer.add(one.worker_id, one.record, posting)
            one.item.state, one.item.record_id = added.state, added.record_id


def _told(item: Item) -> ExchangeItem:
    return ExchangeItem(
        place=item.place,
        title=title_of(item.record) if item.record else item.title,
        state=item.state,
        record_id=item.record_id,
        findings=tuple(item.findings),
    )


def _in_order(findings: Sequence[ExchangeFinding]) -> list[ExchangeFinding]:
    """Return findings as they stand in the file; lists count from 0."""
    return sorted(
        findings,
        key=lambda one: [
            (0, int(part), "") if part.isdecimal() else (1, 0, part)
            for part in one.place.split(".")
        ],
    )
