"""Tables of files that organisations send: the file while it is kept, and the writing of it.

None of them is a dossier's. What names people (the file's name, what was found in its rows)
is sealed under a key of the file's own; when the file has been kept long enough the key is
destroyed, and only counts and codes are left.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from credit_bank.columns import UtcTime, Word, one_of
from schemas.vocabulary import RecordKind, RunMode, RunState


class IntakeFile(SQLModel, table=True):
    """A file that was sent, as long as it is kept: sealed on disk, under its own key."""

    __tablename__ = "intake_file"
    __table_args__ = (
        Index("ix_intake_file_organisation", "organisation_id", "digest"),
        Index("ix_intake_file_kept_until", "kept_until"),
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the file."""
    size: int
    """In bytes."""
    sealed: bytes = Field(sa_type=LargeBinary)
    """Its name, and what was chosen for reading it."""
    sent_by: UUID = Field(foreign_key="account.id")
    sent_at: datetime = Field(sa_type=UtcTime)
    kept_until: datetime = Field(sa_type=UtcTime)


class IntakeRun(SQLModel, table=True):
    """The writing of one file: what is asked for, and how far it is. Updated, as a job is.

    Its id is that of the batch whose records it writes; a run that wrote nothing has no batch.
    """

    __tablename__ = "intake_run"
    __table_args__ = (
        Index("ix_intake_run_organisation", "organisation_id", "digest"),
        Index("ix_intake_run_file", "file_id"),
        Index("ix_intake_run_state", "state"),
        one_of("kind", RecordKind),
        one_of("mode", RunMode),
        one_of("state", RunState),
    )

    id: UUID = Field(primary_key=True)
    organisation_id: UUID = Field(foreign_key="organisation.id")
    digest: bytes = Field(sa_type=LargeBinary)
    """SHA-256 of the file."""
    file_id: UUID
    """The file, which may be gone by now."""
    sealed_choice: bytes | None = Field(default=None, sa_type=LargeBinary)
    """How the file is read, under its own key; None for batches of before there were runs."""
    kind: RecordKind = Field(sa_type=Word(RecordKind))
    mode: RunMode = Field(sa_type=Word(RunMode))
    state: RunState = Field(sa_type=Word(RunState))
    rows: int
    position: int = 0
    """Rows that were judged and, if they could be, written."""
    new: int = 0
    changed: int = 0
    same: int = 0
    duplicate: int = 0
    faulty: int = 0
    warned: int = 0
    """Rows that are worth a look, whatever became of them."""
    codes: str = "{}"
    """How often each code was found, as JSON."""
    posted_by: UUID = Field(foreign_key="account.id")
    posted_at: datetime = Field(sa_type=UtcTime)
    moved_at: datetime = Field(sa_type=UtcTime)
    """When the last step was taken: whoever drives it was alive then."""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)
    ended_by: UUID | None = Field(default=None, foreign_key="account.id")
    """Who stopped it before its end."""
    undone_by: UUID | None = Field(default=None, foreign_key="account.id")
    undo_begun_at: datetime | None = Field(default=None, sa_type=UtcTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcTime)
    undone: int = 0
    """Records that were taken back."""
    undone_upto: UUID | None = None
    """The last record that was looked at; records follow one another by their ids."""
    sealed_reason: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Why it is undone, under the file's key."""

    @property
    def written(self) -> int:
        """Rows that changed a dossier."""
        return self.new + self.changed


class IntakeStep(SQLModel, table=True):
    """What one step of a run found and wrote, row by row, sealed under the file's key."""

    __tablename__ = "intake_step"

    run_id: UUID = Field(primary_key=True, foreign_key="intake_run.id")
    first: int = Field(primary_key=True)
    """The position of its first row among the file's rows, from 0."""
    rows: int
    sealed: bytes = Field(sa_type=LargeBinary)
    taken_at: datetime = Field(sa_type=UtcTime)
