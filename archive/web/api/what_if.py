"""What-if for programs: a run is started, watched, and read; nothing is written."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Query, UploadFile, status

from archive.bureau.what_if_runs import Asked, runs_of
from archive.people import look_ups
from archive.web.api.asked import PROBLEMS
from archive.web.audiences import RuleProposer
from archive.web.deps import HouseDep, Now, ReadingDep, Today
from archive.web.uploading import read_upload
from schemas.what_if import PersonChange, WhatIfRun

router = APIRouter(responses=PROBLEMS)
RuleFile = Annotated[UploadFile | None, File(description="A TOML file of one family.")]
_WHAT_IF = "/api/v1/rules/what-if"


@router.post(_WHAT_IF, tags=["Rules"], status_code=status.HTTP_202_ACCEPTED)
def start(
    asker: RuleProposer,
    house: HouseDep,
    now: Now,
    today: Today,
    *,
    file: RuleFile = None,
    on: Annotated[
        date | None, Query(description="Levels and ages as of this day; left out, today.")
    ] = None,
    by_age: Annotated[
        bool, Query(description="Tell age groups too: birth dates are opened for it.")
    ] = False,
) -> WhatIfRun:
    """Check a rule file and start trying it over all dossiers; ask for the run by its id."""
    name, content = read_upload(file)
    runs, owner = runs_of(house.archive, house.settings), asker.actor.id
    asked = Asked(name, content, on or today, by_age)
    run_id = runs.start(house.archive, asked, owner=owner, now=now)
    return runs.get(run_id, owner=owner, now=now)


@router.get(_WHAT_IF + "/{run_id}", tags=["Rules"])
def run(run_id: UUID, asker: RuleProposer, house: HouseDep, now: Now) -> WhatIfRun:
    """Return how far a run is, and what it found; kept for a day, for who started it."""
    return runs_of(house.archive, house.settings).get(run_id, owner=asker.actor.id, now=now)


@router.get(_WHAT_IF + "/{run_id}/persons/{archive_number}", tags=["Rules"])
def person(
    run_id: UUID,
    archive_number: str,
    asker: RuleProposer,
    house: HouseDep,
    session: ReadingDep,
    now: Now,
    today: Today,
) -> PersonChange:
    """Explain what the draft of a finished run would change for one worker, and why."""
    changed = runs_of(house.archive, house.settings).changed(run_id, owner=asker.actor.id, now=now)
    worker = look_ups.worker_numbered(session, archive_number)
    return changed.person(session, worker, today=today)
