"""Taking a step in a case of one worker: the event is told, then units move as it says."""

from datetime import datetime
from uuid import UUID

from credit_bank import redeeming
from credit_bank.book import Book
from credit_bank.booking import SealedNote
from credit_bank.carrying import keep_notice
from credit_bank.errors import AppealOpenError
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
    CaseAct.CARRY: redeeming.carry_out,
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

    Raises ReferenceConflictError, UnknownCaseError, CaseActRefusedError, AppealOpenError,
    LotTooSmallError, LotHeldError. The book is not to be put back then: the step is told
    already.
    """
    if fact.kind is CaseKind.APPEAL and fact.act is CaseAct.OPEN:
        _refuse_second(book, fact)
    if not book.tell(fact, now=now, by=by, note=note):
        return False
    if fact.kind is CaseKind.REDEMPTION:
        _MOVES[fact.act](book, book.case(fact.case_id), rules, now=now)
    keep_notice(book, fact, now=now)
    settle(book, rules, now=now)
    return True


def _refuse_second(book: Book, fact: CaseFact) -> None:
    """Raise AppealOpenError when another appeal is about the same outcome and not over yet."""
    if fact.reference in book.references:
        return  # A replay, or a conflict: that is told when the event is.
    for case in book.cases.values():
        about_it = case.kind is CaseKind.APPEAL and case.outcome_id == fact.outcome_id
        if about_it and case.is_open:
            raise AppealOpenError
