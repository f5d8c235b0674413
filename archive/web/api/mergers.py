"""Two dossiers of one person, for programs of the bureau: preview, propose, look up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, UploadFile, status

from archive.bureau import merger_previews, mergers
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import DossierMerger
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.uploading import read_upload
from schemas.mergers import MergerList, MergerPreview, MergerProposed

router = APIRouter(prefix="/api/v1/mergers", tags=["Mergers"], responses=PROBLEMS)

Number = Annotated[str, Query(max_length=40, description="An archive number.")]


@router.get("")
def listed(asker: DossierMerger, session: ReadingDep) -> MergerList:
    """Return the mergers that were proposed, the newest first."""
    return mergers.listed(session, by=asker.actor)


@router.get("/preview")
def preview(  # Which two, and whose days.
    asker: DossierMerger,
    session: ReadingDep,
    now: Now,
    today: Today,
    house: HouseDep,
    closing: Number,
    into: Number,
) -> MergerPreview:
    """Return what merging one dossier into another would do; nothing is written."""
    return merger_previews.preview(
        session, closing, into, by=asker.actor, now=now, today=today, zone=house.settings.zone
    )


@router.post("", status_code=status.HTTP_201_CREATED)
def propose(  # Which two, why, by what proof, who, when.
    asker: DossierMerger,
    session: SessionDep,
    now: Now,
    house: HouseDep,
    closing: Annotated[str, Form(max_length=40)],
    into: Annotated[str, Form(max_length=40)],
    reason: Annotated[str, Form(min_length=1, max_length=1000)],
    evidence: UploadFile,
) -> MergerProposed:
    """Keep the scan, and put the merger before a second person (POST /api/v1/approvals/ID)."""
    _, content = read_upload(evidence)
    proposal = mergers.propose(
        session,
        closing,
        into,
        proof=mergers.Proof(content, house.evidence, reason),
        by=asker.actor,
        now=now,
        zone=house.settings.zone,
    )
    return mergers.view_of(proposal)


@router.get("/{proposal_id}")
def shown(proposal_id: UUID, asker: DossierMerger, session: ReadingDep) -> MergerProposed:
    """Return one merger with its reason."""
    return mergers.shown(session, proposal_id, by=asker.actor)
