"""A file that is being written, as whoever drives its run has it in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.intake.findings import findings_of_row
from archive.dossiers.intake.judging import judge
from archive.dossiers.intake.kept_files import KeptFile, kept_files
from archive.dossiers.intake.matching import Candidate, Said
from archive.dossiers.intake.plan import (
    Readable,
    Unreadable,
    candidates_of,
    findings_of_file,
    read,
    row_report,
)
from archive.dossiers.intake.run_refusals import ListUnreadableError
from archive.dossiers.opened import Opened
from schemas.reports import Finding, RowReport


@dataclass(slots=True)
class Work:
    """A file that was read, and what its rows said so far."""

    file: KeptFile
    found: Readable
    today: date
    """The day on which it was posted, as rows were promised to be judged."""
    said: Said = field(default_factory=Said)
    heard: int = 0
    """Rows that have said what they say of one another."""
    opened: Opened = field(default_factory=Opened)
    """The dossiers of the rows that were judged last, for whoever writes them next."""

    def judge(self, session: Session, position: int, until: int) -> list[Candidate]:
        """Judge the next rows against the archive as it is now.

        Whoever takes a run over from another has not heard its first rows yet.
        """
        if self.heard != position:
            self.forget()
            self._judge(session, 0, position, Opened())
        self.opened = Opened(is_to_write=True)
        return self._judge(session, position, until, self.opened)

    def forget(self) -> None:
        """Forget what rows said: the transaction in which they said it did not happen."""
        self.said, self.heard = Said(), 0

    def row_reports(
        self, rows: Sequence[Candidate], record_ids: Mapping[int, UUID]
    ) -> tuple[RowReport, ...]:
        """Return what became of each row."""
        return tuple(row_report(one, record_ids) for one in rows)

    def findings(self, rows: Sequence[Candidate], *, first: int) -> tuple[Finding, ...]:
        """Return what is wrong with rows; with the first ones, what is wrong with the file."""
        table, columns = self.found.table, self.found.columns
        told = list(findings_of_file(table, columns)) if first == 0 else []
        for row, one in zip(table.rows[first : first + len(rows)], rows, strict=True):
            told += findings_of_row(one.faults, row, table, columns)
        return tuple(told)

    def _judge(self, session: Session, first: int, until: int, opened: Opened) -> list[Candidate]:
        rows = self.found.table.rows[first:until]
        candidates = list(candidates_of(self.found, rows, self.today))
        whose = self.file.organisation_id
        judge(session, whose, candidates, today=self.today, said=self.said, opened=opened)
        self.heard = until
        return candidates


def open_work(session: Session, file: KeptFile, *, today: date) -> Work:
    """Read a kept file as it was chosen to be read; raises UploadGoneError, ListUnreadableError."""
    found = read(kept_files(session).content(file), file.choice)
    if isinstance(found, Unreadable):
        raise ListUnreadableError
    return Work(file, found, today)
