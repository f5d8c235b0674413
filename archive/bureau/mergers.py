"""Merging two dossiers of one person: a clerk proposes with a scan, a second person agrees.

The reason is sealed under the surviving person's key already when it is proposed, and the scan
lies sealed in the folder of evidence: what waits for a second person names nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.dossiers.merging import Deed, MergeWithItselfError, merge
from archive.dossiers.notes import COLUMN, reason_sealed, text_in
from archive.errors import ArchiveError
from archive.files import Evidence
from archive.people import approvals, look_ups
from archive.people.access import refuse, refuse_deciding
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from archive.people.closing import closed
from archive.people.models import Worker
from archive.people.privacy import PersonKey, vault_of
from credit_bank.booking import SealedNote
from schemas.mergers import MergerList, MergerProposed
from schemas.vocabulary import Permission

MERGE = "dossier.merge"
MOST = 200
"""Mergers of a list."""


class MergerProposedError(ArchiveError):
    """One of the dossiers is part of a merger that nobody has answered."""

    code: ClassVar[str] = "merger_proposed"
    template: ClassVar[str] = (
        "A merger of one of these dossiers waits for an answer already. "
        "Let the second person answer it first: see the list of mergers."
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """Why two dossiers are one person's: a scan, the folder that keeps it, and a reason."""

    scan: bytes
    kept_in: Evidence
    text: str


def both_named(session: Session, closing: str, into: str) -> tuple[Worker, Worker]:
    """Return the workers of two archive numbers.

    Raises UnknownWorkerError, MergeWithItselfError.
    """
    workers = look_ups.worker_numbered(session, closing), look_ups.worker_numbered(session, into)
    if workers[0].worker_id == workers[1].worker_id:
        raise MergeWithItselfError
    return workers


def propose(  # Which, into which, why, by what proof, who, when.
    session: Session,
    closing: str,
    into: str,
    *,
    proof: Proof,
    by: Actor,
    now: datetime,
    zone: ZoneInfo,
) -> ProposalView:
    """Propose to merge the dossier of one archive number into that of another.

    The scan is kept when nothing else is wrong. Raises NotAllowedError, UnknownWorkerError,
    MergeWithItselfError, MergerProposedError, WhyMissingError, ErasedError,
    UploadTooLargeError, EvidenceEmptyError.
    """
    refuse(by, Permission.MERGE_DOSSIERS)
    one, other = both_named(session, closing, into)
    _refuse_waiting(session, {str(one.worker_id), str(other.worker_id)})
    reason_sealed(session, one.worker_id, proof.text)  # An erased person is nobody's double.
    note = reason_sealed(session, other.worker_id, proof.text)
    key = _key(session, other.worker_id)
    payload = {
        "ids": [one.archive_number, other.archive_number],
        "closing": str(one.worker_id),
        "into": str(other.worker_id),
        "evidence": proof.kept_in.keep(proof.scan, other.worker_id, key).hex(),
        "sealed": note.sealed.hex(),
        "commitment": note.commitment.hex(),
        "by": str(by.id),
        "timezone": zone.key,
    }
    return approvals.propose(session, MERGE, payload, by=by, now=now)


def listed(session: Session, *, by: Actor) -> MergerList:
    """Return the mergers that were proposed, the newest first; raises NotAllowedError."""
    refuse(by, Permission.MERGE_DOSSIERS)
    found = approvals.listed(session, MERGE)[:MOST]
    return MergerList(mergers=tuple(view_of(one) for one in found))


def shown(session: Session, proposal_id: UUID, *, by: Actor) -> MergerProposed:
    """Return a merger with its reason; raises NotAllowedError, UnknownProposalError."""
    refuse(by, Permission.MERGE_DOSSIERS)
    for one in approvals.listed(session, MERGE):
        if one.id == proposal_id:
            return view_of(one).model_copy(update={"reason": _reason(session, one)})
    raise approvals.UnknownProposalError(proposal=proposal_id)


def scan_of(
    session: Session, proposal_id: UUID, evidence: Evidence, *, by: Actor
) -> tuple[str, bytes]:
    """Return the scan on which a merger rests, and a name for it that names nobody.

    Raises NotAllowedError, UnknownProposalError, EvidenceGoneError.
    """
    view = shown(session, proposal_id, by=by)
    whose = UUID(_payload(session, proposal_id)["into"])
    content = evidence.get(bytes.fromhex(view.evidence), whose, _key(session, whose))
    return f"evidence-{view.evidence[:12]}{ending_of(content)}", content


def view_of(proposal: ProposalView) -> MergerProposed:
    """Return a proposal to merge as the bureau reads it, without its reason."""
    closing, into = proposal.payload["ids"]
    return MergerProposed(
        id=proposal.id,
        closing_number=closing,
        into_number=into,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        is_approved=proposal.is_approved,
        answered_by=proposal.answered_by,
        answered_at=proposal.answered_at,
        evidence=proposal.payload["evidence"],
    )


def _refuse_waiting(session: Session, wanted: set[str]) -> None:
    for one in approvals.listed(session, MERGE, only_open=True):
        if wanted & {one.payload["closing"], one.payload["into"]}:
            raise MergerProposedError


def _payload(session: Session, proposal_id: UUID) -> dict[str, Any]:
    return next(one.payload for one in approvals.listed(session, MERGE) if one.id == proposal_id)


def _key(session: Session, worker_id: UUID) -> PersonKey:
    """Return the key of a person; raises ErasedError or FrozenError."""
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def _reason(session: Session, proposal: ProposalView) -> str | None:
    """Return why a merger was proposed; None when the person's key was destroyed."""
    whose = UUID(proposal.payload["into"])
    key = vault_of(session).keys_of([whose]).get(whose)
    return text_in(key.open(COLUMN, bytes.fromhex(proposal.payload["sealed"]))) if key else None


def _merge(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Merge when the second person agrees; the events name who proposed it."""
    note = SealedNote(bytes.fromhex(payload["sealed"]), bytes.fromhex(payload["commitment"]))
    deed = Deed(
        by=UUID(payload["by"]),
        now=now,
        zone=ZoneInfo(payload["timezone"]),
        evidence=bytes.fromhex(payload["evidence"]),
        note=note,
    )
    merge(session, UUID(payload["closing"]), UUID(payload["into"]), deed)
    return [payload["ids"][1]]


def _may_propose(_session: Session, by: Actor, _payload: dict[str, Any]) -> None:
    refuse(by, Permission.MERGE_DOSSIERS)


def _may_answer(_session: Session, by: Actor, _payload: dict[str, Any]) -> None:
    refuse(by, Permission.MERGE_DOSSIERS)
    refuse_deciding(by)


_ENDINGS = ((b"%PDF-", ".pdf"), (b"\xff\xd8\xff", ".jpg"), (b"\x89PNG", ".png"))


def ending_of(content: bytes) -> str:
    """Return how the name of a scan ends, by its content."""
    return next((ending for begin, ending in _ENDINGS if content.startswith(begin)), ".bin")


approvals.EFFECTS[MERGE] = _merge
approvals.PARTIES[MERGE] = approvals.Parties(_may_propose, _may_answer)
