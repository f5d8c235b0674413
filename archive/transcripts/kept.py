"""Signed files that are kept so that their holders can have the same bytes again.

Each lies sealed under its holder's key: who erases the person has closed the file. A file is
kept before it is registered, so that a register line without its file is one that was lost or
forgotten: the document stays what it is, and is issued anew when somebody asks. Who may have
one, and what the register says of it, is others' business.
"""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session, col, select

from archive.dossiers.intake.kept_files import room_on_disk
from archive.errors import ArchiveError, SealBrokenError
from archive.people.privacy import PersonKey, vault_of
from archive.transcripts.models import Transcript, TranscriptFile

FOLDER = "documents"
"""The folder, in the data folder; several servers on one PostgreSQL share it."""
MOST = 50
"""Of one person; the oldest goes first. Some eight megabytes."""
PAST_VALIDITY = timedelta(days=30)
"""So long a file is kept when its document is past its validity."""
UNREGISTERED = timedelta(hours=1)
"""A file without a register line may belong to an issue that is under way."""
_COLUMN = "document.file"
_BATCH = 300


class DocumentGoneError(ArchiveError):
    """The file of a document is kept no more."""

    code: ClassVar[str] = "document_gone"
    template: ClassVar[str] = (
        "The file of this document is kept here no more; a copy that you have stays what it is. "
        "Ask for the document again, and a new one is issued."
    )


def kept_documents(session: Session) -> "KeptDocuments":
    """Return the kept files of the archive that a session is on."""
    home = session.info.get("home")
    if not isinstance(home, Path):
        message = "the archive was opened without its home folder"
        raise TypeError(message)
    return KeptDocuments(home / FOLDER)


class KeptDocuments:
    """The folder of one archive."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which may not exist yet."""
        self._folder = folder

    def keep(self, key: PersonKey, transcript_id: UUID, pdf: bytes) -> bytes:
        """Keep a signed file, whole or not at all; return its SHA-256. StorageFullError."""
        digest = hashlib.sha256(pdf).digest()
        path = self._path(transcript_id, digest)
        waiting = path.with_suffix(".part")
        with room_on_disk():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
                with os.fdopen(os.open(waiting, flags, 0o600), "wb") as file:
                    file.write(key.seal(_COLUMN, pdf))
                    file.flush()
                    os.fsync(file.fileno())
                waiting.replace(path)
            except OSError:
                waiting.unlink(missing_ok=True)
                raise
        return digest

    def get(self, key: PersonKey, transcript_id: UUID, digest: bytes) -> bytes:
        """Return a file of exactly this SHA-256; raises DocumentGoneError."""
        try:
            pdf = key.open(_COLUMN, self._path(transcript_id, digest).read_bytes())
        except (OSError, SealBrokenError) as missing:
            raise DocumentGoneError from missing
        if hashlib.sha256(pdf).digest() != digest:
            raise DocumentGoneError
        return pdf

    def has(self, transcript_id: UUID, digest: bytes) -> bool:
        """Whether a file is there; whether it opens is seen when somebody wants it."""
        return self._path(transcript_id, digest).is_file()

    def forget_beyond(self, session: Session, worker_id: UUID) -> None:
        """Forget the oldest files of somebody who has more than are kept."""
        newest = col(TranscriptFile.registered_at).desc(), col(TranscriptFile.transcript_id).desc()
        query = (
            select(TranscriptFile.transcript_id, TranscriptFile.sha256)
            .where(col(TranscriptFile.worker_id) == worker_id)
            .order_by(*newest)
            .offset(MOST)
            .limit(MOST)
        )
        for transcript_id, digest in session.exec(query):
            self._path(transcript_id, digest).unlink(missing_ok=True)

    def sweep(self, session: Session, *, now: datetime) -> int:
        """Forget files that nobody registered, nobody can open, or whose time is over.

        Return how many there were.
        """
        before = (now - UNREGISTERED).timestamp()
        old = [path for path in self._files() if path.stat().st_mtime <= before]
        forgotten = 0
        for at in range(0, len(old), _BATCH):
            part = old[at : at + _BATCH]
            wanted = _wanted(session, part, now - PAST_VALIDITY)
            for path in part:
                if path.name not in wanted:
                    path.unlink(missing_ok=True)
                    forgotten += 1
        return forgotten

    def _files(self) -> Iterator[Path]:
        return self._folder.iterdir() if self._folder.is_dir() else iter(())

    def _path(self, transcript_id: UUID, digest: bytes) -> Path:
        return self._folder / name_of(transcript_id, digest)


def name_of(transcript_id: UUID, digest: bytes) -> str:
    """Return what a file is called: it tells whose it is to nobody."""
    return f"{transcript_id.hex}-{digest.hex()}"


def _wanted(session: Session, paths: list[Path], since: datetime) -> set[str]:
    """Return the names of those files that are registered, can be opened and may be asked for."""
    ids = {found for path in paths if (found := _id_in(path.name)) is not None}
    query = (
        select(TranscriptFile.worker_id, TranscriptFile.transcript_id, TranscriptFile.sha256)
        .join(
            Transcript,
            (col(Transcript.worker_id) == col(TranscriptFile.worker_id))
            & (col(Transcript.id) == col(TranscriptFile.transcript_id)),
        )
        .where(col(TranscriptFile.transcript_id).in_(ids), col(Transcript.expires_at) > since)
    )
    rows = list(session.exec(query))
    keys = vault_of(session).keys_to_prove({worker_id for worker_id, _, _ in rows})
    return {name_of(one, digest) for worker_id, one, digest in rows if worker_id in keys}


def _id_in(name: str) -> UUID | None:
    try:
        return UUID(name.partition("-")[0])
    except ValueError:
        return None
