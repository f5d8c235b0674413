"""``serve``: prepares the archive, fills or opens it on the first run, and serves it."""

import typer

from archive.cli.plainly import plainly

app = typer.Typer()


@app.command("serve")
@plainly
def serve() -> None:
    """Bring the databases to this version and serve the archive until it is stopped."""
    from datetime import UTC, datetime

    from archive.cli import server
    from archive.cli.first_run import open_doors
    from archive.cli.job_process import working
    from archive.cli.preparing import only_one, prepared, tell_upgrade
    from archive.cli.seal_watch import sealing
    from archive.cli.voice import Voice
    from archive.settings import load_settings
    from archive.transcripts import hot_faces
    from archive.transcripts.fonts import check_installed

    settings = load_settings()
    voice = Voice(settings.lang, settings.zone)
    server.leave_when_told()
    server.refuse_taken(settings.host, settings.port)
    check_installed()
    if not hot_faces.are_made():
        voice.say("Making the small faces that documents are set in (once, a minute).")
        hot_faces.make_where_possible()
    voice.say("Preparing the archive in {home}.", home=settings.home)
    now = datetime.now(UTC)
    with (
        only_one(settings, waiting=lambda: voice.say("Another start prepares it; waiting.")),
        prepared(settings, now=now) as (archive, done),
    ):
        tell_upgrade(voice, done)
        open_doors(archive, settings, voice, now=now)
    with working(), sealing(settings):
        server.run(settings, voice)
