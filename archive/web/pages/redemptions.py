"""Pages on using credits: what a worker can do with them, annulment."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.bureau import annulments
from archive.dossiers import next_steps, offers, redemption_views, redemptions
from archive.dossiers.next_steps import Goal
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.occupations import find_occupation
from archive.dossiers.offer_models import Offer
from archive.dossiers.redemption_refusals import LimitsBrokenError
from archive.dossiers.redemptions import Moment
from archive.dossiers.standings import standings
from archive.people import look_ups
from archive.people.closing import refuse_frozen
from archive.people.models import Worker as Person
from archive.people.sessions import SignedIn
from archive.web.audiences import Applicant, ApplicationAnnuller, DeskReader, Worker
from archive.web.deps import At, HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from schemas.cases import Pick
from schemas.ids import new_id
from schemas.refusals import Refusal
from schemas.vocabulary import Rank

router = APIRouter(include_in_schema=False)

_CREDITS = "/me/credits"
_BUREAU = "/bureau/redemptions"
_TEXT = Form(max_length=200)


# --- The worker


@router.get(_CREDITS)
def uses(page: PageDep, me: Worker, session: ReadingDep, at: At) -> Response:
    """Show what the worker's credits and records can do today, and the own applications."""
    offered = offers.on_day(session, at.today)
    return page(
        "worker/credits.html",
        offered=offers.views(session, offered, at.today),
        standings=standings(session, _me(session, me), offered, at=at),
        applications=redemption_views.seen_by(session, me.actor, today=at.today).redemptions,
    )


@router.get(_CREDITS + "/offers/{offer_id}")
def preview(offer_id: UUID, page: PageDep, me: Worker, session: ReadingDep, at: At) -> Response:
    """Show exactly which lots an application would use, and why."""
    offer = _offer(session, offer_id, at)
    view = redemptions.preview(session, _me(session, me), offer, at=at)
    return page(
        "worker/preview.html",
        view=view,
        reference=new_id(),
        picks=[f"{one.lot_id}:{one.units}" for one in view.picks],
    )


@router.post(_CREDITS + "/offers/{offer_id}")
def apply(  # Which offer, from which lots, once.
    offer_id: UUID,
    me: Applicant,
    session: SessionDep,
    at: At,
    pick: Annotated[list[str] | None, Form()] = None,
    reference: Annotated[str, Form(pattern=r"^[A-Za-z0-9-]{0,60}$")] = "",
) -> Response:
    """Apply for an offer with the lots that the preview showed."""
    worker = _me(session, me)
    offer = _offer(session, offer_id, at)
    case_id = redemptions.apply(
        session,
        worker,
        offer,
        picks=_picks(pick or []) if offer.units else None,
        reference=reference or None,
        by=me.actor,
        at=at,
    )
    return _see(f"{_CREDITS}/applications/{case_id}")


@router.get(_CREDITS + "/applications/{case_id}")
def application(
    case_id: UUID, page: PageDep, me: Worker, session: ReadingDep, today: Today
) -> Response:
    """Show one of the own applications."""
    view = redemption_views.shown(session, case_id, me.actor, today=today)
    return page("worker/application.html", view=view)


@router.post(_CREDITS + "/applications/{case_id}/withdraw")
def withdraw(case_id: UUID, me: Applicant, session: SessionDep, at: At) -> Response:
    """Withdraw one of the own applications while it waits."""
    redemptions.withdraw(session, case_id, by=me.actor, at=at)
    return _see(f"{_CREDITS}/applications/{case_id}")


@router.get("/me/credits/next-step")
def next_step(  # Toward what, by which cost.
    *,
    page: PageDep,
    me: Worker,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    offer: UUID | None = None,
    occupation: Annotated[str, Query(max_length=80)] = "",
    rank: Annotated[str, Query(max_length=2)] = "",
    by: str = "hours",
) -> Response:
    """Show the cheapest offered courses that reach an offer or a level."""
    goal, refusal = _goal(session, offer, occupation, rank, today)
    found = None
    if goal is not None:
        found = next_steps.next_step(
            session,
            _me(session, me),
            goal,
            on=today,
            zone=house.settings.zone,
            by="fee" if by == "fee" else "hours",
        )
    return page(
        "worker/next_step.html",
        status.HTTP_422_UNPROCESSABLE_CONTENT if refusal else status.HTTP_200_OK,
        found=found,
        refusal=refusal,
        offered=offers.listed(session, today).offers,
        asked={"offer": offer, "occupation": occupation, "rank": rank, "by": by},
        ranks=[int(one) for one in Rank if one],
    )


# --- The bureau


@router.get(_BUREAU)
def all_applications(page: PageDep, me: DeskReader, session: ReadingDep, today: Today) -> Response:
    """Show applications, and how an accepted one is annulled."""
    found = redemption_views.seen_by(session, me.actor, today=today)
    return page("bureau/redemptions.html", applications=found.redemptions)


@router.post(_BUREAU + "/{case_id}/annul")
def annul(
    case_id: UUID,
    me: ApplicationAnnuller,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    reason: Annotated[str, _TEXT] = "",
) -> Response:
    """Propose to annul an accepted application; a second person decides."""
    zone = house.settings.zone
    annulments.propose(session, case_id, text=reason, by=me.actor, now=now, zone=zone)
    return _see("/bureau/approvals")


def _me(session: Session, me: SignedIn) -> Person:
    refuse_frozen(session, own_id(me))
    return look_ups.worker_known_as(session, own_id(me))


def _offer(session: Session, offer_id: UUID, at: Moment) -> Offer:
    return offers.named(session, str(offer_id), at.today)


def _picks(told: list[str]) -> list[Pick]:
    """Return the picks of the form; raises LimitsBrokenError for what none of ours sends."""
    found = []
    for one in told:
        lot, _, units = one.partition(":")
        try:
            found.append(Pick(lot_id=UUID(lot), units=int(units)))
        except ValueError:
            raise LimitsBrokenError from None
    return found


def _goal(
    session: Session, offer: UUID | None, occupation: str, rank: str, today: date
) -> tuple[Goal | None, Refusal | None]:
    """Return what the form asks for, or why it cannot be read."""
    if offer is not None:
        return Goal(offer=offers.named(session, str(offer), today)), None
    meant = next((one for one in Rank if str(int(one)) == rank and one), None)
    if not occupation.strip() or meant is None:
        return None, None
    try:
        return Goal(occupation=find_occupation(occupation).code, rank=meant), None
    except OccupationError as refusal:
        return None, refusal


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status.HTTP_303_SEE_OTHER)
