"""The desk: takes workers' books out of the database, and puts what was appended back.

Taking a book out locks its chain head, so that writers of one worker take turns. Rows go
in by bulk inserts, whatever the number of workers.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import sqlalchemy
from sqlalchemy import update
from sqlalchemy.sql.expression import bindparam
from sqlmodel import Session, SQLModel, col, func, select

from credit_bank.book import Book, Unread, read
from credit_bank.booking import Row, Series
from credit_bank.bulk import insert_rows, table_of
from credit_bank.carrying import keep_notice
from credit_bank.cases import told_cases
from credit_bank.chain import Tail
from credit_bank.collecting import no_collection
from credit_bank.errors import UnknownDossierError
from credit_bank.issuers import suspensions
from credit_bank.lots import Lot
from credit_bank.models import CaseEvent, ChainHead, ChainLink, Entry, Outcome, Posting, is_link_of
from credit_bank.quick import QuickLook
from credit_bank.traces import case_fact_in, outcome_in
from schemas.credits import LearningOutcome
from schemas.vocabulary import Account, Act, Cause, Family

if TYPE_CHECKING:
    from schemas.cases import CaseFact

_BATCH = 400  # Workers a query; below every database's limit on bound values.


class Desk:
    """The books of some workers, out of the database until ``put_back``."""

    def __init__(self, session: Session) -> None:
        """Hold no book yet."""
        self._session = session
        self._suspensions = suspensions(session)
        self._begun = Unread(QuickLook(None, self._suspensions), lambda _: None)
        self._unread = Unread(QuickLook(session, self._suspensions), self._read)
        self._count = 0
        self.books: dict[UUID, Book] = {}

    def begin(self, worker_ids: Iterable[UUID]) -> None:
        """Begin the dossiers of new workers."""
        for worker_id in worker_ids:
            book = self._book(Tail(worker_id), is_new=True)
            book.unread = self._begun
            self.books[worker_id] = book

    def take_out(self, worker_ids: Iterable[UUID], *, to_deposit: bool = False) -> None:
        """Lock and load the books that are not out yet, in a fixed order.

        Books ``to_deposit`` are read only when they must be. Raises UnknownDossierError for a
        worker without a dossier.
        """
        wanted = sorted(set(worker_ids) - self.books.keys())
        for at in range(0, len(wanted), _BATCH):
            part = wanted[at : at + _BATCH]
            self._lock(part)
            for worker_id in part:
                self.books[worker_id].unread = self._unread
        if not to_deposit:
            read(self.books[worker_id] for worker_id in wanted)

    def put_back(self) -> None:
        """Insert what was appended and move the chain heads; the caller commits."""
        books = [book for book in self.books.values() if book.appended.links or book.is_new]
        self._insert(
            ChainHead,
            [
                {"worker_id": b.worker_id, "sequence": b.tail.sequence, "hash": b.tail.hash}
                for b in books
                if b.is_new
            ],
        )
        self._move_heads([book for book in books if not book.is_new])
        self._insert(ChainLink, [row for b in books for row in b.appended.links])
        self._insert(Outcome, [row for b in books for row in b.appended.outcomes])
        self._insert(CaseEvent, [row for b in books for row in b.appended.cases])
        self._insert(Entry, [row for b in books for row in b.appended.entries])
        self._insert(Posting, [row for b in books for row in b.appended.postings])
        self.books.clear()

    def _book(self, tail: Tail, *, is_new: bool = False) -> Book:
        return Book(tail.worker_id, tail, is_new=is_new, suspensions=self._suspensions)

    def _insert(self, model: type[SQLModel], rows: list[Row]) -> None:
        insert_rows(self._session, table_of(model), rows)

    def _move_heads(self, books: Sequence[Book]) -> None:
        if not books:
            return
        heads = table_of(ChainHead)
        moved = update(heads).where(heads.c.worker_id == bindparam("whose"))
        rows = [
            {"whose": book.worker_id, "sequence": book.tail.sequence, "hash": book.tail.hash}
            for book in books
        ]
        self._session.connection().execute(
            moved.values(sequence=bindparam("sequence"), hash=bindparam("hash")), rows
        )

    def _lock(self, worker_ids: list[UUID]) -> None:
        heads = (  # Columns, no rows: a row that the session has seen would not be read again.
            select(ChainHead.worker_id, ChainHead.sequence, ChainHead.hash)
            .where(col(ChainHead.worker_id).in_(worker_ids))
            .order_by(col(ChainHead.worker_id))
            .with_for_update()
        )
        for worker_id, sequence, head in self._session.exec(heads):
            self.books[worker_id] = self._book(Tail(worker_id, sequence, head))
        if any(worker_id not in self.books for worker_id in worker_ids):
            raise UnknownDossierError

    def _read(self, worker_ids: Sequence[UUID]) -> None:
        """Read books, and as many more as were read before: seldom one alone must be read."""
        others = (one.worker_id for one in self.books.values() if one.unread is self._unread)
        wanted = sorted([*worker_ids, *islice(others, self._count)])
        self._count += len(wanted)
        for at in range(0, len(wanted), _BATCH):
            part = wanted[at : at + _BATCH]
            for worker_id in part:
                self.books[worker_id].unread = None
            self._load(part)

    def _load(self, worker_ids: list[UUID]) -> None:
        with no_collection():
            known = self._load_outcomes(worker_ids)
            self._load_series(worker_ids, known)
            self._load_cases(worker_ids)

    def _load_outcomes(self, worker_ids: list[UUID]) -> dict[UUID, LearningOutcome]:
        """Fill the live outcomes; return the newest content of every lineage."""
        newest: dict[UUID, LearningOutcome] = {}
        for outcome, body in outcomes_with_bodies(self._session, worker_ids):
            book = self.books[outcome.worker_id]
            content = outcome_in(body)
            book.references[outcome.reference] = outcome.fingerprint
            book.newest[outcome.lineage_id] = outcome.id
            newest[outcome.lineage_id] = content
            if outcome.act is Act.WITHDRAW:
                book.outcomes.pop(outcome.lineage_id, None)
            else:
                book.outcomes[outcome.lineage_id] = content
        return newest

    def _load_series(self, worker_ids: list[UUID], newest: dict[UUID, LearningOutcome]) -> None:
        opening = _opening_entries(self._session, worker_ids)
        entries = (
            select(Entry)
            .where(col(Entry.worker_id).in_(worker_ids))
            .order_by(col(Entry.worker_id), col(Entry.outcome_id), col(Entry.revision))
        )
        for entry in self._session.exec(entries):
            book, content = self.books[entry.worker_id], newest[entry.outcome_id]
            key = (entry.outcome_id, entry.family)
            series = book.series.setdefault(key, Series(content, entry.family))
            series.revision, series.units = entry.revision, entry.evaluated_units
            series.decision, series.reason = entry.decision, entry.reason
            series.version, series.effective_on = entry.rule_version, entry.effective_on
            for lot_id in opening.get(entry.id, ()):
                series.lot = Lot(lot_id, entry.family, content, entry.recorded_at)
                book.lots[lot_id] = series.lot
            if series.lot and entry.posted_units > 0:
                series.lot.granted_at = entry.recorded_at
        self._load_places(worker_ids)

    def _load_places(self, worker_ids: list[UUID]) -> None:
        """Tell every lot where its units are, under which case, and since when."""
        for moved in _moved(self._session, worker_ids):
            lot = self.books[moved.worker_id].lots[moved.lot_id]
            lot.move(
                moved.family, moved.case_id, moved.effective_on, moved.account, int(moved.units)
            )
        applications = (
            select(Entry.worker_id, Posting.lot_id, Entry.case_id, Entry.id)
            .join(Posting, _OF_ENTRY)
            .where(
                col(Entry.worker_id).in_(worker_ids),
                col(Entry.family) == Family.REDEMPTION,
                col(Entry.cause) == Cause.HOLD,
            )
        )
        for worker_id, lot_id, case_id, entry_id in self._session.exec(applications):
            if case_id is not None:
                self.books[worker_id].lots[lot_id].applications[case_id] = entry_id

    def _load_cases(self, worker_ids: list[UUID]) -> None:
        facts: dict[UUID, list[CaseFact]] = defaultdict(list)
        for event, body in events_with_bodies(self._session, worker_ids):
            self.books[event.worker_id].references[event.reference] = event.fingerprint
            fact = case_fact_in(body)
            facts[event.worker_id].append(fact)
            keep_notice(self.books[event.worker_id], fact, now=event.recorded_at)
        for worker_id, told in facts.items():
            self.books[worker_id].cases = told_cases(told)


def outcomes_with_bodies(
    session: Session, worker_ids: Sequence[UUID]
) -> Iterator[tuple[Outcome, bytes]]:
    """Yield outcomes with their hashed bytes, in the order in which they were appended."""
    query = (
        select(Outcome, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(Outcome, "outcome"),
        )
        .where(col(Outcome.worker_id).in_(worker_ids))
        .order_by(col(Outcome.worker_id), col(ChainLink.sequence))
    )
    yield from session.exec(query)


class _Moved(NamedTuple):
    """How many units came into an account of a lot under a case, as of a day."""

    worker_id: UUID
    lot_id: UUID
    account: Account
    family: Family
    case_id: UUID | None
    effective_on: date
    units: int  # PostgreSQL sums into a decimal.


_OF_ENTRY = (col(Posting.worker_id) == col(Entry.worker_id)) & (
    col(Posting.entry_id) == col(Entry.id)
)


def _moved(session: Session, worker_ids: Sequence[UUID]) -> Iterator[_Moved]:
    postings, entries = table_of(Posting).c, table_of(Entry).c
    what = (
        postings.worker_id,
        postings.lot_id,
        postings.account,
        entries.family,
        entries.case_id,
        entries.effective_on,
    )
    query = (
        sqlalchemy.select(*what, func.sum(postings.units))
        .join(table_of(Entry), _OF_ENTRY)
        .where(postings.worker_id.in_(worker_ids))
        .group_by(*what)
    )
    yield from (_Moved(*row) for row in session.connection().execute(query))


def _opening_entries(session: Session, worker_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """Return the lots that entries opened, by entry: a granting posting names itself."""
    query = select(Posting.entry_id, Posting.id).where(
        col(Posting.worker_id).in_(worker_ids), col(Posting.id) == col(Posting.lot_id)
    )
    opening: dict[UUID, list[UUID]] = defaultdict(list)
    for entry_id, posting_id in session.exec(query):
        opening[entry_id].append(posting_id)
    return opening


def events_with_bodies(
    session: Session, worker_ids: Sequence[UUID]
) -> Iterator[tuple[CaseEvent, bytes]]:
    """Yield the events of cases with their hashed bytes, in the order of the chain."""
    query = (
        select(CaseEvent, ChainLink.body)
        .join(
            ChainLink,
            is_link_of(CaseEvent, "case"),
        )
        .where(col(CaseEvent.worker_id).in_(worker_ids))
        .order_by(col(CaseEvent.worker_id), col(ChainLink.sequence))
    )
    yield from session.exec(query)
