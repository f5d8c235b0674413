"""The documents of a batch together: a ZIP that is made while it is fetched, and never held whole.

Some documents are read at a time, in a session of their own that tells whose they are before a
byte of them leaves; a list of thousands takes no more memory than a short one. What is lost,
or whose consent has ended since, stands in the table with its reason and not as a file.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from archive.audit.acts import acting, current
from archive.db import Database
from archive.errors import ArchiveError
from archive.people.names import masked_name
from archive.texts import in_language
from archive.transcripts import consented
from archive.transcripts.batch_models import DocumentBatch, DocumentBatchItem
from archive.transcripts.batch_views import name_of, numbers_of, reason_of, references_of
from archive.transcripts.batches import items_of, told_of
from archive.transcripts.intents import file_of, key_of, opened
from archive.transcripts.kept import DocumentGoneError, kept_documents
from archive.transcripts.models import Transcript
from schemas.vocabulary import DocumentState, Language

INDEX = "index.csv"
AT_ONCE = 20
"""Documents that are read before some of the file leaves: four megabytes."""
_COLUMNS = (
    "No.",
    "Archive number",
    "Name",
    "State",
    "Verification code",
    "File of the document",
    "Reason",
)
_REFERENCE = "Your reference of the request"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = tuple[str, ...]


@dataclass(frozen=True)
class Reader:
    """For whom a batch is read: in which language, when."""

    language: Language
    today: date
    now: datetime
    moment: datetime
    """The same by the clocks here: files in a ZIP have local times."""


@dataclass
class _Outlet(io.RawIOBase):
    """Takes what a ZIP writes, until somebody fetches it; it cannot go back."""

    _pieces: list[bytes] = field(default_factory=list)

    def writable(self) -> bool:
        """Tell that it takes bytes."""
        return True

    def write(self, piece: object, /) -> int:
        """Keep a piece."""
        told = bytes(piece)  # type: ignore[call-overload]  # Whatever holds bytes.
        self._pieces.append(told)
        return len(told)

    def taken(self) -> bytes:
        """Return what was written since the last time."""
        told = b"".join(self._pieces)
        self._pieces.clear()
        return told


def streamed(archive: Database, batch: DocumentBatch, of: Reader) -> Iterator[bytes]:
    """Yield the documents of a batch with a table of all, those that failed among them."""
    outlet, act, after = _Outlet(), current(), 0
    rows: list[Row] = []
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_STORED) as together:
        while True:
            with acting(act) if act else nullcontext(), archive.reading() as session:
                found = _handful(session, batch, after, of)
            for position, row, pdf in found:
                after = position
                rows.append(row)
                if pdf is not None:
                    _add(together, row[-2], pdf, of.moment)
            yield outlet.taken()
            if len(found) < AT_ONCE:
                break
        _add(together, INDEX, _table(rows, batch, of.language), of.moment)
    yield outlet.taken()


def _handful(
    session: Session, batch: DocumentBatch, after: int, of: Reader
) -> list[tuple[int, Row, bytes | None]]:
    items = items_of(session, batch.id, after=after, most=AT_ONCE)
    numbers, references = numbers_of(session, items), references_of(session, items)
    found = []
    for item in items:
        row, pdf = _row(session, batch, item, numbers, of)
        if batch.is_by_consent:
            told = references.get(item.request_id, "") if item.request_id else ""
            row = (row[0], told, *row[1:])
        found.append((item.position, row, pdf))
    return found


def _row(
    session: Session,
    batch: DocumentBatch,
    item: DocumentBatchItem,
    numbers: Mapping[UUID, str],
    of: Reader,
) -> tuple[Row, bytes | None]:
    place = str(item.position)
    how_far, fault = told_of(batch, item)
    state = in_language(f"document_state.{how_far.value}", of.language)
    if item.state is DocumentState.READY and item.transcript_id is not None:
        try:
            if item.request_id is not None:
                consented.standing(session, item.worker_id, item.request_id, now=of.now)
            name, code, pdf = _document(session, item.worker_id, item.transcript_id)
        except ArchiveError as gone:
            fault = gone.code
        else:
            number = numbers[item.worker_id]
            file = f"{item.position:04}-{number}.pdf"
            return (place, number, name, state, code, file, ""), pdf
    reason = reason_of(fault)
    said = reason.zh if of.language is Language.CHINESE else reason.en
    because = f"{fault}: {said}" if fault else ""
    if batch.is_by_consent:
        return (place, "", "", state, "", "", because), None
    number = numbers.get(item.worker_id, "")
    name = name_of(session, item.worker_id, of.today)
    return (place, number, name, state, "", "", because), None


def _document(session: Session, worker_id: UUID, transcript_id: UUID) -> tuple[str, str, bytes]:
    """Return a holder's name in part, the code and the file; raises DocumentGoneError."""
    key = key_of(session, worker_id)
    told = opened(key, session.get_one(Transcript, (worker_id, transcript_id)))
    file = file_of(session, worker_id, transcript_id)
    if file is None:
        raise DocumentGoneError  # Told like a file that is lost.
    pdf = kept_documents(session).get(key, transcript_id, file.sha256)
    return masked_name(told.holder.name), told.code, pdf


def _table(rows: list[Row], batch: DocumentBatch, language: Language) -> bytes:
    """Return a table that office programs read; no cell of it is taken for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    head = (_COLUMNS[0], _REFERENCE, *_COLUMNS[1:]) if batch.is_by_consent else _COLUMNS
    writer.writerow(in_language(one, language) for one in head)
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _add(together: zipfile.ZipFile, name: str, content: bytes, moment: datetime) -> None:
    entry = zipfile.ZipInfo(name, moment.timetuple()[:6])
    entry.external_attr = 0o600 << 16  # For who asked only, where it is unpacked.
    together.writestr(entry, content)
