"""Merging two ledgers at the bank alone, as the archive does it with records."""

from datetime import UTC, datetime, tzinfo
from uuid import UUID

from sqlmodel import Session

from credit_bank import bank
from credit_bank.booking import Deposit
from credit_bank.carrying import Event, estate_of
from credit_bank.desk import events_with_bodies
from credit_bank.merging import Occasion, join
from credit_bank.publishing import rule_book
from credit_bank.settling import settle
from credit_bank.traces import case_fact_in
from schemas.cases import Carried
from schemas.credits import LearningOutcome
from schemas.ids import new_id
from schemas.vocabulary import Act, CaseAct, CaseKind
from tests.ledgers import Ledger


def merge(
    closing: Ledger, survivor: Ledger, *, now: datetime, zone: tzinfo = UTC
) -> dict[UUID, LearningOutcome]:
    """Merge one ledger into another; return what each record is now, by what it was called.

    What has one key in both is one record: the survivor's stands.
    """
    session = closing.session
    with bank.open_books(session, [closing.worker_id, survivor.worker_id]) as desk:
        old, new = desk.books[closing.worker_id], desk.books[survivor.worker_id]
        rules, estate = rule_book(session), estate_of(old)
        known = {one.issuer_key: one for one in new.outcomes.values()}
        heirs = {
            one.id: known.get(one.issuer_key) or one.model_copy(update={"id": new_id()})
            for one in old.outcomes.values()
        }
        for lineage, outcome in list(old.outcomes.items()):
            own, heir = new_id(), heirs[lineage]
            old.deposit(Deposit(own, f"closing:{own}", outcome, Act.WITHDRAW), now=now)
            if heir.id not in new.outcomes:
                new.deposit(Deposit(heir.id, f"carried:{heir.id}", heir), now=now)
        settle(old, rules, now=now)
        settle(new, rules, now=now)
        names = {lineage: heir.id for lineage, heir in heirs.items()}
        carried = [
            Carried(
                origin_id=lineage,
                version_id=lineage,
                record_id=name,
                is_double=name in {one.id for one in known.values()},
                lots=estate.lots.get(lineage, ()),
            )
            for lineage, name in names.items()
        ]
        at = Occasion(None, now, now.astimezone(zone).date(), zone)
        join(old, new, estate, told(session, closing.worker_id), carried, names, rules, at)
    return heirs


def told(session: Session, worker_id: UUID) -> list[Event]:
    """Return the events of a worker's cases."""
    return [
        Event(case_fact_in(body), event.recorded_by, None)
        for event, body in events_with_bodies(session, [worker_id])
    ]


def carried_uses(session: Session, worker_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return the uses of a worker that were carried, each with what it was called before."""
    facts = (event.fact for event in told(session, worker_id))
    return [
        (fact.case_id, fact.carried_from)
        for fact in facts
        if fact.carried_from and fact.kind is CaseKind.REDEMPTION and fact.act is CaseAct.ACCEPT
    ]
