"""What a share shows: the part of a dossier that its scope names, and how that stands today.

Whoever holds a link, or was granted access, sees this and nothing else. Numbers of records
that are not shared, balances and places in the chain would tell of what is not shown: they
are left out.
"""

from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import chains, reading
from archive.dossiers.outward import told_outside
from archive.errors import UnknownRecordError
from archive.people import shares
from archive.people.access import refuse_reading
from archive.people.actors import Actor
from archive.people.names import masked_name
from archive.people.shares import OpenedShare
from credit_bank.chain import canonical_bytes
from schemas.dossiers import DossierView, RecordView
from schemas.shares import (
    RecordState,
    ShareAsked,
    SharedContent,
    SharedLevel,
    SharedRecord,
    SharedView,
    ShareScope,
)
from schemas.vocabulary import Act, Decision, Permission, RecordStanding

if TYPE_CHECKING:
    from collections.abc import Iterable


def make(  # Whose, what, by whom, when.
    session: Session,
    worker_id: UUID,
    asked: ShareAsked,
    *,
    by: Actor,
    now: datetime,
    today: date,
    zone: tzinfo,
) -> tuple[OpenedShare, str]:
    """Make a share of a dossier; a frozen one keeps what it shows now.

    Raises UnknownWorkerError, ErasedError, and UnknownRecordError when a chosen record is
    not in the dossier or was withdrawn.
    """
    refuse_reading(session, by, worker_id, Permission.SHARE)
    dossier = reading.dossier(session, worker_id, today=today, zone=zone)
    content = content_of(dossier, asked.scope, now=now)
    if len(content.records) < len(set(asked.scope.record_ids)) and not _narrows(asked.scope):
        raise UnknownRecordError
    kept = canonical_bytes(content.model_dump(mode="json")) if asked.is_frozen else None
    return shares.make(session, worker_id, asked, content=kept, by=by, now=now)


def shown(
    session: Session, share: OpenedShare, *, now: datetime, today: date, zone: tzinfo
) -> SharedView:
    """Return what a share shows at this moment; the caller has judged token and PIN."""
    dossier = reading.dossier(session, share.row.worker_id, today=today, zone=zone)
    kept = share.frozen
    if kept is None:
        content = content_of(dossier, share.told.scope, now=now)
    else:
        content = SharedContent.model_validate_json(kept)
    return SharedView(
        for_whom=share.told.for_whom,
        purpose=share.told.purpose,
        frozen_at=share.row.frozen_at,
        expires_at=share.row.expires_at,
        may_download=share.told.may_download,
        seen_at=now,
        content=content,
        states=states_of(session, share.row.worker_id, content, dossier, today=today),
    )


def content_of(dossier: DossierView, scope: ShareScope, *, now: datetime) -> SharedContent:
    """Return the part of a dossier that a scope names. Pure.

    Levels are told only with the certificate that gives them, credits only of what is shown.
    """
    found = [view for view in dossier.records if is_within(view, scope)]
    ids = {view.id for view in found}
    records = tuple(_record(view, with_credits=scope.with_credits) for view in found)
    hidden = scope.is_name_masked
    return SharedContent(
        as_of=now,
        name=masked_name(dossier.name) if hidden else dossier.name,
        is_name_masked=hidden,
        document_type=None if hidden else dossier.document_type,
        document_number_masked=None if hidden else dossier.document_number_masked,
        levels=tuple(
            SharedLevel(
                rank=level.rank,
                rank_name=level.rank_name,
                occupation_name=level.occupation_name,
                held_since=level.held_since,
                record_id=level.record_id,
            )
            for level in dossier.levels
            if level.record_id in ids
        )
        if scope.with_levels
        else None,
        credits=sum((one.credits or Decimal(0) for one in records), Decimal(0))
        if scope.with_credits
        else None,
        records=records,
        is_demo=dossier.is_demo,
    )


def is_within(view: RecordView, scope: ShareScope) -> bool:
    """Whether a scope names a record. What was withdrawn never was, and is in none."""
    day = view.effective_on
    return (
        not view.is_withdrawn
        and (not scope.record_ids or view.id in scope.record_ids)
        and (not scope.kinds or view.record.kind in scope.kinds)
        and (scope.occupation is None or view.record.occupation == scope.occupation)
        and (scope.begins_on is None or (day is not None and day >= scope.begins_on))
        and (scope.ends_on is None or (day is not None and day <= scope.ends_on))
    )


def states_of(
    session: Session,
    worker_id: UUID,
    content: SharedContent,
    dossier: DossierView,
    *,
    today: date,
) -> tuple[RecordState, ...]:
    """Return how each shared record stands now, whenever its content was taken."""
    now_there = {view.id: view for view in dossier.records}
    report = chains.verify(session, worker_id)
    faulty = {fault.sequence for fault in report.faults}
    return tuple(
        _state(one, now_there[one.record_id], content.as_of, faulty, today)
        for one in content.records
    )


def _state(
    shared: SharedRecord,
    view: RecordView,
    as_of: datetime,
    faulty: set[int | None],
    today: date,
) -> RecordState:
    changed = [one for one in view.versions if one.recorded_at > as_of]
    standing = RecordStanding.ON_FILE
    if changed:
        is_withdrawn = changed[-1].act is Act.WITHDRAW
        standing = RecordStanding.WITHDRAWN if is_withdrawn else RecordStanding.CORRECTED
    if faulty & {one.sequence for one in view.versions}:
        standing = RecordStanding.DIFFERS
    return RecordState(
        record_id=shared.record_id,
        standing=standing,
        changed_at=changed[-1].recorded_at if changed else None,
        is_past_validity=shared.valid_until is not None and shared.valid_until < today,
        issuer_note=view.issuer_note,
    )


def _record(view: RecordView, *, with_credits: bool) -> SharedRecord:
    return SharedRecord(**told_outside(view), credits=_earned(view) if with_credits else None)


def _earned(view: RecordView) -> Decimal | None:
    """Return what a record brought by the rules here and by agreements; None when undecided."""
    told = [
        one.credits
        for one in (view.credit, view.recognition)
        if one is not None and one.decision is not Decision.UNDECIDED
    ]
    return sum(told, Decimal(0)) if told else None


def _narrows(scope: ShareScope) -> bool:
    """Whether anything but chosen records is named, which may leave some of them out."""
    parts: Iterable[object] = (scope.occupation, scope.kinds, scope.begins_on, scope.ends_on)
    return any(parts)
