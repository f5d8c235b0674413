"""Decisions on the credits of an issuer's outcomes: told, and brought to every book they mean."""

import json
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlmodel import Session, col, select

from credit_bank.cases import Suspension, told_suspensions
from credit_bank.chain import canonical_bytes
from credit_bank.models import IssuerDecision, Outcome
from schemas.cases import IssuerFact


def suspensions(session: Session) -> dict[UUID, Suspension]:
    """Return every decision as it stands, by case; there are few."""
    query = select(IssuerDecision.body).order_by(
        col(IssuerDecision.recorded_at), col(IssuerDecision.id)
    )
    bodies = [json.loads(body) for body in session.exec(query)]
    return told_suspensions(IssuerFact.model_validate(body["fact"]) for body in bodies)


def _after_the_last(session: Session, case_id: UUID, now: datetime) -> datetime:
    """Return ``now``, or a moment after the case's last decision when the clock was set back.

    Decisions are read in the order of their moments: a release that seemed to come before its
    suspension could not be read, and with it no decision at all.
    """
    moments = select(IssuerDecision.recorded_at).where(col(IssuerDecision.case_id) == case_id)
    last = max(session.exec(moments), default=now)
    return now if last <= now else last + timedelta(microseconds=1)


def tell(session: Session, fact: IssuerFact, *, by: UUID | None, now: datetime) -> list[UUID]:
    """Append a decision; return the workers whose books it may change.

    Raises CaseActRefusedError when it cannot follow the last decision of its case.
    """
    told = suspensions(session)
    facts = [told[fact.case_id].first, told[fact.case_id].last] if fact.case_id in told else []
    told_suspensions([*dict.fromkeys(facts), fact])
    row = {
        "id": fact.id,
        "case_id": fact.case_id,
        "act": fact.act,
        "issuer_id": fact.issuer_id,
        "effective_on": fact.effective_on,
        "due_on": fact.due_on,
        "recorded_at": _after_the_last(session, fact.case_id, now),
        "recorded_by": by,
        "body": canonical_bytes({"v": 1, "fact": fact.model_dump(mode="json")}),
    }
    session.exec(insert(IssuerDecision), params=[row])
    meant = (
        select(Outcome.worker_id)
        .where(
            col(Outcome.issuer_id) == fact.issuer_id,
            col(Outcome.effective_on).between(fact.begins_on, fact.ends_on),
        )
        .distinct()
    )
    return sorted(session.exec(meant))
