"""Pages on mutual recognition: the matrix for everyone, and the desk of a party."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlmodel import Session

from archive.bureau import agreements as desk
from archive.bureau.agreement_parties import own_key
from archive.bureau.agreement_refusals import OursMissingError
from archive.bureau.agreement_views import agreements, matrix
from archive.dossiers.occupation_refusals import OccupationError
from archive.errors import NotAllowedError, UnknownOrganisationError
from archive.people import organisations, schemes
from archive.people.access import may_all
from archive.people.schemes import UnknownSchemeError
from archive.web.agreement_form import WrittenAgreement, draft_in
from archive.web.answering import ReasonField, reason_of
from archive.web.audiences import AgreementMaker, Reader, SchemeAdder
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.page import Page, PageDep
from archive.web.pages.rules import day_of
from archive.web.refusals import RequestInvalidError
from archive.web.statuses import status_of_form
from credit_bank.agreement_refusals import AgreementError
from credit_bank.errors import RuleFileError
from schemas.agreements import SchemeAsked
from schemas.refusals import Refusal
from schemas.vocabulary import AgreementEffect, Permission, Rank

router = APIRouter(include_in_schema=False)
_MATRIX = "/agreements"
_DESK = "/agreements/desk"
_NEW = "/agreements/desk/new"
_REFUSED = (
    AgreementError,
    RuleFileError,
    OursMissingError,
    OccupationError,
    NotAllowedError,
    UnknownOrganisationError,
    UnknownSchemeError,
)
"""What is wrong with a proposal is told beside its form."""


@router.get(_MATRIX)
def recognition(
    page: PageDep, _asker: Reader, session: ReadingDep, today: Today, on: str = ""
) -> Response:
    """Show who recognises what of whom on a day."""
    day = day_of(on) or today
    givers, receivers, cells = matrix(agreements(session, day, asker=None))
    return page("agreements/matrix.html", on=day, givers=givers, receivers=receivers, cells=cells)


@router.get(_DESK)
def own(page: PageDep, me: AgreementMaker, session: ReadingDep, today: Today) -> Response:
    """Show the agreements of an organisation; to the bureau all, and other credit banks."""
    is_bureau = may_all(me.actor, Permission.MAKE_AGREEMENT)
    party = None if is_bureau else own_key(me.actor)
    found = agreements(session, today, asker=me.actor, party=party)
    return page(
        "agreements/desk.html",
        agreements=found.agreements,
        schemes=schemes.listed(session) if is_bureau else None,
        today=today,
    )


@router.get(_NEW)
def form(page: PageDep, me: AgreementMaker, session: ReadingDep, today: Today) -> Response:
    """Show the form of a proposal."""
    written = WrittenAgreement(in_force_from=today.isoformat(), overlap="80")
    if me.organisation is not None:
        written.receiver = me.organisation.code
    return _form(page, session, written)


@router.post(_NEW)
def propose(
    page: PageDep,
    me: AgreementMaker,
    session: SessionDep,
    now: Now,
    written: Annotated[WrittenAgreement, Form()],
) -> Response:
    """Put an agreement before the other party."""
    try:
        draft, faults = draft_in(written)
        if draft is None:
            return _form(page, session, written, faults=faults)
        desk.propose(session, draft, by=me.actor, now=now)
    except _REFUSED as refusal:
        return _form(page, session, written, refusal=refusal)
    return RedirectResponse(_DESK, status.HTTP_303_SEE_OTHER)


@router.post(_MATRIX + "/proposals/{proposal_id}")
def answer(
    proposal_id: UUID,
    me: AgreementMaker,
    session: SessionDep,
    now: Now,
    decision: Annotated[Literal["accept", "decline"], Form()],
    reason: ReasonField = "",
) -> Response:
    """Accept or decline what the other party proposed; declining needs a reason."""
    told = reason_of(reason, declines=decision == "decline")
    accepted = decision == "accept"
    desk.answer(session, proposal_id, is_accepted=accepted, by=me.actor, now=now, reason=told)
    return RedirectResponse(_DESK, status.HTTP_303_SEE_OTHER)


@router.post(_MATRIX + "/{agreement_id}/end")
def end(
    agreement_id: str,
    me: AgreementMaker,
    session: SessionDep,
    house: HouseDep,
    now: Now,
    first_day: Annotated[date, Form()],
    reason: Annotated[str, Form(min_length=1, max_length=200)],
) -> Response:
    """Give notice of the end of an agreement."""
    desk.end(
        session,
        agreement_id,
        on=first_day,
        reason=reason.strip(),
        by=me.actor,
        now=now,
        zone=house.settings.zone,
    )
    return RedirectResponse(_DESK, status.HTTP_303_SEE_OTHER)


@router.post(_DESK + "/schemes")
def add_scheme(
    me: SchemeAdder,
    session: SessionDep,
    now: Now,
    code: Annotated[str, Form()],
    name: Annotated[str, Form()],
    name_en: Annotated[str, Form()],
) -> Response:
    """Take another credit bank into the directory."""
    try:
        asked = SchemeAsked(code=code.strip().upper(), name=name, name_en=name_en)
    except ValidationError:
        raise RequestInvalidError(fields="code, name, name_en") from None
    schemes.add(session, asked, by=me.actor, now=now)
    return RedirectResponse(_DESK, status.HTTP_303_SEE_OTHER)


def _form(
    page: Page,
    session: Session,
    written: WrittenAgreement,
    *,
    refusal: Refusal | None = None,
    faults: tuple[object, ...] = (),
) -> Response:
    return page(
        "agreements/form.html",
        status_of_form(refusal, faults),
        written=written,
        refusal=refusal,
        faults=faults,
        organisations=organisations.listed(session),
        schemes=schemes.listed(session),
        effects=tuple(AgreementEffect),
        ranks=tuple(Rank)[1:],
    )
