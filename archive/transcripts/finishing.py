"""A document that waits for its signature is finished by a job, whenever something signs again.

What it states is judged anew each time: a document whose signer was replaced, or of which a
record has changed, is closed in favour of another. Laying out and signing happen between two
steps, in no transaction; done twice, only the file that is registered is ever seen.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

from sqlmodel import Session

from archive.db import Database
from archive.dossiers.personal import own_document
from archive.errors import ArchiveError
from archive.jobs import desk
from archive.jobs.desk import WORKS, Steps, Told
from archive.notices.messages import Notice
from archive.people import mergers, tidings
from archive.transcripts import makings
from archive.transcripts.intents import (
    composed,
    issuer_of_all,
    key_of,
    lock_dossier,
    opened,
    register,
)
from archive.transcripts.issuing import KIND, complete
from archive.transcripts.makings import DocumentFailedError
from archive.transcripts.models import DocumentMaking, Transcript
from archive.transcripts.ordering import order_for, still_signs
from archive.transcripts.presses import Press, press_of
from archive.transcripts.signing_refusals import SigningUnavailableError
from schemas.documents import DocumentAsked, DocumentReport
from schemas.refusals import Refusal
from schemas.transcripts import TranscriptV1
from schemas.vocabulary import DocumentScope, DocumentState

if TYPE_CHECKING:
    from datetime import tzinfo

    from archive.transcripts.signing import SignedFile

OVER = ""
REST = timedelta(minutes=10)
"""So long a job that gave up rests until it is tried again."""


@dataclass(frozen=True)
class Tried:
    """What came of making a document: its signed file, or the code of a refusal."""

    transcript: TranscriptV1
    signed: "SignedFile | None" = None
    refused: str | None = None


def finish(steps: Steps, key: str, _zone: "tzinfo") -> DocumentReport:
    """Sign a document, or the one that takes its place: the job.

    Ends by SigningUnavailableError while nothing signs; the job is tried again later.
    """
    worker_id, first = (UUID(one) for one in key.split("/"))
    made: Tried | None = None
    while told := steps.take(partial(_advance, worker_id, first, made)):
        made = steps.aside(partial(tried, worker_id, UUID(cast("str", told))))
    return DocumentReport(document=first)


WORKS[KIND] = finish


def take_up(archive: Database, *, now: datetime) -> int:
    """Have documents tried again whose job gave up; return how many there were."""

    def is_wanted(session: Session, key: str) -> bool:
        worker_id, first = (UUID(one) for one in key.split("/"))
        return _newest(session, worker_id, first).state is DocumentState.AWAITED

    return desk.take_up(archive, KIND, before=now - REST, is_wanted=is_wanted)


def asked_again(transcript: TranscriptV1) -> DocumentAsked:
    """Return the request that a document answers, but for the whole number in it."""
    choice, scope = transcript.choice, transcript.scope
    are_chosen = scope in (DocumentScope.RECORDS, DocumentScope.CERTIFICATE)
    return DocumentAsked(
        scope=scope,
        language=transcript.language,
        occupation=choice.occupation if choice else None,
        first_day=choice.first_day if choice else None,
        last_day=choice.last_day if choice else None,
        records=tuple(one.record_id for one in transcript.records) if are_chosen else (),
        purpose=transcript.purpose,
    )


def _advance(
    worker_id: UUID, first: UUID, made: Tried | None, session: Session, now: datetime
) -> Told:
    """Finish what was tried; return which document is to be tried next, or that all is over."""
    lock_dossier(session, worker_id)
    making = _newest(session, worker_id, first)
    if making.state is not DocumentState.AWAITED:
        return OVER
    if made is None or made.transcript.id != making.transcript_id:
        return _judged(session, making, press_of(session), now)
    if made.signed is not None and not still_signs(
        session, made.transcript, press_of(session).keys
    ):
        return _judged(session, making, press_of(session), now)
    if made.signed is not None:
        key = key_of(session, worker_id)
        complete(session, key, worker_id, made.transcript, made.signed, now=now)
    else:
        code = made.refused or DocumentFailedError.code
        makings.fail(session, worker_id, making.transcript_id, code, now=now)
    _tell(session, making, now)
    return OVER


def _judged(session: Session, making: DocumentMaking, press: Press, now: datetime) -> Told:
    """Return the document that states what holds today: this one, or a new one in its place."""
    worker_id, own = making.worker_id, making.transcript_id
    try:
        with session.begin_nested():
            return str(_standing(session, making, press, now))
    except ArchiveError as refusal:
        makings.fail(session, worker_id, own, refusal.code, now=now)
        _tell(session, making, now)
        return OVER


def _standing(session: Session, making: DocumentMaking, press: Press, now: datetime) -> UUID:
    worker_id, own = making.worker_id, making.transcript_id
    if mergers.merger_of(session, worker_id) is not None:
        raise DocumentFailedError
    row = session.get_one(Transcript, (worker_id, own))
    key = key_of(session, worker_id)
    before = opened(key, row)
    number = before.holder.document_number
    if number is not None:
        number = own_document(session, worker_id).document_number
    issuer = issuer_of_all(session)
    again = composed(
        session, worker_id, asked_again(before), number, issuer=issuer, now=now, using=press
    )
    content = makings.content_of(key, again)
    if content == making.content:
        return own
    whom = {"issuer_id": issuer.id, "by": row.requested_by}
    register(session, worker_id, again, key=key, content=content, now=now, **whom)
    makings.await_signature(session, worker_id, again.id, now=now)
    makings.replace(session, worker_id, own, again.id, now=now)
    return again.id


def tried(worker_id: UUID, transcript_id: UUID, archive: Database, now: datetime) -> Tried | None:
    """Make a document; None when the signer was replaced in this moment."""
    with archive.reading() as session:
        row = session.get_one(Transcript, (worker_id, transcript_id))
        transcript = opened(key_of(session, worker_id), row)
        press = press_of(archive)
        order = order_for(session, transcript, press.keys)
    if order is None:
        return None
    try:
        return Tried(transcript, signed=press.works.make(transcript, at=now, order=order))
    except SigningUnavailableError:
        raise
    except Refusal as refusal:
        return Tried(transcript, refused=refusal.code)


def _newest(session: Session, worker_id: UUID, first: UUID) -> DocumentMaking:
    """Return how far a document is, or the one that took its place."""
    making = makings.state_of(session, worker_id, first)
    while making.replaced_by is not None:
        making = makings.state_of(session, worker_id, making.replaced_by)
    return making


def _tell(session: Session, making: DocumentMaking, now: datetime) -> None:
    key = f"document/{making.transcript_id.hex}"
    tidings.note(session, making.worker_id, Notice.DOCUMENT_MOVED, key, now=now)
