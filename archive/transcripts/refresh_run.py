"""The run that gives kept files another time stamp in time.

Each file is a step of its own, in a transaction of its own: a run that is killed goes on where
it was, and a second one finds nothing left. The new file is another one of the same document;
the former one stays known.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

import structlog
from pyhanko.pdf_utils.misc import PdfError
from sqlmodel import Session, col, select

from archive.audit.acts import scan
from archive.db import Database
from archive.errors import ClosedError
from archive.people.look_ups import index_of, note
from archive.transcripts.intents import file_of, key_of
from archive.transcripts.kept import DocumentGoneError, kept_documents
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.refreshing import Refresher, is_due, refreshed, would_gain
from archive.transcripts.register import file_sought
from archive.transcripts.signing_refusals import RefreshRefusedError
from schemas.documents import RefreshReport
from schemas.keys import SigningProfile

BATCH = 200
_UNREADABLE = (PdfError, ValueError, KeyError, TypeError, IndexError, AttributeError)
"""What a file that is not as we made it, or its certificates, can have pyHanko raise."""
log = structlog.get_logger("archive.documents")
Whose = tuple[UUID, UUID]
"""A person and a document."""


class Refreshed(StrEnum):
    """What became of one document in a run."""

    GONE = "gone"
    """Its file is kept no more, or cannot be opened."""
    NOT_DUE = "not_due"
    DONE = "done"
    REFUSED = "refused"
    """Its last stamp does not hold any more, or the file cannot be read as it should."""


def run(archive: Database, *, using: Refresher, ahead: timedelta, now: datetime) -> RefreshReport:
    """Refresh the newest file of each document that is kept and still valid, if it is due.

    Raises SigningUnavailableError when no stamp is to be had, StorageFullError: what is done
    stays done.
    """
    found = (
        refresh_one(archive, whose, using=using, ahead=ahead, now=now)
        for whose in candidates(archive, now)
    )
    return report_of(Counter(found))


def report_of(counted: Mapping[Refreshed, int]) -> RefreshReport:
    """Return what a run did in all."""
    looked_at = sum(number for told, number in counted.items() if told is not Refreshed.GONE)
    return RefreshReport(
        looked_at=looked_at,
        refreshed=counted.get(Refreshed.DONE, 0),
        refused=counted.get(Refreshed.REFUSED, 0),
    )


def refresh_one(
    archive: Database, whose: Whose, *, using: Refresher, ahead: timedelta, now: datetime
) -> Refreshed:
    """Refresh one document if it is due; one that cannot be is told, and stops no other.

    Raises SigningUnavailableError, StorageFullError.
    """
    with archive.reading() as session:
        scan(session)  # Whose turn it is says nothing of anybody; a new stamp is told as a write.
        pdf = _newest(session, whose)
    if pdf is None:
        return Refreshed.GONE
    try:
        if not (is_due(pdf, at=now, ahead=ahead) and would_gain(pdf, at=now, using=using)):
            return Refreshed.NOT_DUE
        signed = refreshed(pdf, at=now, using=using)
    except (RefreshRefusedError, *_UNREADABLE) as fault:
        log.warning("refresh_refused", document=str(whose[1]), error=type(fault).__qualname__)
        return Refreshed.REFUSED
    with archive.transaction() as session:
        _keep(session, whose, pdf, signed.pdf, now)
    return Refreshed.DONE


def candidates(archive: Database, now: datetime) -> Iterator[Whose]:
    """Yield the documents with a stamped file whose validity is not over, a batch at a time."""
    last: Whose | None = None
    while True:
        with archive.reading() as session:
            found = next_candidates(session, last, now)
        yield from found
        if len(found) < BATCH:
            return
        last = found[-1]


def next_candidates(session: Session, last: Whose | None, now: datetime) -> list[Whose]:
    """Return the next of these documents after one, or the first."""
    query = (
        select(Transcript.worker_id, Transcript.id)
        .join(
            TranscriptFile,
            (col(TranscriptFile.worker_id) == col(Transcript.worker_id))
            & (col(TranscriptFile.transcript_id) == col(Transcript.id)),
        )
        .where(
            col(TranscriptFile.profile) == SigningProfile.B_LTA,
            col(Transcript.expires_at) > now,
        )
        .distinct()
        .order_by(col(Transcript.worker_id), col(Transcript.id))
        .limit(BATCH)
    )
    if last is not None:
        same = col(Transcript.worker_id) == last[0]
        query = query.where(
            (col(Transcript.worker_id) > last[0]) | (same & (col(Transcript.id) > last[1]))
        )
    return list(session.exec(query).all())


def _newest(session: Session, whose: Whose) -> bytes | None:
    """Return the newest file of a document; None when it is kept no more or cannot be opened."""
    file = file_of(session, *whose)
    if file is None:
        return None
    try:
        return kept_documents(session).get(key_of(session, whose[0]), whose[1], file.sha256)
    except (DocumentGoneError, ClosedError):
        return None


def _keep(session: Session, whose: Whose, before: bytes, pdf: bytes, now: datetime) -> int:
    """Keep and register a refreshed file; nothing when another run was first."""
    worker_id, transcript_id = whose
    if _newest(session, whose) != before:
        return 0
    former = file_of(session, worker_id, transcript_id)
    digest = kept_documents(session).keep(key_of(session, worker_id), transcript_id, pdf)
    session.add(
        TranscriptFile(
            worker_id=worker_id,
            transcript_id=transcript_id,
            sha256=digest,
            size_bytes=len(pdf),
            registered_at=now,
            profile=SigningProfile.B_LTA,
            stamped_at=former.stamped_at if former else None,
            stamper=former.stamper if former else None,
        )
    )
    note(session, index_of(session).claim(file_sought(digest)), worker_id, transcript_id)
    session.flush()
    return 1
