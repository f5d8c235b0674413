"""Pages of those who answer requests for correction and addition: an organisation, the bureau."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse
from sqlmodel import Session

from archive.dossiers import correction_answers as answers
from archive.dossiers import correction_views as views
from archive.dossiers import corrections_found
from archive.dossiers.redemptions import Moment
from archive.files import Evidence
from archive.people import organisations
from archive.people.sessions import SignedIn
from archive.web.audiences import CorrectionAnswerer, CorrectionDecider
from archive.web.deps import At, HouseDep, ReadingDep, SessionDep, Today
from archive.web.documents import evidence_handed_over
from archive.web.page import Page, PageDep
from archive.web.pages.corrections import Code, Said
from archive.web.pages.single_records import RECORDS
from archive.web.pages.trainer import own_organisation
from schemas.corrections import CorrectionTold
from schemas.vocabulary import CorrectionState

router = APIRouter(include_in_schema=False)

_OF_TRAINER = "/trainer/cases"
_OF_BUREAU = "/bureau/cases/corrections"
Answer = Annotated[Literal["corrected", "added", "decline", "hand_on"], Form()]
Decision = Annotated[
    Literal["corrected", "added", "decline", "hand_on", "direct", "dismiss"], Form()
]


@router.get(_OF_TRAINER)
def desk(page: PageDep, me: CorrectionAnswerer, session: ReadingDep, today: Today) -> Response:
    """Show what workers ask of the own organisation, with its last days."""
    cases = views.in_hand(session, own_organisation(me).id, today=today)
    return page("corrections/desk.html", cases=cases, address=_OF_TRAINER, tabs=False, today=today)


@router.get(_OF_TRAINER + "/{case_id}")
def addressed(
    case_id: UUID, page: PageDep, me: CorrectionAnswerer, session: ReadingDep, today: Today
) -> Response:
    """Show a request that the own organisation has in hand."""
    return _case(page, session, me, case_id, today, looks="issuer")


@router.post(_OF_TRAINER + "/{case_id}")
def answer(
    case_id: UUID,
    me: CorrectionAnswerer,
    session: SessionDep,
    at: At,
    act: Answer,
    text: Said = "",
    record: Annotated[UUID | Literal[""], Form()] = "",
    organisation: Code = "",
) -> Response:
    """Answer a request for the own organisation, or hand it on."""
    _answer(session, me, at, case_id, act, text, record or None, organisation)
    return RedirectResponse(_OF_TRAINER, status.HTTP_303_SEE_OTHER)


@router.get(_OF_TRAINER + "/{case_id}/evidence")
def evidence(
    case_id: UUID, me: CorrectionAnswerer, session: ReadingDep, house: HouseDep, today: Today
) -> Response:
    """Hand over the file that the worker sent along."""
    return _evidence(session, me, house.evidence, case_id, today)


@router.get(_OF_BUREAU)
def every(page: PageDep, _me: CorrectionDecider, session: ReadingDep, today: Today) -> Response:
    """Show every request: those the bureau decides first, then those that organisations have."""
    cases = views.in_hand(session, None, today=today)
    rank = {CorrectionState.WITH_BUREAU: 0, CorrectionState.DIRECTED: 1}
    ordered = sorted(cases, key=lambda one: (not one.is_late, rank.get(one.state, 2)))
    return page("corrections/desk.html", cases=ordered, address=_OF_BUREAU, tabs=True, today=today)


@router.get(_OF_BUREAU + "/{case_id}")
def any_one(
    case_id: UUID, page: PageDep, me: CorrectionDecider, session: ReadingDep, today: Today
) -> Response:
    """Show a request, to answer it for its organisation or to decide."""
    return _case(page, session, me, case_id, today, looks="bureau")


@router.post(_OF_BUREAU + "/{case_id}")
def decide(
    case_id: UUID,
    me: CorrectionDecider,
    session: SessionDep,
    at: At,
    act: Decision,
    text: Said = "",
    record: Annotated[UUID | Literal[""], Form()] = "",
    organisation: Code = "",
) -> Response:
    """Direct an organisation, answer that it was put right, or decline."""
    told = CorrectionTold(text=text)
    if act == "direct":
        answers.direct(session, case_id, organisation, told, by=me.actor, at=at)
    elif act == "dismiss":
        answers.dismiss(session, case_id, told, by=me.actor, at=at)
    else:
        _answer(session, me, at, case_id, act, text, record or None, organisation)
    return RedirectResponse(f"{_OF_BUREAU}/{case_id}", status.HTTP_303_SEE_OTHER)


@router.get(_OF_BUREAU + "/{case_id}/evidence")
def any_evidence(
    case_id: UUID, me: CorrectionDecider, session: ReadingDep, house: HouseDep, today: Today
) -> Response:
    """Hand over the file that the worker sent along."""
    return _evidence(session, me, house.evidence, case_id, today)


def _case(
    page: Page, session: Session, me: SignedIn, case_id: UUID, today: Today, *, looks: str
) -> Response:
    one = views.addressed_view(session, case_id, by=me.actor, today=today)
    is_bureau = looks == "bureau"
    address = _OF_BUREAU if is_bureau else _OF_TRAINER
    posted_it = one.steps[0].organisation.id == one.organisation.id
    records_at = RECORDS if posted_it else None
    return page(
        "corrections/case.html",
        one=one,
        looks=looks,
        here=f"{address}/{case_id}",
        back=address,
        records_at=f"/bureau/records/{one.archive_number}" if is_bureau else records_at,
        addable=views.addable(session, case_id, by=me.actor, today=today) if one.is_open else (),
        bodies=organisations.listed(session) if one.is_open else (),
    )


def _answer(  # What, about which, in which words.
    session: Session,
    me: SignedIn,
    at: Moment,
    case_id: UUID,
    act: Literal["corrected", "added", "decline", "hand_on"],
    text: str,
    record: UUID | None,
    organisation: str,
) -> None:
    told, by = CorrectionTold(text=text), me.actor
    match act:
        case "corrected":
            answers.corrected(session, case_id, told, by=by, at=at)
        case "added":
            answers.added(session, case_id, record, told, by=by, at=at)
        case "decline":
            answers.decline(session, case_id, told, by=by, at=at)
        case "hand_on":
            answers.pass_on(session, case_id, organisation, told, by=by, at=at)


def _evidence(
    session: Session, me: SignedIn, kept_in: Evidence, case_id: UUID, today: Today
) -> Response:
    case = corrections_found.addressed(session, case_id, by=me.actor, today=today)
    return evidence_handed_over(case_id, views.evidence_of(session, case, kept_in))
