"""The run that gives kept files another time stamp in time.

Each file is a step of its own, in a transaction of its own: a run that is killed goes on where
it was, and a second one finds nothing left. The new file is another one of the same document;
the former one stays known.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session, col, select

from archive.db import Database
from archive.errors import ClosedError
from archive.people.look_ups import index_of, note
from archive.transcripts.intents import file_of, key_of
from archive.transcripts.kept import DocumentGoneError, kept_documents
from archive.transcripts.models import Transcript, TranscriptFile
from archive.transcripts.refreshing import Refresher, is_due, refreshed
from archive.transcripts.register import file_sought
from archive.transcripts.signing_refusals import RefreshRefusedError
from schemas.documents import RefreshReport
from schemas.keys import SigningProfile

_BATCH = 200
Whose = tuple[UUID, UUID]
"""A person and a document."""


@dataclass
class _Counted:
    looked_at: int = 0
    refreshed: int = 0
    refused: int = 0


def run(archive: Database, *, using: Refresher, ahead: timedelta, now: datetime) -> RefreshReport:
    """Refresh the newest file of each document that is kept and still valid, if it is due.

    Raises SigningUnavailableError when no stamp is to be had: what is done stays done.
    """
    counted = _Counted()
    for whose in _candidates(archive, now):
        with archive.reading() as session:
            pdf = _newest(session, whose)
        if pdf is None:
            continue
        counted.looked_at += 1
        try:
            if is_due(pdf, at=now, ahead=ahead):
                signed = refreshed(pdf, at=now, using=using)
                with archive.transaction() as session:
                    counted.refreshed += _keep(session, whose, pdf, signed.pdf, now)
        except RefreshRefusedError:
            counted.refused += 1
    return RefreshReport(
        looked_at=counted.looked_at, refreshed=counted.refreshed, refused=counted.refused
    )


def _candidates(archive: Database, now: datetime) -> Iterator[Whose]:
    """Yield the documents with a stamped file whose validity is not over, a batch at a time."""
    last: Whose | None = None
    while True:
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
            .limit(_BATCH)
        )
        if last is not None:
            same = col(Transcript.worker_id) == last[0]
            query = query.where(
                (col(Transcript.worker_id) > last[0]) | (same & (col(Transcript.id) > last[1]))
            )
        with archive.reading() as session:
            found = list(session.exec(query).all())
        yield from found
        if len(found) < _BATCH:
            return
        last = found[-1]


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
