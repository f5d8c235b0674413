"""Freezing, unfreezing and erasing a dossier: proposed by one, decided by another.

The reason is sealed under the person's key when it is proposed; what waits for a second
person names nobody, and what was erased explains nothing.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import Session

from archive.bureau.keeping import desk_grounds, grounds_of
from archive.dossiers.classes import forgetting
from archive.dossiers.intake.forgetting import files_of
from archive.errors import ArchiveError, ErasedError
from archive.people import approvals, closures, keys_apart
from archive.people.access import refuse
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from archive.people.models import Worker
from archive.people.personal_models import Closure
from archive.people.privacy import vault_of
from archive.people.workers import take_turn
from schemas.refusals import Phrase
from schemas.vocabulary import ClosureAct, Permission

FREEZE = "dossier.freeze"
UNFREEZE = "dossier.unfreeze"
ERASE = "dossier.erase"
ACTION_OF = {
    ClosureAct.FREEZE: FREEZE,
    ClosureAct.UNFREEZE: UNFREEZE,
    ClosureAct.ERASE: ERASE,
}
_FROM = {
    ClosureAct.FREEZE: (None,),
    ClosureAct.UNFREEZE: (ClosureAct.FREEZE,),
    ClosureAct.ERASE: (None, ClosureAct.FREEZE),
}


class ClosureReasonMissingError(ArchiveError):
    """Such a decision needs its reason."""

    code: ClassVar[str] = "closure_reason_missing"
    template: ClassVar[str] = (
        "Freezing, unfreezing or erasing a dossier needs a reason. Say who asked for it and why."
    )


class ClosureActRefusedError(ArchiveError):
    """The dossier stands so that this cannot be decided on it."""

    code: ClassVar[str] = "closure_act_refused"
    template: ClassVar[str] = (
        "“{act}” cannot be decided on this dossier as it stands now. Look at it again."
    )


class KeepingRequiredError(ArchiveError):
    """The law asks to keep the dossier for now."""

    code: ClassVar[str] = "keeping_required"
    template: ClassVar[str] = (
        "This dossier must be kept for now ({grounds}). "
        "Freeze it instead, and erase it when the ground has gone."
    )


class UnknownGroundError(ArchiveError):
    """No ground of this name is in force."""

    code: ClassVar[str] = "keeping_ground_unknown"
    template: ClassVar[str] = (
        "“{ground}” is no ground for keeping a dossier. The page “Personal information” lists them."
    )


def propose(
    session: Session,
    worker: Worker,
    act: ClosureAct,
    *,
    reason: str,
    ground: str | None = None,
    by: Actor,
    now: datetime,
    today: date,
) -> ProposalView:
    """Put a decision on a dossier before a second person.

    ``ground`` is why it is frozen rather than erased, where that is the case. Raises
    NotAllowedError, ClosureReasonMissingError, ClosureActRefusedError, UnknownGroundError,
    KeepingRequiredError, ErasedError.
    """
    refuse(by, Permission.CLOSE_DOSSIER)
    if not reason.strip():
        raise ClosureReasonMissingError
    refuse_unfit(session, worker.worker_id, act, today)
    if ground is not None and ground not in _grounds(session, worker.worker_id, today):
        raise UnknownGroundError(ground=ground[:40])
    key = vault_of(session).keys_to_prove([worker.worker_id]).get(worker.worker_id)
    if key is None:
        raise ErasedError
    payload = {
        "ids": [worker.archive_number],
        "worker": str(worker.worker_id),
        "ground": ground,
        "sealed": key.seal(closures.COLUMN, reason.strip().encode()).hex(),
        "by": str(by.id),
        "today": today.isoformat(),
    }
    return approvals.propose(session, ACTION_OF[act], payload, by=by, now=now)


def follows(state: ClosureAct | None, act: ClosureAct) -> bool:
    """Whether something can be decided on a dossier that stands so."""
    return state in _FROM[act]


def reason_of(session: Session, payload: dict[str, Any]) -> str | None:
    """Return why it was proposed, for the second person; None when the person was erased."""
    worker_id = UUID(payload["worker"])
    key = vault_of(session).keys_to_prove([worker_id]).get(worker_id)
    return key.open(closures.COLUMN, bytes.fromhex(payload["sealed"])).decode() if key else None


def take_effect(
    act: ClosureAct, session: Session, payload: dict[str, Any], now: datetime
) -> list[str]:
    """Let the decision take effect; what has changed since it was proposed is looked at again."""
    worker_id = UUID(payload["worker"])
    take_turn(session, worker_id)
    refuse_unfit(session, worker_id, act, date.fromisoformat(payload["today"]))
    closure = Closure(
        worker_id=worker_id,
        act=act,
        ground=payload["ground"],
        sealed=bytes.fromhex(payload["sealed"]),
        proposed_by=UUID(payload["by"]),
        decided_at=now,
    )
    closures.decide(session, closure, now=now)
    return [str(closure.id)]


def refuse_unfit(session: Session, worker_id: UUID, act: ClosureAct, today: date) -> None:
    """Raise ClosureActRefusedError, KeepingRequiredError where an act cannot be decided."""
    if not follows(closures.state_of(session, worker_id), act):
        raise ClosureActRefusedError(act=Phrase(f"closure_act.{act}"))
    if act is ClosureAct.ERASE:
        grounds = grounds_of(session, worker_id, today=today)
        if grounds:
            raise KeepingRequiredError(grounds=", ".join(one.id for one in grounds))


def _grounds(session: Session, worker_id: UUID, today: date) -> set[str]:
    seen = grounds_of(session, worker_id, today=today)
    return {one.id for one in (*seen, *desk_grounds(today))}


def _effect(act: ClosureAct) -> approvals.Effect:
    def decide(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
        return take_effect(act, session, payload, now)

    return decide


approvals.EFFECTS.update({action: _effect(act) for act, action in ACTION_OF.items()})
keys_apart.BELONGING += (forgetting.places_of, files_of)
