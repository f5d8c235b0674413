"""``accreditation list | propose | narrow | end``: what organisations may post."""

from datetime import date
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Organisation, Reason, day
from archive.cli.plainly import plainly
from schemas.vocabulary import AccreditationAct, RecordKind

if TYPE_CHECKING:
    from schemas.accreditation import AccreditationChangeAsked, PostingScope

app = typer.Typer(no_args_is_help=True)
AccreditationId = Annotated[
    UUID, typer.Argument(metavar="ACCREDITATION", help="The accreditation's identifier.")
]
OnlyOf = Annotated[
    str | None,
    typer.Option("--organisation", metavar="CODE", help="Only those of this organisation."),
]
Act = Annotated[AccreditationAct, typer.Option("--act", help="By which act it was given.")]
Kinds = Annotated[
    list[RecordKind] | None,
    typer.Option("--kind", help="A kind of record; can be repeated. Default all."),
]
Occupations = Annotated[
    list[str] | None,
    typer.Option(
        "--occupation", metavar="NAME", help="An occupation; can be repeated. Default all."
    ),
]
HighestRank = Annotated[
    int | None,
    typer.Option("--highest-rank", min=0, max=7, help="The highest level, 1 (初级工) to 7."),
]
From = Annotated[date, typer.Option("--from", parser=day, metavar="DAY", help="The first day.")]
Until = Annotated[
    date | None,
    typer.Option("--until", parser=day, metavar="DAY", help="The last day; default open."),
]
Document = Annotated[
    str, typer.Option("--document", metavar="TEXT", help="Number and issuer of the paper.")
]


@app.command("list")
@plainly
def list_accreditations(*, organisation: OnlyOf = None, as_json: Json = False) -> None:
    """List what organisations are accredited to post."""
    from archive.bureau import accreditation_views
    from archive.cli.accreditation_sheet import show_accreditations
    from archive.cli.answers import answer
    from archive.cli.opened import reading
    from archive.people import organisations

    with reading() as opened:
        whose = organisations.coded(opened.session, organisation).id if organisation else None
        found = accreditation_views.listed(
            opened.session, today=opened.today, organisation_id=whose
        )
    answer(found, opened.settings, lambda voice: show_accreditations(voice, found), as_json=as_json)


@app.command("propose")
@plainly
def propose(  # All that an accreditation says.
    *,
    organisation: Organisation,
    act: Act,
    first_on: From,
    document: Document,
    last_on: Until = None,
    kinds: Kinds = None,
    occupations: Occupations = None,
    highest_rank: HighestRank = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to record what an organisation may post; another account approves."""
    from archive.bureau import accreditations as desk
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal
    from schemas.accreditation import AccreditationAsked

    with writing(account) as opened:
        asked = AccreditationAsked(
            organisation=organisation,
            act=act,
            scope=_scope(kinds, occupations, highest_rank),
            first_on=first_on,
            last_on=last_on,
            document=document,
        )
        view = desk.propose(opened.session, asked, by=opened.by, now=opened.now)
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


@app.command("narrow")
@plainly
def narrow(  # Which, to what, from when, why.
    accreditation: AccreditationId,
    *,
    from_on: From,
    reason: Reason,
    document: Document,
    kinds: Kinds = None,
    occupations: Occupations = None,
    highest_rank: HighestRank = None,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to narrow an accreditation from a day on; another account approves."""
    from schemas.accreditation import AccreditationChangeAsked

    scope = _scope(kinds, occupations, highest_rank)
    asked = AccreditationChangeAsked(from_on=from_on, scope=scope, reason=reason, document=document)
    _propose_change(accreditation, asked, account=account, as_json=as_json)


@app.command("end")
@plainly
def end(
    accreditation: AccreditationId,
    *,
    from_on: From,
    reason: Reason,
    document: Document,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Propose to end an accreditation from a day on; another account approves."""
    from schemas.accreditation import AccreditationChangeAsked

    asked = AccreditationChangeAsked(from_on=from_on, reason=reason, document=document)
    _propose_change(accreditation, asked, account=account, as_json=as_json)


def _propose_change(
    accreditation: UUID, asked: "AccreditationChangeAsked", *, account: str, as_json: bool
) -> None:
    from archive.bureau import accreditations as desk
    from archive.cli.answers import answer
    from archive.cli.opened import writing
    from archive.cli.proposal_sheet import show_proposal

    with writing(account) as opened:
        view = desk.propose_change(
            opened.session, accreditation, asked, by=opened.by, now=opened.now
        )
    answer(view, opened.settings, lambda voice: show_proposal(voice, view), as_json=as_json)


def _scope(
    kinds: list[RecordKind] | None, occupations: list[str] | None, highest_rank: int | None
) -> "PostingScope":
    from archive.dossiers.occupations import find_occupation
    from schemas.accreditation import PostingScope

    codes = dict.fromkeys(find_occupation(one).code for one in occupations or ())
    return PostingScope.model_validate(
        {
            "kinds": kinds or None,
            "occupations": tuple(codes) or None,
            "highest_rank": highest_rank,
        },
        strict=False,
    )
