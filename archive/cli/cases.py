"""``review list | decide`` and ``suspension list | propose | next``: the bureau's own cases."""

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Organisation, Reason, RecordId, Worker, day
from archive.cli.plainly import plainly
from schemas.vocabulary import IssuerAct, PairVerdict

reviews = typer.Typer(no_args_is_help=True)
suspensions = typer.Typer(no_args_is_help=True)
Verdict = Annotated[PairVerdict, typer.Argument(help="What is found of the two courses.")]
CaseId = Annotated[UUID, typer.Argument(metavar="CASE", help="The suspension's identifier.")]
Act = Annotated[IssuerAct, typer.Argument(help="What follows.")]
Number = Annotated[
    str, typer.Option("--number", metavar="TEXT", help="The number of the decision.")
]
From = Annotated[
    date, typer.Option("--from", parser=day, metavar="DAY", help="First day of the records.")
]
Until = Annotated[
    date, typer.Option("--until", parser=day, metavar="DAY", help="Last day of the records.")
]
DecidedOn = Annotated[
    date | None,
    typer.Option(
        "--decided-on", parser=day, metavar="DAY", help="Day of the decision; default today."
    ),
]
Courses = Annotated[
    list[str] | None,
    typer.Option("--course", metavar="NAME", help="A course that is meant; can be repeated."),
]


@reviews.command("list")
@plainly
def list_pairs(*, as_json: Json = False) -> None:
    """List pairs of courses that wait for a review, then those that had one."""
    from archive.bureau import reviews as desk
    from archive.cli.answers import answer
    from archive.cli.case_sheet import show_pairs
    from archive.cli.opened import reading
    from schemas.reviews import PairList

    with reading() as opened:
        found = PairList(pairs=(*desk.waiting(opened.session), *desk.decided(opened.session)))
    answer(found, opened.settings, lambda voice: show_pairs(voice, found), as_json=as_json)


@reviews.command("decide")
@plainly
def decide(
    worker: Worker,
    record: RecordId,
    verdict: Verdict,
    *,
    reason: Reason,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Find that the pair of a later RECORD is the same course, or two."""
    from archive.bureau import reviews as desk
    from archive.cli.answers import answer
    from archive.cli.case_sheet import show_pair
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing

    with writing(account) as opened:
        holder = worker_named(opened, worker)
        desk.decide(
            opened.session,
            holder.worker_id,
            record,
            verdict=verdict,
            text=reason,
            by=opened.by,
            now=opened.now,
            today=opened.today,
        )
        view = desk.pair(opened.session, holder, record, today=opened.today)
    answer(view, opened.settings, lambda voice: show_pair(voice, view), as_json=as_json)


@suspensions.command("list")
@plainly
def list_suspensions(*, as_json: Json = False) -> None:
    """List decisions on the credits of organisations."""
    from archive.bureau import suspension_views
    from archive.cli.answers import answer
    from archive.cli.case_sheet import show_suspensions
    from archive.cli.opened import reading
    from schemas.suspensions import SuspensionList

    with reading() as opened:
        found = SuspensionList(suspensions=tuple(suspension_views.listed(opened.session)))
    answer(found, opened.settings, lambda voice: show_suspensions(voice, found), as_json=as_json)


@suspensions.command("propose")
@plainly
def propose(
    *,
    organisation: Organisation,
    begins_on: From,
    ends_on: Until,
    number: Number,
    reason: Reason,
    courses: Courses = None,
    decided_on: DecidedOn = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to hold the credits of an organisation; another account approves."""
    from archive.bureau import suspensions as desk
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from schemas.suspensions import SuspensionAsked

    with writing(account) as opened:
        asked = SuspensionAsked(
            organisation=organisation,
            begins_on=begins_on,
            ends_on=ends_on,
            courses=tuple(courses or ()),
            number=number,
            decided_on=decided_on or opened.today,
            reason=reason,
        )
        view = desk.propose(opened.session, asked, by=opened.by, now=opened.now, today=opened.today)
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@suspensions.command("next")
@plainly
def propose_next(
    case: CaseId,
    act: Act,
    *,
    number: Number,
    reason: Reason,
    decided_on: DecidedOn = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to extend, release or revoke; another account approves."""
    from archive.bureau import suspensions as desk
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from schemas.suspensions import SuspensionFollowing

    with writing(account) as opened:
        asked = SuspensionFollowing(
            act=act, number=number, decided_on=decided_on or opened.today, reason=reason
        )
        view = desk.propose_next(
            opened.session, case, asked, by=opened.by, now=opened.now, today=opened.today
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)
