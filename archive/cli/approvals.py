"""``approve`` and ``proposals``: what takes a second person."""

from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Reason
from archive.cli.plainly import plainly

app = typer.Typer()
proposals = typer.Typer(no_args_is_help=True)
ProposalId = Annotated[UUID, typer.Argument(metavar="ID", help="The proposal's identifier.")]
OnlyOpen = Annotated[bool, typer.Option("--open", help="Only those that nobody has answered.")]


@app.command("approve")
@plainly
def approve(proposal: ProposalId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Approve a proposal of another account; it takes effect at once."""
    _answer_proposal(proposal, is_approved=True, reason=None, account=account, as_json=as_json)


@proposals.command("list")
@plainly
def list_proposals(*, only_open: OnlyOpen = False, as_json: Json = False) -> None:
    """List proposals, newest first."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.proposal_sheet import show_proposals
    from archive.people import account_opening, approvals
    from archive.transcripts import issuing_keys

    _ = (
        account_opening.OPEN,
        issuing_keys.USE,
    )  # Loading the room tells which proposals stand apart.
    with reading() as opened:
        found = approvals.ProposalList(
            proposals=tuple(approvals.everything(opened.session, only_open=only_open))
        )
    answer(found, opened.settings, lambda voice: show_proposals(voice, found), as_json=as_json)


@proposals.command("decline")
@plainly
def decline(
    proposal: ProposalId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Decline a proposal of another account, with a reason."""
    _answer_proposal(proposal, is_approved=False, reason=reason, account=account, as_json=as_json)


def _answer_proposal(
    proposal: UUID, *, is_approved: bool, reason: str | None, account: str, as_json: bool
) -> None:
    from archive.bureau import (
        accreditations,
        agreements,
        annulments,
        dossier_closures,
        mergers,
        relatives,
        rules_desk,
        suspensions,
    )
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from archive.people import account_opening, approvals
    from archive.transcripts import issuing_keys

    # Loading a room tells what approving its proposals does.
    _ = (
        rules_desk.PUBLISH,
        agreements.MAKE,
        annulments.ANNUL,
        suspensions.DECIDE,
        dossier_closures.ERASE,
        mergers.MERGE,
        relatives.ACTION,
        accreditations.RECORD,
        account_opening.OPEN,
        issuing_keys.USE,
    )
    with writing(account) as opened:
        view = approvals.answer(
            opened.session,
            proposal,
            is_approved=is_approved,
            reason=reason,
            by=opened.by,
            now=opened.now,
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)
