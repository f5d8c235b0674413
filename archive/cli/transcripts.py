"""``transcript``: a worker's dossier as a signed PDF."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import CONSOLE, As, Json, Worker
from archive.cli.plainly import plainly
from schemas.vocabulary import DocumentLanguage

app = typer.Typer()
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]
Lang = Annotated[
    DocumentLanguage | None,
    typer.Option("--lang", help="In which language it is written; default that of ARCHIVE_LANG."),
]


@app.command("transcript")
@plainly
def transcript(
    worker: Worker,
    *,
    output: Output,
    lang: Lang = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Issue a worker's dossier as a signed PDF and write it to FILE."""
    from archive.cli.answers import answer
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing import issued_for
    from archive.cli.opened import acting_on
    from archive.cli.voice import Voice
    from schemas.outputs import TranscriptReceipt

    with draft_of(output) as draft, acting_on(account) as acting:
        language = lang or DocumentLanguage(acting.settings.lang)
        issued = issued_for(acting, worker, language)
        draft.write(issued.pdf)
    receipt = TranscriptReceipt(
        archive_number=issued.transcript.holder.archive_number,
        code=issued.transcript.code,
        issued_at=issued.transcript.issued_at,
        valid_until=issued.transcript.valid_until,
        sha256=issued.sha256,
        size_bytes=len(issued.pdf),
    )

    def show(voice: Voice) -> None:
        voice.say("Written to {file}.", file=output)
        voice.facts(
            [
                ("Archive number", receipt.archive_number),
                ("Verification code", receipt.code),
                ("Issued at", voice.moment(receipt.issued_at)),
                ("Valid until", voice.day(receipt.valid_until)),
                ("SHA-256", receipt.sha256),
            ]
        )

    answer(receipt, acting.settings, show, as_json=as_json)
