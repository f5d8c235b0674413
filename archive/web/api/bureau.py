"""What the bureau decides: proposals and their answers. Rules: see rules.py."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from archive.bureau import (
    accreditations,
    annulments,
    dossier_closures,
    mergers,
    rules_desk,
    suspensions,
)
from archive.people import approvals
from archive.people.approvals import ProposalList, ProposalView
from archive.web.api.asked import PROBLEMS, AnswerAsked
from archive.web.audiences import ProposalAnswerer, ProposalReader
from archive.web.deps import Now, ReadingDep, SessionDep

router = APIRouter(responses=PROBLEMS)

PROPOSABLE = (
    rules_desk.PUBLISH,
    annulments.ANNUL,
    suspensions.DECIDE,
    dossier_closures.ERASE,
    mergers.MERGE,
    accreditations.RECORD,
)
"""What rooms let a second person decide; naming it here loads what an approval does."""


@router.get("/api/v1/approvals", tags=["Approvals"])
def proposals(
    *,
    _asker: ProposalReader,
    session: ReadingDep,
    waiting: Annotated[bool, Query(description="Only those without an answer.")] = False,
) -> ProposalList:
    """Return proposals, newest first."""
    return ProposalList(proposals=tuple(approvals.listed(session, only_open=waiting)))


@router.post("/api/v1/approvals/{proposal_id}", tags=["Approvals"])
def answer(
    proposal_id: UUID, asked: AnswerAsked, asker: ProposalAnswerer, session: SessionDep, now: Now
) -> ProposalView:
    """Approve or decline as the second person; an approval takes effect at once."""
    return approvals.answer(
        session,
        proposal_id,
        is_approved=asked.is_approval(),
        by=asker.actor,
        now=now,
        reason=asked.reason,
    )
