"""Taking a step in a case of one worker: the event is told, then units move as it says."""

from datetime import datetime
from uuid import UUID

from credit_bank import redeeming
from credit_bank.book import Book
from credit_bank.booking import SealedNote
from credit_bank.rulebook import RuleBook
from credit_bank.settling import settle
from schemas.cases import CaseFact
from schemas.vocabulary import CaseAct, CaseKind

_MOVES = {
    CaseAct.OPEN: redeeming.hold_picks,
    CaseAct.ACCEPT: redeeming.consume,
    CaseAct.DECLINE: redeeming.give_back,
    CaseAct.WITHDRAW: redeeming.give_back,
    CaseAct.LAPSE: redeeming.give_back,
    CaseAct.ANNUL: redeeming.annul,
}
"""What each act does to the units of a redemption; appeals and reviews only settle anew."""


def take_step(
    book: Book,
    fact: CaseFact,
    rules: RuleBook,
    *,
    now: datetime,
    by: UUID | None = None,
    note: SealedNote | None = None,
) -> bool:
    """Take a step and settle the book; return False when it is a replay of one that is here.

    Raises ReferenceConflictError, UnknownCaseError, CaseActRefusedError, LotTooSmallError,
    LotHeldError. The book is not to be put back then: the step is told already.
    """
    if not book.tell(fact, now=now, by=by, note=note):
        return False
    if fact.kind is CaseKind.REDEMPTION:
        _MOVES[fact.act](book, book.case(fact.case_id), rules, now=now)
    settle(book, rules, now=now)
    return True
