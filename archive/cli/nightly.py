"""``nightly``: ends what has run out, for everybody; or tells of the last runs."""

from typing import TYPE_CHECKING

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly
from archive.cli.refusals import Status

if TYPE_CHECKING:
    from archive.cli.voice import Voice
    from schemas.nightly import NightlyReport, NightlyRun, NightlyRuns

app = typer.Typer()


@app.command("nightly")
@plainly
def nightly(*, as_json: Json = False) -> None:
    """Expire credits, and end appeals, applications and holds whose time is over."""
    # In this process: whoever kills it gives the command again.
    from datetime import UTC, datetime

    from archive.bureau.nightly import KIND, run
    from archive.cli.answers import answer
    from archive.cli.opened import acting_on
    from archive.cli.options import CONSOLE
    from archive.cli.refreshing import lend_renewal
    from archive.jobs import desk

    def clock() -> datetime:
        return datetime.now(UTC)

    with acting_on(CONSOLE) as acting:
        lend_renewal(acting.archive, acting.settings)
        key = f"{acting.today}/{acting.now.isoformat()}"
        report = run(desk.PlainSteps(acting.archive, clock), key, acting.settings.zone)
        with acting.archive.transaction() as session:
            desk.record_done(session, KIND, key, report, begun=acting.now, now=clock())
    answer(report, acting.settings, lambda voice: _show(voice, report), as_json=as_json)
    if report.postponed:
        raise typer.Exit(Status.REFUSED)


@app.command("nightly-runs")
@plainly
def nightly_runs(*, as_json: Json = False) -> None:
    """Show the last nightly runs: how far each is, and what came out."""
    from archive.bureau.nightly import runs
    from archive.cli.answers import answer
    from archive.cli.opened import reading

    with reading() as opened:
        found = runs(opened.session)
        answer(found, opened.settings, lambda voice: _list(voice, found), as_json=as_json)


def _list(voice: "Voice", found: "NightlyRuns") -> None:
    if not found.runs:
        voice.say("There was no nightly run yet.")
        return
    voice.table(
        ("Day", "State", "Workers", "Ended", "Credits expired", "Postponed"),
        [_row(voice, one) for one in found.runs],
    )


def _row(voice: "Voice", one: "NightlyRun") -> tuple[str, ...]:
    report = one.report
    return (
        voice.day(one.day),
        voice.word("job_state", one.state),
        f"{one.done} / {one.total}" if one.total else "",
        voice.moment(one.ended_at) if one.ended_at else one.fault or "",
        voice.number(report.expired) if report else "",
        " ".join(report.postponed) if report else "",
    )


def _show(voice: "Voice", report: "NightlyReport") -> None:
    voice.say("What had run out before {day}:", day=voice.day(report.day))
    voice.facts(
        [
            ("Accounts looked at", str(report.workers)),
            ("Credits expired", voice.number(report.expired)),
            ("Appeals lapsed", str(report.appeals_lapsed)),
            ("Files forgotten", str(report.files_forgotten)),
            ("Rosters forgotten", str(report.rosters_forgotten)),
            ("Files of documents forgotten", str(report.documents_forgotten)),
            ("Kept files stamped anew", str(report.files_refreshed)),
            ("Kept files that can get no stamp any more", str(report.files_unrefreshable)),
            ("Applications lapsed", str(report.redemptions_lapsed)),
            ("Suspensions released", str(report.suspensions_released)),
            ("Accesses ended", str(report.accesses_ended)),
            (
                "Requests for correction that went to the bureau",
                str(report.corrections_escalated),
            ),
        ]
    )
    for code in report.postponed:
        voice.say("Not done, to be tried again the next night: {code}", code=code)
