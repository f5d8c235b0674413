"""Settling a book: what the rules say now is compared with what stands there, and booked."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING
from uuid import UUID

from credit_bank.arranging import arrange, revive
from credit_bank.book import Book, read
from credit_bank.booking import Series
from credit_bank.cases import verdicts_of
from credit_bank.conversion import Judgement, judge_all
from credit_bank.expiring import expiries, last_day_of
from credit_bank.judging import IS_WITHDRAWN, REPLACED
from credit_bank.rulebook import RuleBook
from schemas.vocabulary import Account, Family

if TYPE_CHECKING:
    from credit_bank.quick import QuickLook
    from schemas.credits import LearningOutcome


def settle(book: Book, rules: RuleBook, *, now: datetime) -> None:
    """Bring every series to what the rules say of the live outcomes; post differences.

    Raises DossierClosedError when something was brought to a dossier that was merged.
    """
    settle_all([(book, now)], rules)


def settle_all(waiting: Sequence[tuple[Book, datetime]], rules: RuleBook) -> None:
    """Settle books of one desk, each at its own moment; see ``settle``.

    A single outcome that came in order to a dossier that is unread, or begins, leaves it so.
    """
    quick = _judged_quickly([book for book, _ in waiting], rules)
    read(book for book, _ in waiting if book.worker_id not in quick)
    for book, now in waiting:
        if book.worker_id not in quick:
            _settle_whole(book, rules, now)
        elif judgement := quick[book.worker_id]:
            key = (judgement.outcome.id, judgement.family)
            book.judged[key] = judgement
            series = book.series.setdefault(key, Series(judgement.outcome, judgement.family))
            book.revise(series, judgement, now=now)


def _judged_quickly(books: Iterable[Book], rules: RuleBook) -> dict[UUID, Judgement | None]:
    """Judge what came in order to dossiers that are unread, by one look at all of them."""
    brought: dict[QuickLook, dict[UUID, LearningOutcome]] = defaultdict(dict)
    for one in books:
        if one.unread and len(one.outcomes) == 1 and not one.judged:
            (brought[one.unread.look][one.worker_id],) = one.outcomes.values()
    judged: dict[UUID, Judgement | None] = {}
    for look, outcomes in brought.items():
        judged |= look.judge(outcomes, rules)
    return judged


def _settle_whole(book: Book, rules: RuleBook, now: datetime) -> None:
    book.read()
    if book.outcomes:
        book.refuse_closed()
    verdicts = verdicts_of(book.cases.values())
    told = set()
    for judgement in judge_all(book.outcomes.values(), rules, book.judged, verdicts):
        outcome = judgement.outcome
        key = (outcome.id, judgement.family)
        told.add(key)
        book.judged[key] = judgement
        series = book.series.setdefault(key, Series(outcome, judgement.family))
        if series.says(judgement) and outcome.id not in book.corrected:
            continue
        if series.units and series.effective_on != outcome.effective_on:
            _change_day(book, series, outcome.effective_on, rules, now)
        book.revise(series, judgement, now=now)
    for key, series in list(book.series.items()):  # Withdrawn, or no agreement's any more.
        if key not in told and series.is_grant and series.reason != IS_WITHDRAWN:
            book.take_all_back(series, IS_WITHDRAWN, now=now)
    book.corrected.clear()
    arrange(book, rules, now=now)


def _change_day(book: Book, series: Series, day: date, rules: RuleBook, now: datetime) -> None:
    """Take back what counted from another day, so that it can be granted from ``day`` on.

    What expired comes back, for it has another last day now; what left before ``day``
    cannot have left.
    """
    book.take_all_back(series, REPLACED, now=now)
    if series.lot:
        revive(book, series.lot, now=now)
        if series.lot.left_before(day):
            arrange(book, rules, now=now)


def expire(book: Book, rules: RuleBook, *, now: datetime, today: date, zone: tzinfo) -> int:
    """Move what can no longer be used to ``expired``; return the units moved.

    No unit expires before its holder had the notice time since units were last added to
    its lot, so a late deposit or correction is never swallowed at once. Days are those of
    ``zone``.
    """
    moved = 0
    book.read()
    for lot in book.lots_in_order():
        left = lot.units[Account.AVAILABLE]
        published = rules.in_force(Family.SHELF_LIFE, lot.outcome.effective_on)
        granted_on = lot.granted_at.astimezone(zone).date()
        last_day = last_day_of(lot.outcome, published, granted_on)
        if left > 0 and published and last_day and last_day < today:
            for motion in expiries(lot, published, last_day, granted_on, today):
                book.move(lot, motion, now=now)
            moved += left
    return moved
