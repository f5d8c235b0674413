"""Pages on course platforms: what they sent, badges that are uploaded, whose badges count."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Request, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.dossiers.programs import arrivals
from archive.dossiers.programs.badges import platforms, posting
from archive.dossiers.programs.badges.keys import MOST
from archive.dossiers.programs.badges.platform_refusals import PlatformError
from archive.dossiers.programs.platform_courses import BY_CODE
from archive.dossiers.programs.platform_people import DOCUMENTS
from archive.dossiers.programs.statements import Moment
from archive.errors import NotAllowedError
from archive.people.access import may, may_all
from archive.web.audiences import IntakePoster, PlatformManager
from archive.web.deps import Fresh, HouseDep, Now, ReadingDep, SessionDep
from archive.web.page import PageDep
from archive.web.pages.trainer import own_organisation
from archive.web.statuses import status_of
from archive.web.uploading import read_upload
from schemas.vocabulary import Permission

router = APIRouter(include_in_schema=False)

_ARRIVED, _BADGES, _TRUSTED = "/trainer/platforms", "/trainer/badges", "/organisation/platforms"
_Line = Annotated[str, Form(max_length=500)]


@router.get(_ARRIVED)
def arrived(
    page: PageDep, me: IntakePoster, session: ReadingDep, house: HouseDep, now: Now
) -> Response:
    """Show what course platforms sent within thirty days, and what could not be used."""
    whose = own_organisation(me)
    home = house.settings.public_url
    return page(
        "trainer/platforms.html",
        arrivals=arrivals.listed(session, whose.id, by=me.actor, now=now).arrivals,
        days=arrivals.KEPT.days,
        statements_at=f"{home}/api/v1/xapi/",
        by_code=BY_CODE,
        by_document=f"{home}{DOCUMENTS}resident_id",
        may_register=may(me.actor, Permission.MANAGE_PLATFORMS),
    )


@router.get(_BADGES)
def badge_form(page: PageDep, me: IntakePoster) -> Response:
    """Show the form for a badge."""
    own_organisation(me)
    return page("trainer/badges.html")


@router.post(_BADGES)
def post_badge(
    page: PageDep,
    me: IntakePoster,
    house: HouseDep,
    now: Now,
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Verify a badge and post its completion; show what became of it."""
    whose = own_organisation(me)
    _, content = read_upload(file)
    at = Moment(now, house.settings.zone, house.settings.public_url)
    with house.archive.reading() as session:
        seen = posting.examined(session, content, whose, by=me.actor, at=at)
    with house.archive.transaction() as session:
        told = posting.post(session, seen, whose, by=me.actor, at=at)
    code = status.HTTP_200_OK if told.refusal is None else status_of(type(told.refusal))
    return page("trainer/badges.html", code or status.HTTP_200_OK, told=told)


@router.get(_TRUSTED)
def trusted(page: PageDep, me: PlatformManager, session: ReadingDep, request: Request) -> Response:
    """Show the platforms whose badges count; the bureau sees all."""
    return page(
        "organisation/platforms.html",
        platforms=platforms.listed(session, by=me.actor).platforms,
        is_bureau=may_all(me.actor, Permission.MANAGE_PLATFORMS),
        most=MOST,
        done=request.query_params.get("done"),
    )


@router.post(_TRUSTED)
def register(
    page: PageDep,
    me: PlatformManager,
    session: SessionDep,
    now: Now,
    _: Fresh,
    name: _Line = "",
    issuer: _Line = "",
    keys: Annotated[str, Form(max_length=20_000)] = "",
) -> Response:
    """Register a platform of the own organisation; a second person confirms it."""
    if may_all(me.actor, Permission.MANAGE_PLATFORMS):
        raise NotAllowedError  # The bureau confirms; each organisation knows its own platforms.
    whose = own_organisation(me)
    try:
        platforms.register(session, whose, name, issuer, keys, by=me.actor, now=now)
    except PlatformError as refusal:
        return page(
            "organisation/platforms.html",
            status.HTTP_422_UNPROCESSABLE_CONTENT,
            platforms=platforms.listed(session, by=me.actor).platforms,
            is_bureau=False,
            most=MOST,
            refusal=refusal,
            name=name,
            issuer=issuer,
        )
    return _back("registered")


@router.post(_TRUSTED + "/{platform_id}/confirm")
def confirm(
    platform_id: UUID, me: PlatformManager, session: SessionDep, now: Now, _: Fresh
) -> Response:
    """Let the badges of a platform count."""
    platforms.confirm(session, platform_id, by=me.actor, now=now)
    return _back("confirmed")


@router.post(_TRUSTED + "/{platform_id}/end")
def end(
    platform_id: UUID, me: PlatformManager, session: SessionDep, now: Now, _: Fresh
) -> Response:
    """Let no badge of a platform count any more."""
    platforms.end(session, platform_id, by=me.actor, now=now)
    return _back("ended")


def _back(done: str) -> Response:
    return RedirectResponse(f"{_TRUSTED}?done={done}", status.HTTP_303_SEE_OTHER)
