"""Appeals, pairs to review, suspended organisations, for programs."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, status
from pydantic import Field

from archive.bureau import reviews, suspension_views, suspensions
from archive.dossiers import appeal_views, appeals
from archive.errors import NotAllowedError
from archive.people import look_ups
from archive.people.access import may_all
from archive.people.approvals import ProposalView
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import (
    AppealAnswerer,
    AppealDecider,
    AppealReader,
    Appellant,
    DossierReader,
    IssuerSuspender,
    PairReviewer,
)
from archive.web.deps import At, Now, ReadingDep, SessionDep, Today
from schemas.appeals import AppealList, AppealView
from schemas.contracts import Contract
from schemas.reviews import PairList, PairView
from schemas.suspensions import SuspensionAsked, SuspensionFollowing, SuspensionList
from schemas.vocabulary import PairVerdict, Permission

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)

Text = Annotated[str, Field(min_length=1, max_length=1000)]


class AppealAsked(Contract):
    """Which line of the statement is wrong, and why."""

    entry_id: UUID
    text: Text


class TextAsked(Contract):
    """Why a step is taken."""

    text: Text


class FindingAsked(Contract):
    """What is found of an appeal, and why."""

    is_upheld: bool
    text: Text
    withdraws_record: bool = False
    """Withdraw the record in the same step; of an answer only."""


class ReviewAsked(Contract):
    """What is found of a pair, and why."""

    verdict: PairVerdict
    text: Text


@router.get("/workers/{number}/appeals", tags=["Appeals"])
def of_worker(number: str, asker: DossierReader, session: ReadingDep, today: Today) -> AppealList:
    """Return a worker's appeals: the bureau any, a worker the own."""
    worker = worker_for(session, number, asker)
    return AppealList(appeals=appeal_views.of_worker(session, worker.worker_id, today=today))


@router.post("/workers/{number}/appeals", status_code=status.HTTP_201_CREATED, tags=["Appeals"])
def file_appeal(  # Whose, what, who, when.
    number: str,
    asked: AppealAsked,
    asker: Appellant,
    session: SessionDep,
    at: At,
) -> AppealView:
    """Appeal against a line of a statement; the record's credits are held at once."""
    worker = worker_for(session, number, asker, Permission.APPEAL)
    case_id = appeals.file_appeal(
        session,
        worker.worker_id,
        asked.entry_id,
        text=asked.text,
        by=asker.actor,
        now=at.now,
        zone=at.zone,
    )
    return appeal_views.own_view(session, case_id, by=asker.actor, today=at.today)


@router.get("/appeals", tags=["Appeals"])
def addressed(asker: AppealAnswerer, session: ReadingDep, today: Today) -> AppealList:
    """Return the appeals that the own organisation answers; the bureau's are all."""
    answers_all = may_all(asker.actor, Permission.ANSWER_APPEAL)
    whose = None if answers_all else asker.actor.organisation_id
    if whose is None and not answers_all:
        raise NotAllowedError
    return AppealList(appeals=appeal_views.addressed_to(session, whose, today=today))


@router.get("/appeals/{case_id}", tags=["Appeals"])
def show(case_id: UUID, asker: AppealReader, session: ReadingDep, today: Today) -> AppealView:
    """Return an appeal to whom it concerns; it is unknown to everybody else."""
    return appeal_views.seen_by(session, case_id, by=asker.actor, today=today)


@router.post("/appeals/{case_id}/answer", tags=["Appeals"])
def answer(  # Which, how, who, when.
    case_id: UUID,
    asked: FindingAsked,
    asker: AppealAnswerer,
    session: SessionDep,
    at: At,
) -> AppealView:
    """Answer as the organisation that posted the record."""
    appeals.answer(
        session,
        case_id,
        is_upheld=asked.is_upheld,
        withdraws_record=asked.withdraws_record,
        text=asked.text,
        by=asker.actor,
        now=at.now,
        zone=at.zone,
    )
    return appeal_views.seen_by(session, case_id, by=asker.actor, today=at.today)


@router.post("/appeals/{case_id}/escalation", tags=["Appeals"])
def escalate(  # Which, why, who, when.
    case_id: UUID,
    asked: TextAsked,
    asker: Appellant,
    session: SessionDep,
    at: At,
) -> AppealView:
    """Take the own appeal to the bureau."""
    appeals.escalate(session, case_id, text=asked.text, by=asker.actor, now=at.now, zone=at.zone)
    return appeal_views.seen_by(session, case_id, by=asker.actor, today=at.today)


@router.post("/appeals/{case_id}/decision", tags=["Appeals"])
def decide(  # Which, how, who, when.
    case_id: UUID,
    asked: FindingAsked,
    asker: AppealDecider,
    session: SessionDep,
    at: At,
) -> AppealView:
    """Decide as the bureau, the second instance."""
    appeals.decide(
        session,
        case_id,
        is_upheld=asked.is_upheld,
        text=asked.text,
        by=asker.actor,
        now=at.now,
        zone=at.zone,
    )
    return appeal_views.seen_by(session, case_id, by=asker.actor, today=at.today)


@router.post("/appeals/{case_id}/withdrawal", tags=["Appeals"])
def withdraw(  # Which, who, when.
    case_id: UUID,
    asker: Appellant,
    session: SessionDep,
    at: At,
) -> AppealView:
    """Give the own appeal up; the credits are released at once."""
    appeals.withdraw(session, case_id, by=asker.actor, now=at.now, zone=at.zone)
    return appeal_views.seen_by(session, case_id, by=asker.actor, today=at.today)


@router.get("/pairs", tags=["Reviews"])
def pairs(_asker: PairReviewer, session: ReadingDep) -> PairList:
    """Return pairs of courses that wait for a review, then those that had one."""
    return PairList(pairs=(*reviews.waiting(session), *reviews.decided(session)))


@router.post("/pairs/{number}/{later_id}/review", tags=["Reviews"])
def review(
    number: str,
    later_id: UUID,
    asked: ReviewAsked,
    asker: PairReviewer,
    session: SessionDep,
    now: Now,
    today: Today,
) -> PairView:
    """Find that two courses are one, or two; it can be found anew."""
    worker = look_ups.worker_numbered(session, number)
    reviews.decide(
        session,
        worker.worker_id,
        later_id,
        verdict=asked.verdict,
        text=asked.text,
        by=asker.actor,
        now=now,
        today=today,
    )
    return reviews.pair(session, worker, later_id, today=today)


@router.get("/suspensions", tags=["Suspensions"])
def suspended(_asker: IssuerSuspender, session: ReadingDep) -> SuspensionList:
    """Return the decisions on organisations' credits."""
    return SuspensionList(suspensions=tuple(suspension_views.listed(session)))


@router.post("/suspensions", status_code=status.HTTP_201_CREATED, tags=["Suspensions"])
def propose(
    asked: SuspensionAsked, asker: IssuerSuspender, session: SessionDep, now: Now, today: Today
) -> ProposalView:
    """Propose a suspension; a second person approves it under /approvals."""
    return suspensions.propose(session, asked, by=asker.actor, now=now, today=today)


@router.post(
    "/suspensions/{case_id}/next", status_code=status.HTTP_201_CREATED, tags=["Suspensions"]
)
def propose_next(
    case_id: UUID,
    asked: SuspensionFollowing,
    asker: IssuerSuspender,
    session: SessionDep,
    now: Now,
    today: Today,
) -> ProposalView:
    """Propose to extend, release or revoke; a second person approves it under /approvals."""
    return suspensions.propose_next(session, case_id, asked, by=asker.actor, now=now, today=today)
