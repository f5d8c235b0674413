"""``share list | make | revoke``, ``access-request list | grant | decline``: at the counter.

A PIN is no option: others could read it in the list of processes. Make such a share on the page.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

import typer

from archive.cli.options import CONSOLE, As, Json, Worker, day
from archive.cli.plainly import plainly
from archive.cli.usage import UnusableError

shares = typer.Typer(no_args_is_help=True)
requests = typer.Typer(no_args_is_help=True)

_DAYS = (7, 30, 180)


def _days(told: str | int) -> int:
    """Return 7, 30 or 180, also of the default, which is read, too; else it is wrong usage."""
    if str(told) not in {str(one) for one in _DAYS}:
        raise UnusableError("write 7, 30 or 180")
    return int(told)


ShareId = Annotated[UUID, typer.Argument(metavar="SHARE", help="The share's identifier.")]
RequestId = Annotated[UUID, typer.Argument(metavar="REQUEST", help="The request's identifier.")]
ForWhom = Annotated[str, typer.Option("--for", metavar="TEXT", help="Who gets the link.")]
Purpose = Annotated[str, typer.Option("--purpose", metavar="TEXT", help="What it is for.")]
Days = Annotated[
    int, typer.Option("--days", parser=_days, metavar="DAYS", help="7, 30 or 180 days.")
]
Kind = Annotated[
    list[str] | None, typer.Option("--kind", metavar="KIND", help="Only this kind; may repeat.")
]
Since = Annotated[
    date | None, typer.Option("--since", parser=day, metavar="DAY", help="Records from this day.")
]
Until = Annotated[
    date | None, typer.Option("--until", parser=day, metavar="DAY", help="Records until this day.")
]
Credits = Annotated[bool, typer.Option("--credits", help="Tell the credits of the records.")]
Levels = Annotated[bool, typer.Option("--levels", help="Tell the skill levels they give.")]
Masked = Annotated[bool, typer.Option("--masked", help="Show the name in part only.")]
Frozen = Annotated[bool, typer.Option("--frozen", help="Keep the content as it stands now.")]
NoDownload = Annotated[bool, typer.Option("--no-download", help="Offer no file to take away.")]
Agrees = Annotated[
    bool, typer.Option("--agrees", help="The worker has read the text and agrees to it.")
]


@shares.command("list")
@plainly
def list_shares(worker: Worker, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """List a worker's share links with every look at them."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_shares
    from archive.dossiers import share_views

    with writing(account) as opened:
        whose = worker_named(opened, worker).worker_id
        found = share_views.listed(opened.session, whose, by=opened.by, now=opened.now)
        answer(found, opened.settings, lambda voice: show_shares(voice, found), as_json=as_json)


@shares.command("make")
@plainly
def make(
    worker: Worker,
    *,
    for_whom: ForWhom,
    purpose: Purpose,
    days: Days = 30,
    kind: Kind = None,
    since: Since = None,
    until: Until = None,
    credits_: Credits = False,
    levels: Levels = False,
    masked: Masked = False,
    frozen: Frozen = False,
    no_download: NoDownload = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Make a share link for a worker; it is told this once."""
    from archive.cli.answers import answer
    from archive.cli.contract_fields import contract_of
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_made
    from archive.dossiers import share_views
    from archive.dossiers import shares as contents
    from schemas.shares import ShareAsked

    told = {
        "for_whom": for_whom,
        "purpose": purpose,
        "days": days,
        "is_frozen": frozen,
        "may_download": not no_download,
        "scope": {
            "kinds": kind or [],
            "begins_on": since,
            "ends_on": until,
            "with_credits": credits_,
            "with_levels": levels,
            "is_name_masked": masked,
        },
    }
    asked = contract_of(ShareAsked, told)
    with writing(account) as opened:
        share, token = contents.make(
            opened.session,
            worker_named(opened, worker).worker_id,
            asked,
            by=opened.by,
            now=opened.now,
            today=opened.today,
            zone=opened.settings.zone,
        )
        url = opened.settings.public_url
        view = share_views.made(opened.session, share, token, base_url=url, now=opened.now)
    answer(view, opened.settings, lambda voice: show_made(voice, view), as_json=as_json)


@shares.command("revoke")
@plainly
def revoke(worker: Worker, share: ShareId, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """Take a share link back at once and for good."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_share
    from archive.dossiers import share_views
    from archive.people import shares as links

    with writing(account) as opened:
        whose = worker_named(opened, worker).worker_id
        found = links.revoke(opened.session, whose, share, by=opened.by, now=opened.now)
        view = share_views.view_of(found, now=opened.now)
    answer(view, opened.settings, lambda voice: show_share(voice, view), as_json=as_json)


@requests.command("list")
@plainly
def list_requests(worker: Worker, *, account: As = CONSOLE, as_json: Json = False) -> None:
    """List the requests for access that a worker got."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_requests
    from archive.dossiers import access_requests

    with writing(account) as opened:
        whose = worker_named(opened, worker).worker_id
        found = access_requests.views(opened.session, whose, by=opened.by, now=opened.now)
        answer(found, opened.settings, lambda voice: show_requests(voice, found), as_json=as_json)


@requests.command("grant")
@plainly
def grant(
    worker: Worker,
    request: RequestId,
    *,
    days: Days = 30,
    agrees: Agrees = False,
    account: As = CONSOLE,
    as_json: Json = False,
) -> None:
    """Grant what was asked for; without --agrees it is refused."""
    from archive.cli.answers import answer
    from archive.cli.contract_fields import contract_of
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_request
    from archive.dossiers import access_requests
    from schemas.access_requests import GrantAsked

    asked = contract_of(GrantAsked, {"days": days, "agrees": agrees})
    with writing(account) as opened:
        view = access_requests.grant(
            opened.session,
            worker_named(opened, worker).worker_id,
            request,
            asked,
            by=opened.by,
            now=opened.now,
            zone=opened.settings.zone,
        )
    answer(view, opened.settings, lambda voice: show_request(voice, view), as_json=as_json)


@requests.command("decline")
@plainly
def decline(
    worker: Worker, request: RequestId, *, account: As = CONSOLE, as_json: Json = False
) -> None:
    """Decline a request."""
    from archive.cli.answers import answer
    from archive.cli.naming import worker_named
    from archive.cli.opened import writing
    from archive.cli.share_sheet import show_request
    from archive.dossiers import access_requests

    with writing(account) as opened:
        view = access_requests.decline(
            opened.session,
            worker_named(opened, worker).worker_id,
            request,
            by=opened.by,
            now=opened.now,
        )
    answer(view, opened.settings, lambda voice: show_request(voice, view), as_json=as_json)
