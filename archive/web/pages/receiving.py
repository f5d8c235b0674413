"""Pages of organisations that give something for credits: their inbox, and what they offer."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, status
from fastapi.responses import RedirectResponse

from archive.dossiers import offers, redemption_views, redemptions
from archive.dossiers.occupation_refusals import OccupationError
from archive.dossiers.redemption_refusals import OfferUnfitError
from archive.people.access import may
from archive.people.sessions import SignedIn
from archive.web.audiences import OfferPublisher, OrganisationMember
from archive.web.deps import At, Now, ReadingDep, SessionDep, Today
from archive.web.offer_form import WrittenOffer, asked_in, written_of
from archive.web.page import Page, PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.statuses import status_of_form
from schemas.outputs import FieldFault
from schemas.redemptions import OfferView, OwnOffers
from schemas.refusals import Refusal
from schemas.vocabulary import Permission, Rank, Use

router = APIRouter(include_in_schema=False)

_INBOX = "/organisation/applications"
_OFFERS = "/organisation/offers"
_TEXT = Form(max_length=200)


@router.get(_INBOX)
def inbox(page: PageDep, me: OrganisationMember, session: ReadingDep, today: Today) -> Response:
    """Show the applications to the own organisation, those that wait first."""
    found = redemption_views.seen_by(session, me.actor, today=today)
    return page("organisation/applications.html", applications=found.redemptions)


@router.post(_INBOX + "/{case_id}/accept")
def accept(case_id: UUID, me: OrganisationMember, session: SessionDep, at: At) -> Response:
    """Accept an application; afterwards neither side can undo it."""
    redemptions.accept(session, case_id, by=me.actor, at=at)
    return _see(_INBOX)


@router.post(_INBOX + "/{case_id}/decline")
def decline(
    case_id: UUID,
    me: OrganisationMember,
    session: SessionDep,
    at: At,
    reason: Annotated[str, _TEXT] = "",
) -> Response:
    """Decline an application with a reason."""
    redemptions.decline(session, case_id, text=reason, by=me.actor, at=at)
    return _see(_INBOX)


@router.get(_OFFERS)
def offer_list(
    page: PageDep, me: OrganisationMember, session: ReadingDep, today: Today
) -> Response:
    """Show what the own organisation offers, what is to come, and what has ended."""
    found = offers.of_organisation(session, own_organisation(me).id, today)
    return page("organisation/offers.html", found=found, today=today, may_teach=_may_teach(me))


@router.get(_OFFERS + "/new")
def form(  # Which kind, and what it changes.
    page: PageDep,
    me: OrganisationMember,
    session: ReadingDep,
    today: Today,
    code: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Show the form: empty, or with what is offered under a code."""
    found = offers.of_organisation(session, own_organisation(me).id, today)
    known = next((one for one in _every(found) if one.code == code), None)
    return _form(page, written_of(known) if known else WrittenOffer(in_force_from=str(today)))


@router.post(_OFFERS + "/new")
def publish(
    page: PageDep,
    me: OfferPublisher,
    session: SessionDep,
    now: Now,
    written: Annotated[WrittenOffer, Form()],
) -> Response:
    """Publish an offer; it replaces what stood under its code."""
    try:
        asked, faults = asked_in(written)
        if asked is None:
            return _form(page, written, faults=faults)
        offers.publish(session, asked, own_organisation(me), by=me.actor, now=now)
    except (OccupationError, OfferUnfitError) as refusal:
        return _form(page, written, refusal=refusal)
    return _see(_OFFERS)


@router.post(_OFFERS + "/end")
def end(  # What, until when, by whom.
    *,
    me: OfferPublisher,
    session: SessionDep,
    now: Now,
    today: Today,
    kind: Annotated[Literal["offer", "course"], Form()],
    code: Annotated[str, Form(max_length=40)],
    last_day: Annotated[date, Form()],
) -> Response:
    """Let an offer or a course end after a day."""
    whose = own_organisation(me)
    offers.end(session, kind, code, whose, last_day=last_day, by=me.actor, now=now, today=today)
    return _see(_OFFERS)


def _form(
    page: Page,
    written: WrittenOffer,
    *,
    refusal: Refusal | None = None,
    faults: tuple[FieldFault, ...] = (),
) -> Response:
    return page(
        "organisation/offer.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        uses=list(Use),
        ranks=[one for one in Rank if one],
    )


def _every(found: OwnOffers) -> list[OfferView]:
    """Return what stands under some code, what is to come before what is there."""
    lists = (found.coming, found.in_force, found.ended)
    return [one for some in lists for one in some.offers]


def _may_teach(me: SignedIn) -> bool:
    """Whether the organisation can post records, and so offer courses."""
    return may(me.actor, Permission.POST_RECORD)


def _see(address: str) -> RedirectResponse:
    return RedirectResponse(address, status.HTTP_303_SEE_OTHER)
