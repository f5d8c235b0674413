"""Files that organisations send, and how far the writing of them is."""

from datetime import datetime
from uuid import UUID

from schemas.contracts import Contract
from schemas.vocabulary import RecordKind, RowState, RunMode, RunState


class RunReport(Contract):
    """What came of the job that wrote a file, or undid it."""

    run: UUID
    state: RunState


class PostedFile(Contract):
    """A file that was posted: what it is, how far it is written, what came of its rows."""

    id: UUID
    """Of the batch: it stands in the provenance of each record that the file wrote."""
    organisation: str
    file_name: str | None
    """None once the file is no longer kept."""
    kind: RecordKind
    mode: RunMode
    state: RunState
    rows: int
    done: int
    """Rows that were judged and, where they could be, written."""
    counts: dict[RowState, int]
    warned: int
    """Rows that are worth a look, whatever became of them."""
    written: int
    codes: dict[str, int]
    """How often each code was found."""
    digest: str
    """Hex SHA-256 of the file."""
    posted_by: str
    posted_at: datetime
    ended_at: datetime | None
    kept_until: datetime | None
    """Until when its rows can be had back with what became of them; None when no longer."""
    undo_until: datetime | None
    """Until when it can be undone; None when it cannot."""
    undone: int
    undone_by: str | None
    undone_at: datetime | None

    @property
    def is_under_way(self) -> bool:
        """Whether it is being written or undone."""
        return self.state in (RunState.WAITING, RunState.RUNNING, RunState.UNDOING)


class PostedFiles(Contract):
    """Files that an organisation posted, the newest first."""

    files: tuple[PostedFile, ...]
    next: UUID | None = None
    """The last one of this page, when there are more."""


class ListTemplate(Contract):
    """An empty list that was written: which columns it has."""

    kind: RecordKind
    columns: tuple[str, ...]
