"""Pages of the bureau that try a draft of rules over all dossiers; nothing is written."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Form, Response, UploadFile, status
from fastapi.responses import RedirectResponse

from archive.bureau.what_if_picture import panels_of, picture
from archive.bureau.what_if_runs import Asked, WhatIfBusyError, runs_of
from archive.bureau.what_if_tables import (
    CSV_TYPE,
    XLSX_TYPE,
    as_csv,
    as_xlsx,
    groups_table,
    records_table,
)
from archive.errors import UnknownWorkerError
from archive.files import UploadGoneError
from archive.people import look_ups, workers
from archive.people.sessions import SignedIn
from archive.web.audiences import RuleProposer
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.downloads import handed_over
from archive.web.page import PageDep
from archive.web.pages.rules import REFUSED, day_of
from archive.web.qr import SVG
from archive.web.refusals import PageUnknownError
from archive.web.statuses import status_of
from archive.web.uploading import read_upload
from schemas.credits import as_credits
from schemas.what_if import PersonChange, Stage, WhatIfReport

router = APIRouter(include_in_schema=False)

_WHAT_IF = "/bureau/rules/what-if"
_MOST_CONCERNED = 20
_LOOK_AGAIN_SECONDS = "2"
_WRITERS = {"csv": (as_csv, CSV_TYPE), "xlsx": (as_xlsx, XLSX_TYPE)}


@router.get(_WHAT_IF)
def form(page: PageDep, _me: RuleProposer, today: Today) -> Response:
    """Show how to try a draft."""
    return page("bureau/what_if_form.html", on=today, refusal=None)


@router.post(_WHAT_IF)
def start(
    page: PageDep,
    house: HouseDep,
    me: RuleProposer,
    now: Now,
    today: Today,
    *,
    file: Annotated[UploadFile | None, File()] = None,
    draft: Annotated[str, Form()] = "",
    on: Annotated[str, Form()] = "",
    by_age: Annotated[str, Form()] = "",
) -> Response:
    """Start trying an uploaded file, or a draft that was uploaded to be proposed."""
    if draft:
        kept = house.uploads.get(_upload(draft), owner=me.actor.id, now=now)
        name, content = kept.name, kept.content
    else:
        name, content = read_upload(file)
    asked = Asked(name, content, day_of(on) or today, bool(by_age))
    try:
        run_id = runs_of(house.archive, house.settings).start(
            house.archive, asked, owner=me.actor.id, now=now
        )
    except (*REFUSED, WhatIfBusyError) as refusal:
        refused = status_of(type(refusal)) or status.HTTP_422_UNPROCESSABLE_CONTENT
        return page("bureau/what_if_form.html", refused, on=asked.on, refusal=refusal)
    return RedirectResponse(f"{_WHAT_IF}/{run_id}", status.HTTP_303_SEE_OTHER)


@router.get(_WHAT_IF + "/{run_id}")
def show(
    run_id: UUID, page: PageDep, house: HouseDep, me: RuleProposer, session: ReadingDep, now: Now
) -> Response:
    """Show how far a run is, reloading by itself; then what it found."""
    runs = runs_of(house.archive, house.settings)
    run = runs.get(run_id, owner=me.actor.id, now=now)
    if run.report is None:
        is_over = run.stage is Stage.FAILED
        waiting = page("bureau/what_if_running.html", run=run, is_over=is_over)
        if not is_over:
            waiting.headers["refresh"] = _LOOK_AGAIN_SECONDS
        return waiting
    changed = runs.changed(run_id, owner=me.actor.id, now=now)
    most = changed.most_concerned(_MOST_CONCERNED)
    numbers = workers.numbers_of(session, most)
    return page(
        "bureau/what_if.html",
        run=run,
        report=run.report,
        concerned=[(numbers[one], as_credits(changed.net(one))) for one in most],
        concerned_of=len(changed.of_worker),
        **panels_of(run.report, page.language),
    )


@router.get(_WHAT_IF + "/{run_id}/picture.svg")
def drawn(run_id: UUID, page: PageDep, house: HouseDep, me: RuleProposer, now: Now) -> Response:
    """Hand out the picture."""
    report = _report(house, me, run_id, now)
    return handed_over("what-if.svg", picture(report, page.language).encode(), SVG)


@router.get(_WHAT_IF + "/{run_id}/groups.{ending}")
def groups(
    run_id: UUID, ending: str, page: PageDep, house: HouseDep, me: RuleProposer, now: Now
) -> Response:
    """Hand out the table of effects and groups."""
    if ending not in _WRITERS:
        raise PageUnknownError
    write, kind = _WRITERS[ending]
    rows = groups_table(_report(house, me, run_id, now), page.language)
    return handed_over(f"what-if-groups.{ending}", write(rows), kind)


@router.get(_WHAT_IF + "/{run_id}/records.{ending}")
def records(
    run_id: UUID,
    ending: str,
    page: PageDep,
    house: HouseDep,
    me: RuleProposer,
    session: ReadingDep,
    now: Now,
) -> Response:
    """Hand out the table of every changed record with its reasons."""
    if ending not in _WRITERS:
        raise PageUnknownError
    write, kind = _WRITERS[ending]
    changed = runs_of(house.archive, house.settings).changed(run_id, owner=me.actor.id, now=now)
    rows = records_table(session, changed, page.language)
    return handed_over(f"what-if-records.{ending}", write(rows), kind)


@router.get(_WHAT_IF + "/{run_id}/person")
def back_to_run(run_id: UUID, _me: RuleProposer) -> Response:
    """Go back to the run: whom it concerned is never part of an address."""
    return RedirectResponse(f"{_WHAT_IF}/{run_id}", status.HTTP_303_SEE_OTHER)


@router.post(_WHAT_IF + "/{run_id}/person")
def person(
    run_id: UUID,
    page: PageDep,
    house: HouseDep,
    me: RuleProposer,
    session: ReadingDep,
    now: Now,
    today: Today,
    number: Annotated[str, Form()] = "",
) -> Response:
    """Explain what would change for one worker; the number is never part of an address."""
    changed = runs_of(house.archive, house.settings).changed(run_id, owner=me.actor.id, now=now)
    found: PersonChange | None = None
    refusal: UnknownWorkerError | None = None
    try:
        worker = look_ups.worker_numbered(session, number)
        found = changed.person(session, worker, today=today)
    except UnknownWorkerError as unknown:
        refusal = unknown
    return page(
        "bureau/what_if_person.html",
        status.HTTP_404_NOT_FOUND if refusal else status.HTTP_200_OK,
        run_id=run_id,
        person=found,
        refusal=refusal,
        number=number,
    )


def _report(house: HouseDep, me: SignedIn, run_id: UUID, now: Now) -> WhatIfReport:
    run = runs_of(house.archive, house.settings).get(run_id, owner=me.actor.id, now=now)
    if run.report is None:
        raise UploadGoneError
    return run.report


def _upload(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UploadGoneError from None
