"""What others call: begin a dossier, deposit, expire, read a statement.

The bank knows workers only by their pseudonymous id. Nothing here commits.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session, col, select

from credit_bank import casework, issuers, settling
from credit_bank.booking import Deposit, SealedNote
from credit_bank.collecting import no_collection
from credit_bank.desk import Desk
from credit_bank.models import Outcome
from credit_bank.publishing import change_rules, hold_rules, rule_book
from credit_bank.settling import settle
from credit_bank.statements import balances, live_outcomes, statement
from schemas.cases import CaseFact, IssuerFact

__all__ = [
    "balances",
    "decide_on_issuer",
    "deposit",
    "expire",
    "hold_books",
    "live_outcomes",
    "open_books",
    "recompute",
    "recompute_since",
    "statement",
    "take_step",
]


_CHUNK = 400  # Workers whose books are out at once.


@contextmanager
def open_books(
    session: Session,
    worker_ids: Iterable[UUID],
    *,
    new: Iterable[UUID] = (),
    to_deposit: bool = False,
) -> Iterator[Desk]:
    """Lock the books of some workers, let the caller append, and put everything back.

    The rules stay as they are meanwhile. ``new`` workers get a dossier. Who only deposits
    and settles says so: a book is then read only when it must be. Raises UnknownDossierError
    for a worker that has none.
    """
    hold_rules(session)
    desk = Desk(session)
    desk.begin(new)
    desk.take_out(worker_ids, to_deposit=to_deposit)
    yield desk
    desk.put_back()


def hold_books(session: Session, worker_ids: Iterable[UUID]) -> None:
    """Let nobody else write into some dossiers until this transaction ends.

    For whoever looks into them before what is to be written is known. SQLite has one writer
    anyway. Raises UnknownDossierError for a worker that has none.
    """
    if session.get_bind().dialect.name == "postgresql":
        hold_rules(session)
        Desk(session).take_out(worker_ids, to_deposit=True)


def deposit(session: Session, deposits: Mapping[UUID, Iterable[Deposit]], *, now: datetime) -> None:
    """Deposit outcomes of some workers and convert them by the rules in force.

    A repeated reference with the same content changes nothing; with other content it
    raises ReferenceConflictError and nothing is written.
    """
    to_deposit = len(deposits) == 1  # Many at once are mostly many of each.
    with no_collection(), open_books(session, deposits, to_deposit=to_deposit) as desk:
        rules = rule_book(session)
        for worker_id, brought in deposits.items():
            book = desk.books[worker_id]
            for one in brought:
                book.deposit(one, now=now)
            settle(book, rules, now=now)


def recompute(session: Session, worker_ids: Iterable[UUID], *, now: datetime) -> None:
    """Apply the rules as they are published now to some workers; post differences only."""
    with open_books(session, worker_ids) as desk:
        rules = rule_book(session)
        for book in desk.books.values():
            settle(book, rules, now=now)


def recompute_since(session: Session, day: date, *, now: datetime) -> int:
    """Apply the published rules to every worker with an outcome since ``day``.

    For a rule that reaches back. Returns how many workers were looked at; differences only
    are posted, so it can be repeated.
    """
    touched = select(Outcome.worker_id).where(col(Outcome.effective_on) >= day).distinct()
    workers = sorted(session.exec(touched))
    for at in range(0, len(workers), _CHUNK):
        recompute(session, workers[at : at + _CHUNK], now=now)
    return len(workers)


def take_step(
    session: Session,
    worker_id: UUID,
    fact: CaseFact,
    *,
    by: UUID | None,
    now: datetime,
    note: SealedNote | None = None,
) -> bool:
    """Take a step in a case of a worker; return False when it is a replay.

    Raises what ``casework.take_step`` raises; then nothing is written.
    """
    with open_books(session, [worker_id]) as desk:
        book = desk.books[worker_id]
        return casework.take_step(book, fact, rule_book(session), now=now, by=by, note=note)


def decide_on_issuer(
    session: Session, fact: IssuerFact, *, by: UUID | None, now: datetime
) -> list[UUID]:
    """Hold, release or revoke what an issuer's outcomes brought; return the workers touched.

    Nobody deposits meanwhile: else what comes in this moment would pass unseen. Raises
    CaseActRefusedError when the decision cannot follow the last one of its case.
    """
    change_rules(session)
    workers = issuers.tell(session, fact, by=by, now=now)
    for at in range(0, len(workers), _CHUNK):
        recompute(session, workers[at : at + _CHUNK], now=now)
    return workers


def expire(
    session: Session, worker_ids: Iterable[UUID], *, now: datetime, today: date, zone: tzinfo
) -> int:
    """Expire what can no longer be used by the days of ``zone``; return the units moved."""
    with open_books(session, worker_ids) as desk:
        rules = rule_book(session)
        books = desk.books.values()
        return sum(settling.expire(book, rules, now=now, today=today, zone=zone) for book in books)
