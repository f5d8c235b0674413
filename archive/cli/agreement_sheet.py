"""How agreements and proposals of them are shown to people."""

from decimal import Decimal

from archive.cli.voice import Voice
from archive.people.approvals import ProposalView
from schemas.agreements import AgreementList, AgreementView
from schemas.contracts import plain_decimal
from schemas.vocabulary import AgreementEffect


def show_proposed(voice: Voice, view: ProposalView) -> None:
    """Print a proposal of an agreement or of its end, and what has to happen next."""
    voice.facts(
        [
            ("Proposal", str(view.id)),
            ("Action", voice.word("action", view.action)),
            ("About", ", ".join(str(one) for one in view.payload["ids"])),
            ("Proposed by", view.proposed_by),
        ]
    )
    if view.is_approved is None:
        voice.say(
            "It takes effect when the other party accepts it: "
            "skills-archive agreements accept {proposal} --as ACCOUNT",
            proposal=view.id,
        )
    elif view.is_approved:
        voice.say("Accepted: {made}", made=", ".join(view.made))
    else:
        voice.say("Declined.")


def show_agreements(voice: Voice, found: AgreementList) -> None:
    """Print agreements, those that wait first."""
    if not found.agreements:
        voice.say("No agreements.")
        return
    voice.table(
        ("Agreement", "State", "From", "To", "About", "What", "Begins", "Ends"),
        [
            (
                one.id,
                voice.word("agreement_state", one.state),
                one.giver.code,
                one.receiver.code,
                _about(voice, one),
                _what(voice, one),
                voice.day(one.in_force_from),
                voice.day(one.in_force_until),
            )
            for one in found.agreements
        ],
    )
    for one in found.agreements:
        if one.may_answer:
            voice.say("Waits for your answer: {proposal}", proposal=one.proposal_id)
        if one.may_confirm_end:
            voice.say("Waits for your answer: {proposal}", proposal=one.end_proposal_id)


def _about(voice: Voice, one: AgreementView) -> str:
    occupation = voice.pick(one.occupation_name) if one.occupation_name else one.occupation
    level = voice.word("rank", int(one.rank)) if one.rank is not None else None
    return " · ".join(part for part in (one.course, occupation, level) if part)


def _what(voice: Voice, one: AgreementView) -> str:
    effect = voice.word("agreement_effect", one.effect)
    if one.effect is AgreementEffect.TRANSFER:
        return f"{effect} × {one.factor}"
    return f"{effect}: {one.requirement} −{plain_decimal(one.lowered_by or Decimal(0))}"
