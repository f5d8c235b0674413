"""Who looked at a dossier: for its worker."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from archive.people.access_log import looks_at
from archive.web.api.asked import PROBLEMS, worker_for
from archive.web.audiences import Worker
from archive.web.deps import HouseDep, ReadingDep
from schemas.audit import LookList
from schemas.vocabulary import Permission

router = APIRouter(prefix="/api/v1/workers/{number}", tags=["Dossiers"], responses=PROBLEMS)


@router.get("/access")
def access(
    number: str,
    asker: Worker,
    session: ReadingDep,
    house: HouseDep,
    before: Annotated[UUID | None, Query(description="The “older” of the last page.")] = None,
) -> LookList:
    """Tell who looked at the own dossier, fifty at a time, the newest first."""
    worker = worker_for(session, number, asker, Permission.READ_OWN)
    return looks_at(session, worker, zone=house.settings.zone, before=before)
