"""Agreements as people and programs read them: published, proposed, and on their way out."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlmodel import Session

from archive.bureau.agreement_parties import (
    own_key,
    party_views,
    refuse_answering,
    refuse_confirming,
    speaks_for,
)
from archive.bureau.agreements import END, MAKE
from archive.dossiers.titles import occupation_name
from archive.errors import NotAllowedError
from archive.people import approvals
from archive.people.access import may_all
from archive.people.actors import Actor
from archive.people.approvals import ProposalView
from credit_bank.families import AgreementRule
from credit_bank.publishing import rule_book
from credit_bank.rule_files import parse
from credit_bank.rulebook import PublishedRule
from schemas.agreements import AgreementList, AgreementView, PartyView
from schemas.credits import as_credits
from schemas.vocabulary import AgreementState, Family, Permission


def agreements(
    session: Session, day: date, *, asker: Actor | None, party: str | None = None
) -> AgreementList:
    """Return published agreements, and of proposals those that concern the asker, as of a day.

    The bureau sees every proposal, a party those of its own, a stranger none. ``party``
    leaves out what is not about one, named by its key.
    """
    notes = _Notes.read(session, asker)
    proposed = [(one, _rule_in(one)) for one in notes.waiting]
    published = [
        (one, rule)
        for one in rule_book(session).of(Family.AGREEMENT)
        if isinstance(rule := one.rule, AgreementRule)
    ]
    rules = [rule for _, rule in (*proposed, *published)]
    parties = party_views(session, (key for rule in rules for key in (rule.giver, rule.receiver)))
    views = [
        *(_proposed(session, one, _view(rule, parties), notes) for one, rule in proposed),
        *(
            _published(session, one, _view(rule, parties), rule, day, notes)
            for one, rule in published
        ),
    ]
    shown = [
        view
        for rule, view in zip(rules, views, strict=True)
        if party in (None, rule.giver, rule.receiver)
    ]
    return AgreementList(on=day, agreements=tuple(sorted(shown, key=_order)))


class Cell(NamedTuple):
    """What one party recognises of another, in the matrix."""

    giver: PartyView
    receiver: PartyView
    agreements: tuple[AgreementView, ...]


def matrix(found: AgreementList) -> tuple[list[PartyView], list[PartyView], list[Cell]]:
    """Return who gives, who receives, and what stands between each two, of what is in force."""
    in_force = [one for one in found.agreements if one.state is AgreementState.IN_FORCE]
    by_pair: dict[tuple[str, str], list[AgreementView]] = {}
    for one in in_force:
        by_pair.setdefault((one.giver.code, one.receiver.code), []).append(one)
    givers = _parties(one.giver for one in in_force)
    receivers = _parties(one.receiver for one in in_force)
    cells = [
        Cell(giver, receiver, tuple(by_pair.get((giver.code, receiver.code), ())))
        for giver in givers
        for receiver in receivers
    ]
    return givers, receivers, cells


class _Notes(NamedTuple):
    """Proposals on agreements, by what they are about, and who asks."""

    asker: Actor | None
    waiting: Sequence[ProposalView]
    """Agreements that were not accepted: open, or declined."""
    made: dict[str, ProposalView]
    """By agreement: the proposal by which it came."""
    ends: dict[str, ProposalView]
    """By agreement: a notice that nobody confirmed yet."""

    @classmethod
    def read(cls, session: Session, asker: Actor | None) -> "_Notes":
        found = approvals.listed(session, MAKE, END)
        makes = [one for one in found if one.action == MAKE]
        ends = [one for one in found if one.action == END and one.is_approved is None]
        return cls(
            asker,
            [one for one in makes if not one.is_approved and _concerns(asker, one)],
            {str(one.payload["ids"][0]): one for one in makes if one.is_approved},
            {str(one.payload["agreement"]): one for one in ends if _concerns(asker, one)},
        )


def _concerns(asker: Actor | None, proposal: ProposalView) -> bool:
    if asker is None:
        return False
    sides = (proposal.payload["giver"], proposal.payload["receiver"])
    return may_all(asker, Permission.MAKE_AGREEMENT) or own_key(asker) in sides


def _rule_in(proposal: ProposalView) -> AgreementRule:
    """Return the agreement that is proposed."""
    rule = parse(str(proposal.payload["body"]).encode(), MAKE)
    if not isinstance(rule, AgreementRule):
        raise TypeError
    return rule


def _proposed(
    session: Session, proposal: ProposalView, view: AgreementView, notes: _Notes
) -> AgreementView:
    is_open = proposal.is_approved is None
    return view.model_copy(
        update={
            "state": AgreementState.PROPOSED if is_open else AgreementState.DECLINED,
            **_told_by(proposal),
            "may_answer": is_open and _may_answer(session, notes.asker, proposal),
        }
    )


def _published(  # What is published, as it is shown, as of when, to whom.
    session: Session,
    published: PublishedRule,
    view: AgreementView,
    rule: AgreementRule,
    day: date,
    notes: _Notes,
) -> AgreementView:
    made, ending = notes.made.get(rule.id), notes.ends.get(rule.id)
    state = _state(published, day)
    lives = state in (AgreementState.IN_FORCE, AgreementState.COMING)
    asker = notes.asker
    speaks = asker is not None and any(
        speaks_for(asker, key) for key in (rule.giver, rule.receiver)
    )
    return view.model_copy(
        update={
            "state": state,
            "in_force_until": published.until,
            "version": published.version,
            **(_told_by(made) if made and asker and _concerns(asker, made) else {}),
            "end_proposal_id": ending.id if ending else None,
            "ends_on": _first_day(ending) if ending else None,
            "may_end": lives and speaks and ending is None and published.repealed_by is None,
            "may_confirm_end": ending is not None and _may_answer(session, asker, ending),
        }
    )


def _told_by(proposal: ProposalView) -> dict[str, object]:
    return {
        "proposal_id": proposal.id,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
        "answered_by": proposal.answered_by,
        "reason": proposal.reason,
    }


def _may_answer(session: Session, asker: Actor | None, proposal: ProposalView) -> bool:
    if asker is None or asker.name == proposal.proposed_by:
        return False
    refuse = refuse_answering if proposal.action == MAKE else refuse_confirming
    try:
        refuse(session, asker, proposal.payload)
    except NotAllowedError:
        return False
    return True


def _first_day(ending: ProposalView) -> date:
    return date.fromisoformat(json.loads(str(ending.payload["body"]))["in_force_from"])


def _state(published: PublishedRule, day: date) -> AgreementState:
    if published.is_in_force(day):
        return AgreementState.IN_FORCE
    if published.rule.in_force_from > day and published.was_ever_in_force:
        return AgreementState.COMING
    return AgreementState.ENDED


def _view(rule: AgreementRule, parties: Mapping[str, PartyView]) -> AgreementView:
    return AgreementView(
        id=rule.id,
        state=AgreementState.PROPOSED,
        giver=parties[rule.giver],
        receiver=parties[rule.receiver],
        effect=rule.effect,
        occupation=rule.occupation,
        occupation_name=occupation_name(rule.occupation),
        course=rule.course_name,
        rank=rule.rank,
        needed=rule.needed,
        overlap=rule.overlap,
        factor=str(rule.exact) if rule.factor else None,
        credits=None if rule.credits is None else as_credits(rule.credits),
        credits_a_year=None if rule.credits_a_year is None else as_credits(rule.credits_a_year),
        requirement=rule.requirement,
        lowered_by=None if rule.lowered_by is None else as_credits(rule.lowered_by),
        in_force_from=rule.in_force_from,
        in_force_until=rule.in_force_until,
        notice_days=rule.notice_days,
        source=rule.source,
        version=None,
        proposal_id=None,
    )


_STATES = tuple(AgreementState)


def _order(view: AgreementView) -> tuple[int, str, str, date, str]:
    place = _STATES.index(view.state)
    return (place, view.giver.code, view.receiver.code, view.in_force_from, view.id)


def _parties(found: Iterable[PartyView]) -> list[PartyView]:
    """Return each party once: our organisations before other credit banks, each by code."""
    by_code = {one.code: one for one in found}
    return sorted(by_code.values(), key=lambda one: (one.is_scheme, one.code))
