"""Removing what the demo district agreed on and had decided: law, decisions, proposals.

Only what demo bodies agreed on among themselves and what no ledger rests on; a law that
reaches a real organisation or a real worker stays, and its parties with it.
"""

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import Connection, Table, delete, exists, select

from archive.bureau import agreements, annulments, suspensions
from archive.people.models import Account, Organisation, Proposal, ProposalAnswer
from credit_bank.bulk import table_of
from credit_bank.models import CaseEvent, Entry, IssuerDecision, Outcome, RuleVersion
from schemas.vocabulary import Family

APPEND_ONLY = (RuleVersion, IssuerDecision, Proposal, ProposalAnswer)
_RULES, _ENTRIES = table_of(RuleVersion), table_of(Entry)
_PACTS = (agreements.MAKE, agreements.END)


def cases_of(connection: Connection, workers: Iterable[UUID]) -> set[str]:
    """Return the cases of some workers, to be asked for before their rows are gone."""
    ours = set(workers)
    events = table_of(CaseEvent).c
    query = select(events.worker_id, events.case_id).distinct()
    return {str(case) for worker, case in connection.execute(query) if worker in ours}


def remove_proposals(connection: Connection, cases: set[str]) -> None:
    """Remove what demo accounts proposed and answered about demo bodies and demo workers."""
    proposals, answers = table_of(Proposal), table_of(ProposalAnswer)
    accounts = set(_demo(connection, table_of(Account)))
    bodies = set(_demo(connection, table_of(Organisation)))
    parties = {_key(one) for one in bodies}
    decided = {str(one) for one in bodies - _deciding(connection)}
    answered = {
        row.proposal_id: row.answered_by
        for row in connection.execute(select(answers.c.proposal_id, answers.c.answered_by))
    }
    gone = [
        row.id
        for row in connection.execute(select(proposals)).all()
        if row.proposed_by in accounts
        and answered.get(row.id, row.proposed_by) in accounts
        and _is_demo(row.action, json.loads(row.payload), parties, cases, decided)
    ]
    connection.execute(delete(answers).where(answers.c.proposal_id.in_(gone)))
    connection.execute(delete(proposals).where(proposals.c.id.in_(gone)))


def remove_agreements(connection: Connection) -> set[UUID]:
    """Remove agreements among demo bodies; return the organisations of those that stay."""
    ours = {_key(one) for one in _demo(connection, table_of(Organisation))}
    query = select(_RULES.c.version, _RULES.c.rule_id, _RULES.c.body).where(
        _RULES.c.family == Family.AGREEMENT
    )
    told = [(row.version, row.rule_id, json.loads(row.body)) for row in connection.execute(query)]
    parties = {rule_id: _parties(body) for _, rule_id, body in told}
    gone = [
        version
        for version, rule_id, body in told
        if (parties.get(body.get("repeals", rule_id)) or {""}) <= ours
    ]
    unused = ~exists().where(_ENTRIES.c.rule_version == _RULES.c.version)
    connection.execute(delete(_RULES).where(_RULES.c.version.in_(gone), unused))
    left = set(connection.execute(select(_RULES.c.rule_id)).scalars())
    staying = set().union(*(keys for rule_id, keys in parties.items() if rule_id in left))
    return {UUID(key.partition(":")[2]) for key in staying & ours}


def remove_decisions(connection: Connection) -> None:
    """Remove the decisions on demo bodies, unless they moved credits of a real worker."""
    decisions = table_of(IssuerDecision)
    demo = set(_demo(connection, table_of(Organisation))) - _deciding(connection)
    connection.execute(delete(decisions).where(decisions.c.issuer_id.in_(demo)))


def _deciding(connection: Connection) -> set[UUID]:
    """Return the issuers whose suspension moved credits that are still there."""
    outcomes = table_of(Outcome)
    own = (outcomes.c.worker_id == _ENTRIES.c.worker_id) & (outcomes.c.id == _ENTRIES.c.outcome_id)
    query = select(outcomes.c.issuer_id).join(_ENTRIES, own).distinct()
    found = connection.execute(query.where(_ENTRIES.c.family == Family.SUSPENSION))
    return set(found.scalars())


def _demo(connection: Connection, table: Table) -> Iterable[UUID]:
    return connection.execute(select(table.c.id).where(table.c.is_demo)).scalars()


def _key(organisation_id: UUID) -> str:
    return f"organisation:{organisation_id}"


def _parties(told: Mapping[str, object]) -> set[str]:
    return {str(told[side]) for side in ("giver", "receiver") if side in told}


def _is_demo(
    action: str,
    payload: Mapping[str, object],
    parties: set[str],
    cases: set[str],
    decided: set[str],
) -> bool:
    if action in _PACTS:
        return _parties(payload) <= parties
    if action == annulments.ANNUL:
        return payload["case"] in cases
    fact = payload.get("fact")
    if action == suspensions.DECIDE and isinstance(fact, Mapping):
        return str(fact["issuer_id"]) in decided
    return False
