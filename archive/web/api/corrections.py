"""Requests for correction and addition, and self-declared records, for programs."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from archive.dossiers import correction_answers as answers
from archive.dossiers import correction_views as views
from archive.dossiers import declaration_views, declarations
from archive.errors import NotAllowedError
from archive.people.access import may_all
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import CorrectionAnswerer, CorrectionAsker, DeclarationConfirmer
from archive.web.deps import At, ReadingDep, SessionDep, Today
from schemas.contracts import Contract
from schemas.corrections import CorrectionList, CorrectionTold, CorrectionView, Told
from schemas.declarations import DeclarationList, DeclarationView
from schemas.vocabulary import Permission

router = APIRouter(prefix="/api/v1", responses=PROBLEMS)


class CorrectionAnswer(Contract):
    """How a request is answered; each answer must be true."""

    act: Literal["corrected", "added", "decline", "hand_on"]
    text: Told = ""
    """Why; needed to decline and to hand on."""
    record_id: UUID | None = None
    """The record that was added."""
    organisation: str | None = None
    """Code of the organisation to which it is handed on."""


class DeclarationAnswer(Contract):
    """Whether a self-declared record is confirmed."""

    act: Literal["confirm", "decline"]
    text: Told = ""
    """Why not; needed to decline."""


@router.get("/workers/{number}/corrections", tags=["Corrections"])
def of_worker(
    number: str, asker: CorrectionAsker, session: ReadingDep, today: Today
) -> CorrectionList:
    """Return the own requests for correction and addition."""
    worker = worker_for(session, number, asker, Permission.ASK_CORRECTION)
    return CorrectionList(requests=views.of_worker(session, worker.worker_id, today=today))


@router.get("/corrections", tags=["Corrections"])
def in_hand(asker: CorrectionAnswerer, session: ReadingDep, today: Today) -> CorrectionList:
    """Return the requests that the own organisation has in hand; the bureau's are all."""
    answers_all = may_all(asker.actor, Permission.ANSWER_CORRECTION)
    whose = None if answers_all else asker.actor.organisation_id
    if whose is None and not answers_all:
        raise NotAllowedError
    return CorrectionList(requests=views.in_hand(session, whose, today=today))


@router.post("/corrections/{case_id}/answer", tags=["Corrections"])
def answer(
    case_id: UUID, asked: CorrectionAnswer, asker: CorrectionAnswerer, session: SessionDep, at: At
) -> CorrectionView:
    """Answer a request, and return it; of one that is handed on what it was before."""
    told, by = CorrectionTold(text=asked.text), asker.actor
    before = views.addressed_view(session, case_id, by=by, today=at.today)
    match asked.act:
        case "corrected":
            answers.corrected(session, case_id, told, by=by, at=at)
        case "added":
            answers.added(session, case_id, asked.record_id, told, by=by, at=at)
        case "decline":
            answers.decline(session, case_id, told, by=by, at=at)
        case "hand_on":
            answers.pass_on(session, case_id, asked.organisation or "", told, by=by, at=at)
            return before
    return views.addressed_view(session, case_id, by=by, today=at.today)


@router.get("/declarations", tags=["Corrections"])
def sent(asker: DeclarationConfirmer, session: ReadingDep) -> DeclarationList:
    """Return the self-declared records that the own organisation is asked to confirm."""
    if asker.actor.organisation_id is None:
        raise NotAllowedError
    found = declaration_views.sent_to(session, asker.actor.organisation_id)
    return DeclarationList(declarations=found)


@router.post("/declarations/{declaration_id}/answer", tags=["Corrections"])
def answer_declaration(
    declaration_id: UUID,
    asked: DeclarationAnswer,
    asker: DeclarationConfirmer,
    session: SessionDep,
    at: At,
) -> DeclarationView:
    """Confirm a self-declared record, which becomes one of the own organisation, or decline."""
    if asked.act == "confirm":
        declarations.confirm(session, declaration_id, by=asker.actor, at=at)
    else:
        declarations.decline(session, declaration_id, asked.text, by=asker.actor, at=at)
    return declaration_views.addressed_view(session, declaration_id, by=asker.actor)
