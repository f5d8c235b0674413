"""What is carried when two dossiers of one person become one: decided from two books. Pure.

Reviews of pairs and accepted uses are told again in the surviving book, and leave the other
one by entries of their own. In which order that happens stands in ``merging``.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from credit_bank.book import Book
from credit_bank.booking import SealedNote
from credit_bank.errors import MergerUncoveredError, MergerWaitsError
from credit_bank.lots import Lot
from schemas.cases import Carried, CarriedLot, CaseFact, Lowered, Pick
from schemas.ids import new_id
from schemas.vocabulary import Account, CaseAct, CaseKind, Family

_CONSUMED = (Account.REDEEMED, Family.REDEMPTION)


class Event(NamedTuple):
    """An event of a case as it was told, and who told it."""

    fact: CaseFact
    by: UUID | None
    note: SealedNote | None
    """Sealed for the surviving dossier already."""


@dataclass(frozen=True, slots=True)
class Used:
    """Units of one lot that a use consumed for good."""

    case_id: UUID
    lineage_id: UUID
    family: Family
    units: int


@dataclass(frozen=True, slots=True)
class Estate:
    """What a book has that outlives its records, taken before they are withdrawn."""

    used: tuple[Used, ...]
    lots: Mapping[UUID, tuple[CarriedLot, ...]]
    """By lineage: since when its units are there."""
    accepted: frozenset[UUID]
    """The uses that were accepted, also those that only cite records."""
    reviews: frozenset[UUID]


def estate_of(book: Book) -> Estate:
    """Return what must be carried; raises MergerWaitsError while something is open."""
    cases = book.cases.values()
    waiting = [one.kind for one in cases if one.is_open]
    if waiting:
        raise MergerWaitsError(
            redemptions=waiting.count(CaseKind.REDEMPTION), appeals=waiting.count(CaseKind.APPEAL)
        )
    accepted = frozenset(one.id for one in cases if one.last is CaseAct.ACCEPT)
    lots = book.lots_in_order()
    return Estate(
        used=tuple(
            Used(case_id, lot.outcome.id, lot.family, lot.placed(*_CONSUMED, case_id))
            for lot in lots
            for case_id in lot.cases_with(*_CONSUMED)
        ),
        lots=_granted(lots),
        accepted=accepted,
        reviews=frozenset(one.id for one in cases if one.kind is CaseKind.REVIEW),
    )


def _granted(lots: Iterable[Lot]) -> dict[UUID, tuple[CarriedLot, ...]]:
    granted: dict[UUID, list[CarriedLot]] = defaultdict(list)
    for lot in lots:
        units = -lot.units[Account.ISSUED]
        if units > 0:
            told = CarriedLot(family=lot.family, units=units, granted_at=lot.granted_at)
            granted[lot.outcome.id].append(told)
    return {lineage: tuple(told) for lineage, told in granted.items()}


def keep_notice(book: Book, fact: CaseFact, *, now: datetime) -> None:
    """Let the notice before carried units expire count from when their holder first had them.

    ``now`` is the moment of the merger: what was added later has a later notice.
    """
    lots = {(lot.outcome.id, lot.family): lot for lot in book.lots.values()} if fact.carried else {}
    for carried in fact.carried or ():
        for told in carried.lots:
            lot = lots.get((carried.record_id, told.family))
            if lot is not None and lot.granted_at == now:
                lot.granted_at = told.granted_at


def not_new(book: Book, carried: Carried) -> Carried:
    """Leave out lots that hold more here than they did: what came with the merger is new."""
    units = {(lot.outcome.id, lot.family): -lot.units[Account.ISSUED] for lot in book.lots.values()}
    lots = tuple(
        one
        for one in carried.lots
        if not carried.is_double and units.get((carried.record_id, one.family), 0) <= one.units
    )
    return carried.model_copy(update={"lots": lots})


def told_again(
    estate: Estate, events: Sequence[Event], heirs: Mapping[UUID, UUID], survivor: Book
) -> Iterator[Event]:
    """Yield what is told in the surviving book: reviews first, then accepted uses.

    ``heirs`` tells what each record is called there. Each event keeps its day and who told it.
    Whoever takes one tells it before taking the next, for that decides which lots there are.
    Raises MergerUncoveredError.
    """
    names: dict[UUID, UUID] = defaultdict(new_id)
    for event in sorted(events, key=lambda one: one.fact.kind is CaseKind.REDEMPTION):
        fact = event.fact
        if fact.case_id in estate.reviews:
            again = _review(fact, heirs, names)
        elif fact.case_id in estate.accepted:
            again = _use(fact, estate, heirs, names, survivor)
        else:
            continue
        if again:
            yield event._replace(fact=again)


def _review(
    fact: CaseFact, heirs: Mapping[UUID, UUID], names: Mapping[UUID, UUID]
) -> CaseFact | None:
    """Return a verdict on a pair as it is told again; None when not both records were carried."""
    one, other = (heirs.get(each) if each else None for each in (fact.outcome_id, fact.other_id))
    if one is None or other is None or one == other:
        return None
    return _again(fact, names, outcome_id=one, other_id=other)


def _use(
    fact: CaseFact,
    estate: Estate,
    heirs: Mapping[UUID, UUID],
    names: Mapping[UUID, UUID],
    survivor: Book,
) -> CaseFact:
    picks = _picks(fact.case_id, estate, heirs, survivor) if fact.act is CaseAct.OPEN else ()
    lowered: tuple[Lowered, ...] = tuple(
        one.model_copy(update={"outcome_id": heirs[one.outcome_id]})
        for one in fact.lowered or ()
        if one.outcome_id in heirs
    )
    return _again(
        fact,
        names,
        picks=picks,
        cites=tuple(dict.fromkeys(heirs[one] for one in fact.cites if one in heirs)),
        lowered=lowered or None,
    )


def _picks(
    case_id: UUID, estate: Estate, heirs: Mapping[UUID, UUID], survivor: Book
) -> tuple[Pick, ...]:
    """Return from which lots of the survivor a use is counted: the records' own where there are.

    What a record earned that was not carried, or that earns nothing in the joined dossier, is
    counted against the first lot; it then owes, and others cover it.
    """
    lots = {(lot.outcome.id, lot.family): lot.id for lot in survivor.lots.values()}
    units: dict[UUID, int] = defaultdict(int)
    for used in estate.used:
        if used.case_id != case_id:
            continue
        lot_id = lots.get((heirs.get(used.lineage_id, used.lineage_id), used.family))
        if lot_id is None:
            if not lots:
                raise MergerUncoveredError
            lot_id = survivor.lots_in_order()[0].id
        units[lot_id] += used.units
    return tuple(Pick(lot_id=lot_id, units=some) for lot_id, some in units.items())


def _again(fact: CaseFact, names: Mapping[UUID, UUID], **changes: object) -> CaseFact:
    case_id = names[fact.case_id]
    own = case_id if fact.id == fact.case_id else new_id()
    return fact.model_copy(
        update={
            **changes,
            "id": own,
            "case_id": case_id,
            "reference": f"carried:{own}",
            "carried_from": fact.case_id,
        }
    )


def merger_fact(act: CaseAct, other: UUID, carried: Iterable[Carried], *, today: date) -> CaseFact:
    """Return the event by which a book says that it was merged."""
    own = new_id()
    return CaseFact(
        id=own,
        case_id=own,
        kind=CaseKind.MERGER,
        act=act,
        reference=f"merger:{own}",
        effective_on=today,
        dossier_id=other,
        carried=tuple(carried) or None,
    )


def leaving_facts(estate: Estate, book: Book, *, today: date) -> list[CaseFact]:
    """Return by what the accepted uses leave the book that closes."""
    return [
        CaseFact(
            id=new_id(),
            case_id=case_id,
            kind=CaseKind.REDEMPTION,
            act=CaseAct.CARRY,
            reference=f"{case_id}/carry",
            effective_on=max(today, book.cases[case_id].last_on),
            organisation_id=book.cases[case_id].organisation_id,
        )
        for case_id in sorted(estate.accepted)
    ]
