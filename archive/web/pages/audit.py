"""Pages of the audit administrator: search, take away, and whether the seals hold.

What is looked for is typed into a form and sent in its body, so that no archive number stands
in an address. Nothing here writes: the search and the export are told by their sessions.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, Response

from archive.audit import checking
from archive.audit.acts import tell_always
from archive.errors import UnknownAccountError, UnknownWorkerError
from archive.people import audit_search
from archive.people.audit_words import ACTIONS, acted
from archive.web.audiences import AuditExporter, AuditSearcher, AuditVerifier
from archive.web.audit_files import streams_of, taken_away
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.page import Page, PageDep
from archive.web.statuses import status_of_form
from schemas.audit import AuditAsked, AuditForm, AuditLines
from schemas.refusals import Refusal

router = APIRouter(include_in_schema=False)

_SEARCH = "/audit"
_SEALS = "/audit/seals"
_Text = Annotated[str, Form(max_length=100)]
_Day = Annotated[date | None, Form()]


def typed(  # Each is a field of the form.
    worker: _Text = "",
    account: _Text = "",
    action: _Text = "",
    request: _Text = "",
    since: _Day = None,
    until: _Day = None,
    refused: Annotated[bool, Form()] = False,  # noqa: FBT002  # A tick of the form.
    before: Annotated[UUID | None, Form()] = None,
) -> AuditAsked:
    """Return what was typed."""
    return AuditAsked(
        worker=worker.strip() or None,
        account=account.strip() or None,
        action=action or None,
        request=request.strip() or None,
        since=since,
        until=until,
        refused=refused,
        before=before,
    )


Typed = Annotated[AuditAsked, Depends(typed)]


@router.get(_SEARCH)
def form(page: PageDep, _me: AuditSearcher) -> Response:
    """Ask what is looked for."""
    return _shown(page, AuditAsked())


@router.post(_SEARCH)
def search(
    page: PageDep, me: AuditSearcher, session: ReadingDep, house: HouseDep, asked: Typed
) -> Response:
    """Show what was done and seen, fifty at a time; the search itself is told."""
    wanted = audit_search.wanted_by(asked, house.settings.zone)
    try:
        found = audit_search.search(session, wanted, by=me.actor, before=asked.before)
    except (UnknownWorkerError, UnknownAccountError) as refusal:
        return _shown(page, asked, refusal=refusal)
    return _shown(page, asked, found)


@router.post("/audit/export")
def export(
    me: AuditExporter,
    session: ReadingDep,
    house: HouseDep,
    today: Today,
    asked: Typed,
    form: Annotated[AuditForm, Form()] = AuditForm.CSV,
) -> Response:
    """Hand every event over that is looked for; that it was is told before the first leaves."""
    wanted = audit_search.wanted_by(asked, house.settings.zone)
    sought = audit_search.for_export(session, wanted, by=me.actor)
    return taken_away(house, sought, form, today)


@router.get(_SEALS)
def seals(page: PageDep, _me: AuditVerifier, house: HouseDep, now: Now) -> Response:
    """Show the newest seals and how many events wait for theirs."""
    return page("audit/seals.html", marks=checking.states(streams_of(house), now=now), report=None)


@router.post(_SEALS)
def verify(
    page: PageDep, _me: AuditVerifier, session: ReadingDep, house: HouseDep, now: Now
) -> Response:
    """Check every seal and every row under it."""
    tell_always(session)
    report = checking.verify(streams_of(house))
    return page(
        "audit/seals.html", marks=checking.states(streams_of(house), now=now), report=report
    )


def _shown(
    page: Page,
    asked: AuditAsked,
    found: AuditLines | None = None,
    refusal: Refusal | None = None,
) -> Response:
    return page(
        "audit/search.html",
        status_of_form(refusal),
        asked=asked,
        found=found,
        refusal=refusal,
        actions=[(one, acted(one)) for one in ACTIONS],
        acted=acted,
    )
