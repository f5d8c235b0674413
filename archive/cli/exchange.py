"""``exchange export | import``: three lists a person, as credit banks exchange them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json, JsonFile
from archive.cli.plainly import plainly
from archive.cli.refusals import Status
from archive.cli.usage import UnusableError

if TYPE_CHECKING:
    from schemas.exchange import ExchangeFile, ExchangeReceipt

app = typer.Typer(no_args_is_help=True)
WorkerAsked = Annotated[
    str | None,
    typer.Argument(
        metavar="[WORKER]",
        help="The archive number, or - to read an identity number from standard input.",
    ),
]
OrganisationAsked = Annotated[
    str | None,
    typer.Option("--organisation", metavar="CODE", help="All that this organisation posted."),
]
Vouching = Annotated[
    str | None,
    typer.Option(
        "--organisation",
        metavar="CODE",
        help="Who vouches for what is imported; default the account's own organisation.",
    ),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]
SchemeAsked = Annotated[
    str, typer.Option("--scheme", metavar="CODE", help="The credit bank that the file comes from.")
]
Commit = Annotated[bool, typer.Option("--commit", help="Write it, if nothing is wrong.")]


@app.command("export")
@plainly
def export(
    worker: WorkerAsked = None,
    *,
    output: Output,
    organisation: OrganisationAsked = None,
    as_json: Json = False,
) -> None:
    """Write what was learnt to FILE, for another credit bank."""
    from archive.cli.answers import answer
    from archive.cli.draft_files import draft_of
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.cli.voice import Voice
    from archive.dossiers import exchange
    from archive.people import organisations

    if (worker is None) == (organisation is None):
        raise UnusableError("name either a WORKER or an --organisation")
    with draft_of(output) as draft, reading() as opened:
        session, today = opened.session, opened.today
        if organisation is not None:
            whose = organisations.coded(session, organisation).id
            file = exchange.of_organisation(session, whose, today=today)
        else:
            whose = worker_named(opened, worker or "").worker_id
            file = exchange.of_worker(session, whose, today=today)
        draft.write(file.model_dump_json(indent=2, exclude_none=True).encode())
    receipt = _receipt(file)

    def show(voice: Voice) -> None:
        voice.say(
            "{holders} people: {credits} credits, {trainings} trainings, {certificates} "
            "certificates.",
            **receipt.model_dump(),
        )
        voice.say("Written to {file}.", file=output)

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("import")
@plainly
def bring_in(
    file: JsonFile,
    *,
    scheme: SchemeAsked,
    organisation: Vouching = None,
    commit: Commit = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Check a file of another credit bank; --commit writes it."""
    from archive.cli.answers import answer
    from archive.cli.exchange_sheet import show_report
    from archive.cli.files import read_object
    from archive.cli.naming import organisation_acting
    from archive.cli.opened import writing
    from archive.dossiers import exchange_import
    from archive.web.field_faults import faults_in

    told = read_object(file)
    with writing(account) as opened:
        report = exchange_import.bring_in(
            opened.session,
            told,
            scheme=scheme,
            organisation=organisation_acting(opened.session, organisation, opened.by),
            commit=commit,
            faults=faults_in,
            by=opened.by,
            now=opened.now,
            today=opened.today,
        )
    answer(report, opened.settings, lambda voice: show_report(voice, report), as_json=as_json)
    if not report.is_clean:
        raise typer.Exit(Status.REFUSED)


def _receipt(file: "ExchangeFile") -> "ExchangeReceipt":
    from schemas.exchange import ExchangeReceipt

    return ExchangeReceipt(
        holders=len(file.holders),
        credits=sum(len(one.credits) for one in file.holders),
        trainings=sum(len(one.trainings) for one in file.holders),
        certificates=sum(len(one.certificates) for one in file.holders),
    )
