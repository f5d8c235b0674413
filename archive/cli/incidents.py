"""``incident list | open | tell | close``: the register of incidents with personal data."""

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, day
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.cli.voice import Voice

app = typer.Typer(no_args_is_help=True)

Which = Annotated[
    UUID, typer.Argument(metavar="INCIDENT", help="The incident, as the list names it.")
]
Happened = Annotated[
    str, typer.Option("--happened", metavar="TEXT", help="What happened; for the register only.")
]
Data = Annotated[str, typer.Option("--data", metavar="TEXT", help="Which kinds of personal data.")]
Measures = Annotated[
    str, typer.Option("--measures", metavar="TEXT", help="What was done about it.")
]
Began = Annotated[date, typer.Option("--began", parser=day, metavar="DAY", help="Since when.")]
Ended = Annotated[
    date | None,
    typer.Option("--ended", parser=day, metavar="DAY", help="Until when, if it is over."),
]
Found = Annotated[
    date, typer.Option("--found", parser=day, metavar="DAY", help="When it was found.")
]
Workers = Annotated[
    list[str] | None,
    typer.Option("--worker", metavar="NUMBER", help="Someone whom it affects; may be repeated."),
]
AccountName = Annotated[
    str | None,
    typer.Option(
        "--account",
        metavar="ACCOUNT",
        help="Everyone whose dossier this account opened in the days given.",
    ),
]
Since = Annotated[
    date | None, typer.Option("--since", parser=day, metavar="DAY", help="From this day on.")
]
Until = Annotated[
    date | None, typer.Option("--until", parser=day, metavar="DAY", help="To the end of this day.")
]
Harm = Annotated[
    str, typer.Option("--harm", metavar="TEXT", help="Cause, and harm that may come of it.")
]
Advice = Annotated[str, typer.Option("--advice", metavar="TEXT", help="What the persons can do.")]
Contact = Annotated[str, typer.Option("--contact", metavar="TEXT", help="Whom they can ask.")]
Report = Annotated[str, typer.Option("--report", metavar="TEXT", help="The report.")]
Untold = Annotated[
    bool,
    typer.Option("--untold", help="Those who were not told need not be (article 57)."),
]


@app.command("list")
@plainly
def list_all(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """List all incidents with how many persons each affects."""
    from archive.cli.answers import answer
    from archive.cli.opened import acting_on
    from archive.people import incidents

    with acting_on(account) as acting, acting.archive.reading() as session:
        found = incidents.every(session, by=acting.by, now=acting.now)

    def show(voice: "Voice") -> None:
        rows = [
            (
                str(one.id),
                voice.day(one.asked.found_on),
                str(one.affected),
                str(one.told),
                str(one.read),
            )
            for one in found.incidents
        ]
        voice.table(("Incident", "Found on", "Affected", "Told", "Have read it"), rows)

    answer(found, acting.settings, show, as_json=as_json)


@app.command("open")
@plainly
def begin(
    *,
    happened: Happened,
    data: Data,
    measures: Measures,
    began: Began,
    found: Found,
    ended: Ended = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Open an incident: what happened, which data, what was done."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import incidents
    from schemas.incidents import IncidentAsked, IncidentReceiptOf

    asked = IncidentAsked(
        happened=happened,
        began_on=began,
        ended_on=ended,
        found_on=found,
        data=data,
        measures=measures,
    )
    with writing(account) as opened:
        own = incidents.begin(opened.session, asked, by=opened.by, now=opened.now)

    def show(voice: "Voice") -> None:
        voice.say("Incident {incident} is open.", incident=own)

    answer(IncidentReceiptOf(id=own), opened.settings, show, as_json=as_json)


@app.command("tell")
@plainly
def tell(
    incident: Which,
    *,
    harm: Harm,
    advice: Advice,
    contact: Contact,
    worker: Workers = None,
    account: AccountName = None,
    since: Since = None,
    until: Until = None,
    as_account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """List whom an incident affects, and tell everyone who was not told yet."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import affected
    from archive.people.affected import accesses_of
    from schemas.incidents import IncidentReceiptOf, NoticeAsked

    asked = NoticeAsked(harm=harm, advice=advice, contact=contact)
    with writing(as_account) as opened:
        found = accesses_of(account, since, until, zone=opened.settings.zone, now=opened.now)
        listed = 0
        if worker or found:
            listed = affected.add(
                opened.session,
                incident,
                numbers=worker or (),
                accesses=found,
                by=opened.by,
                now=opened.now,
            )
        told = affected.tell(opened.session, incident, asked, by=opened.by, now=opened.now)
    receipt = IncidentReceiptOf(id=incident, affected=listed, told=told)

    def show(voice: "Voice") -> None:
        voice.say("Affected persons listed: {affected}; told: {told}.", affected=listed, told=told)

    answer(receipt, opened.settings, show, as_json=as_json)


@app.command("close")
@plainly
def close(
    incident: Which,
    *,
    report: Report,
    untold: Untold = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Close an incident with its report."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.people import incidents
    from schemas.incidents import IncidentReceiptOf

    with writing(account) as opened:
        incidents.close(
            opened.session, incident, report, untold=untold, by=opened.by, now=opened.now
        )

    def show(voice: "Voice") -> None:
        voice.say("Incident {incident} is closed.", incident=incident)

    answer(IncidentReceiptOf(id=incident), opened.settings, show, as_json=as_json)
