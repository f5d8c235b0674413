"""Using credits: preview, application, answer, withdrawal, annulment.

Which lots are used is decided in credit_bank/redemption.py, how their units move in
credit_bank/redeeming.py. What people read of applications stands in redemption_views.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import citing, offers, redeemed, redemption_views
from archive.dossiers.lowering import lowerings
from archive.dossiers.notes import reason_sealed
from archive.dossiers.offer_models import Offer
from archive.dossiers.redemption_refusals import (
    AppliedAlreadyError,
    CitedRecordGoneError,
    LimitsBrokenError,
    LoweringGoneError,
    RedemptionImpossibleError,
)
from archive.people.access import refuse_reading
from archive.people.actors import Actor
from archive.people.at_counter import mark
from archive.people.closing import refuse_frozen
from archive.people.models import Worker
from credit_bank import bank, casework, redemption
from credit_bank.book import Book
from credit_bank.booking import SealedNote
from credit_bank.cases import Case
from credit_bank.glancing import glance
from credit_bank.models import CaseEvent
from credit_bank.publishing import rule_book
from credit_bank.redemption_sources import Wanted
from credit_bank.rulebook import RuleBook
from schemas.cases import CaseFact, Lowered, Pick
from schemas.ids import new_id
from schemas.redemptions import Preview
from schemas.vocabulary import CaseAct, CaseKind, Fulfilment, Permission


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is done, in which days."""

    now: datetime
    zone: tzinfo

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.astimezone(self.zone).date()


def preview(session: Session, worker: Worker, offer: Offer, *, at: Moment) -> Preview:
    """Return exactly what an application would use, and why; or which limit forbids it.

    Raises UnknownWorkerError, ErasedError.
    """
    book, rules = glance(session, worker.worker_id), rule_book(session)
    less = lowerings(book, offer, rules, at.today)
    wanted = wanted_of(offer, less, at.today)
    found = redemption.plan(book.lots.values(), wanted, rules, at.zone)
    return redemption_views.preview(session, worker, offer, found, less)


def is_applied(session: Session, book: Book, offer: Offer) -> bool:
    """Return whether the same offer waits for its answer, or was accepted."""
    standing = [
        case.offer_id
        for case in book.cases.values()
        if case.kind is CaseKind.REDEMPTION and case.last in (CaseAct.OPEN, CaseAct.ACCEPT)
    ]
    return bool(standing) and not offers.versions_of(session, offer).isdisjoint(standing)


def wanted_of(offer: Offer, less: Sequence[Lowered], day: date) -> Wanted:
    """Return what an offer asks of the bank, after what agreements take off it."""
    lowered = sum(one.units for one in less)
    return Wanted(
        use=offer.use,
        units=offer.units - lowered,
        receiver=offer.organisation_id,
        occupation=offer.occupation,
        day=day,
        lowered=lowered,
    )


def apply(  # Whose, for what, from which lots, who, when.
    session: Session,
    worker: Worker,
    offer: Offer,
    *,
    picks: Sequence[Pick] | None = None,
    reference: str | None = None,
    by: Actor,
    at: Moment,
) -> UUID:
    """Apply for an offer: what it consumes is held until the answer. Returns the case.

    ``picks`` are those of a preview, so that nothing else is used than what was seen; the
    same ``reference`` again is the same application. Raises UnknownWorkerError,
    RedemptionImpossibleError, LimitsBrokenError, AppliedAlreadyError, LotTooSmallError,
    ReferenceConflictError, ErasedError.
    """
    refuse_reading(session, by, worker.worker_id, Permission.APPLY)
    refuse_frozen(session, worker.worker_id)
    with bank.open_books(session, [worker.worker_id]) as desk:
        case_id = new_id()
        told = f"redeem:{reference or case_id}"
        if before := redeemed.opening_under(session, worker.worker_id, told):
            return redeemed.same(session, before, offer)
        book, rules = desk.books[worker.worker_id], rule_book(session)
        _refuse_twice(session, book, offer)
        cites: tuple[UUID, ...] = ()
        chosen: tuple[Pick, ...] = ()
        less = lowerings(book, offer, rules, at.today)
        if offer.units:
            chosen = _chosen(book, wanted_of(offer, less, at.today), picks, rules, at)
        else:
            cites = _cites(session, worker, offer, at)
        fact = CaseFact(
            id=case_id,
            case_id=case_id,
            kind=CaseKind.REDEMPTION,
            act=CaseAct.OPEN,
            reference=told,
            effective_on=at.today,
            organisation_id=offer.organisation_id,
            offer_id=offer.id,
            picks=chosen,
            cites=cites,
            lowered=less or None,
        )
        casework.take_step(book, fact, rules, now=at.now, by=by.id)
    mark(session, Permission.APPLY, case_id, worker_id=worker.worker_id, by=by, now=at.now)
    return case_id


def accept(session: Session, case_id: UUID, *, by: Actor, at: Moment) -> None:
    """Accept as the receiving organisation: what was held is consumed, for good.

    Raises UnknownCaseError, CaseActRefusedError, LotHeldError, LoweringGoneError,
    CitedRecordGoneError.
    """
    opening = redeemed.addressed(session, case_id, by)
    worker_id = opening.worker_id
    refuse_frozen(session, worker_id)
    with bank.open_books(session, [worker_id]) as desk:
        book, rules = desk.books[worker_id], rule_book(session)
        _refuse_lowering_gone(session, book, book.case(case_id), rules)
        _refuse_cited_gone(session, book, opening)
        fact = _fact(opening, CaseAct.ACCEPT, at)
        casework.take_step(book, fact, rules, now=at.now, by=by.id)


def decline(session: Session, case_id: UUID, *, text: str, by: Actor, at: Moment) -> None:
    """Decline as the receiving organisation, with a reason: the credits come back.

    Raises UnknownCaseError, CaseActRefusedError, WhyMissingError, ErasedError.
    """
    opening = redeemed.addressed(session, case_id, by)
    note = reason_sealed(session, opening.worker_id, text)
    _step(session, opening, CaseAct.DECLINE, by=by.id, at=at, note=note)


def withdraw(session: Session, case_id: UUID, *, by: Actor, at: Moment) -> None:
    """Withdraw one's own application while it waits: the credits come back.

    Raises UnknownCaseError, CaseActRefusedError.
    """
    opening = redeemed.own(session, case_id, by)
    step = _step(session, opening, CaseAct.WITHDRAW, by=by.id, at=at)
    mark(session, Permission.APPLY, step, worker_id=opening.worker_id, by=by, now=at.now)


def annul(
    session: Session, case_id: UUID, note: SealedNote, *, by: UUID | None, at: Moment
) -> None:
    """Undo an accepted application by decision of the bureau: the credits come back.

    Two persons decided it before (see bureau/annulments.py). Raises UnknownCaseError,
    CaseActRefusedError.
    """
    opening = redeemed.opening(session, case_id)
    _step(session, opening, CaseAct.ANNUL, by=by, at=at, note=note)


def _step(
    session: Session,
    opening: CaseEvent,
    act: CaseAct,
    *,
    by: UUID | None,
    at: Moment,
    note: SealedNote | None = None,
) -> UUID:
    refuse_frozen(session, opening.worker_id)
    fact = _fact(opening, act, at)
    bank.take_step(session, opening.worker_id, fact, by=by, now=at.now, note=note)
    return fact.id


def _fact(opening: CaseEvent, act: CaseAct, at: Moment) -> CaseFact:
    return CaseFact(
        id=new_id(),
        case_id=opening.case_id,
        kind=CaseKind.REDEMPTION,
        act=act,
        reference=f"{opening.case_id}/{act}",
        effective_on=at.today,
        organisation_id=opening.organisation_id,
    )


def _refuse_lowering_gone(session: Session, book: Book, case: Case, rules: RuleBook) -> None:
    """Raise LoweringGoneError when agreements take off less than when it was applied for."""
    if not case.lowered or not case.is_open or case.offer_id is None:
        return
    offer = offers.known(session, [case.offer_id])[case.offer_id]
    now = lowerings(book, offer, rules, case.opened_on)
    if sum(one.units for one in now) < sum(one.units for one in case.lowered):
        raise LoweringGoneError


def _refuse_cited_gone(session: Session, book: Book, opening: CaseEvent) -> None:
    """Raise CitedRecordGoneError when a record that an application cites was withdrawn since."""
    (told,) = redeemed.of_openings(session, [opening])
    if told.case.is_open and any(one not in book.outcomes for one in told.opening.cites):
        raise CitedRecordGoneError


def _chosen(
    book: Book, wanted: Wanted, picks: Sequence[Pick] | None, rules: RuleBook, at: Moment
) -> tuple[Pick, ...]:
    """Return the picks of a preview after every check, or those that a preview would show now."""
    if picks is not None:
        if not redemption.keeps_limits(picks, book.lots, wanted, rules, at.zone):
            raise LimitsBrokenError
        return tuple(picks)
    found = redemption.plan(book.lots.values(), wanted, rules, at.zone)
    if found.problems:
        raise RedemptionImpossibleError
    return found.picks


def _cites(session: Session, worker: Worker, offer: Offer, at: Moment) -> tuple[UUID, ...]:
    found = citing.cited(session, worker, offer, on=at.today)
    if found.state is Fulfilment.FAILS:
        raise RedemptionImpossibleError
    return found.record_ids


def _refuse_twice(session: Session, book: Book, offer: Offer) -> None:
    """Raise AppliedAlreadyError when the same offer waits for its answer, or was accepted."""
    if is_applied(session, book, offer):
        raise AppliedAlreadyError
