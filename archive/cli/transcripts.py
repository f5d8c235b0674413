"""``transcript WORKER`` issues a document about a dossier; ``transcript issue`` about a part."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Worker, day
from archive.cli.plainly import plainly
from archive.cli.short_groups import ShortGroup
from schemas.vocabulary import DocumentLanguage, DocumentScope

if TYPE_CHECKING:
    from archive.settings import Settings
    from schemas.outputs import TranscriptReceipt
    from schemas.transcripts import TranscriptV1

ISSUE = "issue"


class IssuingGroup(ShortGroup):
    """Issues a document where only a worker is named."""

    usual = ISSUE


app = typer.Typer(cls=IssuingGroup)
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]
Lang = Annotated[
    DocumentLanguage | None,
    typer.Option("--lang", help="In which language it is written; default that of ARCHIVE_LANG."),
]
Scope = Annotated[
    DocumentScope,
    typer.Option("--scope", help="What it is about; without it the whole dossier."),
]
Occupation = Annotated[
    str | None,
    typer.Option("--occupation", metavar="TEXT", help="Its code or name, for that scope."),
]
FirstDay = Annotated[
    date | None,
    typer.Option("--from", parser=day, metavar="DAY", help="The first day of the period."),
]
LastDay = Annotated[
    date | None,
    typer.Option("--until", parser=day, metavar="DAY", help="The last day of the period."),
]
Records = Annotated[
    list[UUID] | None,
    typer.Option("--record", metavar="RECORD", help="A record; may be given several times."),
]
Purpose = Annotated[
    str | None,
    typer.Option("--purpose", metavar="TEXT", help="What the holder wants it for; is printed."),
]

Document = Annotated[
    UUID, typer.Argument(metavar="DOCUMENT", help="The document's number, as the list shows it.")
]


@app.command(ISSUE)
@plainly
def issue(  # Whose, of what, where to, as whom.
    worker: Worker,
    *,
    output: Output,
    scope: Scope = DocumentScope.DOSSIER,
    occupation: Occupation = None,
    first_day: FirstDay = None,
    last_day: LastDay = None,
    record: Records = None,
    purpose: Purpose = None,
    lang: Lang = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Issue a document about a dossier, or a part of it, as a signed PDF."""
    from archive.cli.contract_fields import contract_of
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing import issued_for
    from archive.cli.opened import acting_on
    from schemas.documents import DocumentAsked

    told: dict[str, object] = {"scope": scope, "occupation": occupation, "purpose": purpose}
    told |= {"first_day": first_day, "last_day": last_day, "records": record or ()}
    with draft_of(output) as draft, acting_on(account) as acting:
        language = lang or DocumentLanguage(acting.settings.lang)
        asked = contract_of(DocumentAsked, {**told, "language": language})
        issued = issued_for(acting, worker, asked)
        draft.write(issued.pdf)
    _tell(acting.settings, _receipt(issued.transcript, issued.pdf), output, as_json=as_json)


@app.command("list")
@plainly
def list_documents(worker: Worker, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the documents about a dossier: how each stands."""
    from archive.cli.answers import answer
    from archive.cli.issuing import documents_of
    from archive.cli.opened import acting_on
    from archive.cli.transcript_sheet import show_documents

    with acting_on(account) as acting:
        found = documents_of(acting, worker)
    answer(found, acting.settings, lambda voice: show_documents(voice, found), as_json=as_json)


@app.command("fetch")
@plainly
def fetch(
    worker: Worker,
    document: Document,
    *,
    output: Output,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Write the file of a document to FILE once more."""
    from archive.cli.draft_files import draft_of
    from archive.cli.issuing import fetched_for
    from archive.cli.opened import acting_on

    with draft_of(output) as draft, acting_on(account) as acting:
        found = fetched_for(acting, worker, document)
        draft.write(found.pdf)
    _tell(acting.settings, _receipt(found.transcript, found.pdf), output, as_json=as_json)


@app.command("refresh")
@plainly
def refresh(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Stamp kept documents anew whose last time stamp ends before long."""
    from archive.cli.answers import answer
    from archive.cli.opened import acting_on
    from archive.cli.refreshing import run_for
    from archive.cli.transcript_sheet import show_refresh

    with acting_on(account) as acting:
        report = run_for(acting)
    answer(report, acting.settings, lambda voice: show_refresh(voice, report), as_json=as_json)


def _tell(
    settings: "Settings", receipt: "TranscriptReceipt", output: Path, *, as_json: bool
) -> None:
    from archive.cli.answers import answer
    from archive.cli.voice import Voice

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

    answer(receipt, settings, show, as_json=as_json)


def _receipt(transcript: "TranscriptV1", pdf: bytes) -> "TranscriptReceipt":
    from hashlib import sha256

    from schemas.outputs import TranscriptReceipt

    return TranscriptReceipt(
        archive_number=transcript.holder.archive_number,
        code=transcript.code,
        issued_at=transcript.issued_at,
        valid_until=transcript.valid_until,
        sha256=sha256(pdf).hexdigest(),
        size_bytes=len(pdf),
    )
