"""``audit search | export | seal | verify``: who did and saw what, and whether it is as told."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, day
from archive.cli.plainly import plainly
from archive.cli.refusals import Status

if TYPE_CHECKING:
    from archive.cli.voice import Voice
    from schemas.audit import SealReport

app = typer.Typer(no_args_is_help=True)

Checkpoint = Annotated[
    Path | None,
    typer.Option("--checkpoint", metavar="FILE", help="Compare with this checkpoint, too."),
]


Account = Annotated[
    str | None, typer.Option("--account", metavar="ACCOUNT", help="Only what this account did.")
]
Number = Annotated[
    str | None, typer.Option("--worker", metavar="NUMBER", help="Only what concerns this worker.")
]
Action = Annotated[
    str | None,
    typer.Option("--action", metavar="PERMISSION", help="Only this, such as dossier.read."),
]
RequestNumber = Annotated[
    str | None, typer.Option("--request", metavar="NUMBER", help="Only the act of this number.")
]
Since = Annotated[
    date | None, typer.Option("--since", parser=day, metavar="DAY", help="From this day on.")
]
Until = Annotated[
    date | None, typer.Option("--until", parser=day, metavar="DAY", help="To the end of this day.")
]
Refused = Annotated[bool, typer.Option("--refused", help="Only what was refused.")]
Before = Annotated[
    UUID | None,
    typer.Option("--before", metavar="EVENT", help="What was before the last event shown."),
]
Output = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")]


@app.command("search")
@plainly
def search(
    *,
    worker: Number = None,
    account: Account = None,
    action: Action = None,
    request: RequestNumber = None,
    since: Since = None,
    until: Until = None,
    refused: Refused = False,
    before: Before = None,
    as_account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Search what was done and seen, the newest first; the search itself is told."""
    from archive.cli.answers import answer
    from archive.cli.auditing import asked, show_lines
    from archive.cli.opened import acting_on
    from archive.people import audit_search

    with acting_on(as_account) as acting:
        wanted = asked(acting.settings, since, until)._replace(
            worker=worker, account=account, action=action, request=request, is_refused=refused
        )
        with acting.archive.reading() as session:
            found = audit_search.search(session, wanted, by=acting.by, before=before)
    answer(found, acting.settings, lambda voice: show_lines(voice, found), as_json=as_json)


@app.command("export")
@plainly
def export(
    *,
    output: Output,
    worker: Number = None,
    account: Account = None,
    action: Action = None,
    request: RequestNumber = None,
    since: Since = None,
    until: Until = None,
    refused: Refused = False,
    as_account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Write what was done and seen to FILE: CSV, or JSON lines for .jsonl."""
    from archive.cli.answers import answer
    from archive.cli.auditing import asked, exported
    from archive.cli.opened import acting_on
    from schemas.audit import AuditExportReceipt

    with acting_on(as_account) as acting:
        wanted = asked(acting.settings, since, until)._replace(
            worker=worker, account=account, action=action, request=request, is_refused=refused
        )
        receipt = AuditExportReceipt(events=exported(acting, wanted, output))

    def show(voice: "Voice") -> None:
        voice.say("{events} events were written to {file}.", events=receipt.events, file=output)

    answer(receipt, acting.settings, show, as_json=as_json)


@app.command("seal")
@plainly
def seal(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """Seal every event that no seal holds yet; a server does so by itself."""
    from archive.audit.sealing import seal_all
    from archive.cli.answers import answer
    from archive.cli.auditing import streams_of
    from archive.cli.opened import acting_on
    from archive.people.access import refuse
    from schemas.audit import SealReceipt
    from schemas.vocabulary import Permission

    with acting_on(account) as acting:
        refuse(acting.by, Permission.VERIFY_AUDIT)
        receipt = SealReceipt(events=seal_all(streams_of(acting.archive), now=acting.now))

    def show(voice: "Voice") -> None:
        voice.say("{events} events were sealed.", events=receipt.events)

    answer(receipt, acting.settings, show, as_json=as_json)


@app.command("verify")
@plainly
def verify(*, checkpoint: Checkpoint = None, account: As = CONSOLE, as_json: Json = False) -> None:
    """Check all seals and name every event that was edited, removed or inserted."""
    from archive.cli.answers import answer
    from archive.cli.auditing import verified
    from archive.cli.opened import acting_on

    with acting_on(account) as acting:
        report = verified(acting, checkpoint)
    answer(report, acting.settings, lambda voice: _show(voice, report), as_json=as_json)
    if not report.is_whole:
        raise typer.Exit(Status.REFUSED)


def _show(voice: "Voice", report: "SealReport") -> None:
    voice.say(
        "{seals} seals over {events} events were checked; {unsealed} wait for their seal.",
        seals=report.seals,
        events=report.events,
        unsealed=report.unsealed,
    )
    if report.is_whole:
        voice.say("All are as they were told.")
        return
    voice.say("{faults} faults were found:", faults=len(report.faults))
    voice.table(
        ("Stream", "Seal", "What is wrong", "Row", "Code"),
        [
            (
                voice.word("audit_stream", one.stream),
                str(one.seal) if one.seal is not None else "—",
                voice.pick(one.message),
                str(one.event_id) if one.event_id else "—",
                one.code,
            )
            for one in report.faults
        ],
        right=("Seal",),
    )
