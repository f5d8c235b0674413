"""Proofs of single records and entries: what one would tell, and the file itself."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from archive.transcripts import proofs
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import DossierReader, TranscriptIssuer
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.documents import JSON, proof_handed_over
from schemas.link_proofs import LinkProofV1, ProofAsked, ProofPreview
from schemas.vocabulary import Permission

router = APIRouter(
    prefix="/api/v1/workers/{number}/proofs", tags=["Transcripts"], responses=PROBLEMS
)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"model": LinkProofV1, "content": {JSON: {}}, "description": "The proof."}
}


@router.get("/{subject_id}")
def preview(
    number: str, subject_id: UUID, asker: DossierReader, session: ReadingDep
) -> ProofPreview:
    """Return what the proof of a record or entry would tell; nothing is signed.

    What would be opened is told to the holder alone.
    """
    worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    return proofs.preview(session, worker.worker_id, subject_id, by=asker.actor)


@router.post("", response_class=Response, responses=_FILE)
def prove(
    number: str, asked: ProofAsked, asker: TranscriptIssuer, house: HouseDep, now: Now
) -> Response:
    """Return the signed proof of one record or entry: keep its bytes as they are.

    Only the holder may have what is sealed of a record opened.
    """
    with house.archive.reading() as session:
        worker = worker_for(session, number, asker, Permission.ISSUE_TRANSCRIPT)
    made = proofs.prove(
        house.archive, worker.worker_id, asked, by=asker.actor, now=now, using=house.prover
    )
    return proof_handed_over(made)
