"""``verify``: is a document genuine, and does it still hold? Needs no archive here."""

from pathlib import Path
from typing import Annotated

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly
from schemas.refusals import Refusal
from schemas.vocabulary import DocumentLanguage

app = typer.Typer()
FileOrCode = Annotated[
    str,
    typer.Argument(
        metavar="FILE_OR_CODE", help="The PDF, a proof (.json), or the code beside a QR code."
    ),
]
Trust = Annotated[
    Path | None,
    typer.Option("--trust", metavar="PEM", help="Root certificates of the issuing body."),
]
Report = Annotated[
    Path | None,
    typer.Option("--report", metavar="FILE", help="Where to write the answer as a signed PDF."),
]
Lang = Annotated[
    DocumentLanguage | None,
    typer.Option("--lang", help="In which language the report is; default that of ARCHIVE_LANG."),
]


@app.command("verify")
@plainly
def verify(
    subject: FileOrCode,
    *,
    trust: Trust = None,
    report: Report = None,
    lang: Lang = None,
    as_json: Json = False,
) -> None:
    """Verify a transcript by numbered checks; without the register never “valid”."""
    from archive.cli.answers import answer, tell_refusal
    from archive.cli.refusals import Status
    from archive.cli.verification_sheet import show_verification
    from archive.cli.verifying import STATUS_OF, report_on
    from archive.settings import load_settings

    settings = load_settings()
    try:
        found = report_on(subject, trust, settings)
        if report is not None:
            from archive.cli.reporting import write_report

            write_report(found, trust, lang or DocumentLanguage(settings.lang), report)
    except Refusal as refusal:  # No verdict: a script that met a 1 would call the document false.
        tell_refusal(refusal, as_json=as_json)
        raise typer.Exit(Status.CANNOT_CHECK) from refusal
    answer(found, settings, lambda voice: show_verification(voice, found, report), as_json=as_json)
    raise typer.Exit(STATUS_OF[found.verdict])
