"""Many books at once: what came in order is judged without reading, and gives the same."""

from datetime import date

from sqlmodel import Session, col, select

from credit_bank import bank
from credit_bank.booking import Deposit
from credit_bank.models import Entry
from credit_bank.publishing import rule_book
from credit_bank.settling import settle_all
from schemas.credits import LearningOutcome
from schemas.vocabulary import Prize, Rank
from tests.builders import NOW
from tests.ledgers import Ledger
from tests.outcomes import a_course, a_level, a_prize

DAY, BEFORE, AFTER = date(2025, 2, 1), date(2025, 1, 10), date(2025, 3, 1)

IN_ORDER = {
    "the first": ([], a_course("36", DAY)),
    "another course": ([a_course("36", BEFORE, name="wiring")], a_course("36", DAY)),
    "a course again": (
        [a_course("20", BEFORE, code="C-1", name="one")],
        a_course("36", DAY, code="C-1", name="another"),
    ),
    "a full year": (
        [a_course("700", BEFORE, name=f"course {n}") for n in range(5)],
        a_course("36", DAY),
    ),
    "a higher stage": ([a_prize(Prize.THIRD, awarded_on=BEFORE)], a_prize(awarded_on=DAY)),
    "a higher level": ([a_level(Rank.JUNIOR, BEFORE)], a_level(Rank.INTERMEDIATE, DAY)),
}
"""What stood there, and what came."""
TO_READ = {
    "a late course": ([a_course("700", AFTER, name="wiring")], a_course("700", DAY)),
    "one more of a day": ([a_course("36", DAY, name="wiring")], a_course("36", DAY)),
    "a course of that name": ([a_course("36", BEFORE, name="x", by="B")], a_course(name="x")),
    "what a course prepared": (
        [a_course("36", BEFORE, name="wiring")],
        a_level(issued_on=DAY, prepared_by="wiring"),
    ),
}


def brought(
    session: Session, lives: dict[str, tuple[list[LearningOutcome], LearningOutcome]]
) -> tuple[dict[str, Ledger], set[str]]:
    """Bring every life its last outcome in one transaction; return whose books stayed unread."""
    ledgers = {name: Ledger(session) for name in lives}
    for name, (before, _) in lives.items():
        ledgers[name].deposit(*before)
    whose = [one.worker_id for one in ledgers.values()]
    with bank.open_books(session, whose, to_deposit=True) as desk:
        books = {name: desk.books[one.worker_id] for name, one in ledgers.items()}
        for name, (_, last) in lives.items():
            books[name].deposit(Deposit(last.id, f"r:{last.id}", last, is_new=True), now=NOW)
        settle_all([(book, NOW) for book in books.values()], rule_book(session))
        unread = {name for name, book in books.items() if book.unread}
    return ledgers, unread


def entries(session: Session, ledger: Ledger) -> list[tuple[object, ...]]:
    """Return what stands in the ledger, but for what is drawn by lot."""
    query = select(Entry).where(col(Entry.worker_id) == ledger.worker_id).order_by(col(Entry.id))
    return [
        (one.family, one.outcome_id, one.revision, one.evaluated_units, one.reason)
        for one in session.exec(query)
    ]


def test_only_dossiers_in_which_something_may_depend_on_what_came_are_read(session):
    lives = IN_ORDER | TO_READ

    ledgers, unread = brought(session, lives)

    assert unread == set(IN_ORDER)
    for name, ledger in ledgers.items():
        told = entries(session, ledger)
        ledger.recompute()
        assert entries(session, ledger) == told, name


def test_a_second_outcome_of_a_book_is_settled_with_the_first(session):
    ledger = Ledger(session)
    first, second = a_course("700", DAY, name="one"), a_course("700", DAY, name="other")
    with bank.open_books(session, [ledger.worker_id], to_deposit=True) as desk:
        book = desk.books[ledger.worker_id]
        for one in (first, second):
            book.deposit(Deposit(one.id, f"r:{one.id}", one, is_new=True), now=NOW)
            settle_all([(book, NOW)], rule_book(session))
    told = entries(session, ledger)

    ledger.recompute()

    assert entries(session, ledger) == told
