"""The documents about a dossier: how each stands, and its file once more."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.models import Record
from archive.dossiers.titles import organisation_view
from archive.errors import ArchiveError
from archive.people import organisations
from archive.people.actors import Actor
from archive.people.look_ups import worker_known_as
from archive.people.privacy import PersonKey
from archive.transcripts.consent_marks import of_documents, taken_back_at
from archive.transcripts.intents import key_of, opened
from archive.transcripts.kept import DocumentGoneError, kept_documents
from archive.transcripts.models import DocumentMaking, Transcript, TranscriptFile
from credit_bank.models import ChainLink, is_link_of
from schemas.documents import DocumentList, DocumentView
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import Act, DocumentState

MOST = 100
"""Documents that a list shows, the newest."""


class DocumentUnknownError(ArchiveError):
    """There is no such document, or not for whoever asks."""

    code: ClassVar[str] = "document_unknown"
    template: ClassVar[str] = (
        "There is no such document about this dossier. Look it up in the list of documents."
    )


@dataclass(frozen=True)
class Fetched:
    """A document with its file, once more."""

    transcript: TranscriptV1
    pdf: bytes


Row = tuple[Transcript, DocumentMaking | None, TranscriptFile | None]


def listed(session: Session, worker_id: UUID, *, by: Actor, today: date) -> DocumentList:
    """Return the documents about a dossier; the caller has judged that it is the asker's to see.

    One with the whole number of the identity document is told to the holder alone. Raises
    UnknownWorkerError, FrozenError, ErasedError.
    """
    worker = worker_known_as(session, worker_id)
    key, changed = key_of(session, worker_id), _changes(session, worker_id)
    views = [_view(session, key, row, changed, today) for row in _rows(session, worker_id)]
    views = _with_consents(session, worker_id, views)
    told = [one for one in views if _is_told(one, worker_id, by)]
    return DocumentList(archive_number=worker.archive_number, documents=tuple(told[:MOST]))


def one(
    session: Session, worker_id: UUID, transcript_id: UUID, *, by: Actor, today: date
) -> DocumentView:
    """Return one document about a dossier; raises DocumentUnknownError."""
    row = _row(session, worker_id, transcript_id)
    key, changed = key_of(session, worker_id), _changes(session, worker_id)
    [view] = _with_consents(session, worker_id, [_view(session, key, row, changed, today)])
    if view.state is DocumentState.REPLACED and row[1] is not None and row[1].replaced_by:
        return one(session, worker_id, row[1].replaced_by, by=by, today=today)
    if not _is_told(view, worker_id, by):
        raise DocumentUnknownError
    return view


def fetched(session: Session, worker_id: UUID, transcript_id: UUID, *, by: Actor) -> Fetched:
    """Return the file of a document, the same bytes; DocumentUnknownError, DocumentGoneError."""
    row, _, file = _row(session, worker_id, transcript_id)
    key = key_of(session, worker_id)
    transcript = opened(key, row)
    if transcript.holder.document_number is not None and by.worker_id != worker_id:
        raise DocumentUnknownError
    if file is None:
        raise DocumentGoneError
    return Fetched(transcript, kept_documents(session).get(key, transcript_id, file.sha256))


def _row(session: Session, worker_id: UUID, transcript_id: UUID) -> Row:
    found = _rows(session, worker_id, transcript_id)
    if not found:
        raise DocumentUnknownError
    return found[0]


def _rows(session: Session, worker_id: UUID, transcript_id: UUID | None = None) -> list[Row]:
    """Return the documents of a dossier, or one of them, the newest first."""
    query = (
        select(Transcript, DocumentMaking, TranscriptFile)
        .outerjoin(
            DocumentMaking,
            (col(DocumentMaking.worker_id) == col(Transcript.worker_id))
            & (col(DocumentMaking.transcript_id) == col(Transcript.id)),
        )
        .outerjoin(
            TranscriptFile,
            (col(TranscriptFile.worker_id) == col(Transcript.worker_id))
            & (col(TranscriptFile.transcript_id) == col(Transcript.id)),
        )
        .where(col(Transcript.worker_id) == worker_id)
        .order_by(
            col(Transcript.intended_at).desc(),
            col(Transcript.id).desc(),
            col(TranscriptFile.registered_at).desc(),
        )
        .limit(2 * MOST)
    )
    if transcript_id is not None:
        query = query.where(col(Transcript.id) == transcript_id)
    found: dict[UUID, Row] = {}
    for row, making, file in session.exec(query):
        found.setdefault(row.id, (row, making, file))
    return list(found.values())


def _changes(session: Session, worker_id: UUID) -> dict[UUID, int]:
    """Return by record the place in the chain of its last correction or withdrawal."""
    last = func.max(ChainLink.sequence)
    query = (
        select(Record.original_id, last)
        .join(ChainLink, is_link_of(Record, "record"))
        .where(col(Record.worker_id) == worker_id, col(Record.act) != Act.ADD)
        .group_by(col(Record.original_id))
    )
    return dict(session.exec(query).all())


def _view(
    session: Session, key: PersonKey, row: Row, changed: dict[UUID, int], today: date
) -> DocumentView:
    entry, making, file = row
    told = opened(key, entry)
    unmade = DocumentState.READY if file else DocumentState.FAILED
    choice = told.choice
    return DocumentView(
        id=entry.id,
        code=told.code,
        scope=told.scope,
        occupation_name=choice.occupation_name if choice else None,
        first_day=choice.first_day if choice else None,
        last_day=choice.last_day if choice else None,
        records=len(told.records),
        language=told.language,
        purpose=told.purpose,
        has_whole_number=told.holder.document_number is not None,
        issued_at=told.issued_at,
        valid_until=told.valid_until,
        state=making.state if making else unmade,
        fault=making.fault if making else None,
        is_outdated=any(
            changed.get(one.record_id, 0) > told.chain_sequence for one in told.records
        ),
        is_past_validity=told.valid_until < today,
        is_kept=file is not None and kept_documents(session).has(entry.id, file.sha256),
        sha256=file.sha256.hex() if file else None,
        size_bytes=file.size_bytes if file else None,
    )


def _with_consents(
    session: Session, worker_id: UUID, views: list[DocumentView]
) -> list[DocumentView]:
    """Return documents with for whom they were made, where that was by the holder's consent."""
    made = of_documents(session, worker_id)
    bodies = organisations.by_id(session, {one.organisation_id for one in made.values()})
    return [
        one.model_copy(
            update={
                "for_whom": organisation_view(bodies[made[one.id].organisation_id]).name,
                "request": made[one.id].request_id,
                "is_taken_back": taken_back_at(session, worker_id, one.id) is not None,
            }
        )
        if one.id in made
        else one
        for one in views
    ]


def _is_told(view: DocumentView, worker_id: UUID, by: Actor) -> bool:
    is_holder = by.worker_id == worker_id
    return view.state is not DocumentState.REPLACED and (is_holder or not view.has_whole_number)
