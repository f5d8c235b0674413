"""Issuing: a document is registered, made and signed, its file kept and registered, in this order.

No signature without a register line: the intent is committed before anything is signed,
and the file's digest before a byte leaves. A crash in between leaves an intent without a
file, which nobody can have. Making a document takes a second or so, so that no transaction
is open meanwhile: other writers would wait. What is registered stands in intents.py, what
happens to a document that waits for its signature in finishing.py.
"""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.jobs import desk
from archive.people.actors import Actor
from archive.people.look_ups import index_of, note
from archive.people.privacy import PersonKey
from archive.transcripts import makings
from archive.transcripts.intents import Intent, file_of, intend
from archive.transcripts.kept import kept_documents
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.models import TranscriptFile
from archive.transcripts.ordering import order_for, still_signs
from archive.transcripts.orders import Order
from archive.transcripts.presses import Press
from archive.transcripts.register import file_sought
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.documents import DocumentAsked
from schemas.refusals import Refusal
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentState

if TYPE_CHECKING:
    from archive.transcripts.signing import SignedFile

KIND = "document"
"""The job that signs a document later."""
_LOOKS, _PAUSE_SECONDS = 150, 0.2
"""So often, and at such intervals, one looks whether another has made the same document."""


@dataclass(frozen=True)
class Issued:
    """A document that was issued."""

    pdf: bytes
    transcript: TranscriptV1
    sha256: str
    """Hex SHA-256 of the file."""
    is_again: bool = False
    """Whether it was issued before, and nothing that it states has changed."""


@dataclass(frozen=True)
class Awaited:
    """A document that was accepted, and is signed as soon as something can sign."""

    transcript: TranscriptV1


def issue(
    archive: Database,
    worker_id: UUID,
    asked: DocumentAsked,
    *,
    by: Actor,
    now: datetime,
    using: Press,
) -> Issued | Awaited:
    """Issue a document about a worker's dossier, or a part of it, in transactions of its own.

    The same request returns the same bytes, until something that they state has changed or
    they are thirty days old. At the counter it is marked as issued there. The caller must hold
    no writing session. Raises UnknownWorkerError, ErasedError, IssuerMissingError,
    GlyphMissingError, OccupationError, UnknownRecordError, DocumentRefusedError,
    DocumentsBusyError, DocumentFailedError, StorageFullError.
    """
    with ExitStack() as held:
        with archive.transaction() as session:
            intent = intend(session, worker_id, asked, by=by, now=now, using=using)
            if intent.is_new:  # Without a place nothing is left of the intent.
                held.enter_context(using.works.place())
        if intent.is_new:
            return make(archive, worker_id, intent, now=now, using=using)
    return _made_before(archive, worker_id, intent)


def issue_now(
    archive: Database,
    worker_id: UUID,
    asked: DocumentAsked,
    *,
    by: Actor,
    now: datetime,
    using: Press,
) -> Issued:
    """Issue a document for who cannot come back for it. Raises SigningUnavailableError, too."""
    issued = issue(archive, worker_id, asked, by=by, now=now, using=using)
    if isinstance(issued, Awaited):
        raise SigningUnavailableError
    return issued


def make(
    archive: Database, worker_id: UUID, intent: Intent, *, now: datetime, using: Press
) -> Issued | Awaited:
    """Make the file of a document that is registered, or leave it to a job when nothing signs."""
    transcript = intent.transcript
    try:
        order = _ordered(archive, transcript, using)
        signed = using.works.make(transcript, at=now, order=order)
        with archive.transaction() as session:
            _refuse_replaced(session, transcript, using)
            digest = complete(session, intent.key, worker_id, transcript, signed, now=now)
    except SigningUnavailableError:
        with archive.transaction() as session:
            makings.await_signature(session, worker_id, transcript.id, now=now)
            desk.ask(session, KIND, key_in_words(worker_id, transcript.id), now=now)
        return Awaited(transcript)
    except Exception as fault:
        code = fault.code if isinstance(fault, Refusal) else DocumentFailedError.code
        with archive.transaction() as session:
            makings.fail(session, worker_id, transcript.id, code, now=now)
        raise
    return Issued(signed.pdf, transcript, digest.hex())


def complete(  # Whose, what, its file, when.
    session: Session,
    key: PersonKey,
    worker_id: UUID,
    transcript: TranscriptV1,
    signed: "SignedFile",
    *,
    now: datetime,
) -> bytes:
    """Keep and register the signed file of a document; only then may its bytes leave.

    Raises DocumentFailedError when the document was closed meanwhile, StorageFullError.
    """
    makings.finish(session, worker_id, transcript.id, now=now)
    files = kept_documents(session)
    digest = files.keep(key, transcript.id, signed.pdf)
    session.add(
        TranscriptFile(
            worker_id=worker_id,
            transcript_id=transcript.id,
            sha256=digest,
            size_bytes=len(signed.pdf),
            registered_at=now,
            profile=signed.profile,
            stamped_at=signed.stamped_at,
            stamper=signed.stamper,
        )
    )
    note(session, index_of(session).claim(file_sought(digest)), worker_id, transcript.id)
    session.flush()
    files.forget_beyond(session, worker_id)
    return digest


def key_in_words(worker_id: UUID, transcript_id: UUID) -> str:
    """Return the key of the job that signs a document later."""
    return f"{worker_id.hex}/{transcript_id.hex}"


def _ordered(archive: Database, transcript: TranscriptV1, using: Press) -> Order:
    """Return by whose key it is signed; raises SigningUnavailableError when that was replaced."""
    with archive.reading() as session:
        order = order_for(session, transcript, using.keys)
    if order is None:
        raise SigningUnavailableError
    return order


def _refuse_replaced(session: Session, transcript: TranscriptV1, using: Press) -> None:
    """Raise SigningUnavailableError when the key was revoked or replaced while it signed."""
    if not still_signs(session, transcript, using.keys):
        raise SigningUnavailableError


def _made_before(archive: Database, worker_id: UUID, intent: Intent) -> Issued | Awaited:
    """Return what another request has made, or is just making: it is waited for half a minute."""
    for _ in range(_LOOKS):
        with archive.reading() as session:
            found = _look(session, worker_id, intent)
        if found is not None:
            return found
        time.sleep(_PAUSE_SECONDS)
    return Awaited(intent.transcript)


def _look(session: Session, worker_id: UUID, intent: Intent) -> Issued | Awaited | None:
    transcript = intent.transcript
    match makings.state_of(session, worker_id, transcript.id).state:
        case DocumentState.MAKING:
            return None
        case DocumentState.AWAITED:
            return Awaited(transcript)
        case DocumentState.REPLACED | DocumentState.FAILED:
            raise DocumentFailedError
        case DocumentState.READY:
            file = file_of(session, worker_id, transcript.id)
            if file is None:
                raise DocumentFailedError
            pdf = kept_documents(session).get(intent.key, transcript.id, file.sha256)
            return Issued(pdf, transcript, file.sha256.hex(), is_again=True)
