"""Working a batch of documents off: some at once, on all processors; stopped between two steps.

Each document is registered, made, kept and registered as any other. A step settles what was
made before it and begins the next ones; laying out and signing lie between two steps. Done
again after a kill the same documents are made, and only what is registered is seen.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.errors import StorageFullError
from archive.jobs.desk import WORKS, Steps, Told
from archive.people.models import Account
from archive.people.trail import tell_made
from archive.transcripts import consented, makings
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batch_orders import EACH_BYTES, free_bytes
from archive.transcripts.batch_refusals import BatchStoppedError
from archive.transcripts.batches import KEPT, KIND, OPEN, items_of, locked
from archive.transcripts.finishing import Tried, tried
from archive.transcripts.intents import Intent, intend, key_of
from archive.transcripts.issuing import complete
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.ordering import still_signs
from archive.transcripts.presses import press_of
from schemas.documents import BatchReport, DocumentAsked
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentState, RunState

if TYPE_CHECKING:
    from datetime import tzinfo

AT_ONCE = 8
"""Documents between two steps: some seconds, after which a batch can be stopped."""
STOPPED = BatchStoppedError.code
Made = Mapping[UUID, Tried | None]


def work_off(steps: Steps, key: str, _zone: "tzinfo") -> BatchReport:
    """Make the documents of a batch, one handful after the other: the job.

    Ends by SigningUnavailableError while nothing signs; it is tried again later.
    """
    batch_id, made = UUID(key), cast("Made", {})
    while (ids := steps.take(partial(_advance, batch_id, made))) is not None:
        made = steps.aside(partial(_make, cast("list[str]", ids)))
    return BatchReport(batch=batch_id)


WORKS[KIND] = work_off


def _advance(batch_id: UUID, made: Made, session: Session, now: datetime) -> Told:
    """Settle what was made, begin the next; return what is to be made, or None when all is over."""
    batch = locked(session, batch_id)
    for item in _next(session, batch_id):
        if item.transcript_id:
            _settle(session, batch, item, made, now)
    batch.moved_at = now
    session.add(batch)
    session.flush()
    if batch.state not in OPEN:
        return None
    waiting = _next(session, batch_id)
    if not waiting:
        batch.state, batch.ended_at, batch.kept_until = RunState.DONE, now, now + KEPT
        session.flush()
        return None
    if free_bytes(session) < len(waiting) * EACH_BYTES:
        raise StorageFullError  # Nothing is signed that could not be kept: tried again later.
    batch.state = RunState.RUNNING
    for item in waiting:
        if item.transcript_id is None:
            _begin(session, batch, item, now)
    session.flush()
    return [
        f"{one.worker_id}/{one.transcript_id}"
        for one in waiting
        if one.transcript_id and one.state is DocumentState.AWAITED
    ]


def _next(session: Session, batch_id: UUID) -> list[DocumentBatchItem]:
    """Return the first lines that are not settled: those that were begun are among them."""
    return items_of(session, batch_id, most=AT_ONCE, state=DocumentState.AWAITED)


def _begin(session: Session, batch: DocumentBatch, item: DocumentBatchItem, now: datetime) -> None:
    """Register one document; one that says the same and stands is taken as it is."""
    by = session.get_one(Account, batch.asked_by)
    try:
        with session.begin_nested():
            intent = _intent(session, batch, item, by, now)
    except Refusal as refusal:
        _end(session, batch, item, refusal.code)
        return
    tell_made(session, item.worker_id, intent.transcript.id, by, batch.organisation_id)
    item.transcript_id = intent.transcript.id
    session.add(item)
    if intent.state is DocumentState.READY:
        _end(session, batch, item, None)
    else:
        makings.await_signature(session, item.worker_id, intent.transcript.id, now=now)


def _intent(
    session: Session, batch: DocumentBatch, item: DocumentBatchItem, by: Account, now: datetime
) -> Intent:
    press, language = press_of(session), batch.language
    if item.request_id is not None:
        return consented.intend(
            session, item.worker_id, item.request_id, language, by=by.id, now=now, using=press
        )
    records = (item.record_id,) if item.record_id else ()
    asked = DocumentAsked(scope=batch.scope, language=language, records=records)
    return intend(session, item.worker_id, asked, by=by, now=now, using=press)


def _settle(  # Which, of what, what was made, when.
    session: Session, batch: DocumentBatch, item: DocumentBatchItem, made: Made, now: datetime
) -> None:
    worker_id, own = item.worker_id, cast("UUID", item.transcript_id)
    if batch.state not in OPEN:
        makings.fail(session, worker_id, own, STOPPED, now=now)
        _end(session, batch, item, STOPPED)
        return
    if own not in made:
        return  # Begun before a kill: it is made now.
    one = _good(session, made[own])
    if one is None:  # The signer was replaced: it is begun anew.
        makings.fail(session, worker_id, own, DocumentFailedError.code, now=now)
        item.transcript_id = None
        session.add(item)
        return
    code = one.refused
    if one.signed is not None:
        try:
            with session.begin_nested():
                if item.request_id is not None:
                    consented.standing(session, worker_id, item.request_id, now=now)
                key = key_of(session, worker_id)
                complete(session, key, worker_id, one.transcript, one.signed, now=now)
        except StorageFullError:
            raise  # No fault of this line: the list waits for room, and nothing of it is lost.
        except Refusal as refusal:
            code = refusal.code
    if code is not None and makings.state_of(session, worker_id, own).state is DocumentState.READY:
        code = None  # Another has made the same meanwhile.
    if code is not None:
        makings.fail(session, worker_id, own, code, now=now)
    _end(session, batch, item, code)


def _good(session: Session, one: Tried | None) -> Tried | None:
    """Return what was made; None when its signer was revoked or replaced meanwhile."""
    if one is None or one.signed is None:
        return one
    return one if still_signs(session, one.transcript, press_of(session).keys) else None


def _end(session: Session, batch: DocumentBatch, item: DocumentBatchItem, code: str | None) -> None:
    item.state = DocumentState.FAILED if code else DocumentState.READY
    item.fault = code
    batch.ready += code is None
    batch.failed += code is not None
    session.add(item)


def _make(ids: Sequence[str], archive: Database, now: datetime) -> Made:
    """Make some documents at once."""
    pairs = [(UUID(whose), UUID(own)) for whose, own in (one.split("/") for one in ids)]
    if not pairs:
        return {}
    with ThreadPoolExecutor(len(pairs)) as hands:
        made = [hands.submit(tried, whose, own, archive, now) for whose, own in pairs]
    return {own: one.result() for (_, own), one in zip(pairs, made, strict=True)}
