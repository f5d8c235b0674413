"""Pages of the bureau about pairs that wait for a review, and suspended organisations."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Form, Response, status
from fastapi.responses import RedirectResponse

from archive.bureau import nightly, reviews, suspension_views, suspensions
from archive.people import look_ups, organisations
from archive.web.audiences import DeskReader, IssuerSuspender, PairReviewer
from archive.web.deps import Now, ReadingDep, SessionDep, Today
from archive.web.page import PageDep
from archive.web.pages.appeals import Why
from schemas.suspensions import SuspensionAsked, SuspensionFollowing
from schemas.vocabulary import IssuerAct, PairVerdict

router = APIRouter(include_in_schema=False)

_PAIRS = "/bureau/cases/pairs"
_SUSPENSIONS = "/bureau/cases/suspensions"
_APPROVALS = "/bureau/approvals"
_NIGHTLY = "/bureau/cases/nightly"
Number = Annotated[str, Form(max_length=60)]
Reason = Annotated[str, Form(max_length=400)]


@router.get(_NIGHTLY)
def nightly_runs(page: PageDep, _me: DeskReader, session: ReadingDep) -> Response:
    """Show the last nightly runs: how far each is, and what came out."""
    return page("bureau/nightly.html", runs=nightly.runs(session).runs)


@router.get(_PAIRS)
def pairs(page: PageDep, _me: PairReviewer, session: ReadingDep) -> Response:
    """Show the pairs that wait, and those that were decided."""
    return page(
        "bureau/pairs.html", waiting=reviews.waiting(session), decided=reviews.decided(session)
    )


@router.get(_PAIRS + "/{number}/{later_id}")
def pair(
    number: str, later_id: UUID, page: PageDep, _me: PairReviewer, session: ReadingDep, today: Today
) -> Response:
    """Show both records of a pair side by side."""
    worker = look_ups.worker_numbered(session, number)
    view = reviews.pair(session, worker, later_id, today=today)
    return page("bureau/pair.html", pair=view, verdicts=tuple(PairVerdict))


@router.post(_PAIRS + "/{number}/{later_id}")
def decide_pair(  # Which, how, why, who, when.
    number: str,
    later_id: UUID,
    me: PairReviewer,
    session: SessionDep,
    now: Now,
    today: Today,
    verdict: Annotated[PairVerdict, Form()],
    text: Why = "",
) -> Response:
    """Find that two courses are one, or two."""
    worker = look_ups.worker_numbered(session, number)
    reviews.decide(
        session,
        worker.worker_id,
        later_id,
        verdict=verdict,
        text=text,
        by=me.actor,
        now=now,
        today=today,
    )
    return RedirectResponse(
        f"{_PAIRS}/{worker.archive_number}/{later_id}", status.HTTP_303_SEE_OTHER
    )


@router.get(_SUSPENSIONS)
def suspended(page: PageDep, _me: IssuerSuspender, session: ReadingDep, today: Today) -> Response:
    """Show the decisions on organisations, and how to propose one."""
    return page(
        "bureau/suspensions.html",
        suspensions=suspension_views.listed(session),
        organisations=organisations.listed(session),
        today=today,
    )


@router.post(_SUSPENSIONS)
def propose(  # All that a decision names.
    *,
    me: IssuerSuspender,
    session: SessionDep,
    now: Now,
    today: Today,
    organisation: Annotated[str, Form(max_length=40)],
    begins_on: Annotated[date, Form()],
    ends_on: Annotated[date, Form()],
    number: Number,
    decided_on: Annotated[date, Form()],
    reason: Reason,
    courses: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Put a suspension before a second person."""
    asked = SuspensionAsked(
        organisation=organisation,
        begins_on=begins_on,
        ends_on=ends_on,
        courses=tuple(line.strip() for line in courses.splitlines() if line.strip()),
        number=number,
        decided_on=decided_on,
        reason=reason,
    )
    suspensions.propose(session, asked, by=me.actor, now=now, today=today)
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)


@router.post(_SUSPENSIONS + "/{case_id}")
def propose_next(  # Which, what, who, when.
    case_id: UUID,
    *,
    me: IssuerSuspender,
    session: SessionDep,
    now: Now,
    today: Today,
    act: Annotated[Literal["extend", "release", "revoke"], Form()],
    number: Number,
    decided_on: Annotated[date, Form()],
    reason: Reason,
) -> Response:
    """Put the next decision of a case before a second person."""
    asked = SuspensionFollowing(
        act=IssuerAct(act), number=number, decided_on=decided_on, reason=reason
    )
    suspensions.propose_next(session, case_id, asked, by=me.actor, now=now, today=today)
    return RedirectResponse(_APPROVALS, status.HTTP_303_SEE_OTHER)
