"""What of all that is offered one worker can apply for today, at a glance.

Lots and reasons are those of a preview, in redemptions.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from archive.dossiers import citing, redemptions
from archive.dossiers.lowering import lowerings
from archive.dossiers.offer_models import Offer
from archive.people.models import Worker
from credit_bank import redemption
from credit_bank.book import Book
from credit_bank.glancing import glance
from credit_bank.publishing import rule_book
from credit_bank.rulebook import RuleBook
from schemas.credits import as_credits
from schemas.vocabulary import Fulfilment


@dataclass(frozen=True, slots=True)
class Standing:
    """How one worker stands to one offer on a day."""

    state: Fulfilment
    missing: Decimal = Decimal(0)
    """Credits that are missing, within all limits; zero where records decide."""
    is_applied: bool = False
    """Whether an application waits or was accepted: there is no second one."""


def standings(
    session: Session, worker: Worker, offered: Sequence[Offer], *, at: redemptions.Moment
) -> dict[UUID, Standing]:
    """Return for each offer whether the worker could apply for it today.

    The ledger is read once for all. Raises UnknownWorkerError, ErasedError.
    """
    book, rules = glance(session, worker.worker_id), rule_book(session)
    return {one.id: _standing(session, worker, one, book, rules, at) for one in offered}


def _standing(  # Whose, to what, from what is known.
    session: Session,
    worker: Worker,
    offer: Offer,
    book: Book,
    rules: RuleBook,
    at: redemptions.Moment,
) -> Standing:
    if redemptions.is_applied(session, book, offer):
        return Standing(Fulfilment.HOLDS, is_applied=True)
    if not offer.units:
        return Standing(citing.cited(session, worker, offer, on=at.today).state)
    wanted = redemptions.wanted_of(offer, lowerings(book, offer, rules, at.today), at.today)
    found = redemption.plan(book.lots.values(), wanted, rules, at.zone)
    state = Fulfilment.FAILS if found.problems else Fulfilment.HOLDS
    return Standing(state, missing=as_credits(found.missing))
