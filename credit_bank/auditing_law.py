"""Is the law that every ledger rests on as it was published? Rules, and decisions on issuers.

It is nobody's own, so no dossier's chain holds it: a rule is known by the digest of its
bytes, which every entry that rests on it names.
"""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from pydantic import ValidationError
from sqlmodel import Session, col, select

from credit_bank.agreements import gaining_cycles
from credit_bank.auditing import Finding
from credit_bank.cases import told_suspensions
from credit_bank.chain import canonical_bytes
from credit_bank.errors import CaseActRefusedError, CreditBankError
from credit_bank.families.repeal import Repeal
from credit_bank.models import IssuerDecision, RuleVersion
from credit_bank.publishing import rule_book
from credit_bank.rule_files import parse, version_of
from credit_bank.rulebook import RuleBook
from schemas.cases import IssuerFact

if TYPE_CHECKING:
    from datetime import date


def audit_law(session: Session) -> list[Finding]:
    """Return what is wrong with the published rules, and with decisions on issuers."""
    found = [*_changed_rules(session), *_changed_decisions(session)]
    if found:  # What the rows say cannot be trusted, so nothing else is read from them.
        return found
    rules = rule_book(session)
    return [finding for check in _CHECKS for finding in check(rules)]


def _changed_rules(session: Session) -> Iterator[Finding]:
    for row in session.exec(select(RuleVersion)):
        if row.version != version_of(row.body) or not _says(row):
            yield Finding("I14", rule=row.rule_id)


def _says(row: RuleVersion) -> bool:
    """Whether a rule's columns are what its bytes say."""
    try:
        law = parse(row.body, "rule_version")
    except CreditBankError:
        return False
    until: date | None = None if isinstance(law, Repeal) else law.in_force_until
    told = (law.id, law.family, law.in_force_from, until)
    return told == (row.rule_id, row.family, row.in_force_from, row.in_force_until)


def _changed_decisions(session: Session) -> Iterator[Finding]:
    order = (col(IssuerDecision.recorded_at), col(IssuerDecision.id))
    facts = []
    for row in session.exec(select(IssuerDecision).order_by(*order)):
        fact = _fact_in(row)
        if fact is None:
            yield Finding("I14", row.id)
        else:
            facts.append(fact)
    try:
        told_suspensions(facts)
    except CaseActRefusedError:  # A decision between two others is gone, or was slipped in.
        yield Finding("I14")


def _fact_in(row: IssuerDecision) -> IssuerFact | None:
    """Return what a decision says; None when its columns say something else."""
    try:
        fact = IssuerFact.model_validate(json.loads(row.body)["fact"])
    except (ValidationError, ValueError, KeyError):
        return None
    written = canonical_bytes({"v": 1, "fact": fact.model_dump(mode="json")})
    same = all(getattr(row, name) == getattr(fact, name) for name in _DECISION)
    return fact if same and row.body == written else None


_DECISION = ("id", "case_id", "act", "issuer_id", "effective_on", "due_on")


def _nobody_gains_round_a_circle(rules: RuleBook) -> Iterator[Finding]:
    for cycle in gaining_cycles(rules):
        yield Finding("I10", rule=cycle[0].agreement)


_CHECKS: tuple[Callable[[RuleBook], Iterator[Finding]], ...] = (_nobody_gains_round_a_circle,)
"""What all rules must hold together."""
