"""``prove``: the signed proof of one record, or of one entry of the ledger."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Worker
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.settings import Settings
    from schemas.link_proofs import ProofReceipt

app = typer.Typer()
Subject = Annotated[
    UUID,
    typer.Argument(metavar="RECORD|ENTRY", help="The identifier of a record, entry or posting."),
]
Output = Annotated[
    Path, typer.Option("--out", "--output", "-o", metavar="FILE", help="Where to write it.")
]
Opened = Annotated[
    bool,
    typer.Option(
        "--open",
        help="Open all that is sealed of the record, its row of a list too; only the holder may.",
    ),
]


@app.command("prove")
@plainly
def prove(
    worker: Worker,
    subject: Subject,
    *,
    output: Output,
    is_opened: Opened = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Prove one record or entry out of its dossier, as a small signed file."""
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing import proved_for
    from archive.cli.opened import acting_on
    from schemas.link_proofs import ProofAsked

    asked = ProofAsked(subject_id=subject, is_opened=is_opened)
    with draft_of(output) as draft, acting_on(account) as acting:
        proved = proved_for(acting, worker, asked)
        draft.write(proved.body)
    _tell(acting.settings, proved.receipt, output, as_json=as_json)


def _tell(settings: "Settings", receipt: "ProofReceipt", output: Path, *, as_json: bool) -> None:
    from archive.cli.answers import answer
    from archive.cli.voice import Voice

    def show(voice: Voice) -> None:
        voice.say("Written to {file}.", file=output)
        if receipt.is_opened:
            voice.say("It tells all that was sealed with the record: hand it on with care.")
        if receipt.is_development:
            voice.say("Signed with a development key: the proof proves nothing.")
        place = voice.sentence(
            "link {sequence} of {links}", sequence=receipt.sequence, links=receipt.links
        )
        voice.facts(
            [
                ("Archive number", receipt.archive_number),
                ("Place in the chain", place),
                ("Signed at", voice.moment(receipt.made_at)),
                ("SHA-256", receipt.sha256),
            ]
        )

    answer(receipt, settings, show, as_json=as_json)
