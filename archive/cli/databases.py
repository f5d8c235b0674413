"""``db upgrade | check``: bringing the databases to this version, and looking after them."""

import typer

from archive.cli.options import Json
from archive.cli.plainly import plainly
from archive.cli.refusals import Status

app = typer.Typer(no_args_is_help=True)


@app.command("upgrade")
@plainly
def upgrade(*, as_json: Json = False) -> None:
    """Bring the databases to this version; makes them on the first run."""
    from datetime import UTC, datetime

    from archive.cli.answers import answer
    from archive.cli.preparing import only_one, prepared, tell_upgrade
    from archive.settings import load_settings
    from schemas.outputs import DatabaseUpgrade

    settings = load_settings()
    with only_one(settings), prepared(settings, now=datetime.now(UTC)) as (_, done):
        upgraded = DatabaseUpgrade(done=tuple(done))

    answer(upgraded, settings, lambda voice: tell_upgrade(voice, upgraded.done), as_json=as_json)


@app.command("check")
@plainly
def check(*, as_json: Json = False) -> None:
    """Check that tables and protections of the databases are as they should be."""
    from archive.cli.answers import answer
    from archive.cli.database_problems import report_of
    from archive.cli.opened import existing
    from archive.cli.voice import Voice
    from archive.migrations.running import problems
    from archive.settings import load_settings

    settings = load_settings()
    with existing(settings) as archive:
        report = report_of(problems(archive))

    def show(voice: Voice) -> None:
        if report.is_ready:
            voice.say("The databases are as they should be.")
            return
        voice.table(
            ("What is wrong and what to do", "Subject", "Code"),
            [(voice.pick(one.message), one.subject, one.code) for one in report.problems],
        )

    answer(report, settings, show, as_json=as_json)
    if not report.is_ready:
        raise typer.Exit(Status.REFUSED)
