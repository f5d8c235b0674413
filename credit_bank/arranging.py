"""After the grants: brings back, holds, revokes and covers, until every account is right.

Each step says as of which day it counts, so that a statement as of any day holds. What is
taken back never was: whatever became of it since is undone as of the day on which it left
``available``; what was used for good is owed from that day on.
"""

from datetime import datetime
from uuid import UUID

from credit_bank.book import Book
from credit_bank.cases import Case
from credit_bank.holds import Hold, holds_on
from credit_bank.lots import Lot
from credit_bank.motions import (
    AVAILABLE,
    COVERING,
    EXPIRED,
    GIVEN_BACK,
    HELD,
    HELD_FOR,
    OWED,
    OWING,
    REDEEMED,
    RELEASED,
    REVOKED,
    TAKEN_AWAY,
    Motion,
    exchange,
)
from credit_bank.redeeming import end
from credit_bank.rulebook import RuleBook
from schemas.vocabulary import Account, Cause, Family


def arrange(book: Book, rules: RuleBook, *, now: datetime) -> None:
    """Bring every account of a book to where it must be; nothing moves when all is right."""
    lots = list(book.lots.values())
    if any(lot.units[AVAILABLE] < 0 for lot in lots):
        for lot in book.lots_in_order():
            _give_back(book, lot, rules, now)
    if book.cases or book.suspensions or any(lot.units[HELD] for lot in lots):
        for lot in book.lots_in_order():
            _hold(book, lot, rules, now)
    if any(lot.units[OWED] for lot in lots):
        _cover(book, rules, now)


def revive(book: Book, lot: Lot, *, now: datetime) -> None:
    """Fill an ``available`` below zero with what had expired of the lot."""
    _bring_back(book, lot, EXPIRED, Family.SHELF_LIFE, None, now)


def _give_back(book: Book, lot: Lot, rules: RuleBook, now: datetime) -> None:
    """Fill an ``available`` that a lower grant has left below zero.

    What expired comes back first, then what is held or revoked, then pending redemptions
    of the lot lapse, and what was used for good is owed.
    """
    revive(book, lot, now=now)
    for family in (Family.APPEAL, Family.SUSPENSION):
        for account in (HELD, REVOKED):
            for case_id in lot.cases_with(account, family):
                _bring_back(book, lot, account, family, case_id, now)
    for case in reversed(_redemptions_of(book, lot, HELD)):
        if lot.units[AVAILABLE] < 0:
            end(book, case, "consumed_record_gone", rules, now=now)
    for case in reversed(_redemptions_of(book, lot, REDEEMED)):
        _owe(book, lot, case, -lot.units[AVAILABLE], rules, now)


def _bring_back(
    book: Book, lot: Lot, account: Account, family: Family, case_id: UUID | None, now: datetime
) -> None:
    """Move units back to ``available`` as of the days on which they left it, latest first."""
    causes = {EXPIRED: Cause.EXPIRY, HELD: Cause.RELEASE, REVOKED: Cause.REVOCATION}
    for day, left in lot.left_under(family, case_id):
        part = min(left, lot.placed(account, family, case_id), -lot.units[AVAILABLE])
        if part > 0:
            motion = Motion(
                family=family,
                cause=causes[account],
                reason="given_back",
                day=day,
                moves=exchange(account, AVAILABLE, part),
                text=GIVEN_BACK,
                case_id=case_id,
            )
            book.move(lot, motion, now=now)


def _redemptions_of(book: Book, lot: Lot, account: Account) -> list[Case]:
    """Return the redemptions that have units of the lot in an account, the earliest first.

    What is missing falls to the latest; what is owed is covered for the earliest first.
    """
    cases = [book.cases[case_id] for case_id in lot.cases_with(account, Family.REDEMPTION)]
    return sorted(cases, key=lambda case: (case.opened_on, case.id))


def _owe(book: Book, lot: Lot, case: Case, missing: int, rules: RuleBook, now: datetime) -> None:
    """Let what a redemption consumed for good be owed."""
    owed = -lot.placed(OWED, Family.REDEMPTION, case.id)
    part = min(missing, lot.placed(REDEEMED, Family.REDEMPTION, case.id) - owed)
    if part > 0:
        motion = Motion(
            family=Family.REDEMPTION,
            cause=Cause.SHORTFALL,
            reason="consumed_record_gone",
            day=case.opened_on,
            moves=exchange(OWED, AVAILABLE, part),
            text=OWING,
            case_id=case.id,
            published=rules.in_force(Family.REDEMPTION, case.opened_on),
        )
        book.move(lot, motion, now=now)


def _hold(book: Book, lot: Lot, rules: RuleBook, now: datetime) -> None:
    """Hold, revoke or release what is left of a lot, as cases and decisions say now."""
    holds = holds_on(book, lot)
    standing = {(hold.family, hold.case_id) for hold in holds if not hold.revokes}
    for family in (Family.APPEAL, Family.SUSPENSION):
        for case_id in lot.cases_with(HELD, family):
            if (family, case_id) not in standing:
                _release(book, lot, family, case_id, rules, now)
    if holds and holds[0].revokes:
        _revoke(book, lot, holds[0], rules, now)
    elif holds:
        reason = "appeal_open" if holds[0].family is Family.APPEAL else "issuer_suspended"
        _take(book, lot, holds[0], (Cause.HOLD, reason, HELD, HELD_FOR), rules, now)


def _release(
    book: Book, lot: Lot, family: Family, case_id: UUID, rules: RuleBook, now: datetime
) -> None:
    if family is Family.APPEAL:
        reason, ended_on = "appeal_over", book.cases[case_id].last_on
    else:
        reason, ended_on = "issuer_released", book.suspensions[case_id].last.effective_on
    day = max(ended_on, lot.outcome.effective_on)
    motion = Motion(
        family=family,
        cause=Cause.RELEASE,
        reason=reason,
        day=day,
        moves=exchange(HELD, AVAILABLE, lot.placed(HELD, family, case_id)),
        text=RELEASED,
        case_id=case_id,
        published=rules.in_force(family, day),
    )
    book.move(lot, motion, now=now)


def _revoke(book: Book, lot: Lot, hold: Hold, rules: RuleBook, now: datetime) -> None:
    """Move all that a lot holds to ``revoked``; what was used for good is owed.

    Pending redemptions of the lot lapse first. What expired stays expired.
    """
    for case in reversed(_redemptions_of(book, lot, HELD)):
        end(book, case, "issuer_revoked", rules, now=now)
    for case in reversed(_redemptions_of(book, lot, REDEEMED)):
        _owe(book, lot, case, lot.units[REDEEMED], rules, now)
    _take(book, lot, hold, (Cause.REVOCATION, "issuer_revoked", REVOKED, TAKEN_AWAY), rules, now)


def _take(
    book: Book,
    lot: Lot,
    hold: Hold,
    how: tuple[Cause, str, Account, str],
    rules: RuleBook,
    now: datetime,
) -> None:
    """Move what a lot has left to where a case or a decision puts it.

    As of the day since which it stands; what came back later, as of the day on which it did.
    """
    cause, reason, account, text = how
    if lot.units[AVAILABLE] <= 0:
        return
    for day, units in lot.lying_since(max(hold.since, lot.outcome.effective_on)):
        motion = Motion(
            family=hold.family,
            cause=cause,
            reason=reason,
            day=day,
            moves=exchange(AVAILABLE, account, units),
            text=text,
            case_id=hold.case_id,
            published=rules.in_force(hold.family, day),
        )
        book.move(lot, motion, now=now)


def _cover(book: Book, rules: RuleBook, now: datetime) -> None:
    """Cover what is owed from what is available: the lot's own first, then in canonical order."""
    lots = book.lots_in_order()
    for debtor in lots:
        for case in _redemptions_of(book, debtor, OWED):
            for giver in [debtor, *(lot for lot in lots if lot is not debtor)]:
                _cover_from(book, debtor, giver, case, rules, now)


def _cover_from(
    book: Book, debtor: Lot, giver: Lot, case: Case, rules: RuleBook, now: datetime
) -> None:
    owed = -debtor.placed(OWED, Family.REDEMPTION, case.id)
    part = min(owed, giver.units[AVAILABLE])
    if part <= 0:
        return
    day, _ = giver.lying_since(max(case.opened_on, giver.outcome.effective_on))[0]
    published = rules.in_force(Family.REDEMPTION, day)

    def motion(lot: Lot, taken: Account, given: Account) -> None:
        moved = Motion(
            family=Family.REDEMPTION,
            cause=Cause.COVER,
            reason="owed_covered",
            day=day,
            moves=exchange(taken, given, part),
            text=COVERING,
            case_id=case.id,
            published=published,
        )
        book.move(lot, moved, now=now)

    if giver is debtor:
        motion(debtor, AVAILABLE, OWED)
    else:
        motion(giver, AVAILABLE, REDEEMED)
        motion(debtor, REDEEMED, OWED)
