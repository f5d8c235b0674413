"""``course list | add``: what organisations teach."""

import typer

from archive.cli.options import CONSOLE, As, Json, JsonFile, Organisation
from archive.cli.plainly import plainly

app = typer.Typer(no_args_is_help=True)


@app.command("list")
@plainly
def list_courses(
    *, organisation: Organisation, account: As = CONSOLE, as_json: Json = False
) -> None:
    """List the courses of an organisation, published or not."""
    from archive.cli.answers import answer
    from archive.cli.class_sheet import show_courses
    from archive.cli.opened import writing
    from archive.dossiers import catalogue
    from archive.people import organisations

    with writing(account) as opened:
        whose = organisations.coded(opened.session, organisation)
        found = catalogue.of_organisation(opened.session, whose, by=opened.by)
    answer(found, opened.settings, lambda voice: show_courses(voice, found), as_json=as_json)


@app.command("add")
@plainly
def add(
    file: JsonFile, *, organisation: Organisation, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Publish a course of an organisation, or its next version, from a JSON file."""
    from archive.cli.answers import answer
    from archive.cli.offer_files import read_course
    from archive.cli.opened import writing
    from archive.cli.redemption_sheet import show_published
    from archive.dossiers import offers
    from archive.people import organisations

    asked = read_course(file)
    with writing(account) as opened:
        whose = organisations.coded(opened.session, organisation)
        done = offers.publish(opened.session, asked, whose, by=opened.by, now=opened.now)
    answer(done, opened.settings, lambda voice: show_published(voice, done), as_json=as_json)
