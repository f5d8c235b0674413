"""Pages of the bureau on two dossiers of one person: compare, propose to merge, look it up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Query, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.bureau import merger_previews, mergers
from archive.dossiers.merging import MergeWithItselfError
from archive.errors import UnknownWorkerError
from archive.web.audiences import DossierMerger
from archive.web.deps import HouseDep, Now, ReadingDep, SessionDep, Today
from archive.web.downloads import handed_over
from archive.web.page import PageDep
from archive.web.statuses import status_of
from archive.web.uploading import read_upload
from credit_bank.errors import CreditBankError

router = APIRouter(include_in_schema=False)

_MERGERS = "/bureau/mergers"
Number = Annotated[str, Query(max_length=40)]


@router.get(_MERGERS)
def merger_list(page: PageDep, me: DossierMerger, session: ReadingDep) -> Response:
    """Show the mergers that were proposed, and how to begin one."""
    found = mergers.listed(session, by=me.actor)
    return page("bureau/mergers.html", mergers=found.mergers)


@router.get(_MERGERS + "/preview")
def preview(  # Which two, and whose days.
    page: PageDep,
    me: DossierMerger,
    session: ReadingDep,
    now: Now,
    today: Today,
    house: HouseDep,
    closing: Number = "",
    into: Number = "",
) -> Response:
    """Show both dossiers side by side, what a merger would do, and how to propose it."""
    try:
        view = merger_previews.preview(
            session,
            closing,
            into,
            by=me.actor,
            now=now,
            today=today,
            zone=house.settings.zone,
        )
    except (UnknownWorkerError, MergeWithItselfError, CreditBankError) as refusal:
        return page(
            "bureau/mergers.html",
            status_of(type(refusal)) or status.HTTP_409_CONFLICT,
            mergers=mergers.listed(session, by=me.actor).mergers,
            refusal=refusal,
            closing=closing,
            into=into,
        )
    return page("bureau/merger_preview.html", view=view, proposal=None)


@router.post(_MERGERS)
def propose(  # Which two, why, by what proof, who, when.
    me: DossierMerger,
    session: SessionDep,
    now: Now,
    house: HouseDep,
    closing: Annotated[str, Form(max_length=40)],
    into: Annotated[str, Form(max_length=40)],
    reason: Annotated[str, Form(max_length=1000)] = "",
    evidence: UploadFile | None = None,
) -> Response:
    """Keep the scan, and put the merger before a second person."""
    _, content = read_upload(evidence)
    proposal = mergers.propose(
        session,
        closing,
        into,
        proof=mergers.Proof(content, house.evidence, reason),
        by=me.actor,
        now=now,
        zone=house.settings.zone,
    )
    return RedirectResponse(f"{_MERGERS}/{proposal.id}", status.HTTP_303_SEE_OTHER)


@router.get(_MERGERS + "/{proposal_id}")
def merger(
    proposal_id: UUID,
    page: PageDep,
    me: DossierMerger,
    session: ReadingDep,
    now: Now,
    today: Today,
    house: HouseDep,
) -> Response:
    """Show a merger that was proposed: why, with what proof, and what it would do or did."""
    proposal = mergers.shown(session, proposal_id, by=me.actor)
    view = refusal = None
    if proposal.is_approved is None:
        try:
            view = merger_previews.preview(
                session,
                proposal.closing_number,
                proposal.into_number,
                by=me.actor,
                now=now,
                today=today,
                zone=house.settings.zone,
            )
        except (UnknownWorkerError, MergeWithItselfError, CreditBankError) as found:
            refusal = found
    return page("bureau/merger.html", view=view, proposal=proposal, refusal=refusal)


@router.get(_MERGERS + "/{proposal_id}/evidence")
def evidence_of(
    proposal_id: UUID, me: DossierMerger, session: ReadingDep, house: HouseDep
) -> Response:
    """Hand out the scan on which a merger rests."""
    name, content = mergers.scan_of(session, proposal_id, house.evidence, by=me.actor)
    return handed_over(name, content)
