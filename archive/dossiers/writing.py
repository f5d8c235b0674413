"""The only way into a dossier: every row is sealed, chained, deposited and looked up here.

A ``DossierWriter`` works on some workers within one transaction, in memory, and writes
everything at the end by bulk inserts; one record or five thousand take the same road.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.dossiers.asked_attendance import AskedAttendance, is_said
from archive.dossiers.barred import Gate, refuse_barred
from archive.dossiers.claims import Claims, claims_of
from archive.dossiers.errors import (
    RecordExistsError,
    RecordKindChangedError,
    RecordWithdrawnError,
)
from archive.dossiers.keying import Keying
from archive.dossiers.models import Record
from archive.dossiers.names_found import NamesFound
from archive.dossiers.opened import Opened
from archive.dossiers.postings import Added, Draft, Newcomer, Posting, drafted, row_of
from archive.dossiers.sealing import begun_body, hashed_body, seal
from archive.dossiers.shelves import Shelf, Version
from archive.errors import ArchiveError, UnknownRecordError
from archive.people.closing import closed
from archive.people.look_ups import number_claim
from archive.people.mergers import refuse_merged
from archive.people.models import Worker
from archive.people.privacy import PersonKey, Vault, vault_of
from credit_bank import bank, settling
from credit_bank.book import Book
from credit_bank.booking import Deposit
from credit_bank.bulk import insert_rows, table_of
from credit_bank.collecting import no_collection
from credit_bank.desk import Desk
from credit_bank.publishing import rule_book
from schemas.identities import Identity
from schemas.ids import new_archive_number, new_id
from schemas.records import Record as AnyRecord
from schemas.vocabulary import Act, RowState

__all__ = ["Added", "DossierWriter", "Newcomer", "Posting", "writing"]


class DossierWriter:
    """Appends to the dossiers of some workers; use ``writing`` to get one."""

    def __init__(self, session: Session, desk: Desk, opened: Opened) -> None:
        """Take the dossiers, whose books are out."""
        self._session = session
        self._desk = desk
        self._vault: Vault = vault_of(session)
        self._rules = rule_book(session)
        self._keys = opened.keys
        self.shelves = opened.shelves
        self._unsettled: dict[UUID, datetime] = {}
        self._workers: list[dict[str, Any]] = []
        self._records: list[dict[str, Any]] = []
        self._claims = Claims(session)
        self._names = NamesFound(session, self._keys)
        self._gate, self._asked = Gate(session), AskedAttendance(session)
        self._keying: dict[date, Keying] = {}

    def enrol(
        self, identities: Sequence[Identity], posting: Posting, *, is_demo: bool = False
    ) -> list[UUID]:
        """Begin a dossier for each person; the identity is its first record.

        Raises DocumentTakenError at the end when a document belongs to a worker already.
        """
        people = [Newcomer(one, posting, new_archive_number(), is_demo) for one in identities]
        return self.begin(people)

    def begin(self, newcomers: Sequence[Newcomer]) -> list[UUID]:
        """Begin dossiers, each at its own moment; see ``enrol``."""
        workers = [one.worker_id or new_id() for one in newcomers]
        given = [one.worker_id for one in newcomers if one.worker_id]
        if newcomers:
            now = newcomers[0].posting.now
            self._keys |= self._vault.new_keys(workers, now, perhaps_left=given)
        self._desk.begin(workers)
        self._names.begin(workers)
        for worker_id, newcomer in zip(workers, newcomers, strict=True):
            self.shelves[worker_id] = Shelf()
            row = {
                "worker_id": worker_id,
                "archive_number": newcomer.archive_number,
                "is_demo": newcomer.is_demo,
                "created_at": newcomer.posting.now,
            }
            self._workers.append(row)
            self._desk.books[worker_id].link("worker", worker_id, begun_body(row))
            claim = number_claim(self._session, newcomer.archive_number)
            self._claims.make(claim, worker_id, worker_id, ArchiveError)
            self.add(worker_id, newcomer.identity, newcomer.posting)
        return workers

    def add(self, worker_id: UUID, record: AnyRecord, posting: Posting) -> Added:
        """Append a record, or its correction when its identity is in the dossier already.

        Equal content changes nothing. Raises ErasedError, IssuerSuspendedError, NotAccreditedError.
        """
        draft = drafted(self._vault, worker_id, self._asked.heard(record, posting), posting)
        known = self.shelves[worker_id].find(draft.identity)
        if known is None:
            return self._append(draft, Act.ADD, None, None)
        if is_said(self._vault, draft, known) and known.act is not Act.WITHDRAW:
            return Added(known.original_id, known.id, RowState.SAME)
        return self._append(draft, Act.CORRECT, known, None)

    def carry(self, worker_id: UUID, record: AnyRecord, posting: Posting) -> Added:
        """Append a record of a dossier that is merged into this one.

        Whether its issuer may post was asked when it was posted there. Raises ErasedError.
        """
        draft = drafted(self._vault, worker_id, record, posting)
        known = self.shelves[worker_id].find(draft.identity)
        act = Act.CORRECT if known else Act.ADD
        return self._append(draft, act, known, None, on=record.effective_on)

    def release(self, worker_id: UUID, record_id: UUID) -> None:
        """Give up what a record claimed, for the same person's other dossier claims it."""
        self._claims.release(worker_id, record_id)

    def book(self, worker_id: UUID) -> Book:
        """Return a worker's book at the bank, read."""
        book = self._desk.books[worker_id]
        book.read()
        return book

    def key(self, worker_id: UUID) -> PersonKey:
        """Return the key of a person; raises ErasedError or FrozenError when nobody gets it."""
        if worker_id not in self._keys:
            raise closed(self._session, worker_id)
        return self._keys[worker_id]

    def correct(
        self, worker_id: UUID, record_id: UUID, record: AnyRecord, posting: Posting, reason: str
    ) -> Added:
        """Supersede a record by another of its kind.

        Raises UnknownRecordError, RecordWithdrawnError, RecordKindChangedError, ErasedError,
        and RecordExistsError when another record says so already: it would count twice.
        """
        known = self._live(worker_id, record_id)
        if known.kind is not record.kind:
            raise RecordKindChangedError
        draft = drafted(self._vault, worker_id, self._asked.heard(record, posting), posting)
        other = self.shelves[worker_id].find(draft.identity)
        if other and other.original_id != known.original_id and other.act is not Act.WITHDRAW:
            raise RecordExistsError(record=other.original_id)
        if is_said(self._vault, draft, known):
            return Added(known.original_id, known.id, RowState.SAME)
        return self._append(draft, Act.CORRECT, known, reason)

    def withdraw(
        self, worker_id: UUID, record_id: UUID, record: AnyRecord, posting: Posting, reason: str
    ) -> Added:
        """Declare that a record never was; ``record`` is its content as it stands.

        Raises UnknownRecordError, RecordWithdrawnError, ErasedError.
        """
        draft = drafted(self._vault, worker_id, record, posting)
        return self._append(draft, Act.WITHDRAW, self._live(worker_id, record_id), reason)

    def restore(
        self, worker_id: UUID, record_id: UUID, record: AnyRecord, posting: Posting, reason: str
    ) -> Added:
        """Let a record say again what it was let in with; raises what ``withdraw`` raises."""
        draft = drafted(self._vault, worker_id, record, posting)
        known = self._live(worker_id, record_id)
        return self._append(draft, Act.CORRECT, known, reason, on=record.effective_on)

    def settle(self) -> None:
        """Convert what was deposited so far; called at the end, or between moments."""
        books = self._desk.books
        waiting = [(books[worker_id], now) for worker_id, now in self._unsettled.items()]
        settling.settle_all(waiting, self._rules)
        self._unsettled.clear()

    def expire(self, worker_id: UUID, *, now: datetime, today: date, zone: tzinfo) -> None:
        """Expire what a worker can no longer use on a local day; what waits is settled first."""
        self.settle()
        settling.expire(self._desk.books[worker_id], self._rules, now=now, today=today, zone=zone)

    def flush(self) -> None:
        """Insert everything; the desk puts its books back afterwards."""
        self.settle()
        self._claims.give_up_released()
        self._claims.refuse_held()
        for model, rows in ((Worker, self._workers), (Record, self._records)):
            insert_rows(self._session, table_of(model), rows)
        self._claims.insert()
        self._names.keep()

    def _live(self, worker_id: UUID, record_id: UUID) -> Version:
        known = self.shelves[worker_id].record(record_id)
        if known is None:
            raise UnknownRecordError
        if known.act is Act.WITHDRAW:
            raise RecordWithdrawnError
        return known

    def _append(
        self, draft: Draft, act: Act, known: Version | None, why: str | None, on: date | None = None
    ) -> Added:
        """Append a row; ``on`` is a day under which the record was let in already."""
        worker_id, posting = draft.worker_id, draft.posting
        day = on or (known.effective_on if known else None)
        if on is None:
            self._gate.refuse(draft.record, posting.organisation_id, known=known)
        key = self.key(worker_id)
        self._settle_before(worker_id, posting.now)
        row = row_of(draft, act, known)
        text = seal(key, draft.told, source=posting.source, reason=why)
        row |= {"sealed": text.sealed, "commitment": text.commitment}
        self._records.append(row)
        self._desk.books[worker_id].link("record", row["id"], hashed_body(row))
        self._deposit(draft.record, row, day)
        if known:
            self._claims.release(worker_id, known.original_id)
        if act is not Act.WITHDRAW:
            for claim, refusal in claims_of(self._session, posting.organisation_id, draft.record):
                self._claims.make(claim, worker_id, row["original_id"], refusal)
        self._names.told(row, draft.record)
        self.shelves[worker_id].put_row(row)
        state = RowState.CHANGED if known and not known.is_undone else RowState.NEW
        return Added(row["original_id"], row["id"], state)

    def _settle_before(self, worker_id: UUID, now: datetime) -> None:
        """Convert what came before a later moment, so that each entry has its own time."""
        waiting = self._unsettled.get(worker_id)
        if waiting is not None and waiting != now:
            settling.settle(self._desk.books[worker_id], self._rules, now=waiting)
            del self._unsettled[worker_id]

    def _deposit(self, record: AnyRecord, row: dict[str, Any], known_day: date | None) -> None:
        book = self._desk.books[row["worker_id"]]
        keyed = self._keyed(row["recorded_at"].date())
        outcome = record.outcome(
            row["original_id"], row["organisation_id"], row["identity_digest"].hex(), keyed
        )
        if outcome is None:
            return
        refuse_barred(outcome, book.suspensions.values(), known_day=known_day)
        act, reference = row["act"], f"record:{row['id']}"
        deposit = Deposit(row["id"], reference, outcome, act, is_new=act is Act.ADD)
        book.deposit(deposit, now=row["recorded_at"])
        self._unsettled[book.worker_id] = row["recorded_at"]

    def _keyed(self, day: date) -> Keying:
        """Return what digests texts of records that are posted on a day."""
        if day not in self._keying:
            self._keying[day] = Keying(self._vault, self._rules, day)
        return self._keying[day]


@contextmanager
def writing(
    session: Session, worker_ids: Iterable[UUID] = (), opened: Opened | None = None
) -> Iterator[DossierWriter]:
    """Lock some dossiers, yield a writer on them, and write everything at the end.

    ``opened`` are the dossiers if they are locked and open already. Raises UnknownDossierError,
    and DossierClosedError for a dossier that was merged into another.
    """
    whose = list(dict.fromkeys(worker_ids))
    with no_collection(), bank.open_books(session, whose, to_deposit=True) as desk:
        refuse_merged(session, whose)
        writer = DossierWriter(session, desk, opened or Opened().take(session, whose))
        yield writer
        writer.flush()
