"""Pages on course platforms: what they sent."""

from fastapi import APIRouter, Response

from archive.dossiers.programs import arrivals
from archive.dossiers.programs.platform_courses import BY_CODE
from archive.dossiers.programs.platform_people import DOCUMENTS
from archive.web.audiences import IntakePoster
from archive.web.deps import HouseDep, Now, ReadingDep
from archive.web.page import PageDep
from archive.web.pages.trainer import own_organisation

router = APIRouter(include_in_schema=False)


@router.get("/trainer/platforms")
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
    )
