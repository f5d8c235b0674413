"""``class list | show | close``. Their rosters name people, so that no command shows them."""

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, day
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)
ClassId = Annotated[UUID, typer.Argument(metavar="CLASS", help="The class's identifier.")]
Whose = Annotated[
    str | None,
    typer.Option("--organisation", metavar="CODE", help="Only of this organisation."),
]
From = Annotated[
    date | None,
    typer.Option("--from", parser=day, metavar="DAY", help="Held on this day or later."),
]
To = Annotated[
    date | None,
    typer.Option("--to", parser=day, metavar="DAY", help="Held on this day or before."),
]
WithoutFaulty = Annotated[
    bool,
    typer.Option("--without-faulty", help="Leave out the members who cannot be recorded."),
]


@app.command("list")
@plainly
def list_classes(
    *,
    organisation: Whose = None,
    first: From = None,
    last: To = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """List classes, those that began last first; at most a hundred."""
    from archive.cli.answers import answer
    from archive.cli.class_sheet import show_classes
    from archive.cli.opened import writing
    from archive.dossiers.classes import views
    from schemas.classes import ClassesAsked

    asked = ClassesAsked(organisation=organisation, first_on=first, last_on=last, size=100)
    with writing(account) as opened:
        found = views.listed(opened.session, asked, by=opened.by, today=opened.today)
    answer(found, opened.settings, lambda voice: show_classes(voice, found), as_json=as_json)


@app.command("show")
@plainly
def show(class_id: ClassId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Show a class and its spot checks, without anybody of its roster."""
    from archive.cli.answers import answer
    from archive.cli.class_sheet import show_class
    from archive.cli.opened import writing
    from archive.dossiers.classes import views

    with writing(account) as opened:
        found = views.detail(opened.session, class_id, by=opened.by, today=opened.today)
    answer(found, opened.settings, lambda voice: show_class(voice, found), as_json=as_json)


@app.command("close")
@plainly
def close(
    class_id: ClassId,
    *,
    without_faulty: WithoutFaulty = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Close a class and post its completions; given again it goes on."""
    from archive.cli.answers import answer
    from archive.cli.class_sheet import show_closed
    from archive.cli.opened import acting_on
    from archive.dossiers.classes import closing
    from archive.jobs.desk import PlainSteps

    with acting_on(account) as opened:
        with opened.archive.transaction() as session:
            done = closing.close(
                session,
                class_id,
                without_faulty=without_faulty,
                by=opened.by,
                now=opened.now,
                today=opened.today,
            )
        if done.waiting:  # The server's job finds nothing left to do, or does it meanwhile.
            steps = PlainSteps(opened.archive, lambda: opened.now)
            done = closing.run(steps, str(class_id), opened.settings.zone)
    answer(done, opened.settings, lambda voice: show_closed(voice, done), as_json=as_json)
