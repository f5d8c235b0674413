"""Requests of near relatives of a dead person: a clerk takes them, a second person decides.

Near relatives may view, copy, correct and delete what they need for their own lawful, proper
interest, unless the dead person arranged otherwise (Personal Information Protection Law,
article 49). Who they are is told by article 1045 of the Civil Code. Who asks, and why, is
sealed under the dead person's key; the scan lies sealed in the folder of evidence.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from archive.audit.acts import current
from archive.bureau import dossier_closures
from archive.bureau.mergers import ending_of
from archive.bureau.relative_refusals import (
    RelativeArrangedError,
    RelativeArrangementUnseenError,
    RelativeIncompleteError,
    RelativeNotGrantedError,
)
from archive.files import Evidence
from archive.people import activations, approvals, closures, contacts, mergers, rights, sessions
from archive.people.access import refuse, refuse_deciding
from archive.people.actors import Actor
from archive.people.approvals import ProposalView, UnknownProposalError
from archive.people.closing import closed
from archive.people.models import Account, Worker
from archive.people.personal_models import RelativeHandover
from archive.people.privacy import PersonKey, vault_of
from archive.people.workers import take_turn
from schemas.ids import new_id
from schemas.vocabulary import (
    Arrangement,
    ClosureAct,
    Kinship,
    Permission,
    RelativeRight,
    RequestKind,
)

ACTION = "dossier.relative"
LASTS = timedelta(days=30)
"""How long what was granted can be fetched."""
MOST = 200
_COLUMN = "relative.sealed"
_HANDED_OVER = (RelativeRight.VIEW, RelativeRight.COPY)


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what, as the clerk took it down."""

    name: str
    document: str
    """The number of the document that was shown."""
    kinship: Kinship
    right: RelativeRight
    purpose: str
    died_on: date | None
    arrangement: Arrangement

    @property
    def is_complete(self) -> bool:
        """Whether all is there that somebody needs to decide."""
        told = (self.name, self.document, self.purpose)
        return all(one.strip() for one in told) and self.died_on is not None


@dataclass(frozen=True, slots=True)
class Case:
    """A request, what was decided, and what was handed over."""

    proposal: ProposalView
    number: str
    right: RelativeRight
    evidence: str
    asked: Asked | None
    """None when the person's key was destroyed since."""
    arranged: tuple[str, ...]
    """What the person wrote down in life."""
    handed: tuple[tuple[datetime, str], ...]
    """When something was handed over, and by whom."""

    def is_open(self, now: datetime) -> bool:
        """Whether something can be handed over now."""
        answered = self.proposal.answered_at
        granted = self.proposal.is_approved is True and answered is not None
        return (
            granted
            and self.right in _HANDED_OVER
            and answered is not None
            and now < answered + LASTS
        )


def arranged(session: Session, worker_id: UUID) -> tuple[str, ...]:
    """Return what a person wrote down in life on what is to become of the dossier."""
    found = rights.of_worker(session, worker_id)
    return tuple(one.text for one in found if one.kind is RequestKind.ARRANGE and one.text)


def propose(  # Whose, what, by what proof, who, when.
    session: Session,
    worker: Worker,
    asked: Asked,
    *,
    scan: bytes,
    evidence: Evidence,
    by: Actor,
    now: datetime,
    today: date,
) -> ProposalView:
    """Put a request before a second person; the scan is kept when nothing else is wrong.

    Raises NotAllowedError, RelativeIncompleteError, RelativeArrangedError,
    RelativeArrangementUnseenError, KeepingRequiredError for what must be kept, FrozenError,
    ErasedError, DossierClosedError, UploadTooLargeError, EvidenceEmptyError.
    """
    refuse(by, Permission.SERVE_RELATIVES)
    whose = worker.worker_id
    mergers.refuse_merged(session, [whose])
    if not asked.is_complete or (asked.died_on or today) > today:
        raise RelativeIncompleteError
    if asked.arrangement is Arrangement.FORBIDS:
        raise RelativeArrangedError
    if asked.arrangement is Arrangement.NONE and arranged(session, whose):
        raise RelativeArrangementUnseenError
    if asked.right is RelativeRight.DELETE:
        dossier_closures.refuse_unfit(session, whose, ClosureAct.ERASE, today)
    key = _key(session, whose)
    plain = json.dumps(asdict(asked), default=str, ensure_ascii=False).encode()
    payload = {
        "ids": [worker.archive_number],
        "worker": str(whose),
        "right": asked.right.value,
        "evidence": evidence.keep(scan, whose, key).hex(),
        "told": key.seal(_COLUMN, plain).hex(),
        "sealed": key.seal(closures.COLUMN, asked.purpose.strip().encode()).hex(),
        "ground": None,
        "by": str(by.id),
        "today": today.isoformat(),
    }
    _say(asked.right)
    return approvals.propose(session, ACTION, payload, by=by, now=now)


def of_worker(session: Session, worker_id: UUID, *, by: Actor) -> list[ProposalView]:
    """Return the requests about a dead person, the newest first; raises NotAllowedError."""
    refuse(by, Permission.SERVE_RELATIVES)
    found = approvals.listed(session, ACTION)
    return [one for one in found if one.payload["worker"] == str(worker_id)][:MOST]


def shown(session: Session, proposal_id: UUID, *, by: Actor) -> Case:
    """Return a request with all that was told; raises NotAllowedError, UnknownProposalError."""
    refuse(by, Permission.SERVE_RELATIVES)
    proposal = _proposal(session, proposal_id)
    payload, whose = proposal.payload, UUID(proposal.payload["worker"])
    right = RelativeRight(payload["right"])
    _say(right)
    key = vault_of(session).keys_of([whose]).get(whose)
    handed = (
        select(RelativeHandover.handed_at, Account.name)
        .join(Account, col(Account.id) == col(RelativeHandover.handed_by))
        .where(
            col(RelativeHandover.worker_id) == whose,
            col(RelativeHandover.proposal_id) == proposal_id,
        )
        .order_by(col(RelativeHandover.handed_at))
    )
    return Case(
        proposal=proposal,
        number=payload["ids"][0],
        right=right,
        evidence=payload["evidence"],
        asked=_asked(key.open(_COLUMN, bytes.fromhex(payload["told"]))) if key else None,
        arranged=arranged(session, whose) if key else (),
        handed=tuple((at, name) for at, name in session.exec(handed)),
    )


def scan_of(
    session: Session, proposal_id: UUID, evidence: Evidence, *, by: Actor
) -> tuple[str, bytes]:
    """Return the scan that proves the kinship, and a name for it that names nobody.

    Raises NotAllowedError, UnknownProposalError, FrozenError, ErasedError, EvidenceGoneError.
    """
    case = shown(session, proposal_id, by=by)
    whose = UUID(case.proposal.payload["worker"])
    content = evidence.get(bytes.fromhex(case.evidence), whose, _key(session, whose))
    return f"evidence-{case.evidence[:12]}{ending_of(content)}", content


def hand_over(session: Session, proposal_id: UUID, *, by: Actor, now: datetime) -> Case:
    """Note that what was granted is handed over, before it is; return the case.

    Raises NotAllowedError, UnknownProposalError, RelativeNotGrantedError, FrozenError,
    ErasedError, DossierClosedError.
    """
    case = shown(session, proposal_id, by=by)
    if not case.is_open(now):
        raise RelativeNotGrantedError(days=LASTS.days)
    whose = UUID(case.proposal.payload["worker"])
    mergers.refuse_merged(session, [whose])
    _key(session, whose)
    handed = RelativeHandover(
        worker_id=whose, id=new_id(), proposal_id=proposal_id, handed_at=now, handed_by=by.id
    )
    session.add(handed)
    session.flush()
    return case


def _grant(session: Session, payload: dict[str, Any], now: datetime) -> list[str]:
    """Erase what is to be deleted; in any case nobody signs in as the dead person any more."""
    whose, right = UUID(payload["worker"]), RelativeRight(payload["right"])
    _say(right)
    take_turn(session, whose)
    mergers.refuse_merged(session, [whose])
    if right is RelativeRight.DELETE:
        return dossier_closures.take_effect(ClosureAct.ERASE, session, payload, now)
    contacts.take_all_back(session, whose, by=UUID(payload["by"]), now=now)
    activations.end_of_worker(session, whose, now=now)
    theirs = (col(Account.worker_id) == whose, col(Account.is_active))
    accounts = session.exec(select(Account).where(*theirs)).all()
    for account in accounts:
        account.is_active = False
        session.add(account)
        sessions.end_all(session, account, now=now)
    session.flush()
    return list(payload["ids"])


def _asked(plain: bytes) -> Asked:
    told = json.loads(plain)
    return Asked(
        name=told["name"],
        document=told["document"],
        kinship=Kinship(told["kinship"]),
        right=RelativeRight(told["right"]),
        purpose=told["purpose"],
        died_on=date.fromisoformat(told["died_on"]),
        arrangement=Arrangement(told["arrangement"]),
    )


def _proposal(session: Session, proposal_id: UUID) -> ProposalView:
    for one in approvals.listed(session, ACTION):
        if one.id == proposal_id:
            return one
    raise UnknownProposalError(proposal=proposal_id)


def _key(session: Session, worker_id: UUID) -> PersonKey:
    key = vault_of(session).keys_of([worker_id]).get(worker_id)
    if key is None:
        raise closed(session, worker_id)
    return key


def _say(right: RelativeRight) -> None:
    """Tell the audit for what the dossier is opened."""
    act = current()
    if act is not None:
        act.purpose = f"relative_{right}"


def _may_propose(_session: Session, by: Actor, _payload: dict[str, Any]) -> None:
    refuse(by, Permission.SERVE_RELATIVES)


def _may_answer(_session: Session, by: Actor, _payload: dict[str, Any]) -> None:
    refuse(by, Permission.SERVE_RELATIVES)
    refuse_deciding(by)


approvals.EFFECTS[ACTION] = _grant
approvals.PARTIES[ACTION] = approvals.Parties(_may_propose, _may_answer)
