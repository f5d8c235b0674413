"""How a redemption moves units: held while it waits, consumed for good, or given back."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from credit_bank.book import Book
from credit_bank.cases import Case
from credit_bank.errors import LotHeldError, LotTooSmallError
from credit_bank.holds import holds_on
from credit_bank.lots import Lot
from credit_bank.motions import (
    APPLIED,
    AVAILABLE,
    CARRIED_IN,
    CARRIED_OUT,
    CONSUMED,
    HELD,
    OWED,
    OWED_NO_MORE,
    REDEEMED,
    RELEASED,
    Motion,
    exchange,
)
from credit_bank.rulebook import RuleBook
from schemas.cases import CaseFact
from schemas.contracts import plain_decimal
from schemas.credits import as_credits
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, Cause, Family


def hold_picks(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Hold the picked units while a redemption waits for its answer.

    Raises LotTooSmallError when a lot has fewer units to give; then nothing is booked. What
    a merger carried waits no more: its acceptance follows at once.
    """
    if case.carried_from:
        return
    wanted = defaultdict[UUID, int](int)
    for pick in case.picks:
        wanted[pick.lot_id] += pick.units
    for lot_id, units in wanted.items():
        lot = book.lots.get(lot_id)
        left = lot.units[AVAILABLE] if lot else 0
        if units > left:
            raise LotTooSmallError(wanted=_credits(units), left=_credits(max(0, left)))
    for lot_id, units in wanted.items():
        lot = book.lots[lot_id]
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.HOLD,
            reason="redemption_open",
            day=case.opened_on,
            moves=exchange(AVAILABLE, HELD, units),
            text=APPLIED,
            case_id=case.id,
            published=rules.in_force(Family.REDEMPTION, case.opened_on),
        )
        lot.applications[case.id] = book.move(lot, motion, now=now)


def consume(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Consume what a redemption holds, for good.

    Raises LotHeldError while a dispute or a decision holds one of its lots, also one whose
    units this redemption holds all, so that nothing was left to be held besides.
    """
    if case.carried_from:
        _carry_in(book, case, rules, now=now)
        return
    lots = _lots_of(book, case)
    if any(holds_on(book, lot) for lot in lots):
        raise LotHeldError
    day = case.last_on
    for lot in lots:
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.REDEMPTION,
            reason="redemption_accepted",
            day=day,
            moves=exchange(HELD, REDEEMED, lot.placed(HELD, Family.REDEMPTION, case.id)),
            text=CONSUMED,
            case_id=case.id,
            published=rules.in_force(Family.REDEMPTION, day),
        )
        book.move(lot, motion, now=now)


def give_back(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Let units that a redemption holds be available again, as of the day of its last event."""
    day = case.last_on
    for lot in _lots_of(book, case):
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.REVERSAL,
            reason="redemption_ended",
            day=day,
            moves=exchange(HELD, AVAILABLE, lot.placed(HELD, Family.REDEMPTION, case.id)),
            text=RELEASED,
            case_id=case.id,
            published=rules.in_force(Family.REDEMPTION, day),
            reverses_id=lot.applications[case.id],
        )
        book.move(lot, motion, now=now)


def annul(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Let units that were consumed be available again, wherever they came from by now.

    What a lot still owes for the redemption is not owed any more: it was consumed, but never
    there, so nothing of it comes back.
    """
    day = case.last_on
    published = rules.in_force(Family.REDEMPTION, day)

    def back(lot: Lot, given: Account, units: int, text: str) -> None:
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.RELEASE,
            reason="redemption_annulled",
            day=day,
            moves=exchange(REDEEMED, given, units),
            text=text,
            case_id=case.id,
            published=published,
        )
        if units > 0:
            book.move(lot, motion, now=now)

    for lot in book.lots_in_order():
        owed = -lot.placed(OWED, Family.REDEMPTION, case.id)
        back(lot, OWED, owed, OWED_NO_MORE)
        back(lot, AVAILABLE, lot.placed(REDEEMED, Family.REDEMPTION, case.id), RELEASED)


def carry_out(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Let what was consumed leave a dossier that was merged: the surviving one has it now.

    Its records are withdrawn here already, so that all of it is owed: nothing comes back.
    Raises LotHeldError when something would.
    """
    day = case.last_on
    for lot in book.lots_in_order():
        consumed = lot.placed(REDEEMED, Family.REDEMPTION, case.id)
        if consumed != -lot.placed(OWED, Family.REDEMPTION, case.id):
            raise LotHeldError
        if consumed:
            motion = Motion(
                family=Family.REDEMPTION,
                cause=Cause.CARRY,
                reason="use_carried_out",
                day=day,
                moves=exchange(REDEEMED, OWED, consumed),
                text=CARRIED_OUT,
                case_id=case.id,
                published=rules.in_force(Family.REDEMPTION, day),
            )
            book.move(lot, motion, now=now)


def _carry_in(book: Book, case: Case, rules: RuleBook, *, now: datetime) -> None:
    """Consume what was consumed in a merged dossier, whether it is there or not.

    What a lot has not is brought back, or owed, when the book is arranged.
    """
    for pick in case.picks:
        lot = book.lots[pick.lot_id]
        day = max(case.last_on, lot.outcome.effective_on)
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.CARRY,
            reason="use_carried_in",
            day=day,
            moves=exchange(AVAILABLE, REDEEMED, pick.units),
            text=CARRIED_IN,
            case_id=case.id,
            published=rules.in_force(Family.REDEMPTION, day),
        )
        book.move(lot, motion, now=now)


def end(book: Book, case: Case, reason: str, rules: RuleBook, *, now: datetime) -> None:
    """Let a pending redemption lapse, for what it picked is not there any more.

    As of the day of its opening: what it held never was, as far as its lot is gone.
    """
    fact = CaseFact(
        id=new_id(),
        case_id=case.id,
        kind=case.kind,
        act=CaseAct.LAPSE,
        reference=f"{case.id}/lapse",
        effective_on=case.opened_on,
        organisation_id=case.organisation_id,
        reason=reason,
    )
    book.tell(fact, now=now)
    give_back(book, case, rules, now=now)


def _lots_of(book: Book, case: Case) -> list[Lot]:
    """Return the lots of which a redemption holds units, in canonical order."""
    return [lot for lot in book.lots_in_order() if lot.placed(HELD, Family.REDEMPTION, case.id) > 0]


def _credits(units: int) -> str:
    return plain_decimal(as_credits(units))
