"""Cases on organisations' credits, as the bureau is told them."""

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session, col, select

from archive.bureau.suspension_refusals import UnknownSuspensionError
from archive.bureau.suspensions import DECIDE, fact_of
from archive.dossiers.titles import organisation_view
from archive.people import approvals, organisations
from archive.people.approvals import ProposalView
from archive.people.models import Organisation
from credit_bank.cases import told_suspensions
from credit_bank.models import IssuerDecision
from schemas.cases import IssuerFact
from schemas.suspensions import IssuerStep, SuspensionView
from schemas.vocabulary import IssuerAct


class _Told(NamedTuple):
    """A decision, with the row that keeps it."""

    fact: IssuerFact
    row: IssuerDecision


def listed(session: Session) -> list[SuspensionView]:
    """Return every case, those that still hold first, else the newest first."""
    told: dict[UUID, list[_Told]] = defaultdict(list)
    query = select(IssuerDecision).order_by(col(IssuerDecision.recorded_at), col(IssuerDecision.id))
    for row in session.exec(query):
        fact = IssuerFact.model_validate(json.loads(row.body)["fact"])
        told[row.case_id].append(_Told(fact, row))
    bodies = organisations.by_id(session, {steps[0].fact.issuer_id for steps in told.values()})
    proposals = {
        meant.id: one
        for one in approvals.listed(session, DECIDE)
        if (meant := fact_of(one)) is not None
    }
    views = [_view(steps, bodies, proposals) for steps in reversed(told.values())]
    return sorted(views, key=lambda view: view.due_on is None)


def one(session: Session, case_id: UUID) -> SuspensionView:
    """Return one case; raises UnknownSuspensionError."""
    for view in listed(session):
        if view.case_id == case_id:
            return view
    raise UnknownSuspensionError


def proposed(session: Session, proposal: ProposalView) -> Mapping[str, object] | None:
    """Return what a proposal would decide, to be read before it is approved; None for others."""
    fact = fact_of(proposal)
    if fact is None:
        return None
    organisation = organisations.by_id(session, {fact.issuer_id})[fact.issuer_id]
    return {
        "fact": fact,
        "organisation": organisation_view(organisation),
        "courses": proposal.payload["courses"],
        "reason": proposal.payload["reason"],
    }


def _view(
    steps: list[_Told],
    bodies: Mapping[UUID, Organisation],
    proposals: Mapping[UUID, ProposalView],
) -> SuspensionView:
    first, last = steps[0].fact, steps[-1].fact
    case = told_suspensions(one.fact for one in steps)[first.case_id]
    proposal = proposals.get(first.id)
    return SuspensionView(
        case_id=first.case_id,
        organisation=organisation_view(bodies[first.issuer_id]),
        begins_on=first.begins_on,
        ends_on=first.ends_on,
        courses=tuple(proposal.payload["courses"]) if proposal else (),
        state=last.act,
        due_on=last.due_on if case.holds else None,
        can_be_extended=last.act is IssuerAct.SUSPEND,
        reason=str(proposal.payload["reason"]) if proposal else "",
        steps=tuple(
            IssuerStep(
                act=fact.act,
                effective_on=fact.effective_on,
                recorded_at=row.recorded_at,
                due_on=fact.due_on,
                source=fact.source,
            )
            for fact, row in steps
        ),
    )
