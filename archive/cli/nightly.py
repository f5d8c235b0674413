"""``nightly``: ends what has run out, for everybody."""

from typing import TYPE_CHECKING

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly
from archive.cli.refusals import Status

if TYPE_CHECKING:
    from archive.cli.voice import Voice
    from schemas.nightly import NightlyReport

app = typer.Typer()


@app.command("nightly")
@plainly
def nightly(*, as_json: Json = False) -> None:
    """Expire credits, and end appeals, applications and holds whose time is over."""
    from archive.bureau.nightly import run
    from archive.cli.answers import answer
    from archive.cli.opened import acting_on
    from archive.cli.options import CONSOLE

    with acting_on(CONSOLE) as acting:
        report = run(acting.archive, now=acting.now, zone=acting.settings.zone)
    answer(report, acting.settings, lambda voice: _show(voice, report), as_json=as_json)
    if report.postponed:
        raise typer.Exit(Status.REFUSED)


def _show(voice: "Voice", report: "NightlyReport") -> None:
    voice.say("What had run out before {day}:", day=voice.day(report.day))
    voice.facts(
        [
            ("Accounts looked at", str(report.workers)),
            ("Credits expired", voice.number(report.expired)),
            ("Appeals lapsed", str(report.appeals_lapsed)),
            ("Applications lapsed", str(report.redemptions_lapsed)),
            ("Suspensions released", str(report.suspensions_released)),
        ]
    )
    for code in report.postponed:
        voice.say("Not done, to be tried again the next night: {code}", code=code)
