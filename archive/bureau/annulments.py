"""Annulling an accepted redemption: a decision of the bureau, which takes two persons.

The reason is sealed under the person's key already when it is proposed: what waits for a
second person names nobody.
"""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from archive.dossiers import redeemed, redemptions
from archive.dossiers.notes import reason_sealed
from archive.dossiers.redemptions import Moment
from archive.people import approvals
from archive.people.access import refuse_proposing
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from credit_bank.booking import SealedNote
from credit_bank.errors import CaseActRefusedError
from schemas.vocabulary import CaseAct, CaseKind

ANNUL = "annul_redemption"


def propose(
    session: Session, case_id: UUID, *, text: str, by: Actor, now: datetime, zone: ZoneInfo
) -> ProposalView:
    """Propose to annul an accepted redemption.

    Raises NotAllowedError, UnknownCaseError, CaseActRefusedError, WhyMissingError, ErasedError.
    """
    refuse_proposing(by)
    opening = redeemed.opening(session, case_id)
    (told,) = redeemed.of_openings(session, [opening])
    if told.case.last is not CaseAct.ACCEPT:
        last = told.case.last or ""
        raise CaseActRefusedError(act=CaseAct.ANNUL, kind=CaseKind.REDEMPTION, last=last)
    note = reason_sealed(session, opening.worker_id, text)
    payload = {
        "ids": [str(case_id)],
        "case": str(case_id),
        "sealed": note.sealed.hex(),
        "commitment": note.commitment.hex(),
        "by": str(by.id),
        "timezone": zone.key,
    }
    return approvals.propose(session, ANNUL, payload, by=by, now=now)


def _annul(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Annul as of the day of the approval; the event names who proposed it."""
    note = SealedNote(bytes.fromhex(payload["sealed"]), bytes.fromhex(payload["commitment"]))
    at = Moment(now, ZoneInfo(payload["timezone"]))
    case_id = UUID(payload["case"])
    redemptions.annul(session, case_id, note, by=UUID(payload["by"]), at=at)
    return [str(case_id)]


approvals.EFFECTS[ANNUL] = _annul
