"""Using credits: offers, previews, applications and their answers, the next step."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, status
from pydantic import Field

from archive.bureau import annulments
from archive.dossiers import next_steps, offers, redemption_views, redemptions
from archive.dossiers.next_steps import Goal
from archive.dossiers.occupations import find_occupation
from archive.people import organisations
from archive.people.access import refuse_offering
from archive.people.approvals import ProposalView
from archive.web.api.asked import PROBLEMS, Reason, organisation_for, worker_for
from archive.web.audiences import (
    Applicant,
    ApplicationAnnuller,
    ApplicationReader,
    ApplicationReceiver,
    DirectoryReader,
    DossierReader,
    OfferPublisher,
)
from archive.web.deps import At, HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.refusals import RequestInvalidError
from schemas.cases import Pick
from schemas.contracts import Contract
from schemas.redemptions import (
    CourseAsked,
    NextStep,
    OfferAsked,
    OfferEndAsked,
    OfferList,
    OfferPublished,
    OwnOffers,
    Preview,
    RedemptionList,
    RedemptionView,
)
from schemas.vocabulary import Permission, Rank

router = APIRouter(prefix="/api/v1", tags=["Redemptions"], responses=PROBLEMS)

_CODE = Query(min_length=1, max_length=80, description="A code, or ORGANISATION:CODE.")


class ApplicationAsked(Contract):
    """For what a worker applies; the picks of a preview make it exactly that."""

    offer: Annotated[str, Field(min_length=1, max_length=80)]
    picks: tuple[Pick, ...] | None = None
    reference: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,60}$")] | None = None
    """Your own; the same again is the same application."""


class ReasonAsked(Contract):
    """Why."""

    reason: Reason


@router.get("/offers")
def offer_list(
    _asker: DirectoryReader, session: ReadingDep, today: Today, on: date | None = None
) -> OfferList:
    """Return what is offered on a day: uses of credits and records, and courses."""
    return offers.listed(session, on or today)


@router.post("/offers", status_code=status.HTTP_201_CREATED)
def publish(
    asked: Annotated[OfferAsked | CourseAsked, Field(discriminator="kind")],
    asker: OfferPublisher,
    session: SessionDep,
    now: Now,
    organisation: str | None = None,
) -> OfferPublished:
    """Publish an offer or a course of the own organisation; it replaces the one of its code."""
    whose = organisation_for(session, organisation, asker)
    return offers.publish(session, asked, whose, by=asker.actor, now=now)


@router.post("/offers/{code}/end", status_code=status.HTTP_201_CREATED)
def end(  # Which, until when, whose, who, when.
    code: str,
    asked: OfferEndAsked,
    asker: OfferPublisher,
    session: SessionDep,
    now: Now,
    today: Today,
    organisation: str | None = None,
) -> OfferPublished:
    """Let an offer or a course of the own organisation end after a day."""
    whose = organisation_for(session, organisation, asker)
    return offers.end(
        session,
        asked.kind,
        code,
        whose,
        last_day=asked.last_day,
        by=asker.actor,
        now=now,
        today=today,
    )


@router.get("/organisations/{code}/offers")
def own(code: str, asker: OfferPublisher, session: ReadingDep, today: Today) -> OwnOffers:
    """Return what an organisation offers, what is to come and what has ended."""
    whose = organisations.coded(session, code)
    refuse_offering(asker.actor, whose.id)
    return offers.of_organisation(session, whose.id, today)


@router.get("/workers/{number}/redemptions/preview")
def preview(
    number: str,
    offer: Annotated[str, _CODE],
    asker: DossierReader,
    session: ReadingDep,
    at: At,
) -> Preview:
    """Return exactly which lots an application would use, and why, or which limit forbids it."""
    worker = worker_for(session, number, asker)
    found = offers.named(session, offer, at.today)
    return redemptions.preview(session, worker, found, at=at)


@router.post("/workers/{number}/redemptions", status_code=status.HTTP_201_CREATED)
def apply(
    number: str,
    asked: ApplicationAsked,
    asker: Applicant,
    session: SessionDep,
    at: At,
) -> RedemptionView:
    """Apply for an offer; its credits are held until the answer."""
    worker = worker_for(session, number, asker, Permission.APPLY)
    case_id = redemptions.apply(
        session,
        worker,
        offers.named(session, asked.offer, at.today),
        picks=asked.picks,
        reference=asked.reference,
        by=asker.actor,
        at=at,
    )
    return redemption_views.shown(session, case_id, asker.actor, today=at.today)


@router.get("/redemptions")
def listed(asker: ApplicationReader, session: ReadingDep, today: Today) -> RedemptionList:
    """Return applications: a worker's own, those to an organisation, all for the bureau."""
    return redemption_views.seen_by(session, asker.actor, today=today)


@router.get("/redemptions/{case_id}")
def show(
    case_id: UUID, asker: ApplicationReader, session: ReadingDep, today: Today
) -> RedemptionView:
    """Return one application."""
    return redemption_views.shown(session, case_id, asker.actor, today=today)


@router.post("/redemptions/{case_id}/acceptance")
def accept(
    case_id: UUID, asker: ApplicationReceiver, session: SessionDep, at: At
) -> RedemptionView:
    """Accept as the receiving organisation; afterwards neither side can undo it."""
    redemptions.accept(session, case_id, by=asker.actor, at=at)
    return redemption_views.shown(session, case_id, asker.actor, today=at.today)


@router.post("/redemptions/{case_id}/refusal")
def decline(
    case_id: UUID,
    asked: ReasonAsked,
    asker: ApplicationReceiver,
    session: SessionDep,
    at: At,
) -> RedemptionView:
    """Decline as the receiving organisation, with a reason; the credits come back."""
    redemptions.decline(session, case_id, text=asked.reason, by=asker.actor, at=at)
    return redemption_views.shown(session, case_id, asker.actor, today=at.today)


@router.post("/redemptions/{case_id}/withdrawal")
def withdraw(case_id: UUID, asker: Applicant, session: SessionDep, at: At) -> RedemptionView:
    """Withdraw an application that waits; the credits come back."""
    redemptions.withdraw(session, case_id, by=asker.actor, at=at)
    return redemption_views.shown(session, case_id, asker.actor, today=at.today)


@router.post("/redemptions/{case_id}/annulment", status_code=status.HTTP_201_CREATED)
def annul(  # The path, the body, who and when.
    case_id: UUID,
    asked: ReasonAsked,
    asker: ApplicationAnnuller,
    session: SessionDep,
    house: HouseDep,
    now: Now,
) -> ProposalView:
    """Propose to annul an accepted application; a second person decides."""
    zone = house.settings.zone
    return annulments.propose(
        session, case_id, text=asked.reason, by=asker.actor, now=now, zone=zone
    )


@router.get("/workers/{number}/next-step")
def next_step(  # Whose, toward what, when, by which cost.
    *,
    number: str,
    asker: DossierReader,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    offer: Annotated[str | None, _CODE] = None,
    occupation: Annotated[str | None, Query(min_length=1, max_length=80)] = None,
    rank: Annotated[int | None, Query(ge=1, le=7)] = None,
    on: date | None = None,
    by: Literal["hours", "fee"] = "hours",
) -> NextStep:
    """Return the cheapest offered courses that reach an offer or a level, with the reasons."""
    worker, day = worker_for(session, number, asker), on or today
    if offer is not None:
        goal = Goal(offer=offers.named(session, offer, day))
    elif occupation is not None and rank is not None:
        goal = Goal(occupation=find_occupation(occupation).code, rank=Rank(rank))
    else:
        raise RequestInvalidError(fields="offer, occupation, rank")
    zone = house.settings.zone
    return next_steps.next_step(session, worker, goal, on=day, zone=zone, by=by)
