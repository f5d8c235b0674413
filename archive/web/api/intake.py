"""The intake of table files, and what became of those that were posted."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile, status
from fastapi.responses import JSONResponse

from archive.dossiers import intake as desk
from archive.dossiers.intake import driving, posted_files, runs, undoing
from archive.dossiers.intake.desk import report_of_run
from archive.dossiers.intake.list_templates import list_template
from archive.dossiers.intake.posting import Begun, Sent, Times, begun
from archive.dossiers.intake.result_book import MEDIA_TYPE
from archive.texts import term
from archive.web.api.asked import PROBLEMS, Reason, organisation_for
from archive.web.audiences import RecordPoster
from archive.web.deps import HouseDep, LanguageDep, Now, ReadingDep, SessionDep, Today
from archive.web.downloads import handed_over
from archive.web.house import House
from archive.web.intake_form import DELIMITER_WORDS
from archive.web.uploading import read_upload
from schemas.contracts import Contract
from schemas.intake import PostedFile, PostedFiles
from schemas.reports import IntakeReport
from schemas.vocabulary import LearningKind, RunMode

router = APIRouter(prefix="/api/v1/intake", tags=["Intake"], responses=PROBLEMS)

MOST_WHILE_ONE_WAITS = 5_000
"""Rows that are written before the answer; more take longer than programs wait."""
_WRITTEN: dict[int | str, dict[str, Any]] = {
    201: {"model": IntakeReport, "description": "Rows were written."},
    202: {"model": PostedFile, "description": "A long list; it is written by and by."},
}
_BOOK: dict[int | str, dict[str, Any]] = {
    200: {"content": {MEDIA_TYPE: {}}, "description": "A workbook."}
}
Whose = Annotated[str | None, Query(description="Code; left out, the account's own organisation.")]


class UndoAsked(Contract):
    """Why a posted file is undone; it stands in each dossier."""

    reason: Reason


@router.post("", responses=_WRITTEN, response_model=IntakeReport)
def intake(
    *,
    asker: RecordPoster,
    house: HouseDep,
    today: Today,
    response: Response,
    file: Annotated[UploadFile | None, File(description="An Excel or CSV file.")] = None,
    organisation: Whose = None,
    kind: Annotated[
        LearningKind | None, Query(description="Left out, the headers tell it.")
    ] = None,
    sheet: Annotated[str | None, Query(description="Left out, the one with a table.")] = None,
    header_row: Annotated[
        int | None, Query(ge=1, le=999_999, description="As the spreadsheet numbers it.")
    ] = None,
    encoding: Annotated[str | None, Query(description="Of a text file.")] = None,
    delimiter: Annotated[
        Literal["comma", "tab", "semicolon", "bar"] | None, Query(description="Of a text file.")
    ] = None,
    mode: Annotated[RunMode, Query(description="The good rows, or all or none.")] = RunMode.GOOD,
    commit: Annotated[bool, Query(description="Write the rows without fault.")] = False,
) -> IntakeReport | Response:
    """Check every row of a file; write the good ones with ``commit=true``."""
    name, content = read_upload(file)
    choice = desk.Choice(
        kind=kind,
        sheet=sheet,
        header_row=header_row,
        encoding=encoding,
        delimiter=DELIMITER_WORDS[delimiter] if delimiter else None,
    )
    if not commit:
        with house.archive.reading() as session:
            whose = organisation_for(session, organisation, asker)
            return desk.check(session, content, whose, choice=choice, by=asker.actor, today=today)
    sent = Sent(
        name, content, lambda session: organisation_for(session, organisation, asker), choice, mode
    )
    times = Times(lambda: datetime.now(UTC), house.settings.zone)
    found = begun(house.archive, sent, by=asker.actor, times=times)
    if isinstance(found, IntakeReport):
        return found
    if found.run.rows > MOST_WHILE_ONE_WAITS:
        found.left_to_job()
        return _on_its_way(house, found)
    done = found.written()
    if done.written:
        response.status_code = status.HTTP_201_CREATED
    return done


def _on_its_way(house: House, found: Begun) -> Response:
    """Answer that a long list is being written, and where to look."""
    with house.archive.reading() as session:
        told = posted_files.shown(session, found.run, now=found.times.clock())
    where = {"Location": f"{router.prefix}/runs/{found.run.id}"}
    return JSONResponse(told.model_dump(mode="json"), status.HTTP_202_ACCEPTED, where)


@router.get("/runs")
def listed(
    asker: RecordPoster,
    session: ReadingDep,
    now: Now,
    organisation: Whose = None,
    after: Annotated[UUID | None, Query(description="The last one of the page before.")] = None,
) -> PostedFiles:
    """List the files that an organisation posted, the newest first."""
    whose = organisation_for(session, organisation, asker)
    runs.refuse_foreign(whose.id, asker.actor)
    return posted_files.listed(session, whose.id, now=now, after=after)


@router.get("/runs/{run_id}")
def shown(run_id: UUID, asker: RecordPoster, session: ReadingDep, now: Now) -> PostedFile:
    """Tell how far a file is written, and how many of its rows became what."""
    return posted_files.shown(session, runs.found(session, run_id, by=asker.actor), now=now)


@router.get("/runs/{run_id}/report")
def report(run_id: UUID, asker: RecordPoster, session: ReadingDep) -> IntakeReport:
    """Tell what became of every row of a file, as long as the file is kept."""
    run = runs.found(session, run_id, by=asker.actor)
    return report_of_run(session, run, runs.organisation_of(session, run))


@router.get("/runs/{run_id}/workbook", response_class=Response, responses=_BOOK)
def workbook(
    run_id: UUID, asker: RecordPoster, session: ReadingDep, language: LanguageDep
) -> Response:
    """Hand over the rows of a file with what became of each."""
    run = runs.found(session, run_id, by=asker.actor)
    name, content = posted_files.workbook(session, run, language)
    return handed_over(name, content, MEDIA_TYPE)


@router.post("/runs/{run_id}/cancel")
def cancel(run_id: UUID, asker: RecordPoster, session: SessionDep, now: Now) -> PostedFile:
    """Stop writing a file between two steps."""
    run = runs.cancel(session, run_id, by=asker.actor, now=now)
    return posted_files.shown(session, run, now=now)


@router.post("/runs/{run_id}/undo")
def undo(
    run_id: UUID, asked: UndoAsked, asker: RecordPoster, session: SessionDep, now: Now
) -> PostedFile:
    """Take back what a file wrote; a long one by and by."""
    run = undoing.begin(session, run_id, asked.reason, by=asker.actor, now=now)
    if run.written < undoing.STEP_RECORDS:
        run = undoing.take_step(session, run.id, now=now)
    else:
        driving.ask(session, run, now=now)
    return posted_files.shown(session, run, now=now)


@router.get("/templates/{kind}", response_class=Response, responses=_BOOK)
def template(kind: LearningKind, _asker: RecordPoster, language: LanguageDep) -> Response:
    """Hand over an empty list of a kind, with drop-downs and an example row."""
    name = f"{term(f'kind.{kind}', language)}.xlsx"
    return handed_over(name, list_template(kind, language), MEDIA_TYPE)
