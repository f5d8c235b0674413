"""The page on which workers see who looked at their dossier."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from archive.people import look_ups
from archive.people.access_log import looks_at
from archive.web.audiences import Worker
from archive.web.deps import HouseDep, ReadingDep
from archive.web.page import PageDep
from archive.web.pages.worker import own_id

router = APIRouter(include_in_schema=False)


@router.get("/me/access")
def access(
    page: PageDep,
    me: Worker,
    session: ReadingDep,
    house: HouseDep,
    before: Annotated[UUID | None, Query()] = None,
) -> Response:
    """Show who looked at the own dossier, when and at what."""
    worker = look_ups.worker_known_as(session, own_id(me))
    found = looks_at(session, worker, zone=house.settings.zone, before=before)
    return page("worker/access.html", found=found, is_first=before is None)
