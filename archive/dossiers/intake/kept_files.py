"""The files that organisations send, while they are kept: sealed, within a quota, then forgotten.

The content lies on disk, sealed under a key of the file's own, which is kept and wrapped beside
persons' keys; its name and what was chosen for reading it are sealed in its row. To forget a
file is to destroy its key: what was found in its rows opens no more either.
"""

import errno
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from archive.dossiers.intake.choices import Choice, choice_in
from archive.dossiers.intake.run_models import IntakeFile
from archive.errors import ArchiveError, SealBrokenError, StorageFullError
from archive.files import LARGEST_BYTES, UploadGoneError, UploadTooLargeError
from archive.people.privacy import PersonKey, vault_of
from schemas.ids import new_id
from schemas.vocabulary import RunMode

FOLDER = "intake"
"""The folder, in the data folder."""
UNWRITTEN = timedelta(hours=24)
"""So long a file waits to be written."""
WRITTEN = timedelta(days=30)
"""So long its rows can be had back with what became of them."""
MOST_BYTES = 500 * 1024**2
"""Of one organisation's files at once: two dozen of the largest, a thousand usual ones."""
_CONTENT, _ROW, _CHOICE = "intake.content", "intake.file", "intake.choice"


class UploadQuotaError(ArchiveError):
    """The files of one organisation that wait take too much room."""

    code: ClassVar[str] = "upload_quota"
    template: ClassVar[str] = (
        "The files that your organisation sent lately take {megabytes} MB, which is all it may "
        "use. Discard files that are not needed; those that nobody confirms go after a day."
    )


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was sent, with its key."""

    id: UUID
    organisation_id: UUID
    name: str
    digest: bytes
    size: int
    """Bytes of what was sent."""
    choice: Choice
    mode: RunMode
    sent_by: UUID
    sent_at: datetime
    kept_until: datetime
    key: PersonKey


def kept_files(session: Session) -> "KeptFiles":
    """Return the files of the archive that a session is on."""
    home = session.info.get("home")
    if not isinstance(home, Path):
        message = "the archive was opened without its home folder"
        raise TypeError(message)
    return KeptFiles(home / FOLDER)


def sealed_choice(key: PersonKey, choice: Choice) -> bytes:
    """Return how a file is read, sealed: headers may be anything."""
    return key.seal(_CHOICE, json.dumps(choice.told()).encode())


def chosen(key: PersonKey, sealed: bytes | None) -> Choice:
    """Return how a file was read."""
    return choice_in(json.loads(key.open(_CHOICE, sealed))) if sealed else Choice()


@contextmanager
def room_on_disk() -> Iterator[None]:
    """Tell a full disk as what it is; raises StorageFullError."""
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError from fault
        raise


class KeptFiles:
    """The folder of one archive."""

    def __init__(self, folder: Path) -> None:
        """Take the folder, which may not exist yet."""
        self._folder = folder

    def keep(  # What, whose, who, when.
        self,
        session: Session,
        name: str,
        content: bytes,
        organisation_id: UUID,
        *,
        choice: Choice,
        by: UUID,
        now: datetime,
    ) -> UUID:
        """Seal and keep a file for a day.

        Raises UploadTooLargeError, UploadQuotaError, StorageFullError.
        """
        if len(content) > LARGEST_BYTES:
            raise UploadTooLargeError(megabytes=LARGEST_BYTES // 1024**2)
        _refuse_beyond(session, organisation_id, len(content))
        own = new_id()
        key = vault_of(session).key_of_account(own, now=now)
        self._write(own, key.seal(_CONTENT, content))
        row = IntakeFile(
            id=own,
            organisation_id=organisation_id,
            digest=hashlib.sha256(content).digest(),
            size=len(content),
            sealed=_sealed(key, name, choice, RunMode.GOOD),
            sent_by=by,
            sent_at=now,
            kept_until=now + UNWRITTEN,
        )
        session.add(row)
        session.flush()
        return own

    def find(
        self, session: Session, file_id: UUID, *, organisation_id: UUID, now: datetime
    ) -> KeptFile:
        """Return a file of this organisation; raises UploadGoneError."""
        mine = (col(IntakeFile.id) == file_id, col(IntakeFile.organisation_id) == organisation_id)
        row = session.exec(select(IntakeFile).where(*mine)).first()
        if row is None or row.kept_until <= now:
            raise UploadGoneError
        try:
            return _opened(row, vault_of(session).key_of_file(row.id))
        except SealBrokenError as missing:
            raise UploadGoneError from missing

    def of_run(self, session: Session, file_id: UUID) -> KeptFile:
        """Return the file of a run, whoever asks; raises UploadGoneError."""
        found = self.of_runs(session, [file_id])
        if file_id not in found:
            raise UploadGoneError
        return found[file_id]

    def of_runs(self, session: Session, file_ids: Iterable[UUID]) -> dict[UUID, KeptFile]:
        """Return the files of runs, as far as they are kept, whoever asks."""
        rows = session.exec(select(IntakeFile).where(col(IntakeFile.id).in_(list(file_ids)))).all()
        keys = vault_of(session).keys_of_files(row.id for row in rows)
        return {row.id: _opened(row, keys[row.id]) for row in rows if row.id in keys}

    def content(self, file: KeptFile) -> bytes:
        """Return what a file holds; raises UploadGoneError."""
        try:
            return file.key.open(_CONTENT, self._path(file.id).read_bytes())
        except (OSError, SealBrokenError) as missing:
            raise UploadGoneError from missing

    def choose(self, session: Session, file: KeptFile, choice: Choice, mode: RunMode) -> KeptFile:
        """Remember how a file is to be read and written."""
        row = session.get_one(IntakeFile, file.id)
        row.sealed = _sealed(file.key, file.name, choice, mode)
        session.add(row)
        session.flush()
        return replace(file, choice=choice, mode=mode)

    def hold(self, session: Session, file_id: UUID) -> IntakeFile:
        """Let nobody else begin or discard a file before this commits; raises UploadGoneError."""
        query = select(IntakeFile).where(col(IntakeFile.id) == file_id).with_for_update()
        row = session.exec(query.execution_options(populate_existing=True)).first()
        if row is None:
            raise UploadGoneError
        return row

    def prolong(self, session: Session, file_id: UUID, *, now: datetime) -> None:
        """Keep a file longer, for it is being written; raises UploadGoneError."""
        row = self.hold(session, file_id)
        row.kept_until = now + WRITTEN
        session.add(row)
        session.flush()

    def forget(self, session: Session, *file_ids: UUID) -> None:
        """Remove files, and destroy their keys. That one is gone already is no fault."""
        if not file_ids:
            return
        for own in file_ids:
            self._path(own).unlink(missing_ok=True)
        for row in session.exec(select(IntakeFile).where(col(IntakeFile.id).in_(file_ids))):
            session.delete(row)
        session.flush()
        vault_of(session).forget_files(file_ids)

    def sweep(self, session: Session, *, now: datetime) -> int:
        """Forget what was kept long enough; return how many files that were.

        A file without a row was being kept when its process was killed.
        """
        late = col(IntakeFile.kept_until) <= now
        over = list(session.exec(select(IntakeFile.id).where(late)))
        if self._folder.is_dir():
            known = {one.hex for one in session.exec(select(IntakeFile.id))}
            before = (now - UNWRITTEN).timestamp()
            for path in self._folder.iterdir():
                if path.stem not in known and path.stat().st_mtime <= before:
                    path.unlink(missing_ok=True)
        self.forget(session, *over)
        return len(over)

    def _write(self, own: UUID, sealed: bytes) -> None:
        """Write a file whole, or not at all. Raises StorageFullError."""
        path = self._path(own)
        waiting = path.with_suffix(".part")
        with room_on_disk():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
                with os.fdopen(os.open(waiting, flags, 0o600), "wb") as file:
                    file.write(sealed)
                    file.flush()
                    os.fsync(file.fileno())
                waiting.replace(path)
            except OSError:
                waiting.unlink(missing_ok=True)
                raise

    def _path(self, own: UUID) -> Path:
        return self._folder / own.hex


def _opened(row: IntakeFile, key: PersonKey) -> KeptFile:
    told = json.loads(key.open(_ROW, row.sealed))
    return KeptFile(
        id=row.id,
        organisation_id=row.organisation_id,
        name=told["name"],
        digest=row.digest,
        size=row.size,
        choice=choice_in(told["choice"]),
        mode=RunMode(told["mode"]),
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        kept_until=row.kept_until,
        key=key,
    )


def _sealed(key: PersonKey, name: str, choice: Choice, mode: RunMode) -> bytes:
    told = {"name": name, "choice": choice.told(), "mode": mode}
    return key.seal(_ROW, json.dumps(told).encode())


def _refuse_beyond(session: Session, organisation_id: UUID, size: int) -> None:
    total = func.coalesce(func.sum(IntakeFile.size), 0)
    mine = col(IntakeFile.organisation_id) == organisation_id
    used = int(session.exec(select(total).where(mine)).one())
    if used + size > MOST_BYTES:
        raise UploadQuotaError(megabytes=MOST_BYTES // 1024**2)
