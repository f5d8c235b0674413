"""A batch of documents as its asker sees it: how far it is, what it waits for, each line.

A line that is about somebody's consent names nobody as long as there is no document: who asked
for access does not learn from a list whom a request met.
"""

from collections.abc import Sequence
from datetime import date
from typing import cast
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import reading
from archive.errors import ArchiveError
from archive.jobs.models import Job
from archive.people import organisations
from archive.people.models import Worker
from archive.people.names import masked_name
from archive.people.share_models import AccessRequest
from archive.texts import explained
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batch_orders import EACH_BYTES
from archive.transcripts.batches import KIND, OPEN, items_of, told_of
from archive.transcripts.intents import key_of, opened
from archive.transcripts.models import Transcript
from schemas.contracts import Bilingual
from schemas.documents import BatchFault, BatchLine, BatchLines, BatchView
from schemas.refusals import Refusal, all_refusals
from schemas.vocabulary import DocumentState

MOST_FAULTS = 50
_MEGABYTE = 1024**2


def view_of(session: Session, batch: DocumentBatch, *, today: date) -> BatchView:
    """Return how far a batch is, and the first that failed: name masked, code, reason."""
    failed = items_of(session, batch.id, most=MOST_FAULTS, state=DocumentState.FAILED)
    told = lines_of(session, batch, failed, today=today)
    code = _waits_for(session, batch)
    return BatchView(
        id=batch.id,
        organisation=_code(session, batch.organisation_id),
        is_by_consent=batch.is_by_consent,
        scope=batch.scope,
        language=batch.language,
        class_id=batch.class_id,
        state=batch.state,
        is_under_way=batch.state in OPEN,
        total=batch.total,
        ready=batch.ready,
        failed=batch.failed,
        megabytes=-(-batch.total * EACH_BYTES // _MEGABYTE),
        waits_for=code,
        waits_because=reason_of(code) if code else None,
        asked_at=batch.asked_at,
        ended_at=batch.ended_at,
        kept_until=batch.kept_until,
        faults=tuple(
            BatchFault(
                archive_number=one.archive_number,
                reference=one.reference,
                name_masked=one.name_masked,
                code=one.code or "",
                reason=one.reason or Bilingual(zh="", en=""),
            )
            for one in told
        ),
    )


def page_of(
    session: Session, batch: DocumentBatch, *, after: int, most: int, today: date
) -> BatchLines:
    """Return the lines of a batch after a place, and where the next ones begin."""
    items = items_of(session, batch.id, after=after, most=most + 1)
    told = lines_of(session, batch, items[:most], today=today)
    return BatchLines(lines=told, next=told[-1].position if len(items) > most else None)


def lines_of(
    session: Session, batch: DocumentBatch, items: Sequence[DocumentBatchItem], *, today: date
) -> tuple[BatchLine, ...]:
    """Return what became of each of some documents of a batch."""
    numbers = numbers_of(session, items)
    references = references_of(session, items)
    return tuple(_line(session, batch, one, numbers, references, today) for one in items)


def numbers_of(session: Session, items: Sequence[DocumentBatchItem]) -> dict[UUID, str]:
    """Return the archive numbers of those whom some documents are about."""
    query = select(Worker.worker_id, Worker.archive_number).where(
        col(Worker.worker_id).in_({one.worker_id for one in items})
    )
    return dict(session.exec(query).all())


def references_of(session: Session, items: Sequence[DocumentBatchItem]) -> dict[UUID, str]:
    """Return what the organisation calls its requests by whose consents documents are made."""
    ids = {one.request_id for one in items if one.request_id}
    if not ids:
        return {}
    query = select(AccessRequest.id, AccessRequest.reference).where(
        col(AccessRequest.worker_id).in_({one.worker_id for one in items}),
        col(AccessRequest.id).in_(ids),
    )
    return dict(session.exec(query).all())


def reason_of(code: str | None) -> Bilingual:
    """Return what a code says; facts that it had are not kept."""
    kind = next((one for one in all_refusals() if one.code == code), None)
    if kind is None or "{" in kind.template:
        return Bilingual(zh="", en="")
    return explained(_plain(kind))


def name_of(session: Session, worker_id: UUID, today: date) -> str:
    """Return a name in part; nothing of somebody who was erased or is frozen."""
    try:
        return masked_name(reading.dossier(session, worker_id, today=today).name)
    except ArchiveError:
        return ""


def _line(  # Of which batch, which line.
    session: Session,
    batch: DocumentBatch,
    item: DocumentBatchItem,
    numbers: dict[UUID, str],
    references: dict[UUID, str],
    today: date,
) -> BatchLine:
    is_ready = item.state is DocumentState.READY and item.transcript_id is not None
    is_named = is_ready or not batch.is_by_consent
    state, fault = told_of(batch, item)
    return BatchLine(
        position=item.position,
        reference=references.get(item.request_id) if item.request_id else None,
        archive_number=numbers.get(item.worker_id, "") if is_named else "",
        name_masked=_named(session, item, today) if is_named else "",
        document=item.transcript_id if is_ready else None,
        state=state,
        code=fault,
        reason=reason_of(fault) if fault else None,
    )


def _named(session: Session, item: DocumentBatchItem, today: date) -> str:
    """Return a name in part: as the document has it where there is one."""
    if item.transcript_id is None:
        return name_of(session, item.worker_id, today)
    try:
        key = key_of(session, item.worker_id)
        row = session.get_one(Transcript, (item.worker_id, item.transcript_id))
        return masked_name(opened(key, row).holder.name)
    except ArchiveError:
        return ""


def _waits_for(session: Session, batch: DocumentBatch) -> str | None:
    """Return the code of what a batch that is under way waits for; None when it goes on."""
    if batch.state not in OPEN:
        return None
    query = select(Job.fault).where(col(Job.kind) == KIND, col(Job.key) == str(batch.id))
    fault = session.exec(query).first()
    return next((one.code for one in all_refusals() if one.__qualname__ == fault), None)


def _code(session: Session, organisation_id: UUID) -> str:
    return organisations.by_id(session, [organisation_id])[organisation_id].code


def _plain(kind: type[Refusal]) -> Refusal:
    return cast("type[ArchiveError]", kind)()
