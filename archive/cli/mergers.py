"""``merger propose | preview | list | show``: two dossiers of one person become one."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Reason
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)
Closing = Annotated[
    str, typer.Argument(metavar="OLD", help="The archive number of the dossier that closes.")
]
Into = Annotated[
    str, typer.Argument(metavar="NEW", help="The archive number of the dossier that goes on.")
]
Scan = Annotated[
    Path,
    typer.Option("--evidence", metavar="FILE", help="A scan that shows that both are one person."),
]
ProposalId = Annotated[UUID, typer.Argument(metavar="ID", help="The proposal's identifier.")]


@app.command("propose")
@plainly
def propose(
    closing: Closing,
    into: Into,
    *,
    evidence: Scan,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to merge dossier OLD into dossier NEW; another account approves."""
    from archive.bureau import mergers
    from archive.cli.answers import answer
    from archive.cli.files import read_bytes
    from archive.cli.opened import evidence_of, writing
    from archive.cli.proposal_sheet import show_proposal

    scan = read_bytes(evidence)
    with writing(account) as opened:
        view = mergers.propose(
            opened.session,
            closing,
            into,
            proof=mergers.Proof(scan, evidence_of(opened.settings), reason),
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@app.command("preview")
@plainly
def preview(closing: Closing, into: Into, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Show two dossiers side by side and what a merger would do; writes nothing."""
    from archive.bureau.merger_previews import preview as look
    from archive.cli.answers import answer
    from archive.cli.merger_sheet import show_preview
    from archive.cli.opened import writing

    with writing(account) as opened:
        view = look(
            opened.session,
            closing,
            into,
            by=opened.by,
            now=opened.now,
            today=opened.today,
            zone=opened.settings.zone,
        )
    answer(view, opened.settings, lambda voice: show_preview(voice, view), as_json=as_json)


@app.command("list")
@plainly
def list_mergers(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the mergers that were proposed, newest first."""
    from archive.bureau import mergers
    from archive.cli.answers import answer
    from archive.cli.merger_sheet import show_mergers
    from archive.cli.opened import writing

    with writing(account) as opened:
        found = mergers.listed(opened.session, by=opened.by)
    answer(found, opened.settings, lambda voice: show_mergers(voice, found), as_json=as_json)


@app.command("show")
@plainly
def show(proposal: ProposalId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Show one merger with its reason."""
    from archive.bureau import mergers
    from archive.cli.answers import answer
    from archive.cli.merger_sheet import show_merger
    from archive.cli.opened import writing

    with writing(account) as opened:
        view = mergers.shown(opened.session, proposal, by=opened.by)
    answer(view, opened.settings, lambda voice: show_merger(voice, view), as_json=as_json)
