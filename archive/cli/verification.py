"""``verify``: is a document genuine, and does it still hold? Needs no archive here."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly
from schemas.refusals import Refusal

app = typer.Typer()
FileOrCode = Annotated[
    str, typer.Argument(metavar="FILE_OR_CODE", help="The PDF, or the code beside its QR code.")
]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", metavar="PEM", help="Root certificates of the issuing body."),
]


@app.command("verify")
@plainly
def verify(subject: FileOrCode, *, trust: Trust = None, as_json: Json = False) -> None:
    """Verify a transcript by numbered checks; without the register never “valid”."""
    from archive.cli.answers import answer, tell_refusal
    from archive.cli.refusals import Status
    from archive.cli.verification_sheet import show_verification
    from archive.cli.verifying import STATUS_OF, report_on
    from archive.settings import load_settings

    settings = load_settings()
    try:
        report = report_on(subject, trust, settings)
    except Refusal as refusal:  # No verdict: a script that met a 1 would call the document false.
        tell_refusal(refusal, as_json=as_json)
        raise typer.Exit(Status.CANNOT_CHECK) from refusal
    answer(report, settings, lambda voice: show_verification(voice, report), as_json=as_json)
    raise typer.Exit(STATUS_OF[report.verdict])
