"""Mutual recognition: agreements, proposals and notices, and other credit banks."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from archive.bureau import agreements as desk
from archive.bureau.agreement_parties import party_named, scheme_list, scheme_view
from archive.bureau.agreement_views import agreements
from archive.people import schemes
from archive.people.approvals import ProposalView
from archive.web.api.asked import PROBLEMS, AnswerAsked, Reason
from archive.web.audiences import AgreementMaker, Reader, SchemeAdder
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from schemas.agreements import AgreementDraft, AgreementList, SchemeAsked, SchemeList, SchemeView
from schemas.contracts import Contract

router = APIRouter(responses=PROBLEMS)
_AGREEMENTS = "/api/v1/agreements"
_SCHEMES = "/api/v1/schemes"


class EndAsked(Contract):
    """From which day on an agreement is not in force any more, and why."""

    first_day_without: Annotated[date, Field(description="At least the days of notice from now.")]
    reason: Reason


@router.get(_AGREEMENTS, tags=["Recognition"])
def listed(
    asker: Reader,
    session: ReadingDep,
    today: Today,
    on: Annotated[date | None, Query(description="Left out, today.")] = None,
    party: Annotated[str | None, Query(description="A code, or scheme:CODE.")] = None,
) -> AgreementList:
    """Return agreements as of a day; proposals only to those whom they concern."""
    key = party_named(session, party).key if party else None
    return agreements(session, on or today, asker=asker.actor if asker else None, party=key)


@router.post(_AGREEMENTS + "/proposals", tags=["Recognition"], status_code=status.HTTP_201_CREATED)
def propose(
    asked: AgreementDraft, asker: AgreementMaker, session: SessionDep, now: Now
) -> ProposalView:
    """Propose an agreement to the other party; everything about it is checked first."""
    return desk.propose(session, asked, by=asker.actor, now=now)


@router.post(_AGREEMENTS + "/proposals/{proposal_id}", tags=["Recognition"])
def answer(
    proposal_id: UUID, asked: AnswerAsked, asker: AgreementMaker, session: SessionDep, now: Now
) -> ProposalView:
    """Accept or decline a proposal of the other party, or confirm a notice."""
    return desk.answer(
        session,
        proposal_id,
        is_accepted=asked.is_approval(),
        by=asker.actor,
        now=now,
        reason=asked.reason,
    )


@router.post(
    _AGREEMENTS + "/{agreement_id}/end", tags=["Recognition"], status_code=status.HTTP_201_CREATED
)
def end(
    agreement_id: str,
    asked: EndAsked,
    asker: AgreementMaker,
    session: SessionDep,
    house: HouseDep,
    now: Now,
) -> ProposalView:
    """Give notice of the end of an agreement; a second account confirms it."""
    return desk.end(
        session,
        agreement_id,
        on=asked.first_day_without,
        reason=asked.reason,
        by=asker.actor,
        now=now,
        zone=house.settings.zone,
    )


@router.get(_SCHEMES, tags=["Recognition"])
def scheme_directory(_asker: Reader, session: ReadingDep) -> SchemeList:
    """Return other credit banks with which agreements can be made."""
    return scheme_list(session)


@router.post(_SCHEMES, tags=["Recognition"], status_code=status.HTTP_201_CREATED)
def add_scheme(asked: SchemeAsked, asker: SchemeAdder, session: SessionDep, now: Now) -> SchemeView:
    """Take another credit bank into the directory."""
    return scheme_view(schemes.add(session, asked, by=asker.actor, now=now))
