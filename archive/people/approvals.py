"""Two persons: one proposes, another answers; only then does something take effect.

What a proposal means is told by its action: each room registers what to do when one of
its proposals is approved. The proposal itself never changes.
"""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from archive.errors import ArchiveError
from archive.people.access import refuse_deciding, refuse_proposing
from archive.people.actors import Actor
from archive.people.models import Account, Proposal, ProposalAnswer
from archive.people.privacy import vault_of
from credit_bank.chain import canonical_bytes
from schemas.contracts import Contract

_COLUMN = "proposal_answer.sealed"

Effect = Callable[[Session, dict[str, Any], datetime], list[str]]
"""What an approved proposal does: returns the ids of what it made."""

EFFECTS: dict[str, Effect] = {}
"""Every action that can be proposed; rooms add theirs when they are imported."""

Check = Callable[[Session, Actor, dict[str, Any]], None]
"""Raises NotAllowedError unless an account may take a step on what a payload says."""


class Parties(NamedTuple):
    """Who proposes and who answers an action that is not the bureau's own affair."""

    may_propose: Check
    may_answer: Check


PARTIES: dict[str, Parties] = {}
"""Actions between others than the bureau's staff; for all else the bureau's roles count."""


APART: set[str] = set()
"""Actions that are not the bureau's to see: they are listed only where they are asked for."""


class UnknownProposalError(ArchiveError):
    """No proposal has this identifier."""

    code: ClassVar[str] = "proposal_unknown"
    template: ClassVar[str] = "No proposal {proposal} is known. See the list of proposals."


class ProposalAnsweredError(ArchiveError):
    """A proposal is answered once."""

    code: ClassVar[str] = "proposal_answered"
    template: ClassVar[str] = "This proposal was answered already. Make a new one if it is needed."


class OwnProposalError(ArchiveError):
    """Who proposes cannot approve."""

    code: ClassVar[str] = "proposal_own"
    template: ClassVar[str] = (
        "A second person must answer this proposal: it comes from your own account."
    )


class ProposalView(Contract):
    """A proposal and what became of it."""

    id: UUID
    action: str
    payload: dict[str, Any]
    proposed_by: str
    proposed_at: datetime
    is_approved: bool | None = None
    """None while nobody has answered."""
    reason: str | None = None
    answered_by: str | None = None
    answered_at: datetime | None = None
    made: tuple[str, ...] = ()
    """What the approval made; told only by the answer to the approval itself."""


class ProposalList(Contract):
    """Proposals, newest first."""

    proposals: tuple[ProposalView, ...]


def propose(
    session: Session, action: str, payload: dict[str, Any], *, by: Actor, now: datetime
) -> ProposalView:
    """Put something before a second person; raises NotAllowedError."""
    parties = PARTIES.get(action)
    if parties:
        parties.may_propose(session, by, payload)
    else:
        refuse_proposing(by)
    proposal = Proposal(
        action=action, payload=canonical_bytes(payload), proposed_by=by.id, proposed_at=now
    )
    session.add(proposal)
    session.flush()
    return _view(proposal, by.name, None, None)


def answer(
    session: Session,
    proposal_id: UUID,
    *,
    is_approved: bool,
    by: Actor,
    now: datetime,
    reason: str | None = None,
) -> ProposalView:
    """Approve or decline as the second person; an approval takes effect at once.

    Raises NotAllowedError, UnknownProposalError, ProposalAnsweredError, OwnProposalError,
    and whatever the effect refuses: then nothing is written.
    """
    # Two who answer at once take turns, and the second finds the first one's answer.
    proposal = session.get(Proposal, proposal_id, with_for_update=True)
    parties = PARTIES.get(proposal.action) if proposal else None
    if parties is None:
        refuse_deciding(by)
    if proposal is None:
        raise UnknownProposalError(proposal=proposal_id)
    if parties:
        parties.may_answer(session, by, json.loads(proposal.payload))
    if proposal.proposed_by == by.id:
        raise OwnProposalError
    earlier = select(ProposalAnswer).where(col(ProposalAnswer.proposal_id) == proposal_id)
    if session.exec(earlier).first():
        raise ProposalAnsweredError
    payload = json.loads(proposal.payload)
    whose = _whose(payload)
    answered = ProposalAnswer(
        proposal_id=proposal_id,
        is_approved=is_approved,
        reason=reason if whose is None else None,
        sealed=_sealed(session, whose, reason) if whose and reason else None,
        answered_by=by.id,
        answered_at=now,
    )
    session.add(answered)
    session.flush()
    made = EFFECTS[proposal.action](session, payload, now) if is_approved else []
    proposer = session.get_one(Account, proposal.proposed_by)
    view = _view(proposal, proposer.name, answered, by.name)
    return view.model_copy(update={"made": tuple(made), "reason": reason})


def listed(session: Session, *actions: str, only_open: bool = False) -> list[ProposalView]:
    """Return the proposals of some actions, or of all that the bureau sees; the newest first."""
    proposer, answerer = aliased(Account), aliased(Account)
    query = (
        select(Proposal, proposer.name, ProposalAnswer, answerer.name)
        .join(proposer, col(proposer.id) == col(Proposal.proposed_by))
        .outerjoin(ProposalAnswer, col(ProposalAnswer.proposal_id) == col(Proposal.id))
        .outerjoin(answerer, col(answerer.id) == col(ProposalAnswer.answered_by))
        .order_by(col(Proposal.proposed_at).desc(), col(Proposal.id).desc())
    )
    if actions:
        query = query.where(col(Proposal.action).in_(actions))
    else:
        query = query.where(col(Proposal.action).not_in(APART))
    if only_open:
        query = query.where(col(ProposalAnswer.proposal_id).is_(None))
    rows = session.exec(query).all()
    reasons = _reasons(session, [(asked, said) for asked, _, said, _ in rows])
    views = [_view(*row) for row in rows]
    return [
        one.model_copy(update={"reason": reasons[one.id]}) if one.id in reasons else one
        for one in views
    ]


def everything(session: Session, *, only_open: bool = False) -> list[ProposalView]:
    """Return also the proposals that the bureau does not see; for the command line."""
    found = listed(session, only_open=only_open)
    found += listed(session, *APART, only_open=only_open) if APART else []
    return sorted(found, key=lambda one: (one.proposed_at, one.id), reverse=True)


def _whose(payload: dict[str, Any]) -> UUID | None:
    """Return the person whose dossier a payload is about; None for what is about no person."""
    told = payload.get("worker") or payload.get("into")
    return UUID(told) if told else None


def _sealed(session: Session, whose: UUID, reason: str) -> bytes | None:
    """Return a reason as it is kept: whoever gives one may name people in it."""
    key = vault_of(session).keys_to_prove([whose]).get(whose)
    return key.seal(_COLUMN, reason.encode()) if key else None


def _reasons(
    session: Session, answers: Iterable[tuple[Proposal, ProposalAnswer | None]]
) -> dict[UUID, str]:
    """Return the reasons that were sealed, by proposal; of the erased there are none."""
    sealed = [
        (asked.id, whose, said.sealed)
        for asked, said in answers
        if said and said.sealed and (whose := _whose(json.loads(asked.payload)))
    ]
    if not sealed:
        return {}  # The commonest case opens no key.
    keys = vault_of(session).keys_to_prove({whose for _, whose, _ in sealed})
    return {
        asked: keys[whose].open(_COLUMN, text).decode()
        for asked, whose, text in sealed
        if whose in keys
    }


def _view(
    proposal: Proposal, proposer: str, answered: ProposalAnswer | None, answerer: str | None
) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        action=proposal.action,
        payload=json.loads(proposal.payload),
        proposed_by=proposer,
        proposed_at=proposal.proposed_at,
        is_approved=answered.is_approved if answered else None,
        reason=answered.reason if answered else None,
        answered_by=answerer,
        answered_at=answered.answered_at if answered else None,
    )
