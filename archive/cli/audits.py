"""``audit seal | verify``: whether what the audit tells is as it was told."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archive.cli.options import CONSOLE, As, Json
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
