"""Suspended organisations: credits held, held longer, released or revoked by two persons.

Whoever proposes names the decision on paper; the second person's approval moves the credits
of every worker concerned at once. A hold ends by itself: see nightly.py.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from archive.bureau.suspension_refusals import (
    ExtensionsUsedUpError,
    SuspensionDaysError,
    SuspensionIncompleteError,
    SuspensionWithoutRuleError,
    UnknownSuspensionError,
)
from archive.dossiers.keying import Keying
from archive.people import approvals, organisations
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from archive.people.privacy import vault_of
from credit_bank import bank
from credit_bank.cases import Suspension, told_suspensions
from credit_bank.families import SuspensionRule
from credit_bank.issuers import suspensions
from credit_bank.publishing import rule_book
from credit_bank.rulebook import RuleBook
from schemas.cases import IssuerFact
from schemas.ids import new_id
from schemas.suspensions import SuspensionAsked, SuspensionFollowing
from schemas.vocabulary import Family, IssuerAct

DECIDE = "decide_on_issuer"


def propose(
    session: Session, asked: SuspensionAsked, *, by: Actor, now: datetime, today: date
) -> ProposalView:
    """Propose to hold the credits of an organisation's records of a period.

    Raises NotAllowedError, UnknownOrganisationError, SuspensionDaysError,
    SuspensionIncompleteError, SuspensionWithoutRuleError.
    """
    if not asked.begins_on <= asked.ends_on:
        raise SuspensionDaysError
    named = _named(asked.number, asked.reason, asked.decided_on, today)
    rules = rule_book(session)
    organisation = organisations.coded(session, asked.organisation)
    own = new_id()
    fact = IssuerFact(
        id=own,
        case_id=own,
        act=IssuerAct.SUSPEND,
        issuer_id=organisation.id,
        effective_on=asked.decided_on,
        begins_on=asked.begins_on,
        ends_on=asked.ends_on,
        courses=_digests(session, rules, asked.courses, today),
        due_on=_rule(rules, asked.decided_on).hold_until(asked.decided_on),
        source=named,
    )
    return _propose(session, fact, asked.reason, asked.courses, by, now)


def propose_next(  # Which, what, who, when.
    session: Session,
    case_id: UUID,
    asked: SuspensionFollowing,
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> ProposalView:
    """Propose to extend a hold, to release the credits, or to revoke them.

    Raises NotAllowedError, UnknownSuspensionError, CaseActRefusedError,
    SuspensionDaysError, SuspensionIncompleteError, ExtensionsUsedUpError.
    """
    known = suspensions(session).get(case_id)
    if known is None:
        raise UnknownSuspensionError
    named = _named(asked.number, asked.reason, asked.decided_on, today)
    if asked.decided_on < known.last.effective_on:
        raise SuspensionDaysError
    fact = known.first.model_copy(
        update={
            "id": new_id(),
            "act": asked.act,
            "effective_on": asked.decided_on,
            "due_on": _extended(session, known) if asked.act is IssuerAct.EXTEND else None,
            "source": named,
        }
    )
    told_suspensions([*dict.fromkeys([known.first, known.last]), fact])
    return _propose(session, fact, asked.reason, (), by, now)


def fact_of(proposal: ProposalView) -> IssuerFact | None:
    """Return the decision that a proposal is about; None when it is about something else."""
    if proposal.action != DECIDE:
        return None
    return IssuerFact.model_validate(proposal.payload["fact"])


def _propose(
    session: Session,
    fact: IssuerFact,
    reason: str,
    courses: tuple[str, ...],
    by: Actor,
    now: datetime,
) -> ProposalView:
    payload = {
        "fact": fact.model_dump(mode="json"),
        "ids": [fact.source],
        "reason": reason.strip(),
        "courses": [course.strip() for course in courses],
    }
    return approvals.propose(session, DECIDE, payload, by=by, now=now)


def _decide(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Move the credits of everybody concerned, in one transaction: it binds all or nobody."""
    fact = IssuerFact.model_validate(payload["fact"])
    bank.decide_on_issuer(session, fact, by=None, now=now)
    return [fact.source]


def _named(number: str, reason: str, decided_on: date, today: date) -> str:
    """Return number and day of a decision as entries cite them."""
    if not number.strip() or not reason.strip():
        raise SuspensionIncompleteError
    if decided_on > today:
        raise SuspensionDaysError
    return f"{number.strip()} ({decided_on.isoformat()})"


def _digests(
    session: Session, rules: RuleBook, courses: tuple[str, ...], today: date
) -> tuple[str, ...]:
    """Return the names of courses as the bank compares them, today and in earlier versions."""
    keying = Keying(vault_of(session), rules, today)
    names = [course.strip() for course in courses if course.strip()]
    return tuple(
        dict.fromkeys(one for name in names for one in (keying.compared(name), keying(name)))
    )


def _rule(rules: RuleBook, day: date) -> SuspensionRule:
    published = rules.in_force(Family.SUSPENSION, day)
    if published is None or not isinstance(published.rule, SuspensionRule):
        raise SuspensionWithoutRuleError(day=day)
    return published.rule


def extended_until(rule: SuspensionRule, begun_on: date) -> date:
    """Return the last day of a hold that is extended once; raises ExtensionsUsedUpError."""
    if rule.most_extensions < 1:
        raise ExtensionsUsedUpError(most=rule.most_extensions)
    return rule.hold_until(begun_on, extensions=1)


def _extended(session: Session, known: Suspension) -> date:
    """Return the last day of a longer hold, by the rule under which it began."""
    begun_on = known.first.effective_on
    return extended_until(_rule(rule_book(session), begun_on), begun_on)


approvals.EFFECTS[DECIDE] = _decide
