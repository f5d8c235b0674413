"""What holds the units of a lot: an open appeal, or a decision on its issuer. Pure.

How held units move stands in arranging.py.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from credit_bank.book import Book
from credit_bank.lots import Lot
from schemas.vocabulary import CaseKind, Family


class Hold(NamedTuple):
    """Why, and since when, units of an outcome cannot be used."""

    family: Family
    case_id: UUID
    since: date
    revokes: bool = False


def holds_on(book: Book, lot: Lot) -> list[Hold]:
    """Return what holds a lot now; what revokes it stands first."""
    holds = [
        Hold(Family.SUSPENSION, one.id, one.last.effective_on, one.revokes)
        for one in book.suspensions.values()
        if (one.holds or one.revokes) and one.names(lot.outcome)
    ]
    holds += [
        Hold(Family.APPEAL, case.id, case.opened_on)
        for case in book.cases.values()
        if case.kind is CaseKind.APPEAL and case.is_open and case.outcome_id == lot.outcome.id
    ]
    return sorted(holds, key=lambda hold: (not hold.revokes, hold.since, hold.case_id))
