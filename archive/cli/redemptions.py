"""``redemption``: what credits can do, applications, and their answers; ``next-step``."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, JsonFile, On, Organisation, Reason, Worker, day
from archive.cli.plainly import plainly

if TYPE_CHECKING:
    from archive.cli.opened import OpenedToWrite

app = typer.Typer(no_args_is_help=True)
next_app = typer.Typer()
Offer = Annotated[
    str, typer.Argument(metavar="OFFER", help="The offer's code, or ORGANISATION:CODE.")
]
CaseId = Annotated[UUID, typer.Argument(metavar="ID", help="The application's identifier.")]
OwnCode = Annotated[str, typer.Argument(metavar="CODE", help="The organisation's own code.")]
LastDay = Annotated[
    date, typer.Option("--last-day", parser=day, metavar="DAY", help="The last day of it.")
]
IsCourse = Annotated[bool, typer.Option("--course", help="A course, not an offer.")]
OfferAsked = Annotated[
    str | None,
    typer.Option("--offer", metavar="CODE", help="The offer that is to be reached."),
]
OccupationAsked = Annotated[
    str | None,
    typer.Option("--occupation", metavar="CODE", help="The occupation's code or name."),
]
RankAsked = Annotated[
    int | None,
    typer.Option("--rank", metavar="N", min=1, max=7, help="The level, 1 (五级) to 7."),
]
By = Annotated[
    str, typer.Option("--by", metavar="hours|fee", help="What is to be least: hours or money.")
]


@app.command("offers")
@plainly
def offer_list(*, on: On = None, as_json: Json = False) -> None:
    """List what is offered: uses of credits and records, and courses."""
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.cli.redemption_sheet import show_offers
    from archive.dossiers import offers

    with reading() as opened:
        found = offers.listed(opened.session, on or opened.today)
    answer(found, opened.settings, lambda voice: show_offers(voice, found), as_json=as_json)


@app.command("publish")
@plainly
def publish(
    file: JsonFile,
    *,
    organisation: Organisation,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Publish an offer or a course of an organisation from a JSON file."""
    from archive.cli.answers import answer
    from archive.cli.offer_files import read_offer
    from archive.cli.opened import writing
    from archive.cli.redemption_sheet import show_published
    from archive.dossiers import offers
    from archive.people import organisations

    asked = read_offer(file)
    with writing(account) as opened:
        whose = organisations.coded(opened.session, organisation)
        done = offers.publish(opened.session, asked, whose, by=opened.by, now=opened.now)
    answer(done, opened.settings, lambda voice: show_published(voice, done), as_json=as_json)


@app.command("end")
@plainly
def end(
    code: OwnCode,
    *,
    organisation: Organisation,
    last_day: LastDay,
    is_course: IsCourse = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Let an offer or a course of an organisation end after a day."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.redemption_sheet import show_ended
    from archive.dossiers import offers
    from archive.people import organisations

    with writing(account) as opened:
        done = offers.end(
            opened.session,
            "course" if is_course else "offer",
            code,
            organisations.coded(opened.session, organisation),
            last_day=last_day,
            by=opened.by,
            now=opened.now,
            today=opened.today,
        )
    answer(
        done,
        opened.settings,
        lambda voice: show_ended(voice, done, last_day),
        as_json=as_json,
    )


@app.command("preview")
@plainly
def preview(worker: Worker, offer: Offer, *, as_json: Json = False) -> None:
    """Show exactly which credits an application would use, and why."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.cli.redemption_sheet import show_preview
    from archive.dossiers import offers, redemptions

    with reading() as opened:
        at = redemptions.Moment(opened.now, opened.settings.zone)
        whose = worker_named(opened, worker)
        wanted = offers.named(opened.session, offer, at.today)
        found = redemptions.preview(opened.session, whose, wanted, at=at)
    answer(found, opened.settings, lambda voice: show_preview(voice, found), as_json=as_json)


@app.command("apply")
@plainly
def apply(worker: Worker, offer: Offer, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Apply for an offer: its credits are held until the answer."""
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.dossiers import offers, redemptions

    with writing(account) as opened:
        at = redemptions.Moment(opened.now, opened.settings.zone)
        whose = worker_named(opened, worker)
        wanted = offers.named(opened.session, offer, at.today)
        case_id = redemptions.apply(opened.session, whose, wanted, by=opened.by, at=at)
        _told(opened, case_id, as_json=as_json)


@app.command("accept")
@plainly
def accept(case: CaseId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Accept an application; afterwards neither side can undo it."""
    from archive.dossiers import redemptions

    _step(redemptions.accept, case, account, as_json=as_json)


@app.command("decline")
@plainly
def decline(case: CaseId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False) -> None:
    """Decline an application with a reason; its credits come back."""
    from archive.dossiers import redemptions

    _step(partial(redemptions.decline, text=reason), case, account, as_json=as_json)


@app.command("withdraw")
@plainly
def withdraw(case: CaseId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Withdraw an application that waits; its credits come back."""
    from archive.dossiers import redemptions

    _step(redemptions.withdraw, case, account, as_json=as_json)


@app.command("annul")
@plainly
def annul(case: CaseId, *, reason: Reason, account: As = CONSOLE, as_json: Json = False) -> None:
    """Propose to annul an accepted application; a second person decides."""
    from archive.bureau import annulments
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal

    with writing(account) as opened:
        view = annulments.propose(
            opened.session,
            case,
            text=reason,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@app.command("list")
@plainly
def list_applications(*, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the applications that an account may see, those that wait first."""
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.redemption_sheet import show_applications
    from archive.dossiers import redemption_views

    with writing(account) as opened:
        found = redemption_views.seen_by(opened.session, opened.by, today=opened.today)
    answer(found, opened.settings, lambda voice: show_applications(voice, found), as_json=as_json)


@next_app.command("next-step")
@plainly
def next_step(  # Whose, toward what, when, by which cost.
    worker: Worker,
    *,
    offer: OfferAsked = None,
    occupation: OccupationAsked = None,
    rank: RankAsked = None,
    on: On = None,
    by: By = "hours",
    as_json: Json = False,
) -> None:
    """Show the cheapest offered courses that reach an offer or a level."""
    from archive.cli.answers import answer
    from archive.cli.goals import cost_named, goal_named
    from archive.cli.naming import worker_named
    from archive.cli.opened import reading
    from archive.cli.redemption_sheet import show_next_step
    from archive.dossiers import next_steps

    cost = cost_named(by)
    with reading() as opened:
        when = on or opened.today
        goal = goal_named(opened.session, offer, occupation, rank, when)
        whose = worker_named(opened, worker)
        zone = opened.settings.zone
        found = next_steps.next_step(opened.session, whose, goal, on=when, zone=zone, by=cost)
    answer(found, opened.settings, lambda voice: show_next_step(voice, found), as_json=as_json)


def _step(act: Callable[..., None], case: UUID, account: str, *, as_json: bool) -> None:
    """Take a step in an application and print it as it stands then."""
    from archive.cli.opened import writing
    from archive.dossiers.redemptions import Moment

    with writing(account) as opened:
        at = Moment(opened.now, opened.settings.zone)
        act(opened.session, case, by=opened.by, at=at)
        _told(opened, case, as_json=as_json)


def _told(opened: "OpenedToWrite", case_id: UUID, *, as_json: bool) -> None:
    """Print an application as it stands now."""
    from archive.cli.answers import answer
    from archive.cli.redemption_sheet import show_application
    from archive.dossiers import redemption_views

    view = redemption_views.shown(opened.session, case_id, opened.by, today=opened.today)
    answer(view, opened.settings, lambda voice: show_application(voice, view), as_json=as_json)
