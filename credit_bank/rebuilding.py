"""A ledger computed once more from its outcomes, cases, rules and decisions. Pure.

The outcomes and the events of cases are brought again in the order of the chain, each with
what was known then; every entry is written anew by the same code as ever, and none of the
stored ones is read but for which day an expiry run took for today.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple
from uuid import UUID

from credit_bank.book import Book
from credit_bank.booking import Deposit
from credit_bank.casework import take_step
from credit_bank.chain import Tail
from credit_bank.checking import Rows
from credit_bank.errors import CreditBankError
from credit_bank.history import BEGINNING, History
from credit_bank.models import Entry
from credit_bank.settling import expire, settle
from credit_bank.standing import (
    Difference,
    LotKey,
    differences,
    lots_in,
    standing_of,
    stored_standing,
)
from credit_bank.traces import case_fact_in, outcome_in, trace_in
from schemas.cases import CaseFact
from schemas.vocabulary import Cause

_EXPIRED = "shelf_life_over"


@dataclass(slots=True)
class _Turn:
    """What was brought at once, and the entries that were booked for it."""

    moment: datetime
    deposits: list[Deposit] = field(default_factory=list)
    facts: list[CaseFact] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    expired_on: date | None = None


class Rebuilt(NamedTuple):
    """What is stored otherwise than it is computed anew."""

    wrong: list[Difference]
    """By what was known when it was booked: someone edited it, or the program is at fault."""
    late: list[Difference]
    """Only by what is known today: published or decided, and never applied to this worker."""


def rebuild(rows: Rows, history: History, *, now: datetime, zone: tzinfo) -> Rebuilt:
    """Compute a ledger anew and compare; its rows are as they were hashed."""
    book, stored = Book(rows.worker_id, Tail(rows.worker_id), is_new=True), stored_standing(rows)
    try:
        _replay(book, rows, history, zone)
        wrong = list(differences(stored, standing_of(book)))
        book.suspensions = history.suspensions(history.latest)
        settle(book, history.rules(history.latest), now=now)
    except CreditBankError as refused:
        return Rebuilt([Difference("cannot_follow", None, refused.code, "–", "–")], [])
    except (LookupError, ValueError):  # A case or an expiry that says what nobody could have.
        return Rebuilt([Difference("cannot_follow", None, "–", "–", "–")], [])
    return Rebuilt(wrong, [] if wrong else list(differences(stored, standing_of(book))))


def _replay(book: Book, rows: Rows, history: History, zone: tzinfo) -> None:
    """Bring everything again, each with what was known then."""
    stored_lots, known = lots_in(rows), BEGINNING
    for turn in _turns(rows):
        known = history.known_to(turn.entries, max(known, turn.moment))
        rules, book.suspensions = history.rules(known), history.suspensions(known)
        for deposit in turn.deposits:
            book.deposit(deposit, now=turn.moment)
        if turn.deposits or not turn.facts:
            settle(book, rules, now=turn.moment)
        for fact in turn.facts:
            take_step(book, _picking(book, fact, stored_lots), rules, now=turn.moment)
        if turn.expired_on:
            expire(book, rules, now=turn.moment, today=turn.expired_on, zone=zone)


def _picking(book: Book, fact: CaseFact, stored_lots: dict[UUID, LotKey]) -> CaseFact:
    """Return the event with the lots that it picks as this book knows them."""
    if not fact.picks:
        return fact
    lots = {(lot.outcome.id, lot.family): lot.id for lot in book.lots.values()}
    picks = tuple(
        pick.model_copy(update={"lot_id": lots.get(stored_lots[pick.lot_id], pick.lot_id)})
        for pick in fact.picks
    )
    return fact.model_copy(update={"picks": picks})


def _turns(rows: Rows) -> Iterator[_Turn]:
    """Yield what was brought at once, in the order of the chain.

    Whatever is brought is settled before the next is: so after entries a new turn begins.
    """
    outcomes = {row.id: row for row in rows.outcomes}
    entries = {row.id: row for row in rows.entries}
    cases = {row.id: row for row in rows.cases}
    turn: _Turn | None = None
    for link in rows.links:
        if link.subject_kind == "outcome":
            row = outcomes[link.subject_id]
            if turn is None or turn.moment != row.recorded_at or turn.entries or turn.facts:
                yield from [turn] if turn else []
                turn = _Turn(row.recorded_at)
            content = outcome_in(link.body)
            turn.deposits.append(Deposit(row.id, row.reference, content, row.act))
        elif link.subject_kind == "case":
            moment = cases[link.subject_id].recorded_at
            yield from [turn] if turn else []
            turn = _Turn(moment, facts=[case_fact_in(link.body)])
        elif link.subject_kind == "entry":
            entry = entries[link.subject_id]
            if turn is None or turn.moment != entry.recorded_at:
                yield from [turn] if turn else []
                turn = _Turn(entry.recorded_at)
            turn.entries.append(entry)
            if entry.cause is Cause.EXPIRY and entry.reason == _EXPIRED:
                turn.expired_on = date.fromisoformat(trace_in(link.body).context["today"])
    yield from [turn] if turn else []
