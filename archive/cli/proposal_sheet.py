"""How proposals are shown to people."""

from archive.bureau.rules_desk import PUBLISH
from archive.cli.voice import Voice
from archive.people.approvals import ProposalList, ProposalView


def show_proposal(voice: Voice, view: ProposalView) -> None:
    """Print one proposal, and what has to happen next."""
    voice.facts(
        [
            ("Proposal", str(view.id)),
            ("Action", voice.word("action", view.action)),
            ("About", _about(view)),
            ("Proposed by", view.proposed_by),
            ("State", _state(voice, view)),
        ]
    )
    if view.is_approved is None:
        voice.say(
            "It takes effect when another account approves it: "
            "skills-archive approve {proposal} --as ACCOUNT",
            proposal=view.id,
        )
    for made in view.made:
        if view.action == PUBLISH:
            voice.say("Published: {made}", made=made)
        else:
            voice.say("It has taken effect: {made}", made=made)


def show_proposals(voice: Voice, found: ProposalList) -> None:
    """Print proposals, newest first."""
    if not found.proposals:
        voice.say("No proposals.")
        return
    voice.table(
        ("Proposal", "Action", "About", "Proposed by", "Proposed", "State"),
        [
            (
                str(view.id),
                voice.word("action", view.action),
                _about(view),
                view.proposed_by,
                voice.moment(view.proposed_at),
                _state(voice, view),
            )
            for view in found.proposals
        ],
    )


def _about(view: ProposalView) -> str:
    ids = view.payload.get("ids")
    if isinstance(ids, list):
        return ", ".join(str(one) for one in ids)
    whose = view.payload.get("account") or view.payload.get("organisation")
    return f"{whose}: {view.payload['role']}" if whose and "role" in view.payload else "—"


def _state(voice: Voice, view: ProposalView) -> str:
    if view.is_approved is None:
        return voice.sentence("open")
    if view.is_approved:
        return voice.sentence("approved by {account}", account=view.answered_by)
    return voice.sentence("declined by {account}", account=view.answered_by)
