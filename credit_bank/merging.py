"""Two books of one person become one, in one transaction. See docs/decisions/0025.

Before, the archive took the estate, withdrew every outcome of the book that closes, deposited
it in the surviving one, and settled both: so the joined outcomes are judged as if they had
always been in one dossier. Here follows what the outcomes do not tell.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from credit_bank.book import Book
from credit_bank.booking import SealedNote
from credit_bank.carrying import Estate, Event, leaving_facts, merger_fact, not_new, told_again
from credit_bank.casework import take_step
from credit_bank.rulebook import RuleBook
from credit_bank.settling import expire
from schemas.cases import Carried
from schemas.vocabulary import CaseAct


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who merges, when, by which days, and why; the reason is sealed for the survivor."""

    by: UUID | None
    now: datetime
    today: date
    zone: tzinfo
    note: SealedNote | None = None


def join(  # From whom to whom, what, by which law, on which occasion.
    closing: Book,
    survivor: Book,
    estate: Estate,
    events: Sequence[Event],
    carried: Iterable[Carried],
    heirs: Mapping[UUID, UUID],
    rules: RuleBook,
    at: Occasion,
) -> None:
    """Tell the surviving book what was decided and used, and close the other.

    ``heirs`` tells what each live record of the closing book is called in the surviving one.
    What had expired expires again, by the notice that its holder had. Raises
    MergerUncoveredError, DossierClosedError.
    """
    came = merger_fact(
        CaseAct.CARRY,
        closing.worker_id,
        [not_new(survivor, one) for one in carried],
        today=at.today,
    )
    take_step(survivor, came, rules, now=at.now, by=at.by, note=at.note)
    for event in told_again(estate, events, heirs, survivor):
        take_step(survivor, event.fact, rules, now=at.now, by=event.by, note=event.note)
    expire(survivor, rules, now=at.now, today=at.today, zone=at.zone)
    for fact in leaving_facts(estate, closing, today=at.today):
        take_step(closing, fact, rules, now=at.now, by=at.by)
    left = merger_fact(CaseAct.CLOSE, survivor.worker_id, (), today=at.today)
    take_step(closing, left, rules, now=at.now, by=at.by)
