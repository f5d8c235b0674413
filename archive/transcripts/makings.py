"""How far each document is: begun, awaited, ready, replaced or failed; and whether one is there.

The same request finds the document that states the same, as long as it is not too old. What it
states is compared by a digest under the person's key; the chain's place and all that is drawn
anew for each document (id, code, moment, validity) are no part of it.
"""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.privacy import PersonKey
from archive.transcripts.models import DocumentMaking, Transcript
from credit_bank.chain import canonical_bytes
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentState

SAME_FOR = timedelta(days=30)
"""So long the same request returns the same document: five of its six months are left then."""
GIVEN_UP = timedelta(minutes=2)
"""A document that is being made for so long has lost whoever made it."""
OPEN = (DocumentState.MAKING, DocumentState.AWAITED)
_DRAWN_ANEW = {
    "id",
    "code",
    "issued_at",
    "valid_until",
    "verify_url",
    "chain_sequence",
    "chain_hash",
}
_PURPOSE = "document.content"


class DocumentFailedError(ArchiveError):
    """A document that was begun was not finished."""

    code: ClassVar[str] = "document_failed"
    template: ClassVar[str] = (
        "This document could not be made; nothing was signed that could be used. Ask for it again."
    )


def content_of(key: PersonKey, transcript: TranscriptV1, *, under: UUID | None = None) -> bytes:
    """Return the digest of what a document states, whenever it was issued.

    What is made under a consent is never taken for what was made without it, or under another.
    """
    told = transcript.model_dump(mode="json", exclude=_DRAWN_ANEW)
    if under is not None:
        told["under"] = str(under)
    return key.digest(_PURPOSE, canonical_bytes(told).decode())


def same(
    session: Session, worker_id: UUID, content: bytes, *, now: datetime
) -> DocumentMaking | None:
    """Return the newest document that states the same and is not too old; None without one.

    One that nobody makes any more is closed. The caller holds the lock of the dossier.
    """
    query = (
        select(DocumentMaking, Transcript.intended_at)
        .join(
            Transcript,
            (col(Transcript.worker_id) == col(DocumentMaking.worker_id))
            & (col(Transcript.id) == col(DocumentMaking.transcript_id)),
        )
        .where(
            col(DocumentMaking.worker_id) == worker_id,
            col(DocumentMaking.content) == content,
            col(DocumentMaking.state).in_((*OPEN, DocumentState.READY)),
            col(Transcript.intended_at) > now - SAME_FOR,
        )
        .order_by(col(Transcript.intended_at).desc(), col(Transcript.id).desc())
    )
    for found, _ in session.exec(query):
        if found.state is DocumentState.MAKING and found.moved_at <= now - GIVEN_UP:
            fail(session, worker_id, found.transcript_id, DocumentFailedError.code, now=now)
            continue
        return found
    return None


def begin(
    session: Session, worker_id: UUID, transcript_id: UUID, content: bytes, *, now: datetime
) -> DocumentMaking:
    """Note that a document is being made from now on."""
    making = DocumentMaking(
        worker_id=worker_id,
        transcript_id=transcript_id,
        content=content,
        state=DocumentState.MAKING,
        moved_at=now,
    )
    session.add(making)
    session.flush()
    return making


def state_of(session: Session, worker_id: UUID, transcript_id: UUID) -> DocumentMaking:
    """Return how far a document is; raises DocumentFailedError when nobody began it."""
    found = session.get(DocumentMaking, (worker_id, transcript_id), populate_existing=True)
    if found is None:
        raise DocumentFailedError
    return found


def await_signature(
    session: Session, worker_id: UUID, transcript_id: UUID, *, now: datetime
) -> None:
    """Note that a document waits until something can sign it."""
    _move(session, worker_id, transcript_id, DocumentState.AWAITED, now)


def finish(session: Session, worker_id: UUID, transcript_id: UUID, *, now: datetime) -> None:
    """Note that a document is ready. Raises DocumentFailedError when it was closed meanwhile."""
    if not _move(session, worker_id, transcript_id, DocumentState.READY, now):
        raise DocumentFailedError


def fail(
    session: Session, worker_id: UUID, transcript_id: UUID, code: str, *, now: datetime
) -> None:
    """Close a document that is not to be: nobody has it, and nobody will."""
    _move(session, worker_id, transcript_id, DocumentState.FAILED, now, fault=code)


def replace(
    session: Session, worker_id: UUID, transcript_id: UUID, by: UUID, *, now: datetime
) -> None:
    """Close a document in favour of another that says the same under the new signer."""
    _move(session, worker_id, transcript_id, DocumentState.REPLACED, now, replaced_by=by)


def close_left(session: Session, *, now: datetime) -> int:
    """Close what nobody makes any more: its process was killed. Return how many there were."""
    left = (
        col(DocumentMaking.state) == DocumentState.MAKING,
        col(DocumentMaking.moved_at) <= now - GIVEN_UP,
    )
    told = {"state": DocumentState.FAILED, "moved_at": now, "fault": DocumentFailedError.code}
    return session.connection().execute(update(DocumentMaking).where(*left).values(told)).rowcount


def _move(  # Which, to where, when, what else.
    session: Session,
    worker_id: UUID,
    transcript_id: UUID,
    state: DocumentState,
    now: datetime,
    **told: object,
) -> bool:
    """Move a document that is still open; tell whether it was."""
    mine = (
        col(DocumentMaking.worker_id) == worker_id,
        col(DocumentMaking.transcript_id) == transcript_id,
        col(DocumentMaking.state).in_(OPEN),
    )
    moved = update(DocumentMaking).where(*mine).values(state=state, moved_at=now, **told)
    return session.connection().execute(moved).rowcount == 1
