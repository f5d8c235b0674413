"""The intake of table files, and what became of those that were posted."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile, status

from archive.dossiers.intake import driving, errands, posted_files, runs, undoing
from archive.dossiers.intake.list_templates import list_template
from archive.dossiers.intake.posting import Sent
from archive.dossiers.intake.result_book import MEDIA_TYPE
from archive.people.actors import acting_as
from archive.people.sessions import SignedIn
from archive.texts import term
from archive.web.api.asked import PROBLEMS, Reason, organisation_for
from archive.web.audiences import RecordPoster
from archive.web.deps import HouseDep, LanguageDep, Now, ReadingDep, SessionDep, TimesDep, Today
from archive.web.downloads import handed_over
from archive.web.house import House
from archive.web.intake_query import ReadingQuery
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
    times: TimesDep,
    today: Today,
    file: Annotated[UploadFile | None, File(description="An Excel or CSV file.")] = None,
    organisation: Whose = None,
    choice: ReadingQuery,
    mode: Annotated[RunMode, Query(description="The good rows, or all or none.")] = RunMode.GOOD,
    commit: Annotated[bool, Query(description="Write the rows without fault.")] = False,
) -> Response:
    """Check every row of a file; write the good ones with ``commit=true``."""
    name, content = read_upload(file)
    with house.archive.reading() as session:
        whose = organisation_for(session, organisation, asker).id
    size, by = len(content), acting_as(asker.actor)
    if not commit:
        check = partial(
            errands.checked,
            content=content,
            choice=choice,
            organisation_id=whose,
            by=by,
            today=today,
        )
        return _told(house.hands.do(size, check))
    sent, at_once = Sent(name, content, whose, choice, mode), MOST_WHILE_ONE_WAITS
    post = partial(errands.posted, sent=sent, by=by, times=times, at_once=at_once)
    done = house.hands.do(size, post)
    if done.left_to_job:
        where = {"Location": f"{router.prefix}/runs/{done.left_to_job}"}
        return _told(done.body, status.HTTP_202_ACCEPTED, where)
    return _told(done.body, status.HTTP_201_CREATED if done.written else status.HTTP_200_OK)


def _told(
    body: bytes, code: int = status.HTTP_200_OK, headers: Mapping[str, str] | None = None
) -> Response:
    return Response(body, code, headers, "application/json")


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


@router.get("/runs/{run_id}/report", response_model=IntakeReport)
def report(run_id: UUID, asker: RecordPoster, house: HouseDep) -> Response:
    """Tell what became of every row of a file, as long as the file is kept."""
    return _told(
        house.hands.do(_size(house, run_id, asker), partial(errands.reported, run_id=run_id))
    )


@router.get("/runs/{run_id}/workbook", response_class=Response, responses=_BOOK)
def workbook(run_id: UUID, asker: RecordPoster, house: HouseDep, language: LanguageDep) -> Response:
    """Hand over the rows of a file with what became of each."""
    size = _size(house, run_id, asker)
    name, content = house.hands.do(
        size, partial(errands.workbook, run_id=run_id, language=language)
    )
    return handed_over(name, content, MEDIA_TYPE)


def _size(house: House, run_id: UUID, asker: SignedIn) -> int:
    """Return how long a file is that the asker may see; raises RunUnknownError."""
    with house.archive.reading() as session:
        return posted_files.size(session, runs.found(session, run_id, by=asker.actor))


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
