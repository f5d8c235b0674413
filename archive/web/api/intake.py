"""The intake of table files."""

from typing import Annotated, Any

from fastapi import APIRouter, File, Query, Response, UploadFile, status

from archive.dossiers import intake as desk
from archive.web.api.asked import PROBLEMS, organisation_for
from archive.web.audiences import RecordPoster
from archive.web.deps import HouseDep, Now, Today
from archive.web.uploading import read_upload
from schemas.reports import IntakeReport
from schemas.vocabulary import LearningKind

router = APIRouter(responses=PROBLEMS)

_WRITTEN: dict[int | str, dict[str, Any]] = {
    201: {"model": IntakeReport, "description": "Rows were written."}
}


@router.post("/api/v1/intake", tags=["Intake"], responses=_WRITTEN)
def intake(
    *,
    asker: RecordPoster,
    house: HouseDep,
    now: Now,
    today: Today,
    response: Response,
    file: Annotated[UploadFile | None, File(description="An Excel or CSV file.")] = None,
    organisation: Annotated[
        str | None, Query(description="Code; left out, the account's own organisation.")
    ] = None,
    kind: Annotated[
        LearningKind | None, Query(description="Left out, the headers tell it.")
    ] = None,
    commit: Annotated[bool, Query(description="Write the rows without fault.")] = False,
) -> IntakeReport:
    """Check every row of a file; write the good ones with ``commit=true``."""
    name, content = read_upload(file)
    if not commit:
        with house.archive.reading() as session:
            whose = organisation_for(session, organisation, asker)
            return desk.check(
                session, content, whose, choice=desk.Choice(kind=kind), by=asker.actor, today=today
            )
    with house.archive.transaction() as session:
        whose = organisation_for(session, organisation, asker)
        report = desk.commit(
            session,
            content,
            name,
            whose,
            choice=desk.Choice(kind=kind),
            by=asker.actor,
            now=now,
            today=today,
        )
    if report.written:
        response.status_code = status.HTTP_201_CREATED
    return report
