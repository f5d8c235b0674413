"""``chain verify | checkpoint``: whether dossiers are as they were written."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
from archive.cli.plainly import plainly
from archive.cli.refusals import Status
from archive.cli.usage import UnusableError

app = typer.Typer(no_args_is_help=True)
OneOrAll = Annotated[
    str | None,
    typer.Argument(metavar="[WORKER]", help="One dossier only; without it all are checked."),
]


Checkpoint = Annotated[
    Path | None,
    typer.Option("--checkpoint", metavar="FILE", help="Compare with this checkpoint, too."),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]


@app.command("verify")
@plainly
def verify(
    worker: OneOrAll = None, *, checkpoint: Checkpoint = None, as_json: Json = False
) -> None:
    """Check the hash chains of dossiers and name every row that was edited."""
    from archive.cli.answers import answer
    from archive.cli.chain_sheet import show_chains
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.dossiers import chains

    if worker and checkpoint:
        raise UnusableError("a checkpoint is compared with all dossiers, not with one")
    with reading() as opened:
        whose = worker_named(opened, worker).worker_id if worker else None
        report = chains.verify(opened.session, whose)
        if checkpoint:
            from archive.cli.checkpointing import compared

            report = compared(opened, checkpoint, report)
    answer(report, opened.settings, lambda voice: show_chains(voice, report), as_json=as_json)
    if not report.is_whole:
        raise typer.Exit(Status.REFUSED)


@app.command("checkpoint")
@plainly
def checkpoint(*, output: Output, account: As = CONSOLE, as_json: Json = False) -> None:
    """Write a signed checkpoint of all chains, to be kept outside this machine."""
    from archive.cli.answers import answer
    from archive.cli.checkpointing import made
    from archive.cli.draft_files import draft_of
    from archive.cli.opened import acting_on
    from archive.cli.voice import Voice

    with draft_of(output) as draft, acting_on(account) as acting:
        text, receipt = made(acting)
        draft.write(text)

    def show(voice: Voice) -> None:
        voice.say("Written to {file}.", file=output)
        voice.facts(
            [("Dossiers", str(receipt.dossiers)), ("Merkle root", receipt.merkle_root)],
        )

    answer(receipt, acting.settings, show, as_json=as_json)
