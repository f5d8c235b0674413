"""Pages on which workers prove a single record, or a single entry of their credits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Response

from archive.transcripts import proofs
from archive.web.audiences import TranscriptIssuer, Worker
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.documents import proof_handed_over
from archive.web.page import PageDep
from archive.web.pages.worker import own_id
from schemas.link_proofs import ProofAsked

router = APIRouter(include_in_schema=False)

_ONE = "/me/proofs/{subject_id}"


@router.get(_ONE)
def proof_form(subject_id: UUID, page: PageDep, me: Worker, session: ReadingDep) -> Response:
    """Show what a proof would tell, and what it would tell if its sealed part were opened."""
    view = proofs.preview(session, own_id(me), subject_id, by=me.actor)
    return page("worker/proof.html", proof=view)


@router.post(_ONE)
def make_proof(
    subject_id: UUID,
    me: TranscriptIssuer,
    house: HouseDep,
    now: Now,
    opened: Annotated[str, Form()] = "",
) -> Response:
    """Hand over the proof of one record or entry; nothing of it is kept."""
    asked = ProofAsked(subject_id=subject_id, is_opened=bool(opened))
    made = proofs.prove(house.archive, own_id(me), asked, by=me.actor, now=now, using=house.prover)
    return proof_handed_over(made)
