"""Open Badges 3.0 of course platforms, posted as completions."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Response, UploadFile, status

from archive.dossiers.programs.badges import posting
from archive.dossiers.programs.statements import Moment
from archive.web.api.asked import PROBLEMS, organisation_for
from archive.web.audiences import RecordPoster
from archive.web.deps import HouseDep, Now
from archive.web.uploading import read_upload
from schemas.platforms import BadgeReport
from schemas.vocabulary import RowState

router = APIRouter(responses=PROBLEMS)

_WRITTEN: dict[int | str, dict[str, Any]] = {
    201: {"model": BadgeReport, "description": "A completion was posted."}
}


@router.post("/api/v1/badges", tags=["Records"], responses=_WRITTEN)
def post(
    *,
    asker: RecordPoster,
    house: HouseDep,
    now: Now,
    response: Response,
    file: Annotated[UploadFile | None, File(description="JSON, JWT, PNG or SVG.")] = None,
    organisation: Annotated[
        str | None, Query(description="Code; left out, the account's own organisation.")
    ] = None,
) -> BadgeReport:
    """Post the completion that a badge of a registered platform proves; nothing is fetched."""
    _, content = read_upload(file)
    at = Moment(now, house.settings.zone, house.settings.public_url)
    with house.archive.reading() as session:
        whose = organisation_for(session, organisation, asker)
        seen = posting.examined(session, content, whose, by=asker.actor, at=at)
    with house.archive.transaction() as session:
        told = posting.post(session, seen, whose, by=asker.actor, at=at)
    if told.report is None:
        raise told.refused
    if told.report.state in {RowState.NEW, RowState.CHANGED}:
        response.status_code = status.HTTP_201_CREATED
    return told.report
