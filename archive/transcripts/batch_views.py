"""A batch of documents as its asker sees it: how far it is, what failed, and the whole as a ZIP.

The ZIP is made when it is asked for, of the kept files: nothing lies about together.
"""

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers import reading
from archive.errors import ArchiveError
from archive.people.models import Worker
from archive.people.names import masked_name
from archive.texts import explained, in_language
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batches import OPEN, items_of
from archive.transcripts.intents import file_of, key_of, opened
from archive.transcripts.kept import DocumentGoneError, kept_documents
from archive.transcripts.models import Transcript
from schemas.contracts import Bilingual
from schemas.documents import BatchFault, BatchView
from schemas.refusals import Refusal, all_refusals
from schemas.vocabulary import DocumentState, Language

INDEX = "index.csv"
MOST_FAULTS = 50
_COLUMNS = ("No.", "Archive number", "Name", "State", "Verification code", "File", "Reason")


def view_of(session: Session, batch: DocumentBatch, *, today: date) -> BatchView:
    """Return how far a batch is, and the first that failed: name masked, code, reason."""
    failed = [one for one in items_of(session, batch.id) if one.state is DocumentState.FAILED]
    numbers = _numbers(session, [one.worker_id for one in failed])
    return BatchView(
        id=batch.id,
        scope=batch.scope,
        language=batch.language,
        class_id=batch.class_id,
        state=batch.state,
        is_under_way=batch.state in OPEN,
        total=batch.total,
        ready=batch.ready,
        failed=batch.failed,
        asked_at=batch.asked_at,
        ended_at=batch.ended_at,
        kept_until=batch.kept_until,
        faults=tuple(
            BatchFault(
                archive_number=numbers[one.worker_id],
                name_masked=_name(session, one.worker_id, today),
                code=one.fault or "",
                reason=_reason(one.fault),
            )
            for one in failed[:MOST_FAULTS]
        ),
    )


def zipped(
    session: Session, batch: DocumentBatch, language: Language, *, today: date, moment: datetime
) -> bytes:
    """Return the documents of a batch with a table of all, those that failed among them."""
    items = items_of(session, batch.id)
    numbers = _numbers(session, [one.worker_id for one in items])
    body = io.BytesIO()
    rows = []
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            row, pdf = _row(session, item, numbers, language, today)
            rows.append(row)
            if pdf is not None:
                _add(archive, row[5], pdf, moment)
        _add(archive, INDEX, _table(rows, language), moment)
    return body.getvalue()


def _row(
    session: Session,
    item: DocumentBatchItem,
    numbers: Mapping[UUID, str],
    language: Language,
    today: date,
) -> tuple[tuple[str, ...], bytes | None]:
    number, fault = numbers[item.worker_id], item.fault
    head = (str(item.position), number)
    state = in_language(f"document_state.{item.state.value}", language)
    if item.state is DocumentState.READY and item.transcript_id is not None:
        try:
            key = key_of(session, item.worker_id)
            told = opened(key, session.get_one(Transcript, (item.worker_id, item.transcript_id)))
            file = file_of(session, item.worker_id, item.transcript_id)
            if file is None:
                raise DocumentGoneError  # Told like a file that is lost.
            pdf = kept_documents(session).get(key, item.transcript_id, file.sha256)
        except ArchiveError as gone:
            fault = gone.code
        else:
            name = f"{item.position:03}-{number}.pdf"
            return (*head, masked_name(told.holder.name), state, told.code, name, ""), pdf
    reason = _reason(fault)
    said = reason.zh if language is Language.CHINESE else reason.en
    name = _name(session, item.worker_id, today)
    return (*head, name, state, "", "", f"{fault}: {said}" if fault else ""), None


def _numbers(session: Session, whose: list[UUID]) -> dict[UUID, str]:
    query = select(Worker.worker_id, Worker.archive_number).where(
        col(Worker.worker_id).in_(set(whose))
    )
    return dict(session.exec(query).all())


def _name(session: Session, worker_id: UUID, today: date) -> str:
    """Return a name in part; nothing of somebody who was erased or is frozen."""
    try:
        return masked_name(reading.dossier(session, worker_id, today=today).name)
    except ArchiveError:
        return ""


def _reason(code: str | None) -> Bilingual:
    """Return what a code says; facts that it had are not kept."""
    kind = next((one for one in all_refusals() if one.code == code), None)
    if kind is None or "{" in kind.template:
        return Bilingual(zh="", en="")
    return explained(_plain(kind))


def _plain(kind: type[Refusal]) -> Refusal:
    return kind()


def _table(rows: list[tuple[str, ...]], language: Language) -> bytes:
    """Return a table that office programs read; no cell of it is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(in_language(one, language) for one in _COLUMNS)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def _add(archive: zipfile.ZipFile, name: str, content: bytes, moment: datetime) -> None:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.external_attr = 0o600 << 16  # For who asked only, where it is unpacked.
    archive.writestr(entry, content)
